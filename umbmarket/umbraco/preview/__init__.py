"""The preview: one HTML page of what the Marketplace should show of a package."""
