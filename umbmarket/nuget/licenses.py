"""The licence expressions that nuget.org takes: SPDX ids of licences that the OSI or the FSF approved.

Source: the SPDX License List as of 2026 (its fields isOsiApproved, isFsfLibre and
isDeprecatedLicenseId). That every id must be approved is nuget.org's own rule (NuGetGallery,
PackageMetadataValidationService).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPERATORS = frozenset(("AND", "OR", "WITH"))

_WORD = re.compile(r"[^\s()]++")

_APPROVED = """
0BSD AAL AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later ALGLIB-Documentation Apache-1.0
Apache-1.1 Apache-2.0 APL-1.0 APSL-1.0 APSL-1.1 APSL-1.2 APSL-2.0 Artistic-1.0 Artistic-1.0-cl8
Artistic-1.0-Perl Artistic-2.0 BitTorrent-1.1 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent
BSD-3-Clause BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-3-Clause-Open-MPI BSD-4-Clause BSD-ask-to-endorse BSL-1.0
CAL-1.0 CAL-1.0-Combined-Work-Exception CATOSL-1.1 CC-BY-4.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 CDDL-1.1 CECILL-2.0
CECILL-2.1 CECILL-B CECILL-C CERN-OHL-P-2.0 CERN-OHL-S-2.0 CERN-OHL-W-2.0 ClArtistic CNRI-Python
CNRI-Python-GPL-Compatible Condor-1.1 CPAL-1.0 CPL-1.0 CUA-OPL-1.0 curl ECL-1.0 ECL-2.0 EFL-1.0 EFL-2.0 Entessa
EPL-1.0 EPL-2.0 EUDatagrid EUPL-1.1 EUPL-1.2 Fair Frameworx-1.0 FSFAP FTL GFDL-1.1-only GFDL-1.1-or-later
GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only GFDL-1.3-or-later gnuplot GPL-2.0-only GPL-2.0-or-later
GPL-3.0-only GPL-3.0-or-later HPND ICU IJG iMatix Imlib2 Intel IPA IPL-1.0 ISC Jam LGPL-2.0-only
LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later LiLiQ-P-1.1 LiLiQ-R-1.1
LiLiQ-Rplus-1.1 LPL-1.0 LPL-1.02 LPPL-1.2 LPPL-1.3a LPPL-1.3c MirOS MIT MIT-0 MIT-Modern-Variant Motosoto
MPL-1.0 MPL-1.1 MPL-2.0 MPL-2.0-no-copyleft-exception MS-PL MS-RL MulanPSL-2.0 Multics NASA-1.3 Naumen NCSA NGPL
Nokia NOSL NPL-1.0 NPL-1.1 NPOSL-3.0 NTP OCLC-2.0 ODbL-1.0 OFL-1.0 OFL-1.1 OFL-1.1-no-RFN OFL-1.1-RFN OGTSL
OLDAP-2.3 OLDAP-2.7 OLDAP-2.8 OLFL-1.3 OpenSSL OSC-1.0 OSET-PL-2.1 OSL-1.0 OSL-1.1 OSL-2.0 OSL-2.1 OSL-3.0
PHP-3.0 PHP-3.01 PostgreSQL Python-2.0 Python-2.0.1 QPL-1.0 RPL-1.1 RPL-1.5 RPSL-1.0 RSCPL Ruby SGI-B-2.0
SimPL-2.0 SISSL Sleepycat SMLNJ SPL-1.0 UCL-1.0 Unicode-3.0 Unicode-DFS-2016 Unlicense UPL-1.0 Vim VSL-1.0 W3C
W3C-20150513 Watcom-1.0 WordNet WTFPL X11 XFree86-1.1 xinetd Xnet YPL-1.1 Zend-2.0 Zimbra-1.3 Zlib ZPL-2.0
ZPL-2.1
"""

APPROVED_LICENSES = frozenset(_APPROVED.split())
"""Ids of approved licences, without those that SPDX has deprecated, such as `GPL-2.0`."""

_EXCEPTIONS = """
389-exception Asterisk-exception Asterisk-linking-protocols-exception Autoconf-exception-2.0
Autoconf-exception-3.0 Autoconf-exception-generic Autoconf-exception-generic-3.0 Autoconf-exception-macro
Bison-exception-1.24 Bison-exception-2.2 Bootloader-exception CGAL-linking-exception Classpath-exception-2.0
Classpath-exception-2.0-short CLISP-exception-2.0 cryptsetup-OpenSSL-exception Digia-Qt-LGPL-exception-1.1
DigiRule-FOSS-exception eCos-exception-2.0 erlang-otp-linking-exception Fawkes-Runtime-exception FLTK-exception
fmt-exception Font-exception-2.0 freertos-exception-2.0 GCC-exception-2.0 GCC-exception-2.0-note
GCC-exception-3.1 Gmsh-exception GNAT-exception GNOME-examples-exception GNU-compiler-exception
gnu-javamail-exception Google-Patent-WebM GPL-3.0-389-ds-base-exception GPL-3.0-interface-exception
GPL-3.0-linking-exception GPL-3.0-linking-source-exception GPL-CC-1.0 GStreamer-exception-2005
GStreamer-exception-2008 harbour-exception i2p-gpl-java-exception Independent-modules-exception
KiCad-libraries-exception kvirc-openssl-exception LGPL-3.0-linking-exception libpri-OpenH323-exception
Libtool-exception Linux-syscall-note LLGPL LLVM-exception LZMA-exception mif-exception mxml-exception
OCaml-LGPL-linking-exception OCCT-exception-1.0 OpenJDK-assembly-exception-1.0 openvpn-openssl-exception
PCRE2-exception polyparse-exception PS-or-PDF-font-exception-20170817 QPL-1.0-INRIA-2004-exception
Qt-GPL-exception-1.0 Qt-LGPL-exception-1.1 Qwt-exception-1.0 romic-exception RRDtool-FLOSS-exception-2.0
rsync-linking-exception SANE-exception SHL-2.0 SHL-2.1 Simple-Library-Usage-exception
Spelling-Provider-LGPL-exception sqlitestudio-OpenSSL-exception stunnel-exception SWI-exception Swift-exception
Texinfo-exception u-boot-exception-2.0 UBDL-exception Universal-FOSS-exception-1.0 vsftpd-openssl-exception
WxWindows-exception-3.1 x11vnc-openssl-exception
"""

LICENSE_EXCEPTIONS = frozenset(_EXCEPTIONS.split())
"""Ids that may follow `WITH`, without deprecated ones."""


def unapproved_ids(expression: str) -> Iterator[str]:
    """The ids of a licence expression that are not known to be accepted, each once, in their order.

    The letter case counts. A `+` behind an id means "or later" and belongs to no id. Whether the expression is well
    formed is not looked at.

    Args:
        expression: such as `MIT`, `GPL-2.0-only WITH Classpath-exception-2.0` or `(MIT OR Apache-2.0)`; anything.

    Yields:
        The ids as written, without the `+`.
    """
    seen: set[str] = set()
    after_with = False
    for match in _WORD.finditer(expression):
        word = match[0]
        if word in _OPERATORS:
            after_with = word == "WITH"
            continue
        known = LICENSE_EXCEPTIONS if after_with else APPROVED_LICENSES
        after_with = False
        name = word.removesuffix("+") or word
        if name not in known and name not in seen:
            seen.add(name)
            yield name
