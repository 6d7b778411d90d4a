"""Inputs and outputs as a command line writes them: ``DATA``, or ``NAME[:TYPE]=VALUE``."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from batch_client import uris
from batch_client.errors import UsageError
from batch_client.invocation import FILE, FOLDER, LITERAL, TYPES, Port

_NAMED = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9_]{0,254})(?::(?P<type>[A-Za-z]+))?=(?P<value>.*)", re.DOTALL
)


@dataclass(frozen=True)
class Written:
    """One of them, as it was written.

    Attributes:
        name: its name in the payload.
        type: one of ``TYPES``, or None where it has to be seen from the value.
        value: a path, a URI or a text.
    """

    name: str
    type: str | None
    value: str


def named(option: str, text: str) -> Written:
    """What ``NAME[:TYPE]=VALUE`` says.

    Raises:
        UsageError: it has another form, or an unknown type.
    """
    found = _NAMED.fullmatch(text)
    if found is None or not found["value"]:
        message = f"{option} {text!r}: accepted is NAME=VALUE or NAME:TYPE=VALUE."
        raise UsageError(message)
    return Written(found["name"], checked_type(option, found["type"]), found["value"])


def literal(text: str) -> tuple[str, Port]:
    """What ``NAME=TEXT`` says; the text may be empty.

    Raises:
        UsageError: it has another form.
    """
    found = _NAMED.fullmatch(text)
    if found is None or found["type"]:
        raise UsageError(f"--literal {text!r}: accepted is NAME=TEXT.")
    return found["name"], Port(LITERAL, found["value"])


def checked_type(option: str, kind: str | None) -> str | None:
    """The type, in the service's own case.

    Raises:
        UsageError: there is no such type.
    """
    if kind is None:
        return None
    for known in TYPES:
        if known.lower() == kind.lower():
            return known
    raise UsageError(f"{option}: {kind!r} is no type of data; accepted: {', '.join(TYPES)}.")


def input_port(
    written: Written,
    workspace_id: str | None,
    uploaded: Callable[[Path], Port],
    registered: Callable[[str, str | None], Port],
) -> Port:
    """An input, uploaded first if it is a local file or folder, looked up if it is registered data.

    Args:
        written: as it was written.
        workspace_id: of the endpoint's workspace, for datastore URIs.
        uploaded: uploads a path.
        registered: finds an asset, of the type that was said.

    Raises:
        UsageError: there is no such file, asset or form.
    """
    if Path(written.value).exists() or not uris.is_remote(written.value):
        port = uploaded(Path(written.value))
        return port if written.type is None else Port(written.type, port.value)
    uri = uris.input_uri(written.value, workspace_id)
    if uris.is_asset(uri) and written.type in {None, FILE, FOLDER}:
        return registered(uri, written.type)
    return Port(written.type or _type_of(uri), uri)


def output_port(written: Written, workspace_id: str | None) -> Port:
    """An output; a file, unless its URI ends with a slash.

    Raises:
        UsageError: it can't be written to.
    """
    uri = uris.output_uri(written.value, workspace_id)
    return Port(written.type or _type_of(uri), uri)


def _type_of(uri: str) -> str:
    return FOLDER if uri.endswith("/") else FILE
