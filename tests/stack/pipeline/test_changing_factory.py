"""A live stack changes its factory, and as whom its pipelines sign in: each works after `up`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.stack.pipeline.piped import Piped, empty, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.long

RESULTS = "https://theirresults.blob.core.windows.net/scores"


@pytest.fixture(scope="module")
def piped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Piped]:
    with empty(tmp_path_factory.mktemp("azure")) as stack:
        yield stack


def test_each_factory_in_turn_scores_whoever_invokes(piped: Piped) -> None:
    copied = {"account_id": piped.account("theirresults", "scores"), "container": "scores"}
    forms: list[dict[str, Any]] = [
        {},
        {"existing": piped.factory("team-factory"), "authentication": "service_principal"},
        {"existing": piped.factory("other-factory")},
        {"authentication": "service_principal"},
        {},
    ]
    always = {"poll_interval_seconds": 1, "copy_after": {**copied, "folder": "digits/"}}
    rows = []
    for turn, form in enumerate(forms):
        piped.up_with(blob_events={"enabled": False}, data_factory={**always, **form})
        piped.drop(f"incoming/{turn}/7.pgm", content=sample(7))
        run = piped.ended(piped.run(endpoint_input_uri=f"{piped.outputs['input_url']}{turn}/"))
        assert run.status == "Succeeded", run.message
        rows += piped.rows(f"{RESULTS}/digits/{run.run_id}/predictions.csv")

    assert rows == [("7.pgm", 7)] * len(forms)
    assert left_in_factories(piped) == {piped.outputs["factory_name"]}


def left_in_factories(piped: Piped) -> set[str]:
    """The factories that still have a pipeline."""
    kind = "Microsoft.DataFactory/factories/pipelines"
    found = piped.running.call(piped.running.azure.resources.select, kind)
    return {each.id.split("/")[8] for each in found}
