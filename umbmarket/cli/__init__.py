"""The command line: a module per command, which parses, calls an action and hands its result to an output."""

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it."""
