"""The embedded Azure against what recordings of the real one say.

``facts/*.json`` holds facts alone: what was asked, and of the answer its status, headers, codes,
keys and those values that the service chose; each with its source and strength. A fact's
``differs`` lists where the answer here is another, with the reason; what is listed there and
differs no more is an error as well.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from local_azure_tests.providers.conftest import native, refusal
from local_azure_tests.recorded.patterns import differences
from local_azure_tests.recorded.world import World

if TYPE_CHECKING:
    from local_azure_tests.conftest import Running
    from local_azure_tests.providers.conftest import Engine

__all__ = ["native"]

_FACTS = [
    {**fact, "fact": f"{path.stem}: {fact['fact']}"}
    for path in sorted((Path(__file__).parent / "facts").glob("*.json"))
    for fact in json.loads(path.read_text("utf-8"))
]
_ASKED = [fact for fact in _FACTS if "ask" in fact]
_MADE = [fact for fact in _FACTS if "ask" not in fact]


@pytest.fixture(scope="module")
def world(running: Running, native: Engine) -> World:
    return World(running, native)


def _disagree(world: World, fact: dict[str, Any], found: dict[str, Any]) -> dict[str, str]:
    """Where an answer disagrees and no reason is listed, and reasons that are none any more."""
    recorded = world.filled({key: fact[key] for key in found})
    differing, listed = dict(differences(recorded, found)), fact.get("differs", {})
    gone = {path: "listed, and differs no more" for path in listed if path not in differing}
    return {path: why for path, why in differing.items() if path not in listed} | gone


@pytest.mark.parametrize("fact", _ASKED, ids=lambda fact: fact["fact"])
def test_a_request_is_answered_as_recorded(world: World, fact: dict[str, Any]) -> None:
    status, headers, body = world.ask(fact)

    found: dict[str, Any] = {"status": status}
    if "tells" in fact:
        found["tells"] = {name: headers.get(name) for name in fact["tells"]}
    if "body" in fact:
        found["body"] = body

    assert _disagree(world, fact, found) == {}


@pytest.mark.parametrize("fact", _MADE, ids=lambda fact: fact["fact"])
def test_a_provider_answers_and_refuses_as_recorded(world: World, fact: dict[str, Any]) -> None:
    if "outputs" in fact:
        found: dict[str, Any] = {"outputs": world.create(fact)}
    else:
        with pytest.raises(grpc.RpcError) as error:
            world.create(fact)
        found = {"refused": refusal(error)}

    assert _disagree(world, fact, found) == {}
