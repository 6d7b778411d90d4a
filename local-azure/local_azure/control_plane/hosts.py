"""Which service answers under which host name.

A pattern is a host name whose ``{parts}`` stand for one label each, as in
``{account}.blob.core.windows.net``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from starlette.types import ASGIApp

LARGEST = 4 * 1024 * 1024
"""Bytes of a body where a service has no limit of its own: Resource Manager's."""
LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"


class Host(NamedTuple):
    """What a service answers for.

    Attributes:
        patterns: host names whose ``{parts}`` stand for a label.
        application: what answers.
        largest: bytes that a body may have; None where the application bounds or streams it.
    """

    patterns: Iterable[str]
    application: ASGIApp
    largest: int | None = LARGEST


@dataclass(frozen=True)
class Match:
    """The application that answers for a host, and what its pattern's parts stand for."""

    application: ASGIApp
    parts: dict[str, str]
    largest: int | None
    """Bytes that a request's body may have; None where the application sees to it."""


class Hosts:
    """The table of host names. A name that is not in it is never answered for."""

    def __init__(self) -> None:
        self._table: list[tuple[re.Pattern[str], ASGIApp, int | None]] = []
        self._find = lru_cache(4096)(self._search)

    def register(
        self, patterns: Iterable[str], application: ASGIApp, largest: int | None = LARGEST
    ) -> None:
        """Let an application answer for every host that fits one of the patterns, see ``Host``."""
        for pattern in patterns:
            expression = re.sub(r"\\{(\w+)\\}", rf"(?P<\1>{LABEL})", re.escape(pattern))
            self._table.append((re.compile(expression), application, largest))
        self._find.cache_clear()

    def find(self, host: str) -> Match | None:
        """The match for a host name (no port; case does not matter), or None."""
        return self._find(host.lower().rstrip("."))

    def _search(self, host: str) -> Match | None:
        for expression, application, largest in self._table:
            if found := expression.fullmatch(host):
                return Match(application, found.groupdict(), largest)
        return None
