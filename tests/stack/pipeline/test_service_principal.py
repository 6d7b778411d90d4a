"""Pipelines of an adopted factory, which sign in with a secret and copy before and after."""

import json
from typing import Any

import pytest

from batch_client.verify.resources import Resources
from tests.stack.event_path.client import Client, calling
from tests.stack.event_path.deployed import brought_up
from tests.stack.pipeline.piped import Piped
from tests.stack.shell import CONFIRMED, sample

SOURCE = "https://theirsource.blob.core.windows.net/exports"
DESTINATION = "https://theirresults.blob.core.windows.net/scores"


def theirs(stack: Piped) -> dict[str, Any]:
    """Two accounts and a factory of somebody else's."""
    before = {"account_id": stack.account("theirsource", "exports"), "container": "exports"}
    after = {"account_id": stack.account("theirresults", "scores"), "container": "scores"}
    factory = {
        "existing": stack.factory("team-factory"),
        "authentication": "service_principal",
        "poll_interval_seconds": 1,
        "output_container": "predictions",
        "copy_before": {**before, "folder": "eu/today"},
        "copy_after": {**after, "folder": "digits/"},
    }
    return {"data_factory": factory}


piped = brought_up(Piped, theirs, blob_events={"enabled": False})


@pytest.fixture(scope="module")
def scored(piped: Piped) -> Any:
    """A run of the whole, ended; a file below the folder is no file of it."""
    piped.upload(f"{SOURCE}/eu/today/3.pgm", sample(3))
    piped.upload(f"{SOURCE}/eu/today/7.pgm", sample(7))
    piped.upload(f"{SOURCE}/eu/today/old/9.pgm", sample(9))
    piped.upload(f"{SOURCE}/us/1.pgm", sample(1))
    return piped.ended(piped.run())


def test_what_lies_elsewhere_is_copied_scored_and_copied_on(piped: Piped, scored: Any) -> None:
    assert (scored.pipeline_name, scored.message) == ("Copy-Score-Copy", "")
    url = f"{DESTINATION}/digits/{scored.run_id}/predictions.csv"
    assert piped.rows(url) == [("3.pgm", 3), ("7.pgm", 7)]


def test_inputs_and_predictions_lie_in_the_input_account(piped: Piped, scored: Any) -> None:
    with piped.container() as inputs:
        assert sorted(inputs.list_blob_names()) == [
            f"copied/{scored.run_id}/3.pgm",
            f"copied/{scored.run_id}/7.pgm",
        ]
    url = f"{predictions(piped)}/batch/{scored.run_id}/predictions.csv"
    assert piped.rows(url) == [("3.pgm", 3), ("7.pgm", 7)]


def predictions(piped: Piped) -> str:
    """The URL of their container in the input account, which may be read from here on."""
    piped.grant("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", piped.account_id)
    return f"https://{piped.outputs['storage_account_name']}.blob.core.windows.net/predictions"


def test_the_secret_is_in_no_activity_and_in_the_state_only_encrypted(
    piped: Piped, scored: Any
) -> None:
    shown = piped.succeeds("stack", "export", "--show-secrets")
    secrets = {
        each["outputs"]["value"]["plaintext"].strip('"')
        for each in json.loads(shown)["deployment"]["resources"]
        if each["type"].endswith("ApplicationPassword")
    }
    history = json.dumps(
        [
            {name: str(each.as_dict()) for name, each in piped.activities(run.run_id).items()}
            for run in piped.runs()
        ]
    )
    assert "Check status" in history
    state = json.dumps(piped.state())
    assert [secret for secret in secrets if secret in history or secret in state] == []
    assert (len(secrets), scored.status) == (2, "Succeeded")


def test_verify_looks_for_the_roles_of_the_application_that_invokes(piped: Piped) -> None:
    with calling(piped) as caller:
        found = Resources(caller).roles(piped.account_id)

    assert found == [
        "the invoker invokes and reads",
        "the cluster's identity reads inputs and writes predictions",
    ]


def test_verify_proves_a_stack_that_copies_by_the_pipeline_between(
    piped: Piped, client: Client
) -> None:
    container = predictions(piped)

    found = client.verify()

    assert found["the pipeline"] == "Score-Folder (what is copied before is not tried)"
    assert f"read predictions in {container}, follow" in found["what you may do"]
    assert '"digit": 7' in found["the predictions"]


def test_verify_tells_everything_that_one_may_not_do_before_anything_is_dropped(
    piped: Piped, client: Client
) -> None:
    group = "/".join(piped.outputs["workspace_id"].split("/")[:5])
    factories = piped.outputs["factory_id"].rpartition("/providers/")[0]
    with piped.signed_in([("Reader", group), ("Reader", factories)]) as who:
        told = client("verify")

    assert told["stopped_at"] == "what you may do"
    for lacking in (
        "Storage Blob Data Contributor on the container https://",
        "/predictions. `callers` in the stack file gives it.",
        "no role of yours allows Microsoft.DataFactory/factories/pipelines/createrun/action",
        f"Your object id is {who}.",
    ):
        assert lacking in told["error"]


def test_a_second_up_changes_nothing(piped: Piped) -> None:
    piped.changes_nothing("up")


def test_all_of_it_is_removed_without_a_right_to_any_secret_but_the_factory(piped: Piped) -> None:
    piped.succeeds("destroy", *CONFIRMED)

    assert len(piped.resources("Microsoft.DataFactory/factories")) == 1
    assert piped.resources("Microsoft.DataFactory/factories/pipelines") == []
    assert piped.resources("Microsoft.KeyVault/vaults/secrets") == []
