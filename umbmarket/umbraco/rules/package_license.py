"""UMB311: what a package says about its licence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.rules.package_scope import is_told_as_limit, listed_nuspec, problems_of
from umbmarket.umbraco.rules.packed_file_checks import is_binary, missing, refusal

_ENDINGS = (".txt", ".md", "")
"""Of a licence file (NuGetGallery, PackageMetadataValidationService)."""

_MOST_IDS = 5
"""Unknown licence ids that are told: an expression has seldom more than two."""

_UNLICENSED = "UNLICENSED"
"""What npm writes for "no licence at all"; NuGet knows the word and nuget.org refuses it (NuGet.Client,
NuGetLicense)."""

_SET = "set <PackageLicenseExpression>, such as MIT, or <PackageLicenseFile> in the project"
_SET_IN_NUSPEC = 'set <license type="expression">, such as MIT, or <license type="file"> in the nuspec'

_MEANINGS = ("-only", "-or-later")
"""How the ids of a GNU licence end."""

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_VERSION_LETTER = re.compile(r"v(?=[0-9])")
_LICENSE_WORD = re.compile(r"\b(?:the|licen[cs]e|version)\b")


@rule(
    "UMB311",
    "license",
    Severity.WARNING,
    other_severities=(Severity.ERROR,),
    why="without a licence users cannot tell whether they may use the package",
)
def license_(facts: PackageFacts) -> Iterator[Observation]:
    """No licence, only the deprecated `licenseUrl`, or a licence that nuget.org rejects.

    A warning if there is none, or only `licenseUrl`. An error for:

    - a licence file that is not in the package, is larger than 1,048,576 bytes, is not text, or does not end in `.txt`
      or `.md`
    - an expression that NuGet cannot read, or an id that nuget.org does not accept: it accepts the SPDX ids of licences
      that the OSI or the FSF approved, in exactly their letter case
    - a `licenseUrl` beside `<license>` other than the one that `dotnet pack` writes

    Why it matters:
        nuget.org shows the licence, and rejects a package with a wrong one (NuGetGallery,
        `PackageMetadataValidationService`). The listing's `LicenseTypes` says how the package is paid for, not what its
        licence is.

    Bad:
        <license type="expression">Apache 2</license>

    Good:
        <license type="expression">Apache-2.0</license>
    """
    nuspec = listed_nuspec(facts)
    to_set = _SET_IN_NUSPEC if facts.document.is_nuspec else _SET
    if nuspec is None or not facts.document.knows("license") or is_told_as_limit(nuspec, "license"):
        return
    if nuspec.license is None and is_told_as_limit(nuspec, "licenseUrl"):
        return
    for refusal_ in facts.document.refusals:
        yield Observation(
            f"dotnet pack stops with {refusal_.code}: {visible(refusal_.detail)}",
            refusal_.place,
            help="keep PackageLicenseExpression or PackageLicenseFile, and remove the other properties",
            args={"code": refusal_.code},
            severity=Severity.ERROR,
        )
    refused = problems_of(facts, nuspec, "UMB311")
    for problem in refused:
        yield Observation(
            visible(problem.detail),
            problem.place,
            help=f"let dotnet pack write it: {_SET}" if not facts.document.is_nuspec else to_set,
            args=dict(problem.args),
            severity=Severity.ERROR,
        )
    held, file = facts.document.license, facts.document.license_file
    if file is not None and file.path.strip():
        if file.is_missing:
            yield missing(file, "license")
            return
        if not file.is_at_hand:
            return
        reason = refusal(file, _ENDINGS)
        if reason is None and is_binary(file):
            reason = f"{quote(file.declared)} is not text; nuget.org accepts only plain text"
        if reason is not None:
            yield Observation(
                reason,
                file.place(),
                help="pack the licence as a text file, saved as UTF-8",
                args={"size": file.size},
                severity=Severity.ERROR,
                document=file.document,
            )
    elif held is not None and held.kind == "expression":
        yield from _wrong_with_expression(held.value, held.pointer)
    elif not refused and (held is None or (held.kind == "url" and not held.value)):
        yield Observation("the package has no licence", Place("/metadata"), help=to_set)
    elif not refused and held is not None and held.kind == "url":
        yield Observation(
            "the package has only the deprecated licenseUrl",
            Place(held.pointer),
            help=f"{to_set} instead",
            args={"licenseUrl": held.value},
        )


def _wrong_with_expression(expression: str, pointer: str) -> Iterator[Observation]:
    from umbmarket.nuget.license_syntax import expression_problem
    from umbmarket.nuget.licenses import unapproved_ids

    if not expression:
        return
    unreadable = expression_problem(expression)
    if unreadable is not None:
        yield Observation(
            f"NuGet cannot read the licence {quote(expression)}: {visible(unreadable)}",
            Place(pointer),
            help=_hint(expression) or "write an SPDX id such as MIT, or several as in MIT OR Apache-2.0",
            args={"expression": expression},
            severity=Severity.ERROR,
        )
        return
    for name in islice(unapproved_ids(expression), _MOST_IDS):
        help_ = "use the SPDX id of a licence approved by the OSI or the FSF, or pack the licence as a file"
        if name == _UNLICENSED:
            help_ = "pack your terms as a file and name it in PackageLicenseFile"
        yield Observation(
            f"{quote(name)} is not a licence id that nuget.org is known to accept",
            Place(pointer),
            help=_hint(name) or help_,
            args={"id": name},
            severity=Severity.ERROR,
        )


def _hint(written: str) -> str:
    """A question for the ids that somebody may have meant, or an empty text; never a guess at another licence."""
    meant = _meant(written) if written != _UNLICENSED else []
    return f"did you mean {' or '.join(map(quote, meant))}?" if meant else ""


def _meant(written: str) -> list[str]:
    from umbmarket.nuget.licenses import APPROVED_LICENSES

    key = _squeezed(written)
    near = sorted((each for each in APPROVED_LICENSES if key and _squeezed(each).startswith(key)), key=len)
    # SPDX replaced the bare ids of the GNU licences by one for each meaning.
    bare = {each.removesuffix(_MEANINGS[0]).removesuffix(_MEANINGS[1]) for each in near}
    if len(near) == len(_MEANINGS) and len(bare) == 1:
        return near
    # The shortest is meant where all others are variants of it: BSD-3-Clause, and not BSD-3-Clause-Clear.
    return near[:1] if all(_squeezed(each).startswith(_squeezed(near[0])) for each in near) else []


def _squeezed(text: str) -> str:
    """What is left of a licence's name without words, marks and letter case that spellings differ in."""
    return _VERSION_LETTER.sub("", _NOT_IN_IDS.sub("", _LICENSE_WORD.sub("", text.lower())))
