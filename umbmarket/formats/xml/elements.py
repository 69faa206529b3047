"""XML read safely into a small tree of plain values: no DTD, no entities, no network, no huge trees.

`lxml` judges and reads the text; nothing of it is kept. What an element says is what .NET's LINQ to XML makes
of it, as NuGet reads nuspecs with that: comments and processing instructions do not count, nor does white
space alone. (Beside a CDATA section white space is kept here and not there: lxml does not tell the two apart.)
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from umbmarket.findings import QUOTE_LIMIT, shortened, visible
from umbmarket.formats.xml.white_space import is_blank

ELEMENT_LIMIT = 50_000
"""Elements that are kept: a nuspec of 1 MiB has at most some 30,000 dependencies."""

_MANY_ATTRIBUTES = 100
"""From here on XPath is the faster way to read them."""

LONGEST_MESSAGE = 200
"""Code points of the parser's own words that are shown where there are no better ones."""

_PROLOG = re.compile(r"\s*+(?:<\?(?:[^?]|\?(?!>))*+\?>\s*+|<!--(?:[^-]|-(?!->))*+-->\s*+)*+")
_DOCTYPE = "<!DOCTYPE"
_NO_DOCTYPE = "it has a DOCTYPE, and NuGet prohibits DTDs"
_POSITION = re.compile(r",? line \d+, column \d+$")
_LINE_END = re.compile(r"\r\n?|\n")
_LEADING_SPACE = re.compile(r"\s+(?=<\?xml\s)")

_NO_MESSAGE = "Unregistered error message"
_ADDRESS_DOUBTED = "WAR_NS_URI"
"""What libxml2 makes an error of and .NET does not: a namespace that is no URI."""

_TOO_DEEP = "its elements are nested too deeply"

_PLAIN_REASONS = tuple(
    (re.compile(theirs, re.DOTALL), ours)
    for theirs, ours in (
        # Tags and attributes.
        (
            r"Opening and ending tag mismatch: (?P<open>\S+) line (?P<line>\d+) and (?P<close>\S+)",
            "</{close}> closes <{open}>, which was opened on line {line}",
        ),
        (
            r"Premature end of data in tag (?P<open>\S+) line (?P<line>\d+)",
            "the file ends before <{open}>, opened on line {line}, is closed",
        ),
        (r"Couldn't find end of Start Tag (?P<open>\S+) line", 'the tag <{open}> is not closed with ">"'),
        (r"expected '>'", 'the end tag is not closed with ">"'),
        (r"StartTag: invalid element name", "no name follows '<', which is written &lt; in text"),
        (r"error parsing attribute name", 'only attributes, "/>" or ">" may follow in a tag'),
        (r"attributes construct error", "a space is missing before an attribute"),
        (r"Specification mandates value for attribute (?P<name>\S+)", "the attribute {name} has no value"),
        (r"AttValue: \" or ' expected", "the value of an attribute is not in quotes"),
        (r"AttValue: ' expected", "the value of an attribute has no closing quote"),
        (
            r"Unescaped '<' not allowed in attributes values",
            "the value of an attribute contains '<': a closing quote is missing, or it has to be written &lt;",
        ),
        (r"Attribute (?P<name>\S+) redefined", "the attribute {name} occurs twice"),
        (r"Namespaced Attribute (?P<name>\S+) in .* redefined", "the attribute {name} occurs twice"),
        # Names.
        (
            r"Namespace prefix (?P<prefix>\S+) (?:for \S+ )?on (?P<name>\S+) is not defined",
            'the prefix "{prefix}" of <{name}> is not declared',
        ),
        (r"xmlns:(?P<prefix>\S+): Empty XML namespace", 'the prefix "{prefix}" is declared with an empty namespace'),
        (r"xml namespace prefix mapped to wrong URI", 'the prefix "xml" cannot be declared for another namespace'),
        (r"(?:redefinition of the xmlns prefix|reuse of the xmlns namespace)", 'the prefix "xmlns" cannot be declared'),
        (r"Failed to parse QName '(?P<name>[^']*)'", '"{name}" is not a valid name'),
        (r"colons are forbidden from PI names '(?P<name>[^']*)'", '"{name}" is not a valid name'),
        # Characters and references.
        (r"xmlParseEntityRef: no name", "unescaped '&'"),
        (r"EntityRef: expecting ';'", "unescaped '&'"),
        (
            r"Entity '(?P<name>[^']*)' not defined",
            "&{name}; is not an entity of XML, which has only &amp; &lt; &gt; &quot; &apos;",
        ),
        (
            r"(?:PCDATA invalid Char value|xmlParse(?:CharRef|Comment|PI): invalid xmlChar value) (?P<value>\d+)",
            "the character number {value} is not allowed in XML",
        ),
        (r"Invalid character: Char 0x(?P<value>[0-9A-Fa-f]+)", "the character U+{value:0>4} is not allowed in XML"),
        (r"invalid character in attribute value", "the value of an attribute has a character that XML does not allow"),
        (r"CharRef: invalid decimal value", "no number and ';' follow '&#'"),
        (r"CharRef: invalid hexadecimal value", "no hexadecimal number and ';' follow '&#x'"),
        (r"xmlParseCharRef: character reference out of bounds", "a reference names a character that does not exist"),
        # Text, comments and the like.
        (r"Sequence '\]\]>' not allowed in content", '"]]>" is not allowed in text, where it is written ]]&gt;'),
        (r"(?:CData section not finished|ERR_CDATA_NOT_FINISHED)", 'the CDATA section is not closed with "]]>"'),
        (r"(?:Double hyphen within comment|Comment must not contain)", '"--" is not allowed in a comment'),
        (r"Comment not terminated", 'the comment is not closed with "-->"'),
        (r"xmlParsePI : no target name", 'no name follows "<?"'),
        (r"ParsePI: PI (?P<name>\S+) never end", 'the processing instruction <?{name} is not closed with "?>"'),
        (r"ParsePI: PI (?P<name>\S+) space expected", "no space follows the name of the instruction <?{name}"),
        # The document.
        (r"Document is empty", "it is empty"),
        (r"Start tag expected, '<' not found", "it has no element"),
        (r"Extra content at the end of the document", "something follows the end of the root element"),
        (r"Excessive depth in document", _TOO_DEEP),
        (
            r"XML declaration allowed only at the start",
            "the XML declaration <?xml ...?> must be the very first thing in the file",
        ),
        (r"Malformed declaration expecting version", 'version="1.0" does not come first in the XML declaration'),
        (r"parsing XML declaration: '\?>' expected", 'the XML declaration is not closed with "?>"'),
        (r"Blank needed here", 'a space or "?>" is missing in the XML declaration'),
        (r"expected '='", '"=" is missing in the XML declaration'),
        (r"String not started expecting", "a value in the XML declaration is not in quotes"),
        (r"String not closed expecting", "a value in the XML declaration has no closing quote"),
        (r"Invalid XML encoding name", "the encoding in the XML declaration is not a name"),
        (r"Unsupported version '(?P<version>[^']*)'", "the XML declaration names version {version}, not 1.0"),
        (r"standalone accepts only", "standalone in the XML declaration is neither yes nor no"),
    )
)
"""What libxml2 says, and how a person would say it."""


_OF_REFERENCE = re.compile("unescaped '&'|&|no (?:hexadecimal )?number")
"""What is said of references, of which the parser complains when it has read on."""

RefusalKind = Literal["doctype", "not-well-formed", "too-large"]


class XmlRefused(Exception):
    """The text is not taken.

    Attributes:
        kind: `doctype`, `not-well-formed` or `too-large`.
        offset: where in the text, as a code point offset.
        detail: what is wrong, as a sentence or clause without a full stop.
    """

    def __init__(self, kind: RefusalKind, offset: int, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.offset = offset
        self.detail = detail


_Path = tuple["_Path", str, int] | None
"""How an element is reached: its parent's path, its local name and its number among those of that name."""


class XmlElement:
    """One element.

    Attributes:
        name: local name.
        namespace: address of its namespace, or empty.
        default_namespace: of the namespace that names without a prefix have inside it, or empty. Only the
            root and its children know it.
        attributes: those without a prefix.
        parts: its text and child elements, in their order. Comments and white space alone are left out.
    """

    __slots__ = ("_path", "attributes", "default_namespace", "name", "namespace", "parts")

    def __init__(
        self, name: str, namespace: str, default_namespace: str, attributes: dict[str, str], path: _Path
    ) -> None:
        self.name = name
        self.namespace = namespace
        self.default_namespace = default_namespace
        self.attributes = attributes
        self.parts: list[str | XmlElement] = []
        self._path = path

    @property
    def pointer(self) -> str:
        """Element path, such as `/metadata/dependencies/group[1]/dependency[2]`; empty for the root.

        What stands directly in `<metadata>` has a number only when it is not the first of its name.
        """
        steps: list[str] = []
        path = self._path
        while path is not None:
            path, name, number = path
            in_metadata = path is None or path[0] is None
            steps.append(name if in_metadata and number == 1 else f"{name}[{number}]")
        return "".join(f"/{step}" for step in reversed(steps))

    @property
    def children(self) -> Iterator[XmlElement]:
        """The child elements."""
        return (part for part in self.parts if isinstance(part, XmlElement))

    @property
    def is_leaf(self) -> bool:
        """It has no child elements."""
        return not any(isinstance(part, XmlElement) for part in self.parts)

    @property
    def value(self) -> str:
        """All text in it, that of its descendants included, not trimmed (LINQ to XML, `XElement.Value`)."""
        texts: list[str] = []
        waiting: list[str | XmlElement] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                texts.append(part)
            else:
                waiting.extend(reversed(part.parts))
        return "".join(texts)

    def named(self, name: str, namespace: str) -> Iterator[XmlElement]:
        """The child elements of this name, letter case included, in this namespace."""
        return (child for child in self.children if child.name == name and child.namespace == namespace)

    def first(self, name: str, namespace: str) -> XmlElement | None:
        """The first of `named`, or None."""
        return next(self.named(name, namespace), None)


def leading_space(text: str) -> int:
    """How much white space stands before an XML declaration, where none may stand."""
    found = _LEADING_SPACE.match(text)
    return found.end() if found else 0


def read_xml(text: str) -> XmlElement:
    """Read a document that was decoded already; the encoding that it declares is ignored.

    Raises:
        XmlRefused: it has a DTD, is not well-formed, or has more than `ELEMENT_LIMIT` elements.
    """
    _refuse_doctype(text)
    building = _Building()
    parser = _new_parser(target=building, resolve_entities="internal")
    root: XmlElement = _parsed(text, parser)
    # Mistakes with namespaces, such as a prefix that is not declared, are noted alone, and .NET refuses them. What
    # libxml2 thinks of a namespace's address is no mistake.
    for problem in parser.error_log:
        if problem.type_name.startswith("NS_ERR_"):
            raise _not_well_formed(text, problem.line, problem.column, problem.message)
    return root


def parse_xml(text: str, *, blank_text: bool = True) -> Any:
    """The root as lxml's own element, for those who read many large documents in part alone.

    Args:
        text: the decoded document.
        blank_text: keep white space alone between elements.

    Raises:
        XmlRefused: it has a DTD or is not well-formed.
    """
    _refuse_doctype(text)
    root = _parsed(text, _parser(blank_text))
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("doctype", 0, _NO_DOCTYPE)
    return root


def attributes_of(element: Any) -> Iterable[tuple[str, str]]:
    """The attributes of one of lxml's elements, in their order.

    lxml looks each value up from the first attribute on, which takes the square of their number.
    """
    if len(element.attrib) < _MANY_ATTRIBUTES:
        items: Iterable[tuple[str, str]] = element.items()
        return items
    return zip(element.attrib, map(str, element.xpath("@*")), strict=True)


def _refuse_doctype(text: str) -> None:
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    if text.startswith(_DOCTYPE, start):
        raise XmlRefused("doctype", start, _NO_DOCTYPE)


def _parsed(text: str, parser: Any) -> Any:
    # Late: only packages and projects need it.
    from lxml import etree

    data = text.encode("utf-8")
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        message = str(error.msg)
    for problem in parser.error_log:
        if problem.level_name == "FATAL" or problem.type_name.startswith("NS_ERR_"):
            message = problem.type_name if problem.message == _NO_MESSAGE else problem.message
            raise _not_well_formed(text, problem.line, problem.column, message)
        if problem.level_name != "WARNING" and problem.type_name != _ADDRESS_DOUBTED:
            break
    else:
        if parser.target is None and len(parser.error_log):
            return etree.fromstring(data, _new_parser(resolve_entities=False, recover=True))
    raise _not_well_formed(text, line, column, message)


@functools.cache
def _parser(blank_text: bool) -> Any:
    """A parser to be used over and over: to make one takes as long as to read a small document."""
    return _new_parser(resolve_entities=False, remove_blank_text=not blank_text)


def _new_parser(**options: object) -> Any:
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8",
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=False,
        remove_pis=False,
        **options,
    )


def _not_well_formed(text: str, line: int, column: int, message: str) -> XmlRefused:
    offset, detail = _offset(text, line, column), _plain(message)
    if _OF_REFERENCE.match(detail):
        # The parser has read on before it complains of a reference.
        offset = max(text.rfind("&", 0, offset + 1), 0)
    # The depth is a limit of this parser: the readers of .NET have none.
    return XmlRefused("too-large" if detail == _TOO_DEEP else "not-well-formed", offset, detail)


class _Building:
    """Builds the tree while the parser reads, told of each tag and text.

    Of a finished tree of lxml the attributes would have to be asked for one by one, each from the first on.
    """

    def __init__(self) -> None:
        self._top: XmlElement | None = None
        self._open: list[tuple[XmlElement, _Path, dict[str, int]]] = []
        self._namespaces: list[str] = []
        self._texts: list[str] = []
        self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str]) -> None:
        self._end_text()
        self._count += 1
        if self._count > ELEMENT_LIMIT:
            raise XmlRefused("too-large", 0, f"it has more than {ELEMENT_LIMIT:,} elements")
        namespace, _, name = tag.rpartition("}")
        path: _Path = None
        if self._open:
            _, above, numbers = self._open[-1]
            numbers[name] = number = numbers.get(name, 0) + 1
            path = (above, name, number)
        default = ""
        if len(self._open) <= 1:
            # What lies deeper is never asked.
            default = nsmap.get("", self._open[-1][0].default_namespace if self._open else "")
        plain = {key: value for key, value in attributes.items() if not key.startswith("{")}
        element = XmlElement(name, namespace[1:], default, plain, path)
        if self._open:
            self._open[-1][0].parts.append(element)
        else:
            self._top = element
        self._open.append((element, path, {}))

    def end(self, _tag: str) -> None:
        self._end_text()
        self._open.pop()

    def data(self, text: str) -> None:
        self._texts.append(text)

    def comment(self, _text: str) -> None:
        self._end_text()

    def pi(self, _target: str, _text: str | None = None) -> None:
        self._end_text()

    def doctype(self, _name: str | None, _public: str | None, _system: str | None) -> None:
        raise XmlRefused("doctype", 0, _NO_DOCTYPE)

    def close(self) -> XmlElement | None:
        return self._top

    def _end_text(self) -> None:
        """White space alone between markup does not count."""
        text = "".join(self._texts)
        self._texts.clear()
        if self._open and text and not is_blank(text):
            self._open[-1][0].parts.append(text)


def _offset(text: str, line: int, column: int) -> int:
    """The code point offset of a 1-based line and column, lines ending as XML has it."""
    start = 0
    for _ in range(line - 1):
        following = _LINE_END.search(text, start)
        if following is None:
            break
        start = following.end()
    return min(start + max(column - 1, 0), len(text))


def _plain(message: str) -> str:
    """libxml2's words for an error in ours where they are known, without the position."""
    message = _POSITION.sub("", message).strip()
    for pattern, plain in _PLAIN_REASONS:
        found = pattern.match(message)
        if found is not None:
            return plain.format(**{name: _cut(part) for name, part in found.groupdict().items()})
    return _cut(message, LONGEST_MESSAGE)


def _cut(text: str, limit: int = QUOTE_LIMIT) -> str:
    """A name or message of the parser for a message of ours: nothing that does not print, and not too long."""
    return visible(shortened(text, limit))
