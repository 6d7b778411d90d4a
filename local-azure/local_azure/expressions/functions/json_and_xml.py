"""Manipulation functions for JSON objects, and what reads and writes JSON and XML.

JSON is read strictly: what Microsoft's engine forgives (comments, single quotes, trailing commas,
names without quotes) is refused. XPath 1.0 is libxml2's: the standard library evaluates no more
than paths.
"""

import json
from typing import Any, NamedTuple

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from local_azure.expressions.content import XML, content, content_bytes, content_text, is_content
from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.functions.conversion import base64_to_string
from local_azure.expressions.json_types import type_name
from local_azure.expressions.registry import function
from local_azure.expressions.utf16 import utf8
from local_azure.expressions.xml_document import (
    XmlProblem,
    indented_xml,
    json_from_xml,
    read_xml,
    xml_from_json,
    xml_text,
)

_NOT_IN_NAMES = "[]."


@function("json(value: string|object)")
def json_(value: Any) -> Any:
    """The value that JSON text, or the object that XML content, stands for."""
    if isinstance(value, str):
        return _read(value)
    if is_content(value):
        if "application/xml" in str(value["$content-type"]).lower():
            return _of_xml(json_from_xml, _content_text(value))
        return _read(_content_text(value))
    message = (
        "expects its parameter to be a string or an XML. "
        f"The provided value is of type '{type_name(value)}'."
    )
    raise ArgumentProblem(message)


@function("base64ToJson(value: string)")
def base64_to_json(value: str) -> Any:
    """The value that JSON text in base64 stands for."""
    written = base64_to_string(value)
    if not written.strip():
        message = "was invoked with a parameter that is not valid: there is no JSON in it."
        raise ArgumentProblem(message)
    return _read(written)


def _read(written: str) -> Any:
    if not written.strip():
        return None
    try:
        return json.loads(written, parse_constant=_refuse_constant)
    except ValueError as wrong:
        message = (
            f"parameter is not valid. The provided value '{written}' cannot be parsed: '{wrong}'."
        )
        raise ArgumentProblem(message) from wrong


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _content_text(value: dict[str, Any]) -> str:
    try:
        return content_text(value)
    except ValueError as wrong:
        message = f"can't read the content of type '{value['$content-type']}': {wrong}."
        raise ArgumentProblem(message) from wrong


@function("xml(value: string|object)")
def xml(value: Any) -> dict[str, Any]:
    """XML content from XML text, or from an object with one property, the root."""
    if is_content(value):
        _of_xml(xml_text, _content_text(value))
        return content(content_bytes(value), XML)
    written = _of_xml(xml_text if isinstance(value, str) else xml_from_json, value)
    return content(utf8(written), XML)


@function("xpath(xml: object, path: string)")
def xpath(document: Any, path: str) -> Any:
    """What an XPath 1.0 expression selects: a list of nodes, or a number, string or boolean."""
    if not is_content(document) or "application/xml" not in document["$content-type"].lower():
        message = (
            "expects its first parameter to be an XML object. "
            f"The provided value is of type '{type_name(document)}'."
        )
        raise ArgumentProblem(message)
    found = _of_xml(lambda text: select(text, path), _content_text(document))
    if not isinstance(found, list):
        return found
    return [content(utf8(each.xml), XML) if each.is_element else each.xml for each in found]


def _of_xml(action: Any, value: Any) -> Any:
    try:
        return action(value)
    except XmlProblem as wrong:
        raise ArgumentProblem(f"parameter is not valid. {wrong}") from wrong


@function("addProperty(object: object, property: string, value: any)")
def add_property(target: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The object with one more property."""
    if _existing(target, _checked(name)) is not None:
        message = (
            "expects the property to not exist in the object. "
            f"Unable to add property '{name}', it exists."
        )
        raise ArgumentProblem(message)
    return {**target, name: value}


@function("setProperty(object: object, property: string, value: any)")
def set_property(target: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The object with a property changed or added; either way it is the last one then."""
    existing = _existing(target, _checked(name))
    others = {key: each for key, each in target.items() if key != existing}
    return {**others, name if existing is None else existing: value}


@function("removeProperty(object: object, property: string)")
def remove_property(target: dict[str, Any], name: str) -> dict[str, Any]:
    """The object without a property."""
    existing = _existing(target, _checked(name))
    return {key: value for key, value in target.items() if key != existing}


def _existing(target: dict[str, Any], name: str) -> str | None:
    if name in target:
        return name
    return next((key for key in target if key.lower() == name.lower()), None)


def _checked(name: str) -> str:
    found = [character for character in _NOT_IN_NAMES if character in name]
    if found:
        message = (
            f"can't use the property name '{name}', which has the invalid characters "
            f"'{', '.join(found)}'; a name has none of '[, ], .'."
        )
        raise ArgumentProblem(message)
    return name


class Node(NamedTuple):
    """A selected node: an element's XML, else the node's text."""

    is_element: bool
    xml: str


def select(written: str, path: str) -> Any:
    """What the path selects: nodes, or a float, string or boolean.

    Raises:
        XmlProblem: for a path that is not XPath, or selects what has no form in JSON.
    """
    read_xml(written)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(utf8(written.strip()), parser)
    try:
        found = root.getroottree().xpath(path, smart_strings=True)
    except (etree.XPathError, ValueError) as wrong:
        message = f"The path '{path}' is not a supported XPath expression: {wrong}."
        raise XmlProblem(message) from wrong
    if isinstance(found, list):
        return [_node(each) for each in found] if path.strip() != "/" else [_element(root)]
    return bool(found) if isinstance(found, bool) else _scalar(found)


def _scalar(found: Any) -> float | str:
    return found if isinstance(found, float) else str(found)


def _node(node: Any) -> Node:
    if isinstance(node, str):
        name = getattr(node, "attrname", None)
        return Node(is_element=False, xml=f'{name}="{node}"' if name else str(node))
    if isinstance(node.tag, str):
        return _element(node)
    raise XmlProblem(f"A node of the type '{type(node).__name__}' has no form in JSON.")


def _element(node: Any) -> Node:
    written = etree.tostring(node, encoding="unicode", with_tail=False)
    return Node(is_element=True, xml=indented_xml(written))
