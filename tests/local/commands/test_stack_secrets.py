"""What this place puts into its copy of a stack file: secret values and people of its own."""

from __future__ import annotations

from typing import Any

import pytest

from local_azure import stacks

THEIRS: dict[str, Any] = {"secure": "v1:THEIRS"}
OURS: dict[str, Any] = {"secure": "v1:OURS"}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (THEIRS, OURS),
        ({"on-model": THEIRS}, {"on-model": OURS}),
        ([{"url": THEIRS}], [{"url": OURS}]),
    ],
)
def test_an_encrypted_value_is_the_one_that_was_set_here(theirs: object, ours: object) -> None:
    said = {"config": {"p:location": "westeurope", "p:key": theirs}}
    before = {"encryptionsalt": "v1:salt", "config": {"p:key": ours}}

    merged = stacks._merged(said, before)

    assert merged["config"] == {"p:location": "westeurope", "p:key": ours}


def test_an_encrypted_value_that_was_not_set_here_is_left_out() -> None:
    said = {"config": {"p:location": "westeurope", "p:key": {"on-model": THEIRS}}}

    assert stacks._merged(said, {})["config"] == {"p:location": "westeurope"}


def test_a_value_in_clear_is_theirs() -> None:
    said = {"config": {"p:rules": [{"name": "new"}]}}

    merged = stacks._merged(said, {"config": {"p:rules": [{"name": "old"}]}})

    assert merged["config"] == {"p:rules": [{"name": "new"}]}


PUBLISHERS, CALLERS = "azureml-batch-events:publishers", "azureml-batch-events:callers"


@pytest.mark.parametrize(
    ("theirs", "publishers"),
    [({}, [stacks.SOMEBODY]), ({PUBLISHERS: ["theirs"]}, ["theirs"]), ({PUBLISHERS: []}, [])],
)
def test_somebody_of_this_tenant_publishes_and_calls_where_the_file_names_nobody(
    theirs: dict[str, Any], publishers: list[object]
) -> None:
    assert stacks._peopled({"config": theirs})["config"] == {
        PUBLISHERS: publishers,
        CALLERS: [stacks.SOMEBODY],
    }
