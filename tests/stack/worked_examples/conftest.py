"""One embedded Azure with the three examples switched on, for all tests of this folder."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests
from azure.storage.blob import ContentSettings

from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.machinelearning.resources.assets import MODEL_VERSION
from tests import PROJECT
from tests.stack.event_path.deployed import on_its_own, until
from tests.stack.pipeline.piped import BLOB_CONTRIBUTOR, Piped
from tests.stack.shell import sample
from tests.stack.worked_examples import trainer

TOKEN = "ghp_token=of the/repository"
EVENTS = PROJECT / "local-azure" / "local_azure_tests" / "eventgrid" / "events"
RECIPIENTS = ["ml-team@example.com", "on-call@example.com"]
DOCUMENTED = EVENTS / "run_status_changed_of_a_pipeline.json"
CAUSE = {
    "runStatus": "Failed",
    "runType": "azureml.PipelineRun",
    "experimentName": trainer.MONITOR,
}
TRIGGER = "When_a_resource_event_occurs"
CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
Json = dict[str, Any]


class Examples(Piped):
    """A stack with an e-mail, retraining and a dispatch, and what came of them."""

    printed = ""
    """What the latest `up` said."""

    connection: Resource
    """The one for e-mails, as it was before anybody authorised it."""

    def apply(self, settings: Mapping[str, Any]) -> None:
        """Bring the stack to what its file says with these values."""
        self.configure(settings)
        self.printed = self.up()

    def authorise(self) -> None:
        """Let the connection be used, as a person does in the portal."""
        self.running.call(self.running.azure.connectors.authorise, self.connection.name)

    def mails(self) -> list[Json]:
        """The e-mails that were sent."""
        sent: list[Json] = self.running.call(self.running.azure.connectors.sent, 1000)
        return sent

    def mails_about(self, event: Json) -> list[Json]:
        """Those about an event."""
        return [mail for mail in self.mails() if event["id"] in mail["Body"]]

    def register(self, version: str) -> None:
        """Register a version of the model, as a training of another team does."""
        uri = "azureml://datastores/workspaceblobstore/paths/model"
        self.put(
            MODEL_VERSION,
            resourceGroupName=self.outputs["resource_group_name"],
            workspaceName=self.outputs["workspace_name"],
            name="digits",
            version=version,
            properties={"modelUri": uri, "modelType": "custom_model"},
        )

    def dispatches_of(self, model_version: str) -> list[Json]:
        """The dispatches that were asked for because of one."""
        asked: list[Json] = self.running.call(self.running.azure.github.dispatched, 1000)
        return [each for each in asked if each["client_payload"]["model_version"] == model_version]

    def monitored(self) -> Json:
        """The event of a monitoring job that failed, told without running one."""
        event = json.loads(DOCUMENTED.read_text())["event"]
        data = {**event["data"], "runStatus": "Failed", "experimentName": trainer.MONITOR}
        told = {key: event[key] for key in event if key != "topic"}
        told |= {"id": str(uuid4()), "data": data}
        publish, workspace = self.running.azure.eventgrid.publish, self.outputs["workspace_id"]
        self.running.call(publish, workspace, [told])
        return told

    def failures_of(self, experiment: str) -> list[Json]:
        """Events, with their deliveries, of runs that failed in an experiment."""
        return [
            entry
            for entry in self.history()["events"]
            if entry["event"]["data"].get("experimentName") == experiment
            if entry["event"]["data"].get("runStatus") == "Failed"
        ]

    def retrained_for(self, event: Json) -> list[str]:
        """The pipeline's runs that workflow runs started for an event."""
        return [
            action["outputs"]["body"]["runId"]
            for run in self.history()["workflow_runs"]
            if run["trigger"]["outputs"]["body"][0]["id"] == event["id"]
            for action in run["actions"]
            if action["name"] == "Create_a_pipeline_run" and action["status"] == "Succeeded"
        ]

    def delivery(self, event: Json, rule: str) -> Json:
        """How an event's delivery to a rule's workflow stands."""
        for entry in self.history()["events"]:
            if entry["event"]["id"] == event["id"]:
                for delivery in entry["deliveries"]:
                    if delivery["subscription"].lower().endswith(rule):
                        return dict(delivery)
        return {}

    def claim(self, event: Json) -> str:
        """The state of the e-mail's claim of an event; empty where there is none."""
        with self.container(name="handled-events") as container:
            blob = container.get_blob_client(_claim(event))
            return str(json.loads(blob.download_blob().readall())["state"]) if blob.exists() else ""

    def put_claim(self, event: Json, claim: Json) -> None:
        """Replace it."""
        with self.container(name="handled-events") as container:
            as_json = ContentSettings(content_type="application/json")
            text = json.dumps(claim)
            container.upload_blob(_claim(event), text, overwrite=True, content_settings=as_json)

    def deliver_again(self, event: Json) -> int:
        """Post an event to the workflow that sends the e-mails; the status of its answer."""
        azure = self.running.azure
        found = self.resources("Microsoft.Logic/workflows")
        (workflow,) = [each for each in found if "notify-by-email" in each.name]
        url = self.running.call(azure.logic.callback_url, workflow.id, TRIGGER)
        (published,) = [
            each["event"] for each in self.history()["events"] if each["event"]["id"] == event["id"]
        ]
        with self.shell():
            return requests.post(url, json=[published], timeout=30).status_code

    def until_later(self, happened: Callable[[], Any], what: str) -> Any:
        """As `until`, with Event Grid's schedule hurried on, but no handler that is at work."""

        def later() -> Any:
            if all(run["status"] != "Running" for run in self.history()["workflow_runs"]):
                self.advance(timedelta(seconds=8))
            return happened()

        return until(later, what)


def _claim(event: Json) -> str:
    return f"notify-by-email/{event['id']}.json"


@pytest.fixture(scope="package")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examples]:
    """The dev stack's own file with the three switches, brought up by the real engine."""
    with on_its_own(tmp_path_factory.mktemp("azure"), Examples) as stack:
        account = stack.account("trainingfiles", "exports")
        for digit in (3, 7):
            url = f"https://trainingfiles.blob.core.windows.net/exports/labelled/digit-{digit}.pgm"
            stack.upload(url, sample(digit))
        stack.keep_secret("dispatch-on-model", TOKEN)
        stack.apply(
            {
                "data_factory": {"poll_interval_seconds": 1},
                "workspace_events": {
                    "notify_by_email": {"recipients": RECIPIENTS},
                    "retrain_on_event": {
                        "event_types": ["RunStatusChanged"],
                        "advanced_filters": [
                            {"operator": "StringIn", "key": f"data.{key}", "values": [value]}
                            for key, value in CAUSE.items()
                        ],
                        "endpoint_uri": trainer.URI.format(trainer.TRAINER),
                        "input_name": "files",
                        "output_name": "trained",
                        "copy_from": {
                            "account_id": account,
                            "container": "exports",
                            "folder": "labelled",
                        },
                    },
                    "dispatch_on_model": {"repository": "my-team/models"},
                },
            }
        )
        (stack.connection,) = stack.resources("Microsoft.Web/connections")
        stack.authorise()
        trainer.deploy(stack, trainer.TRAINER)
        trainer.deploy(stack, trainer.MONITOR, trainer.BEYOND_THE_LIMIT)
        (claims,) = [e for e in stack.resources(CONTAINERS) if e.name == "handled-events"]
        stack.grant(BLOB_CONTRIBUTOR, claims.id)
        yield stack
