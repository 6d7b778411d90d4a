"""What the recorded requests are about: one resource of each kind, and calls to all hosts."""

from __future__ import annotations

import json
import re
import time
from functools import cached_property
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

from pulumi.runtime.proto import provider_pb2 as pb

from local_azure.catalogue import TYPES
from local_azure.pulumi import wire
from local_azure_tests.providers.engine import URN, Created, Engine
from local_azure_tests.providers.event_path import ML, EventPath
from local_azure_tests.recorded.asking import ARM, Asker

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
        self.subscription_id, self.tenant_id = asker.subscription_id, asker.tenant_id

    def value(self, name: str) -> str:
        """What a name in braces stands for: a constant, or a resource's id."""
        known = {
            "subscription": f"/subscriptions/{self.subscription_id}",
            "sub": self.subscription_id,
            "tenant": self.tenant_id,
            "stranger": self.asker.stranger.object_id,
            "stranger_client": self.asker.stranger.client_id,
            "role": str(uuid5(UUID(self.subscription_id), self.stem)),
        }
        if name in known:
            return known[name]
        if name.endswith("_name"):
            return str(getattr(self, name.removesuffix("_name")).outputs["name"])
        found = getattr(self, name)
        return found if isinstance(found, str) else str(found.id)

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
        """Status, headers and body of the answer to a fact's request."""
        method, _, address = self.filled(fact["ask"]).partition(" ")
        if address.startswith("/"):
            address = f"{ARM}{_versioned(address)}"
        sent = self.filled(fact.get("headers", {}))
        given = self.filled(fact.get("send"))
        data = given.encode() if isinstance(given, str) else json.dumps(given).encode()
        data = b"" if given is None else data
        quoted = quote(address, safe=":/?&=%$,'()-._~")
        answer = self.asker.ask(method, quoted, sent, data, fact.get("as", "owner"))
        told = {name.lower(): value for name, value in answer.headers.items()}
        is_json = answer.content and "json" in told.get("content-type", "")
        return answer.status_code, told, answer.json() if is_json else answer.text

    def create(self, fact: dict[str, Any]) -> Any:
        """A function's answer, or outputs and id of what is made; the problems where it is not."""
        given = self.filled(fact["with"])
        if "invoke" in fact:
            return self.native.invoke(fact["invoke"], given)
        if "changes" in fact:
            return self.native.update(getattr(self, fact["changes"]), given).outputs
        kind = fact["create"]
        inputs, problems = self.native.check(kind, given)
        if problems and "outputs" in fact:
            return problems
        # What is refused in a preview here, and later in Azure, is created all the same.
        request = pb.CreateRequest(urn=f"{URN}{kind}::x", type=kind, properties=wire.encode(inputs))
        made = self.native.stub.Create(request)
        return {**wire.decode(made.properties).values, "id": made.id}

    @cached_property
    def rg(self) -> str:
        return str(self.group.outputs["name"])

    @cached_property
    def queue(self) -> Created:
        return self.made("storage:Queue", accountName=f"{self.stem}inputs", queueName="work")

    @cached_property
    def policy(self) -> Created:
        rule = {
            "name": "test-rule",
            "type": "Lifecycle",
            "definition": {
                "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 30}}},
                "filters": {"blobTypes": ["blockBlob"]},
            },
        }
        name, given = f"{self.inputs.outputs['name']}", {"rules": [rule]}
        return self.made(
            "storage:ManagementPolicy",
            accountName=name,
            managementPolicyName="default",
            policy=given,
        )

    @cached_property
    def secret(self) -> Created:
        vault = self.vault.outputs["name"]
        given = {"value": "hidden"}
        return self.made("keyvault:Secret", vaultName=vault, secretName="s", properties=given)

    @cached_property
    def logs(self) -> str:
        return str(self.insights.outputs["workspaceResourceId"])

    @cached_property
    def registry(self) -> Created:
        name, sku = f"{self.stem}registry", {"name": "Basic"}
        return self.made("containerregistry:Registry", registryName=name, sku=sku)

    @cached_property
    def bus(self) -> Created:
        name = f"{self.stem}-bus"
        return self.made("servicebus:Namespace", namespaceName=name, disableLocalAuth=True)

    @cached_property
    def hubs(self) -> Created:
        name = f"{self.stem}-hubs"
        return self.made("eventhub:Namespace", namespaceName=name, disableLocalAuth=True)

    @cached_property
    def hub(self) -> Created:
        name = self.hubs.outputs["name"]
        return self.made("eventhub:EventHub", namespaceName=name, eventHubName="hub")

    @cached_property
    def custom_topic(self) -> Created:
        return self.made("eventgrid:Topic", topicName=f"{self.stem}-custom")

    @cached_property
    def domain(self) -> Created:
        return self.made("eventgrid:Domain", domainName=f"{self.stem}-domain")

    @cached_property
    def factory(self) -> Created:
        name, identity = f"{self.stem}-factory", {"type": "SystemAssigned"}
        return self.made("datafactory:Factory", factoryName=name, identity=identity)

    @cached_property
    def pipeline(self) -> Created:
        wait = {"name": "Wait", "type": "Wait", "waitTimeInSeconds": 1}
        return self.made(
            "datafactory:Pipeline",
            factoryName=self.factory.outputs["name"],
            pipelineName="samplePipeline",
            activities=[wait],
            parameters={"OutputBlobName": {"type": "String"}},
        )

    @cached_property
    def keyed(self) -> Created:
        """A workspace whose datastores are opened by keys."""
        given = {**self.account_inputs(f"{self.stem}opened"), "allowSharedKeyAccess": True}
        account = self.native.create("azure-native:storage:StorageAccount", given)
        by_key = {"systemDatastoresAuthMode": "AccessKey", "storageAccount": account.id}
        return self.native.create(f"{ML}Workspace", {**self.workspace_inputs("keyed"), **by_key})

    @cached_property
    def kept(self) -> Created:
        """A version of an environment."""
        given = {"name": "kept", "version": "1", "properties": {"image": "python:3.11"}}
        return self.native.create(f"{ML}EnvironmentVersion", {**self.in_workspace, **given})

    @cached_property
    def granted(self) -> str:
        """A principal that may write to the account already."""
        principal = str(self.identity.outputs["principalId"])
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

    @property
    def job(self) -> str:
        return f"{self.workspace.id}/jobs/{self.job_of_endpoint}"

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

    @property
    def subscription_on_topic(self) -> str:
        return self.subscription.id

    @property
    def source_of_topic(self) -> str:
        return str(self.topic.outputs["source"])

    @cached_property
    def delivered_by_identity(self) -> str:
        """A subscription whose events the topic's identity takes to an event hub."""
        who = {"principalId": self.topic.outputs["identity"]["principalId"]}
        given = self.grant_inputs(who["principalId"], self.hub.id)
        grant = {**given, "roleDefinitionId": self.role_id(_HUB_SENDER)}
        self.native.create("azure-native:authorization:RoleAssignment", grant)
        by_identity = {
            "identity": {"type": "SystemAssigned"},
            "destination": {"endpointType": "EventHub", "resourceId": self.hub.id},
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
        return f"{self.factory.id}/pipelineruns/{told['runId']}"

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

    @property
    def factory_in_capitals(self) -> str:
        return self.factory.id.upper()

    @cached_property
    def model(self) -> str:
        return str(self.deployment.inputs["properties"]["model"]["assetId"])

    @cached_property
    def image(self) -> str:
        return str(self.deployment.inputs["properties"]["environmentId"])

    @cached_property
    def code(self) -> str:
        return str(self.deployment.inputs["properties"]["codeConfiguration"]["codeId"])

    @cached_property
    def callback(self) -> str:
        return self.callback_url

    @cached_property
    def unsigned(self) -> str:
        return self.callback_url.partition("&sp=")[0]


def _versioned(address: str) -> str:
    """An id with the API version that its resource is read with."""
    found = (kind.api_version for kind in TYPES if kind.parse(address))
    return address if "?" in address else f"{address}?api-version={next(found)}"
