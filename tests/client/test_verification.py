"""What `verify` finds out of each shape of stack before it drops anything: a table, and advice."""

from collections.abc import Iterator, Mapping
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
STORE = "azureml://datastores/{}/paths/"
CSV = Path("list.csv")
EVENTS = {"workflow_id": WORKFLOW, "blob_event_subscription_id": f"{TOPIC}/eventSubscriptions/s"}
FACTORIES = {"factory_id": FACTORY, "pipeline_name": "Score-Folder"}
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
MODEL: Told = {f"{ENDPOINT}/deployments/d": {"outputAction": "AppendRow"}}
SUMMARY: Told = {f"{ENDPOINT}/deployments/d": {"outputAction": "SummaryOnly"}}
NAMED = {"score": {"JobOutputType": "UriFile", "Uri": STORE.format("workspaceblobstore")}}
ELSEWHERE = {"score": {"JobOutputType": "UriFile", "Uri": STORE.format("results")}}


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
        f"{ENDPOINT}/deployments/d": {
            "deploymentConfiguration": configured,
            "outputAction": "SummaryOnly",
        },
        COMPONENT: {"componentSpec": {"inputs": inputs}},
    }


def pipeline(name: str = "Score-Folder", **defaults: str | None) -> Told:
    """A pipeline of the factory."""
    return {
        f"{FACTORY}/pipelines/{name}": {
            "parameters": {key: {"defaultValue": value} for key, value in defaults.items()}
        }
    }


def folder_of(datastore: str) -> Told:
    """The pipeline that scores a folder."""
    return pipeline(
        endpoint_input_uri=None,
        endpoint_input_type="UriFolder",
        output_folder=f"{STORE.format(datastore)}batch/",
    )


class Stack(Manager):
    """A stack's resources; what nobody may do, and which roles somebody does not have."""

    def __init__(
        self, told: Told, denied: tuple[str, ...], unassigned: Mapping[str, tuple[str, ...]]
    ) -> None:
        resources = {
            ENDPOINT: {"defaults": {"deploymentName": "d"}},
            TOPIC: {"source": ACCOUNT},
            WORKSPACE: {"storageAccount": f"{GROUP}/Microsoft.Storage/storageAccounts/own"},
            f"{WORKSPACE}/datastores/batch_outputs": _datastore("inputs", "predictions"),
            f"{WORKSPACE}/datastores/results": _datastore("theirs", "results"),
            **MODEL,
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
    outputs: Told,
    told: Told,
    sample: Path = SAMPLE,
    denied: tuple[str, ...] = (),
    closed: tuple[str, ...] = (),
    unassigned: Mapping[str, tuple[str, ...]] = {},
) -> tuple[stack.Stack, str]:
    """The stack, and what is said of what one may do."""

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


BY_MARKER = {"ends": "/_SUCCESS"}
DROPS = "drop files, follow jobs, read predictions in "
SHAPES: dict[str, tuple[Told, Told, Path, str]] = {
    "a job for each file": (EVENTS, events(job_outputs=NAMED), SAMPLE, f"{DROPS}{OWN}"),
    "an adopted endpoint, whose outputs nobody names": (EVENTS, events(), SAMPLE, f"{DROPS}{OWN}"),
    "a plain payload": (
        EVENTS,
        events(plain_payload=True, job_outputs=ELSEWHERE),
        SAMPLE,
        f"{DROPS}{OWN}",
    ),
    "an output in another datastore": (
        EVENTS,
        events(job_outputs=ELSEWHERE),
        SAMPLE,
        f"{DROPS}https://theirs.blob.core.windows.net/results",
    ),
    "a whole account": (EVENTS, events(begins=""), SAMPLE, f"{DROPS}{OWN}"),
    "files of one extension": (EVENTS, events(ends=".csv"), CSV, f"{DROPS}{OWN}"),
    "a folder by its marker": (EVENTS, events(**BY_MARKER), SAMPLE, f"{DROPS}{OWN}"),
    "a pipeline component by a marker": (
        EVENTS,
        {**events(**BY_MARKER, job_outputs=NAMED), **component(data={"type": "uri_folder"})},
        CSV,
        f"{DROPS}{OWN}",
    ),
    "a summary only": (EVENTS, {**events(), **SUMMARY}, SAMPLE, "drop files, follow jobs"),
    "a marker starts the data factory": (
        {**EVENTS, **FACTORIES},
        {**events(**BY_MARKER, pipeline_name="Score-Folder"), **folder_of("workspaceblobstore")},
        SAMPLE,
        f"{DROPS}{OWN}, follow pipelines",
    ),
    "files start jobs beside a data factory": (
        {**EVENTS, **FACTORIES},
        events(),
        SAMPLE,
        f"{DROPS}{OWN}",
    ),
    "a data factory alone": (
        FACTORIES,
        folder_of("workspaceblobstore"),
        SAMPLE,
        f"{DROPS}{OWN}, follow pipelines",
    ),
    "an output container": (
        FACTORIES,
        folder_of("batch_outputs"),
        SAMPLE,
        f"{DROPS}https://inputs.blob.core.windows.net/predictions, follow pipelines",
    ),
    "a copy afterwards": (
        {**FACTORIES, "pipeline_name": "Score-Then-Copy"},
        pipeline(
            "Score-Then-Copy",
            endpoint_input_uri=None,
            output_datastore="batch_outputs",
            destination_container="scores",
        ),
        SAMPLE,
        f"{DROPS}https://inputs.blob.core.windows.net/predictions, follow pipelines",
    ),
    "a copy before": (
        {**FACTORIES, "pipeline_name": "Copy-Then-Score"},
        {**pipeline("Copy-Then-Score", source_container="x"), **folder_of("batch_outputs")},
        SAMPLE,
        f"{DROPS}https://inputs.blob.core.windows.net/predictions, follow pipelines",
    ),
    "neither events nor a factory": ({}, {}, SAMPLE, f"{DROPS}{OWN}, invoke the endpoint"),
    "a pipeline component by hand": (
        {"input_name": "data"},
        component(
            data={"type": "uri_folder"},
            rate={"type": "number", "default": 1},
            note={"type": "string", "optional": True},
        ),
        CSV,
        f"{DROPS}{OWN}, invoke the endpoint",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_needed_is_found_out_of_each_shape_of_stack(shape: str) -> None:
    outputs, told, sample, expected = SHAPES[shape]

    _, found = looked_at(outputs, told, sample)

    assert found == expected


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
    outputs, told, sample, _ = SHAPES[shape]

    stack, _ = looked_at(outputs, told, sample)

    assert stack.pipeline
    runs_it = (stack.pipeline.name, stack.pipeline.input_type, stack.pipeline.copied_to)
    assert runs_it == (name, kind, copied_to)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [("neither events nor a factory", "UriFile"), ("a pipeline component by hand", "UriFolder")],
)
def test_what_is_invoked_by_hand_is_what_the_deployment_takes(shape: str, kind: str) -> None:
    outputs, told, sample, _ = SHAPES[shape]

    stack, _ = looked_at(outputs, told, sample)

    assert stack.input_type == kind


def stopped(*given: Any, **more: Any) -> str:
    with pytest.raises(StoppedError) as stop:
        looked_at(*given, **more)
    assert stop.value.part == "what you may do"
    return str(stop.value)


def test_whoever_is_outside_of_a_private_endpoint_s_network_is_told_before_a_file_lands() -> None:
    outputs, told, sample, _ = SHAPES["a data factory alone"]

    told_to_them = stopped(outputs, told, sample, closed=(OUTPUTS["scoring_uri"],))

    assert "outside of its network" in told_to_them


def test_all_that_is_missing_is_told_at_once() -> None:
    outputs, _, _, _ = SHAPES["an output container"]
    told = {**folder_of("batch_outputs"), **component()}
    predictions = "https://inputs.blob.core.windows.net/predictions"

    said = stopped(
        outputs,
        told,
        denied=("Microsoft.DataFactory/factories/*/action",),
        closed=(INPUTS, predictions),
    )

    assert "is a pipeline component, and the sample 'digit-7.pgm'" in said
    assert f"Storage Blob Data Contributor on the container {INPUTS}. `callers` in the" in said
    assert f"Storage Blob Data Reader on the container {predictions}. `callers` in the" in said
    assert "allows Microsoft.DataFactory/factories/pipelines/createrun/action" in said
    assert said.endswith("Your object id is me.")


@pytest.mark.parametrize(
    ("outputs", "told", "denied", "expected"),
    [
        (EVENTS, events(ends=".csv"), (), "end with '.csv' start a job; the sample is 'digit-7"),
        (EVENTS, {**events(), **component()}, (), "that the pipeline can read"),
        (
            {**EVENTS, **FACTORIES},
            {**events(**BY_MARKER, pipeline_name="Score-Folder"), **folder_of("batch_outputs")},
            ("*/queryactivityruns/action",),
            "Data Factory Contributor on the data factory",
        ),
        ({}, {}, ("*/JOBS/write",), "AzureML Data Scientist on /subscriptions/s/"),
        ({}, component(other={"type": "uri_file"}), (), "takes 'other', none called 'input'"),
        (
            {},
            component(input={"type": "uri_file"}, mode={"type": "string"}),
            (),
            "The pipeline component needs 'mode' as well.",
        ),
    ],
)
def test_what_stands_in_the_way_is_told_with_what_to_do(
    outputs: Told, told: Told, denied: tuple[str, ...], expected: str
) -> None:
    assert expected in stopped(outputs, told, denied=denied)


@pytest.mark.parametrize(("closed", "code"), [((), Exit.USAGE), ((INPUTS,), Exit.ERROR)])
def test_only_a_sample_that_does_not_fit_is_a_wrong_argument(
    closed: tuple[str, ...], code: Exit
) -> None:
    with pytest.raises(StoppedError) as stop:
        looked_at(EVENTS, events(ends=".csv"), closed=closed)
    assert stop.value.exit == code


def test_no_setting_is_told_where_none_gives_the_right() -> None:
    theirs = "https://theirs.blob.core.windows.net/results"

    said = stopped(EVENTS, events(job_outputs=ELSEWHERE), closed=(theirs,))

    assert f"Storage Blob Data Reader on the container {theirs}. A new role" in said


BROKEN: dict[str, tuple[Told, Told, str, str]] = {
    "an endpoint that up made": ({}, {ENDPOINT: {}}, "default deployment", "Run `make up` again"),
    "an adopted endpoint": (
        {"default_deployment": ""},
        {ENDPOINT: {}},
        "default deployment",
        "`az ml batch-endpoint update --name e --set defaults.depl",
    ),
    "a filter of another folder": (
        EVENTS,
        events(begins=TAKEN.replace("incoming", "elsewhere")),
        "event subscription's filter",
        "blobs/incoming/': no file there starts a job",
    ),
    "a workflow that is disabled": (
        EVENTS,
        {**events(), WORKFLOW: {"state": "Disabled"}},
        "workflow",
        "The workflow is Disabled: enable it in the portal.",
    ),
}


@pytest.mark.parametrize(("outputs", "told", "part", "advice"), BROKEN.values(), ids=BROKEN)
def test_the_part_that_does_not_work_is_named_with_who_mends_it(
    outputs: Told, told: Told, part: str, advice: str
) -> None:
    with pytest.raises(StoppedError) as stop:
        looked_at(outputs, told)

    assert stop.value.part == f"the {part}"
    assert advice in str(stop.value)


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
    outputs = {**EVENTS, "compute_identity_principal_id": "cluster"}
    with pytest.raises(StoppedError) as stop:
        looked_at(outputs, events(), unassigned={who: lacks})

    assert stop.value.part == "identities and roles"
    assert f"({who}) does not hold {role}" in str(stop.value)


ALIAS = {f"{WORKSPACE}/datastores/results": _datastore("inputs", "inputs")}
ADOPTED = {"predictions_url": f"{INPUTS}/azureml/"}


def written(path: str, kind: str = "UriFolder") -> Told:
    """An output of the workflow's jobs in the datastore `results`."""
    uri = STORE.format("results") + path
    return {"scores": {"JobOutputType": kind, "Uri": uri}}


@pytest.mark.parametrize(
    ("outputs", "told", "written_to"),
    [
        (
            {},
            {**events(ends=".pgm", job_outputs=written("incoming/{event_id}")), **ALIAS},
            "incoming/{event",
        ),
        ({}, {**events(job_outputs=written("")), **ALIAS}, ""),
        (
            {},
            {**events(ends=".pgm", job_outputs=written("incoming/{event_id}/")), **ALIAS},
            "incoming/",
        ),
        (
            {},
            {
                **events(ends=".pgm", job_outputs=written("incoming/{event_id}.pgm", "UriFile")),
                **ALIAS,
            },
            "incoming/",
        ),
        (ADOPTED, events(begins=""), "azureml/"),
        (ADOPTED, events(begins=TAKEN.replace("incoming/", ""), ends=".pgm"), "azureml/"),
        (
            FACTORIES,
            {
                **events(**BY_MARKER, begins=TAKEN, pipeline_name="Score-Folder"),
                **pipeline(
                    endpoint_input_uri=None, output_folder=f"{STORE.format('results')}incoming/"
                ),
                **ALIAS,
            },
            "incoming/",
        ),
    ],
)
def test_a_loop_is_told_before_anything_is_dropped(
    outputs: Told, told: Told, written_to: str
) -> None:
    with pytest.raises(StoppedError, match="each would start the next one, for ever") as stop:
        looked_at({**EVENTS, **outputs}, told)

    assert stop.value.part == "what jobs write starts no job"
    assert f"Jobs write to {INPUTS}/{written_to}" in str(stop.value)


@pytest.mark.parametrize(
    ("outputs", "told"),
    [
        ({}, {**events(job_outputs=written("scores/")), **ALIAS}),
        ({}, {**events(job_outputs=written("incoming2/")), **ALIAS}),
        ({}, {**events(ends=".pgm", job_outputs=written("incoming/a.csv", "UriFile")), **ALIAS}),
        (ADOPTED, events()),
        ({}, events(begins="")),
    ],
)
def test_what_is_written_beside_the_watched_place_is_no_loop(outputs: Told, told: Told) -> None:
    assert looked_at({**EVENTS, **outputs}, told)


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
    outputs = {**EVENTS, "invoker_secret_ends": "2026-11-01T12:00:00Z"}
    with pytest.raises(StoppedError, match="has ended") as stop:
        looked_at(outputs, events())

    assert stop.value.part == "the client secret"
    assert MADE_ANEW in str(stop.value)


def test_a_marker_asks_for_no_right_to_start_pipelines() -> None:
    outputs, told, sample, expected = SHAPES["a marker starts the data factory"]

    _, found = looked_at(outputs, told, sample, denied=("*/createrun/action",))

    assert found == expected


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
