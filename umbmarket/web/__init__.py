"""One careful HTTP client: guarded, bounded, throttled. Never imported offline."""
