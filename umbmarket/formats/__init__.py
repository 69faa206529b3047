"""Bytes with positions: a broken input becomes problems, never an exception. Knows no marketplace and no NuGet."""
