"""The published schema's verdict on a listing."""
