"""Which licences are suggested for what was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.umbraco.rules.lone_package import alone
from umbmarket.check.engine import run
from umbmarket.nuget.package.nupkg import NuGetPackage
from umbmarket.settings.options import Settings
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.placement import place
from umbmarket.umbraco.workspace import Workspace

Build = Callable[..., bytes]

NO_GUESS = "use the SPDX id of a licence approved by the OSI or the FSF, or pack the licence as a file"


def helps(nupkg: Build, expression: str) -> list[str]:
    extra = f'<license type="expression">{expression}</license><licenseUrl>https://licenses.nuget.org/{expression}</licenseUrl>'
    document = NuGetPackage.from_bytes("My.Package.1.2.3.nupkg", nupkg(extra=extra))
    facts = alone(document, place(None))
    report = run([gathered(Workspace(packages=(facts,)))], Settings(select=("UMB311",)))
    return [finding.help for finding in report.findings]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mit", '"MIT"'),
        ("MIT License", '"MIT"'),
        ("The MIT License", '"MIT"'),
        ("Apache-2", '"Apache-2.0"'),
        ("Apache 2.0", '"Apache-2.0"'),
        ("Apache License, Version 2.0", '"Apache-2.0"'),
        ("BSD-3", '"BSD-3-Clause"'),
        ("GPLv3", '"GPL-3.0-only" or "GPL-3.0-or-later"'),
        ("GPL-2.0", '"GPL-2.0-only" or "GPL-2.0-or-later"'),
        ("LGPL-2.1", '"LGPL-2.1-only" or "LGPL-2.1-or-later"'),
        ("Ms-PL", '"MS-PL"'),
        ("MPL 2.0", '"MPL-2.0"'),
    ],
)
def test_the_id_that_was_meant_is_named(nupkg: Build, written: str, meant: str) -> None:
    assert helps(nupkg, written) == [f"did you mean {meant}?"]


@pytest.mark.parametrize("written", ["BUSL-1.1", "Elastic-2.0", "Proprietary", "Apache", "BSD", "CC-BY-NC-4.0"])
def test_no_other_licence_is_guessed(nupkg: Build, written: str) -> None:
    assert helps(nupkg, written) == [NO_GUESS]


def test_no_licence_is_not_taken_for_the_unlicense(nupkg: Build) -> None:
    assert helps(nupkg, "UNLICENSED") == ["pack your terms as a file and name it in PackageLicenseFile"]


def test_five_ids_are_enough(nupkg: Build) -> None:
    assert len(helps(nupkg, " OR ".join(f"Own-{number}" for number in range(20)))) == 5
