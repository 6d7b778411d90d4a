"""Every `az` line of README and docs, as it stands there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests import PROJECT

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("**/*.md"))]
_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"  +# [^'\"]*$")
_INLINE = re.compile(r"`(az [^`]+)`")


class Line(NamedTuple):
    """One command, and the page that has it."""

    page: str
    command: str


def lines() -> list[Line]:
    """All of them, by page; each once a page."""
    return [
        Line(str(page.relative_to(PROJECT)), command)
        for page in PAGES
        for command in dict.fromkeys(_of(page))
    ]


def _of(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    for fence in _FENCE.findall(text):
        yield from _commands(fence)
    for command in _INLINE.findall(text.replace("```", "")):
        yield " ".join(command.split())


def _commands(fence: str) -> Iterator[str]:
    """The commands of a block: one goes on after a backslash, and inside of quotes."""
    command = ""
    for line in fence.splitlines():
        command = f"{command}\n{line}" if command else line.removeprefix("$ ")
        if command.startswith("az ") and not _is_whole(command):
            continue
        if command.startswith("az "):
            yield _COMMENT.sub("", command)
        command = ""


def _is_whole(command: str) -> bool:
    try:
        shlex.split(command.replace("\\\n", " "), comments=True)
    except ValueError:
        return False
    return not command.endswith("\\")
