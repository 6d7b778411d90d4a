"""What `verify` finds out of each shape of stack before it drops anything: a table, and advice."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from azure.core.exceptions import ClientAuthenticationError

from batch_client import caller as caller_module
from batch_client.errors import ClientError, Exit
from batch_client.progress import Progress
from batch_client.verify import runs, stack, verification
from batch_client.verify.stack import secret_left
from batch_client.verify.steps import Steps, StoppedError
from batch_client.verify.trial import SAMPLE, Trial
from batch_client.waiting import Clock
from tests.cases import cases_beside
from tests.client.manager import GROUP, WORKSPACE, Manager, asking, refused

Told = dict[str, Any]

ENDPOINT = f"{WORKSPACE}/batchEndpoints/e"
COMPONENT = f"{WORKSPACE}/components/c/versions/1"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/inputs"
TOPIC = f"{GROUP}/Microsoft.EventGrid/systemTopics/t"
WORKFLOW = f"{GROUP}/Microsoft.Logic/workflows/l"
FACTORY = f"{GROUP}/Microsoft.DataFactory/factories/f"
INPUTS = "https://inputs.blob.core.windows.net/inputs"
OWN = "https://own.blob.core.windows.net/azureml"
TAKEN = "/blobServices/default/containers/inputs/blobs/incoming/"
STORE = "azureml://datastores/results/paths/"
EVENTS = {"workflow_id": WORKFLOW, "blob_event_subscription_id": f"{TOPIC}/eventSubscriptions/s"}
OUTPUTS = {
    "scoring_uri": "https://e.westeurope.inference.ml.azure.com/jobs",
    "input_url": f"{INPUTS}/incoming/",
    "input_folder": "incoming/",
    "input_container": "inputs",
    "workspace_id": WORKSPACE,
    "endpoint_name": "e",
    "predictions_url": f"{OWN}/azureml/",
    "invoker_object_id": "invoker",
    "default_deployment": "d",
}
ROLES = READS, WRITES, QUEUES, _ = (
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
)
PLACES = {
    "endpoint": ENDPOINT,
    "deployment": f"{ENDPOINT}/deployments/d",
    "workflow": WORKFLOW,
    "results": f"{WORKSPACE}/datastores/results",
}
CASES = cases_beside(__file__, "stacks")
SHAPES = CASES["shapes"]


def events(begins: str = TAKEN, ends: str = "", **parameters: Any) -> Told:
    """Subscription and workflow."""
    return {
        f"{TOPIC}/eventSubscriptions/s": {
            "filter": {"subjectBeginsWith": begins, "subjectEndsWith": ends}
        },
        WORKFLOW: {
            "state": "Enabled",
            "parameters": {name: {"value": value} for name, value in parameters.items()},
        },
    }


def component(**inputs: Told) -> Told:
    """The default deployment is a pipeline component's."""
    configured = {
        "deploymentConfigurationType": "PipelineComponent",
        "componentId": {"assetId": f"azureml:{COMPONENT}"},
    }
    return {
        PLACES["deployment"]: {
            "deploymentConfiguration": configured,
            "outputAction": "SummaryOnly",
        },
        COMPONENT: {"componentSpec": {"inputs": inputs}},
    }


def stack_of(case: Told) -> tuple[Told, Told]:
    """A case's outputs, and what Resource Manager tells of it."""
    outputs, told = dict[str, Any](), dict[str, Any]()
    parameters = dict(case.get("events", {}))
    if "writes" in case:
        path, kind = case["writes"]
        parameters["job_outputs"] = {"scores": {"JobOutputType": kind, "Uri": STORE + path}}
        told[PLACES["results"]] = _datastore("inputs", "inputs")
    if "events" in case:
        outputs |= EVENTS
        told |= events(**parameters)
    if "factory" in case:
        outputs |= {"factory_id": FACTORY, "pipeline_name": case["factory"]}
    if "component" in case:
        told |= component(**case["component"])
    for name, defaults in case.get("pipelines", {}).items():
        declared = {key: {"defaultValue": value} for key, value in defaults.items()}
        told[f"{FACTORY}/pipelines/{name}"] = {"parameters": declared}
    told |= {PLACES[name]: each for name, each in case.get("properties", {}).items()}
    return outputs | case.get("outputs", {}), told


class Stack(Manager):
    """A stack's resources; what nobody may do, and which roles somebody does not have."""

    def __init__(
        self, told: Told, denied: Iterable[str], unassigned: Mapping[str, tuple[str, ...]]
    ) -> None:
        resources = {
            ENDPOINT: {"defaults": {"deploymentName": "d"}},
            TOPIC: {"source": ACCOUNT},
            WORKSPACE: {"storageAccount": f"{GROUP}/Microsoft.Storage/storageAccounts/own"},
            f"{WORKSPACE}/datastores/batch_outputs": _datastore("inputs", "predictions"),
            PLACES["results"]: _datastore("theirs", "results"),
            PLACES["deployment"]: {"outputAction": "AppendRow"},
            **told,
        }
        super().__init__({path: {"properties": each} for path, each in resources.items()})
        self._denied, self._unassigned = denied, unassigned

    def get(self, url: str, version: str = "", query: Any = None) -> Told:
        if url.endswith("/permissions"):
            return {"value": [{"actions": ["*"], "notActions": list(self._denied)}]}
        if url.endswith("/roleAssignments"):
            lacks = self._unassigned.get(query["$filter"].split("'")[1], ())
            has = [
                {"scope": "/subscriptions/s", "roleDefinitionId": each}
                for each in ROLES
                if each not in lacks
            ]
            return {"value": [{"properties": each} for each in has]}
        return super().get(url, version, query)

    def object_id(self) -> str:
        return "me"


def _datastore(account: str, container: str) -> Told:
    return {"datastoreType": "AzureBlob", "accountName": account, "containerName": container}


class Blobs:
    """A container; ``closed`` are those that nobody may use."""

    def __init__(self, url: str, closed: tuple[str, ...]) -> None:
        self._closed = url in closed

    def delete_blob(self, _: str) -> None:
        self._look()

    def list_blob_names(self, **_: str) -> Iterator[str]:
        self._look()
        return iter(())

    def _look(self) -> None:
        if self._closed:
            raise ClientAuthenticationError("not you", response=_Refused())  # type: ignore[arg-type]


class _Refused:
    status_code, reason, request = 403, "Forbidden", None
    headers: dict[str, str] = {}  # noqa: RUF012 - a stand-in


def looked_at(
    case: Told,
    denied: Iterable[str] = (),
    closed: tuple[str, ...] = (),
    unassigned: Mapping[str, tuple[str, ...]] = {},
) -> tuple[stack.Stack, str]:
    """The stack of a case, and what is said of what one may do."""
    outputs, told = stack_of(case)
    sample = Path(case["sample"]) if "sample" in case else SAMPLE

    @contextmanager
    def opened(url: str, _: Any) -> Iterator[Blobs]:
        yield Blobs(url, closed)

    said = "Access was denied based on workspace private link configuration."
    status = 403 if OUTPUTS["scoring_uri"] in closed else 404
    jobs = SimpleNamespace(get=mock.Mock(side_effect=refused(status, said)))
    caller = asking({**OUTPUTS, **outputs}, manager=Stack(told, denied, unassigned), jobs=jobs)
    steps = Steps(Progress(), Clock())
    with mock.patch.object(caller_module, "container", opened):
        stack = verification._looked_at(caller, steps, Trial(caller, sample))
    return stack, {step.part: step.found for step in steps.done}["what you may do"]


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_needed_is_found_out_of_each_shape_of_stack(shape: str) -> None:
    _, found = looked_at(SHAPES[shape])

    assert found == SHAPES[shape]["may"]


@pytest.mark.parametrize(
    ("shape", "name", "kind", "copied_to"),
    [
        ("a data factory alone", "Score-Folder", "UriFolder", ""),
        ("a copy afterwards", "Score-Then-Copy", "UriFolder", "scores"),
        ("a copy before", "Score-Folder", "UriFolder", ""),
    ],
)
def test_the_pipeline_that_takes_the_sample_is_the_one_that_runs(
    shape: str, name: str, kind: str, copied_to: str
) -> None:
    stack, _ = looked_at(SHAPES[shape])

    assert stack.pipeline
    runs_it = (stack.pipeline.name, stack.pipeline.input_type, stack.pipeline.copied_to)
    assert runs_it == (name, kind, copied_to)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [("neither events nor a factory", "UriFile"), ("a pipeline component by hand", "UriFolder")],
)
def test_what_is_invoked_by_hand_is_what_the_deployment_takes(shape: str, kind: str) -> None:
    stack, _ = looked_at(SHAPES[shape])

    assert stack.input_type == kind


def stopped(case: Told, **more: Any) -> str:
    with pytest.raises(StoppedError) as stop:
        looked_at(case, **more)
    assert stop.value.part == "what you may do"
    return str(stop.value)


def test_whoever_is_outside_of_a_private_endpoint_s_network_is_told_before_a_file_lands() -> None:
    told = stopped(SHAPES["a data factory alone"], closed=(OUTPUTS["scoring_uri"],))

    assert "outside of its network" in told


def test_all_that_is_missing_is_told_at_once() -> None:
    case = {**SHAPES["an output container"], "component": {}}
    predictions = "https://inputs.blob.core.windows.net/predictions"

    said = stopped(
        case, denied=("Microsoft.DataFactory/factories/*/action",), closed=(INPUTS, predictions)
    )

    in_their_order = (
        "is a pipeline component, and the sample 'digit-7.pgm'",
        f"Storage Blob Data Contributor on the container {INPUTS}. `callers` in the",
        f"Storage Blob Data Reader on the container {predictions}. `callers` in the",
        "allows Microsoft.DataFactory/factories/pipelines/createrun/action",
        "Your object id is me.",
    )
    assert re.search(".*".join(map(re.escape, in_their_order)) + "$", said, re.DOTALL)


@pytest.mark.parametrize("case", CASES["in the way"].values(), ids=CASES["in the way"])
def test_what_stands_in_the_way_is_told_with_what_to_do(case: Told) -> None:
    assert case["told"] in stopped(case, denied=case.get("denied", ()))


@pytest.mark.parametrize(("closed", "code"), [((), Exit.USAGE), ((INPUTS,), Exit.ERROR)])
def test_only_a_sample_that_does_not_fit_is_a_wrong_argument(
    closed: tuple[str, ...], code: Exit
) -> None:
    with pytest.raises(StoppedError) as stop:
        looked_at({"events": {"ends": ".csv"}}, closed=closed)
    assert stop.value.exit == code


def test_no_setting_is_told_where_none_gives_the_right() -> None:
    theirs = "https://theirs.blob.core.windows.net/results"

    said = stopped(SHAPES["an output in another datastore"], closed=(theirs,))

    assert f"Storage Blob Data Reader on the container {theirs}. A new role" in said


@pytest.mark.parametrize("case", CASES["broken"].values(), ids=CASES["broken"])
def test_the_part_that_does_not_work_is_named_with_who_mends_it(case: Told) -> None:
    with pytest.raises(StoppedError, match=re.escape(case["told"])) as stop:
        looked_at(case)

    assert stop.value.part == case["part"]


@pytest.mark.parametrize(
    ("who", "lacks", "role"),
    [
        ("invoker", ROLES, f"the invoker role on {WORKSPACE}."),
        ("invoker", (READS, WRITES), f"Storage Blob Data Reader on {ACCOUNT}/blobServices"),
        ("cluster", (READS, WRITES), f"Storage Blob Data Reader on {ACCOUNT}/blobServices"),
        ("cluster", (WRITES,), "Storage Blob Data Contributor on /subscriptions"),
        ("cluster", (QUEUES,), "Storage Queue Data Contributor on /subscriptions"),
    ],
)
def test_a_missing_role_is_named(who: str, lacks: tuple[str, ...], role: str) -> None:
    case = {"events": {}, "outputs": {"compute_identity_principal_id": "cluster"}}
    told = re.escape(f"({who}) does not hold {role}")
    with pytest.raises(StoppedError, match=told) as stop:
        looked_at(case, unassigned={who: lacks})

    assert stop.value.part == "identities and roles"


@pytest.mark.parametrize("case", CASES["loops"].values(), ids=CASES["loops"])
def test_a_loop_is_told_before_anything_is_dropped(case: Told) -> None:
    with pytest.raises(StoppedError, match="each would start the next one, for ever") as stop:
        looked_at(case)

    assert stop.value.part == "what jobs write starts no job"
    assert f"Jobs write to {INPUTS}/{case['written']}" in str(stop.value)


@pytest.mark.parametrize("case", CASES["no loops"].values(), ids=CASES["no loops"])
def test_what_is_written_beside_the_watched_place_is_no_loop(case: Told) -> None:
    assert looked_at(case)


NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MADE_ANEW = "run `make up`: it puts a new one in its place"


ENDS = "2026-12-29T12:00:00Z"


@pytest.mark.parametrize(
    ("renews", "told"),
    [
        ("2026-11-29T12:00:01Z", f"ends in 30 days ({ENDS})"),
        ("2026-11-29T12:00:00Z", f"ends in 30 days ({ENDS}): {MADE_ANEW}"),
    ],
)
def test_a_client_secret_is_told_with_what_to_do_once_another_is_due(
    renews: str, told: str
) -> None:
    assert secret_left(ENDS, renews, NOW) == told


def test_a_client_secret_has_ended_in_the_second_of_its_end() -> None:
    with pytest.raises(ClientError, match="It has ended"):
        secret_left("2026-11-29T12:00:00Z", "2026-11-01T00:00:00Z", NOW)


def test_a_client_secret_that_has_ended_is_told_before_anything_is_dropped() -> None:
    case = {"events": {}, "outputs": {"invoker_secret_ends": "2026-11-01T12:00:00Z"}}
    with pytest.raises(StoppedError, match=f"has ended.*{re.escape(MADE_ANEW)}") as stop:
        looked_at(case)

    assert stop.value.part == "the client secret"


def test_a_marker_asks_for_no_right_to_start_pipelines() -> None:
    case = SHAPES["a marker starts the data factory"]

    _, found = looked_at(case, denied=("*/createrun/action",))

    assert found == case["may"]


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        (("Authorize", "BadRequest"), "invoker.secret_rotation"),
        (("Invoke", "Unauthorized"), "`cloud_overrides`"),
        (("Invoke", "Forbidden"), "invoker.existing_role_id"),
        (("Invoke", "BadRequest"), "`job_inputs`"),
        (("Invoke", "ServiceUnavailable"), ""),
        (("Start_pipeline", "Forbidden"), "workflows.existing_pipeline_starter_role_id"),
    ],
)
def test_the_advice_is_that_for_the_action_that_failed(
    failed: tuple[str, str], expected: str
) -> None:
    advice = runs.advised([failed])

    assert expected in advice
    assert bool(advice) == bool(expected)


def test_the_sample_is_that_of_the_samples() -> None:
    inputs = Path(__file__).parents[2] / "samples" / "digits" / "inputs"

    assert SAMPLE.read_bytes() == (inputs / SAMPLE.name).read_bytes()


class Said(Progress):
    """What was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def test_a_step_is_told_with_its_time_and_the_one_that_stops_by_its_name() -> None:
    said, times = Said(), iter([10.0, 12.5, 20.0, 50.0])
    steps = Steps(said, Clock(now=lambda: next(times)))

    with steps.step("the workflow") as step:
        step.found = "Enabled"
    with pytest.raises(StoppedError, match="It stops at: the job"), steps.step("the job"):
        raise ClientError("Look at its log.")

    assert said.lines == [
        " 1. ok       2.5 s  the workflow: Enabled",
        " 2. STOPS   30.0 s  the job",
    ]
