"""`umbmarket init` over the projects of real repositories: no rule calls a listing worse than a suggestion."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import umbmarket
from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.umbraco.actions.init import UnknownPackage, make, plan_for

pytestmark = [needs_corpus, pytest.mark.slow]

MOST_PACKAGES = 3
"""Packages of one repository that are tried."""


def test_real_projects_get_valid_listings(tmp_path: Path) -> None:
    made = 0
    for number, repository in enumerate(sorted((CORPUS / "projects").iterdir())):
        if not repository.is_dir():
            continue
        folder = tmp_path / str(number)
        shutil.copytree(repository, folder)
        try:
            plans = [plan_for(folder)]
        except UnknownPackage as several:
            plans = [plan_for(folder, package_id) for package_id in several.ids[:MOST_PACKAGES]]
        for plan in plans:
            assert plan.listing is not None
            make(plan, category="Search", license_types=("Free",))
            report = umbmarket.validate([plan.listing], root=folder)
            own = [each for each in report.findings if each.file == plan.listing.name and each.severity != "info"]
            assert (report.files[0].schema_valid, own) == (True, []), repository.name
            made += 1
    assert made > 150
