"""A live stack changes its factory, and as whom its pipelines sign in: each works after `up`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.stack.event_path.deployed import on_its_own, until
from tests.stack.pipeline.piped import Piped
from tests.stack.shell import sample

pytestmark = pytest.mark.long

LATE = timedelta(seconds=120)
"""Longer than an `up` takes, and shorter than the activity waits."""
RESULTS = "https://theirresults.blob.core.windows.net/scores"


@pytest.fixture(scope="module")
def piped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Piped]:
    with on_its_own(tmp_path_factory.mktemp("azure"), Piped) as stack:
        yield stack


@pytest.fixture(scope="module")
def always(piped: Piped) -> dict[str, Any]:
    """What is said of each factory."""
    account = piped.account("theirresults", "scores")
    copied = {"account_id": account, "container": "scores", "folder": "digits/"}
    return {"poll_interval_seconds": 1, "copy_after": copied}


def test_each_factory_in_turn_scores_whoever_invokes(piped: Piped, always: dict[str, Any]) -> None:
    forms: list[dict[str, Any]] = [
        {},
        {"existing": piped.factory("team-factory"), "authentication": "service_principal"},
        {"existing": piped.factory("other-factory")},
        {"authentication": "service_principal"},
        {},
    ]
    rows = []
    for turn, form in enumerate(forms):
        piped.up_with(blob_events={"enabled": False}, data_factory={**always, **form})
        piped.drop(f"incoming/{turn}/7.pgm", content=sample(7))
        run = piped.ended(piped.run(endpoint_input_uri=f"{piped.outputs['input_url']}{turn}/"))
        assert run.status == "Succeeded", run.message
        rows += piped.rows(f"{RESULTS}/digits/{run.run_id}/predictions.csv")

    assert rows == [("7.pgm", 7)] * len(forms)
    assert left_in_factories(piped) == {piped.outputs["factory_name"]}


def test_a_run_that_began_before_another_invokes_ends_well(
    piped: Piped, always: dict[str, Any]
) -> None:
    piped.up_with(blob_events={"enabled": False}, data_factory=always)
    piped.drop("incoming/0/7.pgm", content=sample(7))
    uri = f"{piped.outputs['input_url']}0/"
    ends = []
    for authentication in ("service_principal", "managed_identity"):
        piped.fail_invoke(delay=LATE.seconds)
        run = piped.run(endpoint_input_uri=uri)
        until(lambda: not piped.disturbed, "its call of the endpoint")
        factory = {**always, "authentication": authentication}
        piped.up_with(invoker={"changing": True}, data_factory=factory)
        piped.advance(LATE)
        ends.append(piped.ended(run).status)

    assert ends == ["Succeeded", "Succeeded"]


def left_in_factories(piped: Piped) -> set[str]:
    """The factories that still have a pipeline."""
    found = piped.resources("Microsoft.DataFactory/factories/pipelines")
    return {each.id.split("/")[8] for each in found}
