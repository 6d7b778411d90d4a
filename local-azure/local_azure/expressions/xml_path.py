"""XPath 1.0 over XML text, by libxml2: the standard library evaluates no more than paths."""

from typing import Any, NamedTuple

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from local_azure.expressions.utf16 import utf8
from local_azure.expressions.xml_document import XmlProblem, indented_xml, read_xml


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
