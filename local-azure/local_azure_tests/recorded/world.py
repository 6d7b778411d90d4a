"""What the recorded requests are about: one resource of each kind, and calls to all hosts."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

import requests
from pulumi.runtime.proto import provider_pb2 as pb

from local_azure.catalogue import TYPES
from local_azure.pulumi import wire
from local_azure_tests.providers.engine import URN, Created, Engine
from local_azure_tests.providers.event_path import EventPath
from local_azure_tests.recorded.asking import ARM, Asker

_BESIDE: dict[str, Any] = json.loads(Path(__file__).with_name("world.json").read_text("utf-8"))
"""What lies beside the event path, made as facts say it: ``create`` and ``with``."""
_TOLD: dict[str, Callable[[World], str]] = {
    "rg": lambda world: str(world.group.outputs["name"]),
    "logs": lambda world: str(world.insights.outputs["workspaceResourceId"]),
    "job": lambda world: f"{world.workspace.id}/jobs/{world.job_of_endpoint}",
    "subscription_on_topic": lambda world: world.subscription.id,
    "source_of_topic": lambda world: str(world.topic.outputs["source"]),
    "factory_in_capitals": lambda world: world.value("factory").upper(),
    "model": lambda world: str(_deployed(world)["model"]["assetId"]),
    "image": lambda world: str(_deployed(world)["environmentId"]),
    "code": lambda world: str(_deployed(world)["codeConfiguration"]["codeId"]),
    "identity_principal": lambda world: str(world.identity.outputs["principalId"]),
    "callback": lambda world: world.callback_url,
    "unsigned": lambda world: world.callback_url.partition("&sp=")[0],
}
_UNDER_WAY = ("Accepted", "Creating", "InProgress", "Running", "Updating")
_HUB_SENDER = "2b629674-e913-4c01-ae53-ef4638d8f975"


class World(EventPath):
    """The event path, and what lies beside it.

    Args:
        native: the provider that makes the resources.
        asker: puts the questions.
        stem: begins every name; at most nine small letters and digits, unique in all of Azure.
        location: region of everything.
    """

    def __init__(
        self, native: Engine, asker: Asker, stem: str, location: str = "westeurope"
    ) -> None:
        super().__init__(native, stem, location)
        self.asker = asker
        self._made: dict[str, Created] = {}
        self.subscription_id, self.tenant_id = asker.subscription_id, asker.tenant_id

    def value(self, name: str) -> str:
        """What a name in braces stands for: a constant, or a resource's id."""
        known = {
            "subscription": f"/subscriptions/{self.subscription_id}",
            "sub": self.subscription_id,
            "tenant": self.tenant_id,
            "stranger": self.asker.stranger.object_id,
            "stranger_client": self.asker.stranger.client_id,
            "stranger_secret": quote(self.asker.stranger.secret, safe=""),
            "role": str(uuid5(UUID(self.subscription_id), self.stem)),
        }
        if name in known:
            return known[name]
        if name.endswith("_name"):
            return str(self.named(name.removesuffix("_name")).outputs["name"])
        found = _TOLD[name](self) if name in _TOLD else self.named(name)
        return found if isinstance(found, str) else str(found.id)

    def named(self, name: str) -> Any:
        """What a fact calls so; it is made when it is first named."""
        if name not in _BESIDE:
            return getattr(self, name)
        if name not in self._made:
            about = _BESIDE[name]
            self._made[name] = self.native.create(about["create"], self.filled(about["with"]))
        return self._made[name]

    def filled(self, pattern: Any) -> Any:
        """A pattern with what its names in braces stand for."""
        if isinstance(pattern, str):
            return re.sub(r"\{(\w+)\}", lambda name: self.value(name[1]), pattern)
        if isinstance(pattern, list):
            return [self.filled(each) for each in pattern]
        if isinstance(pattern, dict):
            return {self.filled(key): self.filled(each) for key, each in pattern.items()}
        return pattern

    def ask(self, fact: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        """Status, headers and body of the answer to a fact's request, or to what it leads to."""
        method, _, address = self.filled(fact["ask"]).partition(" ")
        if address.startswith("/"):
            address = f"{ARM}{_versioned(address)}"
        sent = self.filled(fact.get("headers", {}))
        given = self.filled(fact.get("send"))
        data = given.encode() if isinstance(given, str) else json.dumps(given).encode()
        data = b"" if given is None else data
        quoted = quote(address, safe=":/?&=%$,'()-._~")
        answer = self.asker.ask(method, quoted, sent, data, fact.get("as", "owner"))
        if "follow" in fact:
            answer = self._followed(answer.headers[fact["follow"]])
        told = {name.lower(): value for name, value in answer.headers.items()}
        is_json = answer.content and "json" in told.get("content-type", "")
        return answer.status_code, told, answer.json() if is_json else answer.text

    def _followed(self, url: str) -> requests.Response:
        """What an operation's address answers in the end."""
        while True:
            answer = self.asker.ask("GET", url, {}, b"", "owner")
            status = answer.json().get("status") if answer.content else None
            if answer.status_code != requests.codes.accepted and status not in _UNDER_WAY:
                return answer
            time.sleep(1)

    def create(self, fact: dict[str, Any]) -> Any:
        """A function's answer, or outputs and id of what is made; the problems where it is not."""
        given = self.filled(fact["with"])
        if "invoke" in fact:
            return self.native.invoke(fact["invoke"], given)
        if "changes" in fact:
            return self.native.update(self.named(fact["changes"]), given).outputs
        kind = fact["create"]
        inputs, problems = self.native.check(kind, given)
        if problems and "outputs" in fact:
            return problems
        # What is refused in a preview here, and later in Azure, is created all the same.
        request = pb.CreateRequest(urn=f"{URN}{kind}::x", type=kind, properties=wire.encode(inputs))
        made = self.native.stub.Create(request)
        return {**wire.decode(made.properties).values, "id": made.id}

    @cached_property
    def granted(self) -> str:
        """A principal that may write to the account already."""
        principal = self.value("identity_principal")
        self.grant(principal, self.inputs.id)
        return principal

    @cached_property
    def job_of_endpoint(self) -> str:
        """The name of a job."""
        uri = "https://{inputs_name}.blob.core.windows.net/dead-letters/data/"
        folder = {"JobInputType": "UriFolder", "Uri": uri}
        status, _, told = self.ask(
            {
                "ask": "POST https://{endpoint_name}.{location}.inference.ml.azure.com/jobs",
                "headers": {"azureml-model-deployment": "{deployment_name}"},
                "send": {"properties": {"InputData": {"one": folder}}},
            }
        )
        assert status == 201, told
        return str(told["name"])

    @cached_property
    def run(self) -> str:
        """A run of the workflow that has ended."""
        self.ask({"ask": "POST {callback}", "as": "nobody", "send": []})
        asked = {"ask": "GET {workflow}/runs?api-version=2016-06-01"}
        while (found := self.ask(asked)[2]["value"][0])["properties"]["status"] == "Running":
            time.sleep(0.2)
        return str(found["id"])

    @cached_property
    def switched_off(self) -> str:
        """The callback URL of a workflow that is disabled."""
        name = {"workflowName": f"{self.stem}-off"}
        given = {**self.workflow_inputs, **name, "state": "Disabled"}
        self.native.create("azure-native:logic:Workflow", given)
        token = "azure-native:logic:listWorkflowTriggerCallbackUrl"
        return str(self.native.invoke(token, {**self.trigger, **name})["value"])

    @cached_property
    def delivered_by_identity(self) -> str:
        """A subscription whose events the topic's identity takes to an event hub."""
        hub = self.value("hub")
        who = {"principalId": self.topic.outputs["identity"]["principalId"]}
        given = self.grant_inputs(who["principalId"], hub)
        grant = {**given, "roleDefinitionId": self.role_id(_HUB_SENDER)}
        self.native.create("azure-native:authorization:RoleAssignment", grant)
        by_identity = {
            "identity": {"type": "SystemAssigned"},
            "destination": {"endpointType": "EventHub", "resourceId": hub},
        }
        return self.made(
            "eventgrid:SystemTopicEventSubscription",
            systemTopicName=self.topic.outputs["name"],
            eventSubscriptionName=f"{self.stem}-by-identity",
            deliveryWithResourceIdentity=by_identity,
        ).id

    def _started(self) -> str:
        asked = {"ask": "POST {pipeline}/createRun?api-version=2018-06-01"}
        _, _, told = self.ask({**asked, "send": {"OutputBlobName": "test"}})
        return f"{self.value('factory')}/pipelineruns/{told['runId']}"

    @cached_property
    def run_to_cancel(self) -> str:
        return self._started()

    @cached_property
    def pipeline_run(self) -> str:
        """A run of the pipeline that has ended."""
        started = self._started()
        self.ask({"ask": f"POST {started}/cancel?api-version=2018-06-01"})
        while not self.ask({"ask": f"GET {started}?api-version=2018-06-01"})[2]["runEnd"]:
            time.sleep(0.2)
        return started


def _deployed(world: World) -> dict[str, Any]:
    """What the deployment was given."""
    properties: dict[str, Any] = world.deployment.inputs["properties"]
    return properties


def _versioned(address: str) -> str:
    """An id with the API version that its resource is read with."""
    found = (kind.api_version for kind in TYPES if kind.parse(address))
    return address if "?" in address else f"{address}?api-version={next(found)}"
