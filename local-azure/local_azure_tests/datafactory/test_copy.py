"""Copy activities on the storage front, with Azurite behind it."""

from __future__ import annotations

import os
from typing import Any

import pytest
from azure.storage.blob import ContainerClient

from local_azure.control_plane.entra.directory import Principal
from local_azure.runs import transport
from local_azure.runs.environment import Environment
from local_azure.runs.transport import HttpAnswer, HttpRequest
from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder, run_pipeline
from local_azure.services.datafactory.records import Record
from local_azure_tests.conftest import Running
from local_azure_tests.datafactory.pipelines import record, result
from local_azure_tests.storage import world
from local_azure_tests.world import World

pytestmark = pytest.mark.usefixtures("client_environment")

STORE = {"referenceName": "store", "type": "LinkedServiceReference"}
LINKED = {"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": f"{world.URL}/"}}
PART = 1024 * 1024


@pytest.fixture(scope="module", autouse=True)
def built(running: Running) -> None:
    world.build(running, ["input", "output"])


@pytest.fixture
def source() -> ContainerClient:
    return world.blobs().get_container_client("input")


@pytest.fixture
def sink() -> ContainerClient:
    return world.blobs().get_container_client("output")


def dataset(container: str) -> dict[str, Any]:
    """A dataset with a folder and a file as parameters."""
    location = {
        "type": "AzureBlobStorageLocation",
        "container": container,
        "folderPath": {"value": "@dataset().folder", "type": "Expression"},
        "fileName": "@dataset().file",
    }
    text = {"type": "string", "defaultValue": ""}
    return {
        "type": "Binary",
        "linkedServiceName": STORE,
        "parameters": {"folder": text, "file": text},
        "typeProperties": {"location": location},
    }


def copied(
    running: Running,
    read: dict[str, str],
    write: dict[str, str],
    person: Principal = world.WRITER,
    datasets: dict[str, Any] | None = None,
    **settings: Any,
) -> Record:
    """The record of a copy from one folder or file to another, with these read settings."""
    folder = Folder(
        datasets={"in": dataset("input"), "out": dataset("output"), **(datasets or {})},
        linked_services={"store": LINKED},
    )
    names = {"inputs": ("in", read), "outputs": ("out", write)}
    references = {
        key: [{"referenceName": name, "type": "DatasetReference", "parameters": values}]
        for key, (name, values) in names.items()
    }
    store = {"type": "AzureBlobStorageReadSettings", **settings}
    source = {"type": "BinarySource", "storeSettings": store}
    own = {"source": source, "sink": {"type": "BinarySink"}}
    activity = {"name": "C", "type": "Copy", "typeProperties": own, **references}
    return carried_out(running, activity, folder, person)


def carried_out(
    running: Running, activity: dict[str, Any], folder: Folder, person: Principal = world.WRITER
) -> Record:
    """The record of an activity that is called C."""
    return running.run(_run(running, activity, folder, person))


async def _run(
    running: Running, activity: dict[str, Any], folder: Folder, person: Principal
) -> Record:
    azure = running.azure
    pipeline = Pipeline("p", {"activities": [activity]})
    assert check_definition(pipeline.properties) == []
    environment = Environment(
        azure.clock,
        transport.over(lambda: azure.http),
        lambda _identity, audience: azure.tokens.issue(person, audience).value,
    )
    return record(await run_pipeline(pipeline, {}, environment, folder), "C")


def put(container: ContainerClient, folder: str, **files: bytes) -> None:
    for name, content in files.items():
        container.upload_blob(f"{folder}/{name.replace('__', '/')}", content)


def below(container: ContainerClient, folder: str) -> list[str]:
    return [each.name for each in container.list_blobs(name_starts_with=folder)]


@pytest.mark.parametrize("content", [b"", b"one", os.urandom(PART), os.urandom(2 * PART + 1)])
def test_a_file_comes_out_as_it_went_in(
    running: Running, source: ContainerClient, sink: ContainerClient, content: bytes
) -> None:
    source.upload_blob("one/file", content, overwrite=True)

    found = copied(running, {"folder": "one", "file": "file"}, {"folder": "there"})

    assert sink.download_blob("there/file").readall() == content
    assert (found.output["dataWritten"], found.output["filesWritten"]) == (len(content), 1)


def test_a_file_is_copied_under_another_name(
    running: Running, source: ContainerClient, sink: ContainerClient
) -> None:
    put(source, "renamed", a=b"1")
    copied(running, {"folder": "renamed", "file": "a"}, {"folder": "new", "file": "it's 100%.csv"})
    assert sink.download_blob("new/it's 100%.csv").readall() == b"1"


@pytest.mark.parametrize("name", ["a b", "ü", "a#b", "a?b", "a%20b", "a&b+c", "'\""])
def test_a_name_is_a_name(
    running: Running, source: ContainerClient, sink: ContainerClient, name: str
) -> None:
    source.upload_blob(f"names/{name}", b"1", overwrite=True)
    copied(running, {"folder": "names", "file": name}, {"folder": "kept"})
    assert sink.get_blob_client(f"kept/{name}").exists()


def test_a_folder_keeps_its_hierarchy(
    running: Running, source: ContainerClient, sink: ContainerClient
) -> None:
    put(source, "tree", a=b"1", sub__b=b"2")
    put(source, "trees", c=b"3")

    found = copied(running, {"folder": "tree"}, {"folder": "grown"})

    assert below(sink, "grown") == ["grown/a", "grown/sub/b"]
    assert found.output["filesRead"] == 2


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"recursive": False}, ["a.csv", "b.txt"]),
        ({"wildcardFileName": "*.csv"}, ["a.csv", "sub/c.csv"]),
        ({"wildcardFileName": "?.csv", "recursive": False}, ["a.csv"]),
        ({"wildcardFileName": "^*.csv"}, []),
    ],
)
def test_settings_choose_among_the_files_of_a_folder(
    running: Running,
    source: ContainerClient,
    sink: ContainerClient,
    settings: dict[str, Any],
    names: list[str],
) -> None:
    for name in ("a.csv", "b.txt", "sub/c.csv"):
        source.upload_blob(f"choice/{name}", b"1", overwrite=True)
    folder = f"chosen-{len(str(settings))}"

    copied(running, {"folder": "choice"}, {"folder": folder}, **settings)

    assert below(sink, folder) == [f"{folder}/{name}" for name in names]


def test_a_pattern_of_many_stars_is_compared_at_once(
    running: Running, source: ContainerClient, sink: ContainerClient
) -> None:
    put(source, "stars", **{"a" * 500: b"1", "b" + "a" * 500: b"1"})

    copied(running, {"folder": "stars"}, {"folder": "told"}, wildcardFileName="*b" + "*a" * 40)

    assert below(sink, "told") == ["told/b" + "a" * 500]


def test_what_is_there_is_written_over(
    running: Running, source: ContainerClient, sink: ContainerClient
) -> None:
    put(source, "over", a=b"new")
    put(sink, "over", a=b"old")
    copied(running, {"folder": "over"}, {"folder": "over"})
    assert sink.download_blob("over/a").readall() == b"new"


@pytest.mark.parametrize("read", [{"folder": "none", "file": "a"}, {"folder": "none"}])
def test_what_is_missing_fails_the_copy(running: Running, read: dict[str, str]) -> None:
    found = copied(running, read, {"folder": "x"})
    assert (found.error or {})["message"].startswith("The required blob")


def test_an_identity_without_a_role_fails_the_copy(
    running: Running, source: ContainerClient
) -> None:
    put(source, "closed", a=b"1")
    found = copied(running, {"folder": "closed"}, {"folder": "x"}, world.GUEST)
    assert "AuthorizationPermissionMismatch" in (found.error or {})["message"]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"type": "Json"}, "is of type 'Json'; Binary is read."),
        ({"typeProperties": {}}, "has no container on blob storage."),
        ({"linkedServiceName": "store"}, "refers to no linked service."),
    ],
)
def test_a_dataset_of_another_shape_fails_the_copy(
    running: Running, broken: dict[str, Any], why: str
) -> None:
    datasets = {"in": {**dataset("input"), **broken}}
    found = copied(running, {}, {}, datasets=datasets)
    assert (found.error or {})["message"] == f"The dataset 'in' {why}"


def test_a_file_that_is_replaced_meanwhile_fails_the_copy() -> None:
    def storage(request: HttpRequest) -> HttpAnswer:
        if request.method == "HEAD":
            return HttpAnswer(200, {"Content-Length": str(2 * PART), "ETag": '"first"'})
        is_first = request.headers.get("If-Match") == '"first"'
        return HttpAnswer(412 if is_first else 201, {"x-ms-error-code": "ConditionNotMet"})

    reference = {"type": "DatasetReference", "parameters": {"file": "a"}}
    activity = {
        "name": "C",
        "type": "Copy",
        "inputs": [{**reference, "referenceName": "in"}],
        "outputs": [{**reference, "referenceName": "out"}],
        "typeProperties": {"source": {"type": "BinarySource"}, "sink": {"type": "BinarySink"}},
    }
    folder = Folder(
        datasets={"in": dataset("input"), "out": dataset("output")},
        linked_services={"store": LINKED},
    )

    found = result(activity, world=World({world.HOST: storage}), folder=folder)

    assert found.message.endswith("answered 412 ConditionNotMet.")


def test_a_parameter_that_a_dataset_does_not_have_fails_the_copy(running: Running) -> None:
    found = copied(running, {"path": "x"}, {"folder": "x"})
    assert (found.error or {})["message"] == (
        "The dataset 'in' can't be used: No parameter is called 'path'; there are: folder, file."
    )
