"""Servers on loopback, and a fence that lets no test out."""

from tests.loopback import as_root, authority, fake_time, fence, names, serve  # noqa: F401 - fixtures
