"""What `inspect`, `status` and `sync` show, as text and as JSON."""
