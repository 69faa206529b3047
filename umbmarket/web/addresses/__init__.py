"""Web addresses, repositories on GitHub, image hosts and videos: what an address is, by its text alone."""
