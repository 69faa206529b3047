"""Markdown, as far as the links and images of a readme need it."""
