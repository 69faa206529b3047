"""Working trees made with git itself."""

from tests.trees import git, not_root, own_settings, repository, symlinks  # noqa: F401 - fixtures
