"""From `umbmarket.toml` or `pyproject.toml` and the command line to `Settings`."""
