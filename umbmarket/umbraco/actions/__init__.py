"""What a user can ask for, one module each: the Python API, which the command line only calls."""
