"""A conda file, read as what pip can install.

Its part ``pip:`` is pip's own. A conda package is taken where the package of the same content is
known on PyPI; another one is refused by name, because nothing here installs conda's binaries.
Channels are not looked at. Forms: docs.conda.io, "conda environment" and "package match
specifications".
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from local_azure.control_plane import strict_yaml

_ON_PYPI = Path(__file__).with_name("conda_on_pypi.json")
"""PyPI's name of the package that conda has under the key."""

_SPEC = re.compile(
    r"(?:[\w.-]+(?:/[\w-]+)?::)?(?P<name>[A-Za-z0-9_.-]+?)\s*(?P<rest>(?:[=<>!~\s].*)?)"
)
_PYTHON = re.compile(r"={0,2}\s*(\d+\.\d+)(?:\.(?:\d+|\*))*\s*(?:=.*)?")


class CondaFileError(ValueError):
    """What is wrong with a conda file, and what is accepted."""


@dataclass(frozen=True)
class Packages:
    """What an environment consists of.

    Attributes:
        python: the version, as ``3.11``; empty for any.
        lines: of a requirements file.
    """

    python: str = ""
    lines: tuple[str, ...] = ()


def read(text: str) -> Packages:
    """What a conda file asks for.

    Raises:
        CondaFileError: it is none, or asks for what pip can't install.
    """
    python, lines = "", []
    for each in _dependencies(text):
        if isinstance(each, dict):
            lines += _pip(each)
        elif (named := _named(each))[0] == "python":
            python = _version_of_python(named[1])
        else:
            lines.append(_requirement(*named))
    return Packages(python, tuple(lines))


def as_json(text: str) -> str:
    """A conda file as an environment is told with it, whose reading was tried: indented JSON."""
    return json.dumps(strict_yaml.read(text), indent=2, default=str) if text else ""


def _dependencies(text: str) -> list[Any]:
    try:
        told = strict_yaml.read(text)
        json.dumps(told, default=str)  # as it is told; a date as a key, or a circle, can't be
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        message = f"it is no YAML, or none that JSON can hold: {' '.join(str(error).split())}"
        raise CondaFileError(message) from None
    found = told.get("dependencies") if isinstance(told, dict) else None
    if not isinstance(found, list):
        raise CondaFileError("it has no list 'dependencies', which a conda file consists of")
    return found


def _pip(entry: dict[str, Any]) -> list[str]:
    lines = entry.get("pip")
    if set(entry) != {"pip"} or not isinstance(lines, list) or not all(map(_is_line, lines)):
        raise CondaFileError(
            f"{entry!r} is no dependency; accepted: a package, or 'pip:' with a list"
        )
    return lines


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and "\n" not in value


def _named(each: Any) -> tuple[str, str]:
    """A conda package's name and what is said of its version."""
    match = _SPEC.fullmatch(each.strip()) if isinstance(each, str) else None
    if match is None:
        message = f"{each!r} is no dependency; accepted: a package as name, name=1.2 or name>=1.2"
        raise CondaFileError(message)
    return match["name"].lower(), match["rest"].strip()


def _version_of_python(rest: str) -> str:
    if not rest:
        return ""
    match = _PYTHON.fullmatch(rest)
    if match is None:
        raise CondaFileError(f"'python{rest}': accepted: one version, as python=3.11")
    return match[1]


def _requirement(name: str, rest: str) -> str:
    known = _on_pypi().get(name)
    if known is None:
        message = (
            f"the conda package '{name}' has no counterpart on PyPI that is known here; accepted: "
            "the same under 'pip:', which Azure installs as well"
        )
        raise CondaFileError(message)
    return f"{known}{_version(rest)}"


@cache
def _on_pypi() -> dict[str, str]:
    known: dict[str, str] = json.loads(_ON_PYPI.read_text())
    return known


def _version(rest: str) -> str:
    """Conda's ``=1.2`` means 1.2 and what begins so, ``==1.2`` that alone; a build goes unsaid."""
    if not rest or rest[0] in "<>!~":
        return rest
    exactly, version = rest.startswith("=="), rest.lstrip("= ").split("=")[0].split(" ")[0]
    built = rest.lstrip("= ") != version
    return f"=={version}" if exactly or built or version.endswith("*") else f"=={version}.*"
