"""Text for XML that is written: between tags, and as the value of an attribute.

Source: .NET, XmlTextEncoder, which writes what `XmlNode.InnerXml` gives. In the standard library `xml.sax.saxutils` has
the like, and imports an HTTP client with it, which costs every run more than all of its work.
"""

from __future__ import annotations


def escaped(text: str) -> str:
    """`text` as it is written between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """`text` as the value of an attribute, with its quotes. A tab is written as it is, and read as a blank."""
    value = escaped(text).replace('"', "&quot;").replace("\n", "&#xA;").replace("\r", "&#xD;")
    return f'"{value}"'
