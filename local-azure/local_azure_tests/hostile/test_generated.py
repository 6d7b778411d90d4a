"""Generated requests: whatever comes, a service answers in its own words and goes on."""

import os
import random
from collections.abc import Iterable, Iterator

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.hostile import requests, world
from local_azure_tests.hostile.test_wrong_credentials import token
from local_azure_tests.hostile.wire import Answer, Wire
from local_azure_tests.hostile.world import Family

SEED = int(os.environ.get("HOSTILE_SEED", "2026"))
EACH = int(os.environ.get("HOSTILE_EACH", "8"))
"""Requests for each family; ``make soak`` sends more."""
NOT_EMULATED, BROKEN = 501, 500


Exchange = tuple["Family", requests.Sent, "Answer"]


def exchanged(server: Running, wire: Wire, seed: int, each: int) -> Iterator[Exchange]:
    """Requests for every family, and their answers."""
    rng = random.Random(seed)  # noqa: S311 it has to be the same each time
    for family in world.families(server):
        credential = family.secret or token(server, family)
        for _ in range(each):
            made = requests.mutated(rng, family, credential)
            yield family, made, wire.ask(made.method, made.url, made.body, made.headers)


def broken(exchanges: Iterable[Exchange]) -> list[tuple[str, requests.Sent, int, bytes]]:
    """Those that were answered by an error of the server's own."""
    return [
        (family.name, made, answer.status, answer.body[:300])
        for family, made, answer in exchanges
        if answer.status >= BROKEN and answer.status != NOT_EMULATED
    ]


def dead(server: Running, wire: Wire) -> list[tuple[str, Answer]]:
    """The families whose example is not taken any more."""
    told = []
    for family in world.families(server):
        url, headers, body = family.asked(family.secret or token(server, family))
        answer = wire.ask(family.method, url, body, headers)
        if answer.status >= BROKEN or answer.status in {0, 401, 403}:
            told.append((family.name, answer))
    return told


@pytest.fixture(scope="module")
def sent(built: Running, wire: Wire) -> list[Exchange]:
    """Every request and its answer."""
    return list(exchanged(built, wire, SEED, EACH))


def test_no_request_breaks_a_service(sent: list[Exchange]) -> None:
    assert broken(sent) == []


def test_every_refusal_has_a_body(sent: list[Exchange]) -> None:
    silent = [
        (family.name, made, answer.status)
        for family, made, answer in sent
        if answer.status in {401, 403} and not answer.body and made.method != "HEAD"
    ]

    assert silent == []


def test_afterwards_everything_is_read_as_before(
    built: Running,
    wire: Wire,
    sent: list[Exchange],  # noqa: ARG001 they come first
) -> None:
    assert dead(built, wire) == []
