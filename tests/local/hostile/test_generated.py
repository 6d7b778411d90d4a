"""Generated requests: whatever comes, a service answers in its own words and goes on."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from tests.local.hostile import requests, world
from tests.local.hostile.test_wrong_credentials import token

if TYPE_CHECKING:
    from tests.local.conftest import Running
    from tests.local.hostile.wire import Answer, Wire
    from tests.local.hostile.world import Family

SEED = int(os.environ.get("HOSTILE_SEED", "2026"))
EACH = int(os.environ.get("HOSTILE_EACH", "20"))
"""Requests for each family; ``make soak`` sends more."""
NOT_EMULATED, BROKEN = 501, 500


@pytest.fixture(scope="module")
def sent(built: Running, wire: Wire) -> list[tuple[Family, requests.Sent, Answer]]:
    """Every request and its answer."""
    rng, told = random.Random(SEED), []  # noqa: S311 it has to be the same each time
    for family in world.families(built):
        credential = family.secret or token(built, family)
        for _ in range(EACH):
            made = requests.mutated(rng, family, credential)
            answer = wire.ask(made.method, made.url, made.body, made.headers)
            told.append((family, made, answer))
    return told


def test_no_request_breaks_a_service(sent: list[tuple[Family, requests.Sent, Answer]]) -> None:
    broken = [
        (family.name, made, answer.status, answer.body[:300])
        for family, made, answer in sent
        if answer.status >= BROKEN and answer.status != NOT_EMULATED
    ]

    assert broken == []


def test_every_refusal_has_a_body(sent: list[tuple[Family, requests.Sent, Answer]]) -> None:
    silent = [
        (family.name, made, answer.status)
        for family, made, answer in sent
        if answer.status in {401, 403} and not answer.body and made.method != "HEAD"
    ]

    assert silent == []


def test_afterwards_everything_is_read_as_before(
    built: Running,
    wire: Wire,
    sent: list[tuple[Family, requests.Sent, Answer]],  # noqa: ARG001 they come first
) -> None:
    for family in world.families(built):
        url, headers, body = family.asked(family.secret or token(built, family))
        answer = wire.ask(family.method, url, body, headers)
        assert answer.status < BROKEN, (family.name, answer)
        assert answer.status not in {0, 401, 403}, (family.name, answer)
