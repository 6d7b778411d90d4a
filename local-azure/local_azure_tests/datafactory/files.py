"""Two containers of storage itself, and what Copy and Get Metadata do with them as somebody."""

from typing import Any

from azure.storage.blob import ContainerClient

from local_azure.control_plane.entra.directory import Principal
from local_azure.runs import transport
from local_azure.runs.environment import Environment
from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder, run_pipeline
from local_azure.services.datafactory.records import Record
from local_azure_tests.conftest import Running
from local_azure_tests.datafactory.pipelines import record
from local_azure_tests.storage import world

LINKED = {"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": f"{world.URL}/"}}
TEXT = {"type": "string", "defaultValue": ""}


def factory(**changes: Any) -> Folder:
    """The datasets ``in``, changed so, and ``out``, with a folder and a file as parameters."""
    datasets = {"in": {**_dataset("input"), **changes}, "out": _dataset("output")}
    return Folder(beside={"datasets": datasets, "linkedservices": {"store": LINKED}})


def _dataset(container: str) -> dict[str, Any]:
    location = {
        "type": "AzureBlobStorageLocation",
        "container": container,
        "folderPath": {"value": "@dataset().folder", "type": "Expression"},
        "fileName": "@dataset().file",
    }
    return {
        "type": "Binary",
        "linkedServiceName": {"referenceName": "store", "type": "LinkedServiceReference"},
        "parameters": {"folder": TEXT, "file": TEXT},
        "typeProperties": {"location": location},
    }


def reference(dataset: str, folder: str, file: str) -> dict[str, Any]:
    """A reference to a dataset."""
    values = {"folder": folder, "file": file}
    return {"referenceName": dataset, "type": "DatasetReference", "parameters": values}


def copy(folder: str, to: str, file: str = "", to_file: str = "", **settings: Any) -> Any:
    """A copy of a folder's files, or of one, to another folder, with these read settings."""
    store = {"type": "AzureBlobStorageReadSettings", **settings}
    source = {"type": "BinarySource", "storeSettings": store}
    return {
        "name": "C",
        "type": "Copy",
        "typeProperties": {"source": source, "sink": {"type": "BinarySink"}},
        "inputs": [reference("in", folder, file)],
        "outputs": [reference("out", to, to_file)],
    }


class Files:
    """The containers ``input`` and ``output``."""

    def __init__(self, running: Running) -> None:
        self.running = running

    @property
    def source(self) -> ContainerClient:
        """Signed in now: the clock may have been moved on."""
        return world.blobs().get_container_client("input")

    @property
    def sink(self) -> ContainerClient:
        """As ``source``."""
        return world.blobs().get_container_client("output")

    def put(self, folder: str, *names: str, content: bytes = b"1") -> None:
        """Files of a folder of the source."""
        for name in names:
            self.source.upload_blob(f"{folder}/{name}", content, overwrite=True)

    def read(self, name: str) -> bytes:
        """A file of the sink."""
        return self.sink.download_blob(name).readall()

    def below(self, folder: str) -> list[str]:
        """The names of the files in a folder of the sink."""
        return [each.name for each in self.sink.list_blobs(name_starts_with=f"{folder}/")]

    def done(
        self, activity: Any, person: Principal = world.WRITER, folder: Folder | None = None
    ) -> Record:
        """The record of an activity that is called C."""
        return self.running.run(self._run(activity, person, folder or factory()))

    async def _run(self, activity: Any, person: Principal, folder: Folder) -> Record:
        azure = self.running.azure
        pipeline = Pipeline("p", {"activities": [activity]})
        assert check_definition(pipeline.properties) == []
        environment = Environment(
            azure.clock,
            transport.over(lambda: azure.http),
            lambda _identity, audience: azure.tokens.issue(person, audience).value,
        )
        return record(await run_pipeline(pipeline, {}, environment, folder), "C")
