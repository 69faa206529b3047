"""What git knows about a working tree, read from `.git` without running git."""
