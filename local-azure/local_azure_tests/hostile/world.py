"""Something in every service, somebody who may do all with it, and somebody who may nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from local_azure.control_plane.authorization.roles import Role
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import SUBSCRIPTION, TENANT_ID
from local_azure.home import identity_header
from local_azure.services.receivers import model as receivers
from local_azure_tests.conftest import Running
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.machinelearning import world as learning
from local_azure_tests.messaging import world as messaging
from local_azure_tests.storage import world as storage

ARM = "https://management.azure.com"
PROVIDERS = publishing.PROVIDERS
VAULT = f"{PROVIDERS}/Microsoft.KeyVault/vaults/vault-one"
CONNECTION = f"{PROVIDERS}/Microsoft.Web/connections/mail"
FACTORY = f"{PROVIDERS}/Microsoft.DataFactory/factories/factory"
WORKFLOW = f"{PROVIDERS}/Microsoft.Logic/workflows/flow"
FUNCTION = "https://function.example.test/api"
CALLER, STRANGER = storage.WRITER, storage.GUEST
_EVERYTHING = "12345678-0000-4000-8000-00000000a110"
_FLOW: dict[str, Any] = {
    "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
    "workflowdefinition.json#",
    "contentVersion": "1.0.0.0",
    "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
    "actions": {"Note": {"type": "Compose", "inputs": "@triggerBody()", "runAfter": {}}},
}
_WAIT = {"name": "Wait", "type": "Wait", "waitTimeInSeconds": 1}
_EVENT = (
    b'[{"id": "1", "subject": "s", "eventType": "t", "eventTime": "2026-06-01T12:00:00Z",'
    b' "data": {}, "dataVersion": "1"}]'
)
_JSON = {"content-type": "application/json"}
_INVOCATION = b'{"properties": {"InputData": {"data": {"jobInputType": "UriFolder", "uri": "%s"}}}}'


@dataclass(frozen=True)
class Family:
    """Requests that one service answers in the same way, by an example that it takes.

    Attributes:
        name: what it is.
        method: of the example.
        url: of the example, as far as it needs no secret.
        refusal: what every refusal's body matches: the service's own form of an error.
        audience: of the token that it takes; without one it takes a secret.
        secret: what lets in where no token does: the value of the header or parameter.
        place: the header with the credential; ``query`` or ``form`` where it is no header.
        accepts_any: it takes whatever looks like a credential.
        body: of the example; None for none.
        headers: of the example.
    """

    name: str
    method: str
    url: str
    refusal: str
    audience: str = ""
    secret: str = ""
    place: str = "authorization"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    accepts_any: bool = False

    def asked(self, credential: str | bytes | None) -> tuple[str, dict[str, Any], bytes | None]:
        """URL, headers and body of the example with a credential in its place."""
        if credential is None:
            return self.url, self.headers, self.body
        if self.place in {"query", "form"}:
            raw = credential.encode() if isinstance(credential, str) else credential
            given = quote(raw, safe="")
            if self.place == "query":
                return f"{self.url}&sig={given}", self.headers, self.body
            return self.url, self.headers, (self.body or b"") + f"&client_secret={given}".encode()
        return self.url, {**self.headers, self.place: credential}, self.body


class _Learning(learning.World):
    """The workspace without its own blob hosts: the real ones answer here."""

    def _register(self) -> None: ...


def build(server: Running) -> None:
    """Let everything exist."""
    azure = server.azure
    storage.build(server)
    _Learning(server)
    server.call(messaging.build, azure)
    server.run(azure.storage.create_queue(storage.NAME, "work", {}))
    everything = Role("everything", ("*",), data_actions=("*",))
    server.call(azure.authorization.define_role, _EVERYTHING, everything)
    server.call(azure.authorization.assign, "all", CALLER.object_id, _EVERYTHING, SUBSCRIPTION)
    publishing.group(server)
    publishing.topic(server)
    publishing.domain(server, "diggers")
    publishing.put(server, "Factory", factoryName="factory", location="westeurope")
    here: dict[str, Any] = {"factoryName": "factory", "pipelineName": "p"}
    publishing.put(server, "Pipeline", **here, activities=[_WAIT])
    flow: dict[str, Any] = {"workflowName": "flow", "definition": _FLOW, "location": "westeurope"}
    publishing.put(server, "Workflow", **flow)
    told = {"location": "westeurope", "properties": {"api": {"name": "office365"}}}
    for identifier, kind in (
        (VAULT, "Microsoft.KeyVault/vaults"),
        (CONNECTION, "Microsoft.Web/connections"),
    ):
        name = identifier.rpartition("/")[2]
        server.call(azure.resources.put, Resource(identifier, kind, name, told, told))
    server.call(azure.keyvault.put, "vault-one", "known", "value")
    server.call(azure.connectors.authorise, "mail")
    server.call(azure.handlers.put, receivers.read({"url": FUNCTION, "key": "key of the function"}))


def families(server: Running) -> list[Family]:
    """All of them."""
    return [*_by_token(), *_by_secret(server)]


def _by_token() -> list[Family]:
    arm = Family("", "GET", "", r'"error": ?{"code":"(Auth\w+Failed|Invalid\w+)"', ARM)
    blob = Family(
        "",
        "GET",
        storage.URL,
        "<Code>(Auth|Invalid|NoAuth)",
        "https://storage.azure.com",
        headers={"x-ms-version": "2021-12-02"},
    )
    queue = replace(blob, url=f"https://{storage.NAME}.queue.core.windows.net")
    vault = Family(
        "",
        "GET",
        "https://vault-one.vault.azure.net/secrets",
        r'"code":"(Unauthorized|Forbidden)"',
        "https://vault.azure.net",
    )
    endpoint = Family(
        "",
        "GET",
        f"https://{learning.HOST}/jobs",
        r'"code":"UserError"|does not have',
        "https://ml.azure.com",
    )
    history = f"https://westeurope.api.azureml.ms/history/v1.0{learning.WORKSPACE}"
    grid = Family(
        "",
        "POST",
        publishing.TOPIC_URL,
        r'"code":"Unauthorized"',
        "https://eventgrid.azure.net",
        body=_EVENT,
        headers=_JSON,
    )
    send = Family("", "POST", "", "<Code>401</Code>", messaging.AUDIENCE, body=b"{}", headers=_JSON)
    secret = "known?api-version=7.4"
    blocks = {**blob.headers, "x-ms-blob-type": "BlockBlob"}
    message = b"<QueueMessage><MessageText>a</MessageText></QueueMessage>"
    factory = f"{ARM}{FACTORY}{{}}?api-version=2018-06-01"
    ml = f"{ARM}{learning.WORKSPACE}{{}}?api-version=2025-12-01"
    put: dict[str, Any] = {"method": "PUT", "headers": blocks, "body": b"content"}
    invocation = _INVOCATION % f"{storage.URL}/input/a/".encode()
    return [
        replace(arm, name="a resource", url=f"{ARM}{publishing.TOPIC}?api-version=2025-02-15"),
        replace(arm, name="a factory's pipelines", url=factory.format("/pipelines")),
        replace(
            arm,
            name="a pipeline's start",
            method="POST",
            body=b"{}",
            url=factory.format("/pipelines/p/createRun"),
        ),
        replace(
            arm,
            name="pipeline runs",
            method="POST",
            url=factory.format("/queryPipelineRuns"),
            body=b'{"lastUpdatedAfter": "2000-01-01T00:00:00Z",'
            b' "lastUpdatedBefore": "2100-01-01T00:00:00Z"}',
        ),
        replace(arm, name="a pipeline run", url=factory.format("/pipelineruns/none")),
        replace(arm, name="a workflow's runs", url=f"{ARM}{WORKFLOW}/runs?api-version=2019-05-01"),
        replace(arm, name="a job", url=ml.format("/jobs/none")),
        replace(arm, name="a job's end", method="POST", url=ml.format("/jobs/none/cancel")),
        replace(arm, name="datastores", url=ml.format("/datastores")),
        replace(blob, name="containers", url=f"{blob.url}/?comp=list"),
        replace(blob, name="blobs", url=f"{blob.url}/input?restype=container&comp=list"),
        replace(blob, name="a blob", url=f"{blob.url}/input/a", **put),
        replace(blob, name="a block", url=f"{blob.url}/input/b?comp=block&blockid=YQ==", **put),
        replace(
            blob,
            name="a list of blocks",
            method="PUT",
            url=f"{blob.url}/input/c?comp=blocklist",
            body=b"<BlockList></BlockList>",
        ),
        replace(
            blob,
            name="a blob's tags",
            method="PUT",
            url=f"{blob.url}/input/c?comp=tags",
            body=b"<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>",
        ),
        replace(blob, name="no blob", method="DELETE", url=f"{blob.url}/input/none"),
        replace(queue, name="queues", url=f"{queue.url}/?comp=list"),
        replace(
            queue, name="a message", method="POST", url=f"{queue.url}/work/messages", body=message
        ),
        replace(vault, name="secrets", url=f"{vault.url}?api-version=7.4"),
        replace(vault, name="a secret", url=f"{vault.url}/{secret}"),
        replace(
            vault,
            name="a new secret",
            method="PUT",
            url=f"{vault.url}/{secret}",
            body=b'{"value": "v"}',
            headers=_JSON,
        ),
        replace(
            vault, name="deleted secrets", url=f"{vault.url[:-7]}deletedsecrets?api-version=7.4"
        ),
        replace(endpoint, name="an invocation", method="POST", body=invocation, headers=_JSON),
        replace(endpoint, name="an endpoint's job", url=f"{endpoint.url}/none"),
        replace(endpoint, name="a run", url=f"{history}/runs/none", audience=ARM),
        replace(
            endpoint,
            name="run data",
            method="POST",
            url=f"{history}/rundata",
            audience=ARM,
            body=b'{"runId": "none"}',
            headers=_JSON,
        ),
        replace(grid, name="a topic"),
        replace(
            grid,
            name="a domain",
            url=publishing.DOMAIN_URL,
            body=_EVENT.replace(b'"subject"', b'"topic": "diggers", "subject"'),
        ),
        replace(send, name="an event hub", url=messaging.HUB_URL),
        replace(send, name="a queue of the bus", url=f"{messaging.BUS_URL}/work/messages"),
    ]


def _by_secret(server: Running) -> list[Family]:
    azure = server.azure
    url, signature = server.call(azure.logic.callback_url, WORKFLOW, "manual").split("&sig=")
    key = publishing.keys(server, publishing.TOPIC)[0]
    runtime, credential = server.call(azure.connectors.runtime, CONNECTION)
    login = f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/v2.0/token"
    mail = b'{"To": "a@b.test", "Subject": "s", "Body": "b"}'
    form = f"grant_type=client_credentials&scope={ARM}/.default&client_id={CALLER.client_id}"
    console_key = server.home.secret("console")
    return [
        Family(
            "a trigger",
            "POST",
            url.replace(":443", ""),
            r'"code":"\w*(Author|Signat|Direct)\w*"',
            secret=signature,
            place="query",
            body=b"{}",
            headers=_JSON,
        ),
        Family(
            "a topic's key",
            "POST",
            publishing.TOPIC_URL,
            r'"code":"Unauthorized"',
            secret=key,
            place="aeg-sas-key",
            body=_EVENT,
            headers=_JSON,
        ),
        Family(
            "an e-mail",
            "POST",
            f"{runtime}/v2/Mail",
            r'"message":"The key',
            secret=credential,
            body=mail,
            headers=_JSON,
        ),
        Family(
            "a console's command",
            "GET",
            "http://127.0.0.1/runs",
            '"code":"Forbidden"',
            secret=console_key,
            place="x-console-key",
        ),
        Family(
            "an identity",
            "GET",
            f"http://127.0.0.1/identity/{CALLER.object_id}/token?resource={ARM}",
            '"code":"Forbidden"',
            secret=identity_header(console_key, CALLER.object_id),
            place="x-identity-header",
        ),
        Family(
            "a function",
            "POST",
            FUNCTION,
            "The function's key",
            secret="key of the function",
            place="x-functions-key",
            body=_EVENT,
        ),
        Family(
            "a dispatch",
            "POST",
            "https://api.github.com/repos/a/b/dispatches",
            '"message":"Requires authentication',
            secret="Bearer any",
            accepts_any=True,
            body=b'{"event_type": "t"}',
            headers={**_JSON, "user-agent": "test"},
        ),
        Family(
            "a sign-in",
            "POST",
            login,
            '"error":"invalid_client"',
            secret=storage.SECRET,
            place="form",
            body=form.encode(),
            headers={"content-type": "application/x-www-form-urlencoded"},
        ),
    ]
