"""Bytes to something with positions: a broken input becomes problems, never an exception."""
