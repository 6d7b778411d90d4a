"""A fact asked of whoever answers, and what of the answer is another than recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import grpc

from local_azure_tests.recorded.patterns import differences
from local_azure_tests.recorded.world import World

Fact = dict[str, Any]

_FACTS: list[Fact] = [
    {**fact, "fact": f"{path.stem}: {fact['fact']}"}
    for path in sorted((Path(__file__).parent / "facts").glob("*.json"))
    for fact in json.loads(path.read_text("utf-8"))
]
FACTS = sorted(_FACTS, key=lambda fact: "ask" not in fact)
"""What is only asked comes first: what a provider makes changes what is there."""


def found(world: World, fact: Fact) -> dict[str, Any]:
    """Of an answer, what the fact speaks of."""
    if "ask" not in fact:
        return _made(world, fact)
    status, headers, body = world.ask(fact)
    told: dict[str, Any] = {"status": status}
    if "tells" in fact:
        told["tells"] = {name: headers.get(name) for name in fact["tells"]}
    return told | ({"body": body} if "body" in fact else {})


def _made(world: World, fact: Fact) -> dict[str, Any]:
    try:
        return {"outputs": world.create(fact)}
    except grpc.RpcError as error:
        return {"refused": str(error.details())}


def disagreements(world: World, fact: Fact, answer: dict[str, Any]) -> dict[str, str]:
    """By path, where an answer is another than recorded; listed reasons are not looked at."""
    spoken = ("status", "tells", "body", "outputs", "refused")
    recorded = world.filled({key: fact[key] for key in spoken if key in fact})
    return dict(differences(recorded, answer))
