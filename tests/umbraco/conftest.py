"""Working trees made with git itself, and servers on loopback, for everything of the Umbraco Marketplace."""

from tests.loopback import authority, fake_time, names, serve  # noqa: F401 - fixtures
from tests.trees import git, not_root, own_settings, repository, symlinks  # noqa: F401 - fixtures
