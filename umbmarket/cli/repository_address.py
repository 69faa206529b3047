"""Where a build service shows the files of the repository that it works on, by the environment variables it sets."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SERVER = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[\w.~-]+)*", re.ASCII)
_REPOSITORY = re.compile(r"[\w.-]+(?:/[\w.-]+)+", re.ASCII)
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


def blob_address(environment: Mapping[str, str]) -> str:
    """The address below which the files of this commit are shown; empty where no build service says so.

    GitHub sets `GITHUB_SERVER_URL`, `GITHUB_REPOSITORY` and `GITHUB_SHA` (GitHub documentation, "Variables
    reference"), GitLab `CI_PROJECT_URL` and `CI_COMMIT_SHA` (GitLab documentation, "Predefined CI/CD variables"). What
    does not look like what it should be counts as not set: it goes into links.

    Args:
        environment: the environment variables.
    """
    server, name = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_REPOSITORY", "")
    commit = environment.get("GITHUB_SHA", "")
    if _SERVER.fullmatch(server) and _REPOSITORY.fullmatch(name) and _COMMIT.fullmatch(commit):
        return f"{server}/{name}/blob/{commit}"
    project, commit = environment.get("CI_PROJECT_URL", ""), environment.get("CI_COMMIT_SHA", "")
    if _SERVER.fullmatch(project) and _COMMIT.fullmatch(commit):
        return f"{project}/-/blob/{commit}"
    return ""
