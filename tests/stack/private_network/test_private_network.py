"""A private stack, scored by the data factory from the network that it manages."""

import re
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.commands.environment import inside
from tests.stack.event_path.deployed import brought_up
from tests.stack.event_path.test_plain_http import Http
from tests.stack.pipeline.piped import Piped
from tests.stack.shell import CONFIRMED, sample

OUTSIDE = "203.0.113.10"
"""The address that whoever is in no network has on the embedded Azure."""

NETWORK = "azure-native:network:VirtualNetwork"
REFUSAL = "Access to workspace was denied based on workspace private link configuration."
PRIVATE = {"private": True, "allowed_addresses": [OUTSIDE]}

pytestmark = pytest.mark.long


def copied_on(stack: Piped) -> dict[str, Any]:
    """Predictions are copied to an account of somebody else, which is public."""
    account = stack.account("elsewhere", "results")
    copied = {"account_id": account, "container": "results", "folder": "scored/"}
    return {"data_factory": {"poll_interval_seconds": 1, "copy_after": copied}}


private = brought_up(Piped, copied_on, network=PRIVATE, blob_events={"marker_name": "_SUCCESS"})


def test_a_folder_goes_from_its_marker_to_predictions(private: Piped) -> None:
    for digit in (3, 7):
        private.drop(f"incoming/monday/{digit}.pgm", content=sample(digit))
    private.drop("incoming/monday/_SUCCESS", content=b"")

    outer = private.ended_of("Score-Then-Copy")

    assert (outer.status, outer.message) == ("Succeeded", "")
    copied = (
        f"https://elsewhere.blob.core.windows.net/results/scored/{outer.run_id}/predictions.csv"
    )
    assert private.rows(copied) == [("3.pgm", 3), ("7.pgm", 7)]


def test_neither_another_up_nor_a_refresh_changes_anything(private: Piped) -> None:
    private.changes_nothing("up", "refresh", "up")


def test_what_changes_after_a_refresh_is_all_that_does(private: Piped) -> None:
    private.up_with(tags={"owner": "somebody else"})
    private.changes_nothing("refresh")


def test_from_outside_nobody_reaches_the_endpoint(private: Piped) -> None:
    http = Http(private)
    token = {"Authorization": http.token("https://ml.azure.com")}

    answer = http.send("POST", private.outputs["scoring_uri"], token, json={})

    assert (answer.status_code, REFUSAL in answer.text) == (403, True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"isolation": "allow_only_approved_outbound"},
            "network.isolation are chosen before the first up",
        ),
        (
            {"address_space": "10.200.0.0/24"},
            "The addresses of a subnet can't become 10.200.0.0/27, they are 10.100.0.0/27",
        ),
    ],
)
def test_what_is_chosen_once_is_refused_by_the_preview(
    private: Piped, change: dict[str, str], why: str
) -> None:
    private.configure({"network": {**PRIVATE, **change}})

    told = private.refused("preview")

    private.configure({"network": PRIVATE})
    assert why in told


def test_an_endpoint_of_another_name_is_reached_by_the_pipelines_that_there_are(
    private: Piped,
) -> None:
    private.configure({"endpoint": {"name": "another-private"}})

    printed = private.up()

    assert re.findall(r"\+\+ azure-native:datafactory:(\w+) \S+ created replacement", printed) == [
        "ManagedPrivateEndpoint"
    ]
    private.drop("incoming/tuesday/3.pgm", content=sample(3))
    private.drop("incoming/tuesday/_SUCCESS", content=b"")
    outer = private.ended_of("Score-Then-Copy")
    assert (outer.status, outer.message) == ("Succeeded", "")


def test_whoever_is_allowed_no_longer_drops_no_file(private: Piped) -> None:
    private.up_with(network={"private": True})

    with pytest.raises(HttpResponseError, match="This request is not authorized"):
        private.drop("incoming/late.pgm", content=b"")


def test_from_inside_of_the_network_files_are_dropped_all_the_same(private: Piped) -> None:
    (network,) = [e["outputs"]["name"] for e in private.state() if e["type"] == NETWORK]
    outside = private.variables

    private.variables = inside(outside, network)
    (url,) = private.drop("incoming/inside.pgm", content=b"")
    private.variables = outside

    assert url.startswith(private.outputs["input_url"])


def test_destroy_leaves_nothing(private: Piped) -> None:
    private.succeeds("destroy", *CONFIRMED)

    assert [each["urn"] for each in private.state()[1:]] == []
