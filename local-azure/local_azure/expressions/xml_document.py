"""XML documents: read, written in the engine's canonical form, and turned to JSON and back.

The JSON form is Newtonsoft.Json's: ``@name`` is an attribute, ``#text`` text beside other nodes,
repeated elements an array. White space between elements and comments don't survive the way to
JSON. Document type declarations are refused: they could name files and grow without bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from local_azure.expressions.json_types import text
from local_azure.expressions.utf16 import joined, utf8

_NAME_START = re.compile(r"[A-Za-z_]|[^\x00-\x7f]")
_NAME_CHARACTER = re.compile(r"[\w.:-]")


class XmlProblem(Exception):  # noqa: N818 - a reason, which the call completes to an error
    """Text that is not XML, or an object that XML can't express."""


@dataclass
class Piece:
    """Text, a CDATA section, a comment or a processing instruction, by its JSON key."""

    kind: str
    text: str


@dataclass
class Element:
    """An element; ``closed_at_once`` tells ``<a />`` from ``<a></a>``."""

    name: str
    attributes: dict[str, str]
    children: list[Element | Piece] = field(default_factory=list)
    closed_at_once: bool = False


@dataclass
class Document:
    """A document: its declaration's attributes, if any, and its nodes."""

    declaration: dict[str, str] | None = None
    children: list[Element | Piece] = field(default_factory=list)


class _Reader:
    """Builds a Document from expat's events."""

    def __init__(self) -> None:
        self.document = Document()
        self._open: list[Element] = []
        self._raw = b""
        self._cdata = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartCdataSectionHandler = self._cdata_start
        self._parser.EndCdataSectionHandler = self._cdata_end
        self._parser.CommentHandler = lambda comment: self._add(Piece("#comment", comment))
        self._parser.ProcessingInstructionHandler = lambda name, data: self._add(
            Piece(f"?{name}", data),
        )

    def read(self, written: str) -> Document:
        self._raw = utf8(written)
        self._parser.Parse(written, True)  # noqa: FBT003 - expat's own signature
        return self.document

    def _add(self, node: Element | Piece) -> None:
        (self._open[-1].children if self._open else self.document.children).append(node)

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        self.document.declaration = {"version": version}
        if encoding:
            self.document.declaration["encoding"] = encoding
        if standalone >= 0:
            self.document.declaration["standalone"] = "yes" if standalone else "no"

    def _doctype(self, *_: object) -> None:
        raise XmlProblem("A document type declaration is not accepted.")

    def _start(self, name: str, attributes: list[str]) -> None:
        element = Element(name, dict(zip(attributes[::2], attributes[1::2], strict=True)))
        self._add(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        before = self._parser.CurrentByteIndex
        element.closed_at_once = not element.children and self._raw[before - 2 : before] == b"/>"

    def _text(self, data: str) -> None:
        if self._cdata:
            self._add(Piece("#cdata-section", data))
        elif data.strip():
            self._add(Piece("#text", data))

    def _cdata_start(self) -> None:
        self._cdata = True

    def _cdata_end(self) -> None:
        self._cdata = False


def read_xml(written: str) -> Document:
    """The document that a text is.

    Raises:
        XmlProblem: where it is not well-formed, or has a document type.
    """
    written = joined(written.strip())
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(written, True)  # noqa: FBT003
        return _Reader().read(written)
    except (expat.ExpatError, UnicodeError) as wrong:
        raise XmlProblem(f"The provided value cannot be converted to XML: '{wrong}'.") from wrong


def xml_text(written: str) -> str:
    """The document written in one form: white space between elements gone, ``<a />``."""
    return _written(read_xml(written))


def _written(document: Document) -> str:
    parts = []
    if document.declaration is not None:
        parts.append(f"<?xml{_attributes(document.declaration)}?>")
    return "".join([*parts, *map(_node, document.children)])


def _node(node: Element | Piece, level: int | None = None) -> str:
    """A node as text; at a level, elements on lines of their own, but for those beside text."""
    if isinstance(node, Element):
        start = f"{node.name}{_attributes(node.attributes)}"
        return f"<{start} />" if node.closed_at_once else f"<{start}>{_inside(node, level)}"
    if node.kind == "#text":
        return escape(node.text)
    if node.kind == "#cdata-section":
        return f"<![CDATA[{node.text}]]>"
    if node.kind == "#comment":
        return f"<!--{node.text}-->"
    return f"<{node.kind} {node.text}?>"


def _inside(element: Element, level: int | None) -> str:
    written = ""
    for child in element.children:
        if isinstance(child, Piece) and child.kind in ("#text", "#cdata-section"):
            level = None
        deeper = None if level is None else level + 1
        written += _line(deeper) + _node(child, deeper)
    return f"{written}{_line(level) if written else ''}</{element.name}>"


def _line(level: int | None) -> str:
    return "" if level is None else "\n" + "  " * level


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(
        f' {name}="{escape(value, {chr(34): "&quot;"})}"' for name, value in attributes.items()
    )


def indented_xml(written: str) -> str:
    """The document with each element on a line of its own, but for those with text among them."""
    return "".join(_node(node, 0) for node in read_xml(written).children)


def json_from_xml(written: str) -> dict[str, Any]:
    """The document as JSON."""
    document = read_xml(written)
    declared = document.declaration
    head = {"?xml": {f"@{k}": v for k, v in declared.items()}} if declared else {}
    return {**head, **_grouped(document.children)}


def _grouped(nodes: list[Element | Piece]) -> dict[str, Any]:
    groups: dict[str, list[Any]] = {}
    for node in nodes:
        if isinstance(node, Element):
            groups.setdefault(node.name, []).append(_element_value(node))
        elif node.kind != "#comment":
            groups.setdefault(node.kind, []).append(node.text)
    return {name: values[0] if len(values) == 1 else values for name, values in groups.items()}


def _element_value(element: Element) -> Any:
    value = {f"@{name}": each for name, each in element.attributes.items()}
    inside = _grouped(element.children)
    if value or list(inside) not in ([], ["#text"]):
        return {**value, **inside}
    if inside and isinstance(inside["#text"], str):
        return inside["#text"]
    return None if element.closed_at_once else ""


def xml_from_json(value: dict[str, Any]) -> str:
    """An object with one property as a document with that root.

    Raises:
        XmlProblem: for more than one root.
    """
    declared = value.get("?xml")
    if not isinstance(declared, (dict, type(None))):
        raise XmlProblem("The property '?xml' must be an object with the declaration's attributes.")
    roots = {name: each for name, each in value.items() if name != "?xml"}
    document = Document(
        {k.removeprefix("@"): str(v) for k, v in declared.items()} if declared else None,
        [node for name, each in roots.items() for node in _nodes(name, each)],
    )
    if len(document.children) > 1 or len(roots) > 1:
        message = (
            "An object becomes an XML document by its one property, the root; "
            f"found the roots {', '.join(roots)}."
        )
        raise XmlProblem(message)
    return _written(document)


def _nodes(name: str, value: Any) -> list[Element | Piece]:
    if isinstance(value, list):
        return [node for each in value for node in _nodes(name, each)]
    if name in ("#text", "#cdata-section"):
        return [Piece(name, _scalar(value))]
    return [_element(name, value)]


def _element(name: str, value: Any) -> Element:
    element = Element(_encoded(name), {}, closed_at_once=value is None)
    if not isinstance(value, dict):
        if value is not None:
            element.children.append(Piece("#text", _scalar(value)))
        return element
    for key, each in value.items():
        if key.startswith("@"):
            element.attributes[_encoded(key[1:])] = _scalar(each)
        else:
            element.children += _nodes(key, each)
    element.closed_at_once = not element.children
    return element


def _scalar(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else text(value)


def _encoded(name: str) -> str:
    """A property's name as a name that XML allows: ``a b`` is ``a_x0020_b``."""
    allowed = [
        (_NAME_CHARACTER if place else _NAME_START).match(character)
        for place, character in enumerate(name)
    ]
    return "".join(
        character if fits else f"_x{ord(character):04X}_"
        for character, fits in zip(name, allowed, strict=True)
    )
