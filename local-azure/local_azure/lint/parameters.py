"""Parameters that nothing reads, and secrets that are declared as plain text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from local_azure.lint.finding import Finding
from local_azure.lint.subject import is_secure
from local_azure.runs.references import references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.lint.subject import Subject

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SECRET = frozenset({"secret", "password", "passwd", "pwd", "token", "sas", "credential", "apikey"})
_KEYS = frozenset({"access", "account", "api", "storage", "shared", "client", "master", "host"})


def unused(subject: Subject) -> Iterator[Finding]:
    """A parameter that no expression reads."""
    used = {
        reference.name.lower()
        for written in subject.expressions
        for reference in references(written.text)
        if reference.function == "parameters"
    }
    for name in subject.parameters:
        if name.lower() not in used:
            message = "nothing reads it; take it out, or use it"
            yield Finding("unused-parameter", f"Parameter '{name}'", message)


def plain_secrets(subject: Subject) -> Iterator[Finding]:
    """A parameter that is named like a secret and declared as plain text."""
    for name, declared in subject.parameters.items():
        if _sounds_secret(name) and not is_secure(declared):
            message = (
                f"its name says that it is a secret, its type is {declared.get('type')!r}, which "
                "everybody who may read the workflow can read; declare it as securestring"
            )
            yield Finding("plain-secret", f"Parameter '{name}'", message)


def _sounds_secret(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    pairs = set(pairwise(words))
    return bool(
        _SECRET & set(words)
        or {(kind, "key") for kind in _KEYS} & pairs
        or ("connection", "string") in pairs
    )
