"""A workspace with a batch endpoint, as ``pulumi up`` would leave it, and calls to it over HTTP."""

import asyncio
import io
import json
import time
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from yarl import URL

from local_azure.control_plane.authorization.roles import Role
from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.services.machinelearning.front_door import (
    ON_DEPLOYMENT,
    ON_ENDPOINT,
    ON_WORKSPACE,
    TO_FOLLOW,
)
from local_azure.services.machinelearning.job_runs import SCORING, run_id
from local_azure.services.machinelearning.jobs import ENDS
from local_azure_tests.conftest import Running, known
from local_azure_tests.core.rest_client import ARM, Answer, Client

GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
ML = "Microsoft.MachineLearningServices/workspaces"
WORKSPACE = f"{GROUP}/providers/{ML}/ws"
ENDPOINT = f"{WORKSPACE}/batchEndpoints/digits"
STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/images"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-compute"
HOST = "digits.westeurope.inference.ml.azure.com"
INPUTS = "https://inputs.blob.core.windows.net/inputs"
_JSON = {"content-type": "application/json"}
FILE = f"{INPUTS}/data/a.txt"
"""Its content is "one"."""
ARTIFACTS = "azureml-blobstore-11111111-2222-3333-4444-555555555555"

INVOKER = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "invoker")
PUBLISHER = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "publisher")
COMPUTE = Principal(str(uuid4()), str(uuid4()), "ManagedIdentity", "compute")

BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
QUEUE_CONTRIBUTOR = "974c5e8b-45b9-4653-ba55-5f855dd0fb88"
TABLE_CONTRIBUTOR = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
INVOKER_ROLE = "12345678-0000-4000-8000-000000000001"

ACTIONS = (*ON_ENDPOINT, *ON_DEPLOYMENT, *ON_WORKSPACE, *TO_FOLLOW)

ECHO = """
import os
def init():
    pass
def run(mini_batch):
    return [f"{os.path.basename(path)} {open(path).read()}" for path in mini_batch]
"""


def names(refusal: str, principal: Principal) -> bool:
    """Whether a refusal names a principal: blobs by its name, the others by its object id."""
    return f"'{principal.name}'" in refusal or f"'{principal.object_id}'" in refusal


class World:
    """What the tests act on; blobs lie in storage itself, put there by a publisher.

    Args:
        running: the server.
        built: whether all of it exists, of an earlier server in the same home.
    """

    def __init__(self, running: Running, *, built: bool = False) -> None:
        self.running = running
        self.azure = running.azure
        if not built:
            running.call(self._build_rights)
            running.run(self._make_containers())
            self._put_resources()

    async def _make_containers(self) -> None:
        for account, container in (("inputs", "inputs"), ("own", ARTIFACTS), ("own", "azureml")):
            await self.azure.storage.create_container(account, container)

    def _build_rights(self) -> None:
        for principal in (INVOKER, COMPUTE, PUBLISHER):
            self.azure.directory.add(principal)
        assign = self.azure.authorization.assign
        assign("publish", PUBLISHER.object_id, BLOB_CONTRIBUTOR, GROUP)
        self.allow_invoker(*ACTIONS)
        self.grant_all()

    def allow_invoker(self, *actions: str) -> None:
        """Let the invoker's role have these actions and no other."""
        self.azure.authorization.define_role(INVOKER_ROLE, Role("invoker", actions))

    def allow_further(self, *actions: str) -> None:
        """Let the invoker have actions beyond those that invoking and following need."""
        self.running.call(self.allow_invoker, *ACTIONS, *actions)

    def grant_all(self) -> None:
        assign = self.azure.authorization.assign
        inputs, own = f"{STORAGE}/inputs", f"{STORAGE}/own"
        assign("invoke", INVOKER.object_id, INVOKER_ROLE, WORKSPACE)
        assign("read", INVOKER.object_id, BLOB_READER, inputs)
        assign("mount", COMPUTE.object_id, BLOB_READER, inputs)
        assign("write", COMPUTE.object_id, BLOB_CONTRIBUTOR, own)
        assign("queues", COMPUTE.object_id, QUEUE_CONTRIBUTOR, own)
        assign("tables", COMPUTE.object_id, TABLE_CONTRIBUTOR, own)
        assign("pull", COMPUTE.object_id, ACR_PULL, REGISTRY)

    def storage(self, name: str, **properties: Any) -> None:
        """Let a storage account be there, with these properties."""
        hosts = {kind: f"https://{name}.{kind}.core.windows.net/" for kind in ("blob", "dfs")}
        told = {"primaryEndpoints": hosts, **properties}
        self.put(f"{STORAGE}/{name}", {}, told)

    def _put_resources(self) -> None:
        for name in ("inputs", "own"):
            self.storage(name)
        self.put(IDENTITY, {}, {"principalId": COMPUTE.object_id})
        workspace_id = ARTIFACTS.removeprefix("azureml-blobstore-")
        told = {
            "workspaceId": workspace_id,
            "discoveryUrl": "https://westeurope.api.azureml.ms/discovery",
            "mlFlowTrackingUri": f"azureml://westeurope.api.azureml.ms/mlflow/v1.0{WORKSPACE}",
        }
        self.put(REGISTRY, {})
        parts = {"storageAccount": f"{STORAGE}/own", "containerRegistry": REGISTRY}
        self.put(WORKSPACE, parts, {**parts, **told})
        store = {"datastoreType": "AzureBlob", "accountName": "inputs", "containerName": "inputs"}
        self.put(f"{WORKSPACE}/datastores/batch_inputs", {"properties": store})
        self.blob("inputs", "inputs", "data/a.txt", b"one")
        self.cluster(nodes=4)
        self.endpoint(default="blue")
        self.deploy("blue")

    def put(
        self,
        resource_id: str,
        body: dict[str, Any],
        properties: dict[str, Any] | None = None,
    ) -> None:
        self.running.call(known, self.azure, resource_id, body, properties)

    def cluster(self, nodes: int) -> None:
        self.put(
            f"{WORKSPACE}/computes/batch-cluster",
            {
                "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]},
                "properties": {
                    "computeType": "AmlCompute",
                    "properties": {"scaleSettings": {"maxNodeCount": nodes}},
                },
            },
        )

    def endpoint(self, default: str | None) -> None:
        defaults = {"defaults": {"deploymentName": default}} if default else {}
        self.put(
            ENDPOINT, {"location": "westeurope", "properties": {"authMode": "AADToken", **defaults}}
        )

    def deploy(self, name: str, script: str = ECHO, **settings: Any) -> None:
        """A deployment with a scoring script and a model of its own."""
        self.blob("own", ARTIFACTS, f"code/{name}/score.py", script.encode())
        self.blob("own", ARTIFACTS, f"models/{name}/weights.txt", b"7")
        code = f"{WORKSPACE}/codes/{name}/versions/{uuid4().hex}"
        model = f"{WORKSPACE}/models/{name}/versions/{uuid4().hex}"
        code_url = f"https://own.blob.core.windows.net/{ARTIFACTS}/code/{name}"
        self.put(code, {"properties": {"codeUri": code_url}})
        model_uri = f"azureml://datastores/workspaceblobstore/paths/models/{name}"
        self.put(model, {"properties": {"modelUri": model_uri}})
        body = {
            "compute": f"{WORKSPACE}/computes/batch-cluster",
            "codeConfiguration": {"codeId": code, "scoringScript": "score.py"},
            "model": {"referenceType": "Id", "assetId": model},
            **settings,
        }
        self.put(f"{ENDPOINT}/deployments/{name}", {"properties": body})

    def environment(self, name: str, conda_file: str | None = None) -> str:
        """The id of a version of an environment."""
        told = {
            "image": "mcr.microsoft.com/mine:1",
            **({"condaFile": conda_file} if conda_file else {}),
        }
        version = f"{WORKSPACE}/environments/{name}/versions/1"
        self.put(version, {"properties": told})
        return version

    def blob(self, account: str, container: str, name: str, content: bytes) -> None:
        status, body, _ = self._stored("PUT", account, container, name, content)
        assert status == 201, body

    def content(self, name: str, account: str = "own", container: str = ARTIFACTS) -> str:
        """A blob's text; KeyError where there is none."""
        status, body, _ = self._stored("GET", account, container, name)
        if status == 404:
            raise KeyError(name)
        assert status == 200, body
        return str(body or "")

    def _stored(
        self, method: str, account: str, container: str, name: str, content: bytes | None = None
    ) -> Answer:
        headers = {"x-ms-version": "2021-12-02", "x-ms-blob-type": "BlockBlob"}
        address = f"https://{account}.blob.core.windows.net/{container}/{quote(name)}"
        publisher = Client(self.running, PUBLISHER, headers, STORAGE_AUDIENCE)
        return publisher.exchange(method, URL(address, encoded=True), data=content)

    def token(self, audience: str = "https://ml.azure.com") -> str:
        """A token of the invoker's."""
        return self.running.call(self.azure.tokens.issue, INVOKER, audience).value

    def request(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON, or else text, of an exchange with the endpoint."""
        status, told, _ = self.exchange(method, path, body, **more)
        return status, told

    def manage(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """As ``request``, with Resource Manager."""
        return self.request(method, path, body, host=ARM.removeprefix("https://"), audience=ARM)

    def exchange(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        host: str = HOST,
        audience: str = "https://ml.azure.com",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """An exchange of the invoker's."""
        data = body if isinstance(body, bytes | io.BytesIO | None) else json.dumps(body).encode()
        invoker = Client(self.running, INVOKER, {**_JSON, **(headers or {})}, audience)
        return invoker.exchange(method, f"https://{host}{path}", data=data)

    def invoke(
        self,
        uri: str = FILE,
        kind: str = "UriFile",
        output: str = "",
        deployment: str = "",
        **more: Any,
    ) -> tuple[int, Any]:
        """``POST /jobs`` for one input; ``more`` are further keys of ``properties``."""
        properties = {"InputData": {"in": {"JobInputType": kind, "Uri": uri}}, **more}
        if output:
            properties["OutputData"] = {"score": {"JobOutputType": "UriFile", "Uri": output}}
        headers = {"azureml-model-deployment": deployment} if deployment else {}
        return self.request("POST", "/jobs", {"properties": properties}, headers=headers)

    def end(self, name: str, limit: float = 120) -> dict[str, Any]:
        """The job's history once it has ended."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            told = self.running.run(self._ended(name))
            if told["status"] in ENDS:
                return told
        message = f"The job {name} has not ended within {limit:.0f} s."
        raise AssertionError(message)

    async def _ended(self, name: str) -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return next(job for job in self.azure.machinelearning.history(1000) if job["name"] == name)

    def history(self) -> list[dict[str, Any]]:
        """All jobs, newest first."""
        return self.running.call(self.azure.machinelearning.history, 1000)

    def score(self, uri: str = FILE, kind: str = "UriFile", **given: Any) -> dict[str, Any]:
        """As ``invoke``, and the job's history once it has ended."""
        status, told = self.invoke(uri, kind, **given)
        assert status == 201, told
        return self.end(told["name"])

    def score_on(self, deployment: str, uri: str = FILE, kind: str = "UriFile") -> dict[str, Any]:
        """As ``score``, on a deployment that the header names."""
        return self.score(uri, kind, deployment=deployment)

    def run_script(
        self, script: str, uri: str = FILE, kind: str = "UriFile", **settings: Any
    ) -> dict[str, Any]:
        """As ``score``, by a script of its own, on a deployment with these settings."""
        self.deploy("script", script, **settings)
        return self.score_on("script", uri, kind)

    def predictions(self, job: dict[str, Any]) -> str:
        return self.content(f"azureml/{run_id(job['name'])}/score/predictions.csv")

    def log(self, job: dict[str, Any], name: str, step: str = SCORING) -> str:
        """A log among the artifacts of the run below a job."""
        run = run_id(job["name"], step)
        return self.content(f"ExperimentRun/dcid.{run}/{name}", container="azureml")
