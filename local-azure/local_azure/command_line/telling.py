"""How a command tells what it found: JSON for scripts, lines for a person, colour on a terminal."""

import json
import os
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import typer

_COLOURS = {
    "green": r"\b(?:Succeeded|Completed|Finished|delivered|gets it|authorised|Authorised)\b",
    "red": r"\b(?:not authorised|does not get it|Failed|TimedOut|Canceled|dead-lettered|error)\b",
    "yellow": r"\b(?:Running|InProgress|Queued|Preparing|Waiting|pending)\b",
    "cyan": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
}
_COLOURED = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _COLOURS.items()))


def tell(document: Any, lines: Iterable[str], code: int = 0, *, as_json: bool) -> int:
    """Print what was found; the exit code.

    Args:
        document: what a script gets.
        lines: what a person gets.
        code: what the command ends with.
        as_json: whether a script asks.
    """
    say([json.dumps(document, indent=2)] if as_json else lines)
    return code


def say(lines: Iterable[str]) -> None:
    """Print lines, or that there are none. Whoever reads may have read enough, as `head` has."""
    text = "\n".join(lines) or "None."
    try:
        print(_coloured(text) if _has_colour(sys.stdout) else text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(message: str, code: int = 1) -> int:
    """Print what is wrong, and what to do; the exit code."""
    begin = typer.style("error:", fg="red", bold=True) if _has_colour(sys.stderr) else "error:"
    print(f"{begin} {message}", file=sys.stderr)
    return code


def _has_colour(stream: TextIO) -> bool:
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def _coloured(text: str) -> str:
    return _COLOURED.sub(lambda found: typer.style(found[0], fg=found.lastgroup), text)
