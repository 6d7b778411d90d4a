"""What a fact says of an answer, compared with the answer.

A fact's text may have ``<kinds>`` in it, which stand for what is made anew each time; ``<ours>`` is
what the embedded Azure may say behind Azure's own sentence. Where an object has the key ``...`` its
other keys are not compared; a list that begins with ``...`` has what stands behind it among others.
What a recording has as null an answer may leave out, as azure-native does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_KINDS = {
    "guid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "hex32": r"[0-9a-f]{32}",
    "hex16": r"[0-9a-f]{16}",
    "digits": r"\d+",
    "digits20": r"\d{20}",
    "big guid": r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}",
    "etag": r"[0-9a-f-]{36}",
    "hex15": r"[0-9A-F]{15}",
    "ticks": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z",
    "iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z",
    "seconds": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00",
    "offset": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?\+00:00",
    "hour": r"\d{4}-\d\d-\d\dT\d\d:00:00Z",
    "us time": r"\d+/\d+/\d{4} \d+:\d\d:\d\d [AP]M",
    "zulu": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ",
    "word": r"[^\s/]+",
    "text": r"(?s:.*)",
    "ours": r"(?s:\W+.+)?",
}
_TYPES: dict[str, Any] = {
    "<number>": (int, float),
    "<object>": dict,
    "<list>": list,
    "<flag>": bool,
}


def differences(recorded: Any, found: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each path where an answer is another than recorded, with both."""
    if isinstance(recorded, dict) and isinstance(found, dict):
        others = () if "..." in recorded else (each for each in found if each not in recorded)
        for key in [*(each for each in recorded if each != "..."), *others]:
            inner = f"{path}.{key}" if path else key
            yield from _of_key(key, recorded, found, inner)
    elif isinstance(recorded, list) and isinstance(found, list) and recorded[:1] == ["..."]:
        if all(any(differences(recorded[1], each)) for each in found):
            yield path, f"recorded {recorded[1]!r}, not among {found!r}"
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for index, each in enumerate(recorded):
            yield from differences(each, found[index], f"{path}[{index}]")
    elif not _fits(recorded, found):
        yield path, f"recorded {recorded!r}, found {found!r}"


def _of_key(
    key: str, recorded: dict[str, Any], found: dict[str, Any], path: str
) -> Iterator[tuple[str, str]]:
    if key not in recorded:
        yield path, f"not recorded, found {found[key]!r}"
    elif recorded[key] is not None and key not in found:
        yield path, f"recorded {recorded[key]!r}, not there"
    else:
        yield from differences(recorded[key], found.get(key), path)


def _fits(recorded: Any, found: Any) -> bool:
    if not isinstance(recorded, str):
        return type(recorded) is type(found) and bool(recorded == found)
    if recorded in _TYPES:
        kinds = _TYPES[recorded]
        return isinstance(found, kinds) and (kinds is bool or not isinstance(found, bool))
    return isinstance(found, str) and re.fullmatch(_pattern(recorded), found) is not None


def _pattern(recorded: str) -> str:
    parts = re.split(r"<([a-z0-9 ]+)>", recorded)
    return "".join(_KINDS[part] if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
