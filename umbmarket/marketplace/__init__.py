"""What the Umbraco Marketplace knows: its words, its schema, where it looks, the versions of Umbraco.

Nothing here knows of files, findings or positions; everything works on plain values and text.
"""
