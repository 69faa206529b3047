"""The workflow and the settings file that `umbmarket init` writes."""

from __future__ import annotations

import json

from umbmarket.home import pip_requirement

WORKFLOW = ".github/workflows/umbraco-marketplace.yml"
"""Where the workflow lies in the repository."""

SETTINGS = "umbmarket.toml"
"""What the settings file is called."""

_ACTIONS = {
    "checkout": "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2",
    "setup_python": "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0",
    "setup_dotnet": "actions/setup-dotnet@67a3573c9a986a3f9c594539f4ab511d57bb3ce9 # v4.3.1",
}
"""GitHub's own actions by commit, as linters of workflows ask for; updates come from the user's Dependabot."""

_WORKFLOW = """\
# Checks the listing and the packages of every change, and asks the Umbraco Marketplace to read each release.
name: Umbraco Marketplace
on:
  pull_request:
  push:
    branches: [{branch}]
  release:
    types: [published]
permissions: {{}}
concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: false # a sync that is broken off may have had an effect
env:
  UMBMARKET: umbmarket @ {requirement}
jobs:
  check:
    name: validate and pack
    runs-on: ubuntu-latest
    permissions:
      contents: read # to check the sources out
    steps:
      - uses: {checkout}
        with:
          persist-credentials: false
      - uses: {setup_python}
        with:
          python-version: "3.13"
      - run: pip install "$UMBMARKET"
      - run: umbmarket validate --format github
      - uses: {setup_dotnet}
        with:
          {dotnet}
      - run: dotnet pack {what}--configuration Release --output artifacts{project}
      - run: umbmarket validate . artifacts/*.nupkg --format github
  sync:
    name: sync with the Marketplace
    # Push the package to NuGet before you publish the release, or in a job that this one needs.
    if: github.event_name == 'release'
    needs: check
    runs-on: ubuntu-latest
    timeout-minutes: 150
    permissions: {{}}
    steps:
      - uses: {setup_python}
        with:
          python-version: "3.13"
      - run: pip install "$UMBMARKET"
      - run: umbmarket sync "$PACKAGE" --wait --timeout 120m
        env:
          PACKAGE: {package}
"""

_SETTINGS = """\
# Settings of umbmarket. `umbmarket rules` lists the rules, `umbmarket explain UMB104` describes one, and
# `umbmarket schema settings` prints the JSON schema of this file, for your editor.

# The lowest severity that makes `umbmarket validate` fail: error, warning, info, or never.
fail-on = "error"

# The lowest severity that is shown: error, warning, or info for suggestions too.
# min-severity = "info"

# Rules whose findings do not count, by code or name, with the reason.
# ignore = [{ rule = "thin-listing", reason = "an internal package" }]

# Files and folders that are not searched, as in a .gitignore.
# exclude = ["samples/"]

# Other severities of rules.
# [severity]
# insecure-url = "warning"

# Rules whose findings do not count in some files.
# [per-file-ignores]
# "artifacts/*.nupkg" = ["readme"]
"""


def workflow_text(package_id: str, project: str | None, branch: str, *, has_global_json: bool) -> str:
    """The workflow of a package.

    Args:
        package_id: what is synced after a release.
        project: path of the project in the repository, with forward slashes; None to pack all there is.
        branch: the branch that changes are pushed to.
        has_global_json: the repository says which .NET SDK it needs.
    """
    # What stands in an expression of GitHub's would be run, whatever the quotes around it.
    named = project if project is not None and "${{" not in project else None
    return _WORKFLOW.format(
        branch=json.dumps(branch) if "${{" not in branch else '"main"',
        requirement=pip_requirement(),
        dotnet="global-json-file: global.json" if has_global_json else "dotnet-version: 10.0.x",
        what='"$PROJECT" ' if named is not None else "",
        project=f"\n        env:\n          PROJECT: {json.dumps(named)}" if named is not None else "",
        package=json.dumps(package_id),
        **_ACTIONS,
    )


def settings_text() -> str:
    """The settings file: the defaults, and what else there is as comments."""
    return _SETTINGS
