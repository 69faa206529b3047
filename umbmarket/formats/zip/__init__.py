"""ZIP archives read without extracting them."""
