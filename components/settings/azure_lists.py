"""What Azure and its providers knew on a day: `azure_lists.yaml`, which says from where."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

_FILE: dict[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())


def of(name: str) -> tuple[str, ...]:
    """A list of the file, with `{1,2}` written out."""
    return tuple(each for told in _FILE[name].split() for each in _written_out(told))


def near(name: str, known: Sequence[str], cutoff: float = 0.8) -> str:
    """The name that was meant, if one is like it; its case does not count. Empty without one."""
    lowered = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=cutoff)
    return lowered[found[0]] if found else ""


def _written_out(told: str) -> Iterator[str]:
    before, _, rest = told.partition("{")
    choices, _, after = rest.partition("}")
    for choice in choices.split(","):
        yield f"{before}{choice}{after}"
