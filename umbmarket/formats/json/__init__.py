"""JSON, also broken JSON, with the place of every value."""
