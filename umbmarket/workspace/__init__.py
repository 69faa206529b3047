"""Which documents lie under the paths of a run, and what surrounds them."""
