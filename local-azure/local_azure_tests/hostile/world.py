"""Something in every service, somebody who may do all with it, and somebody who may nothing."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from local_azure.control_plane.authorization.roles import Role
from local_azure.control_plane.tenant import SUBSCRIPTION, TENANT_ID
from local_azure.home import identity_header
from local_azure.services.messaging.sending import BATCH
from local_azure.services.receivers import service as receivers
from local_azure_tests.conftest import Running, known
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
_OF_DOMAIN = _EVENT.replace(b'"subject"', b'"topic": "diggers", "subject"')
_ANY_TIME = (
    b'{"lastUpdatedAfter": "2000-01-01T00:00:00Z", "lastUpdatedBefore": "2100-01-01T00:00:00Z"}'
)
_JSON = {"content-type": "application/json"}
_BATCH = {"content-type": BATCH}
_OLD = {"x-ms-version": "2021-12-02"}
_BLOCKS = {"x-ms-blob-type": "BlockBlob"}
_MESSAGE = b"<QueueMessage><MessageText>a</MessageText></QueueMessage>"
_INVOCATION = (
    b'{"properties": {"InputData": {"data": {"jobInputType": "UriFolder", "uri": "%s"}}}}'
    % f"{storage.URL}/input/a/".encode()
)
_HISTORY = f"https://westeurope.api.azureml.ms/history/v1.0{learning.WORKSPACE}"
_ML = "?api-version=2025-12-01"
_DISPATCHES = "https://api.github.com/repos/a/b/dispatches"
_KEY = "key of the function"
_STORAGE = "https://storage.azure.com"
_APART = "apart"
"""A topic that nothing else needs: a generated DELETE of it may be one that is taken."""


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


def build(server: Running) -> None:
    """Let everything exist."""
    azure = server.azure
    storage.build(server)
    learning.World(server)
    server.call(messaging.build, azure)
    server.run(azure.storage.create_queue(storage.NAME, "work", {}))
    everything = Role("everything", ("*",), data_actions=("*",))
    server.call(azure.authorization.define_role, _EVERYTHING, everything)
    server.call(azure.authorization.assign, "all", CALLER.object_id, _EVERYTHING, SUBSCRIPTION)
    publishing.group(server)
    publishing.topic(server)
    publishing.topic(server, topicName=_APART)
    publishing.domain(server, "diggers")
    publishing.put(server, "Factory", factoryName="factory", location="westeurope")
    here: dict[str, Any] = {"factoryName": "factory", "pipelineName": "p"}
    publishing.put(server, "Pipeline", **here, activities=[_WAIT])
    flow: dict[str, Any] = {"workflowName": "flow", "definition": _FLOW, "location": "westeurope"}
    publishing.put(server, "Workflow", **flow)
    told = {"location": "westeurope", "properties": {"api": {"name": "office365"}}}
    for identifier in (VAULT, CONNECTION):
        server.call(known, azure, identifier, told, told)
    server.call(azure.keyvault.put, "vault-one", "known", "value")
    server.call(azure.connectors.authorise, "mail")
    server.call(azure.handlers.put, receivers.read({"url": FUNCTION, "key": _KEY}))


def families(server: Running) -> list[Family]:
    """All of them."""
    return [*_by_token(), *_by_secret(server)]


def _by_token() -> list[Family]:
    arm = Family("", "GET", ARM, r'"error": ?{"code":"(Auth|Expired|Invalid)\w+"', ARM)
    blob = Family("", "GET", storage.URL, "<Code>(Auth|Invalid|NoAuth)", _STORAGE, headers=_OLD)
    queue = replace(blob, url=f"https://{storage.NAME}.queue.core.windows.net")
    vault = Family(
        "",
        "GET",
        "https://vault-one.vault.azure.net",
        r'"code":"(Unauthorized|Forbidden)"',
        "https://vault.azure.net",
    )
    refused = r'"code":"UserError"|does not have'
    endpoint = Family("", "GET", f"https://{learning.HOST}/jobs", refused, "https://ml.azure.com")
    history = Family("", "GET", _HISTORY, refused, ARM)
    grid = Family("", "POST", "", r'"code":"Unauthorized"', "https://eventgrid.azure.net")
    send = Family("", "POST", "", "<Code>401</Code>", messaging.AUDIENCE)
    factory, learned = f"{FACTORY}%s?api-version=2018-06-01", f"{learning.WORKSPACE}%s{_ML}"
    secrets = "/secrets%s?api-version=7.4"
    return [
        _of(arm, "a resource", f"{publishing.TOPICS}/{_APART}?api-version=2025-02-15"),
        _of(arm, "a factory's pipelines", factory % "/pipelines"),
        _of(arm, "a pipeline's start", factory % "/pipelines/p/createRun", "POST", b"{}"),
        _of(arm, "pipeline runs", factory % "/queryPipelineRuns", "POST", _ANY_TIME),
        _of(arm, "a pipeline run", factory % "/pipelineruns/none"),
        _of(arm, "a workflow's runs", f"{WORKFLOW}/runs?api-version=2019-05-01"),
        _of(arm, "a job", learned % "/jobs/none"),
        _of(arm, "a job's end", learned % "/jobs/none/cancel", "POST"),
        _of(arm, "datastores", learned % "/datastores"),
        _of(blob, "containers", "/?comp=list"),
        _of(blob, "blobs", "/input?restype=container&comp=list"),
        _of(blob, "a blob", "/input/a", "PUT", b"content", **_BLOCKS),
        _of(blob, "a block", "/input/b?comp=block&blockid=YQ==", "PUT", b"content", **_BLOCKS),
        _of(blob, "a list of blocks", "/input/c?comp=blocklist", "PUT", b"<BlockList></BlockList>"),
        _of(blob, "no blob", "/input/none", "DELETE"),
        _of(queue, "queues", "/?comp=list"),
        _of(queue, "a message", "/work/messages", "POST", _MESSAGE),
        _of(vault, "secrets", secrets % ""),
        _of(vault, "a secret", secrets % "/known"),
        _of(vault, "a new secret", secrets % "/known", "PUT", b'{"value": "v"}', **_JSON),
        _of(endpoint, "an invocation", "", "POST", _INVOCATION, **_JSON),
        _of(endpoint, "an endpoint's job", "/none"),
        _of(history, "a run", "/runs/none"),
        _of(history, "run data", "/rundata", "POST", b'{"runId": "none"}', **_JSON),
        _of(grid, "a topic", publishing.TOPIC_URL, "POST", _EVENT, **_JSON),
        _of(grid, "a domain", publishing.DOMAIN_URL, "POST", _OF_DOMAIN, **_JSON),
        _of(send, "an event hub", messaging.HUB_URL, "POST", b"[]", **_BATCH),
        _of(
            send,
            "a queue of the bus",
            f"{messaging.BUS_URL}/work/messages",
            "POST",
            b"[]",
            **_BATCH,
        ),
    ]


def _of(
    base: Family,
    name: str,
    rest: str,
    method: str = "GET",
    body: bytes | None = None,
    **headers: str,
) -> Family:
    """One family of a service: its URL goes on, and its headers have more."""
    url, sent = f"{base.url}{rest}", {**base.headers, **headers}
    return replace(base, name=name, url=url, method=method, body=body, headers=sent)


def _by_secret(server: Running) -> list[Family]:
    azure = server.azure
    url, signature = server.call(azure.logic.callback_url, WORKFLOW, "manual").split("&sig=")
    topic, topic_key = publishing.TOPIC_URL, publishing.keys(server, publishing.TOPIC)[0]
    runtime, credential = server.call(azure.connectors.runtime, CONNECTION)
    trigger, refused = url.replace(":443", ""), r'"code":"\w*(Author|Signat|Direct)\w*"'
    mail = b'{"To": "a@b.test", "Subject": "s", "Body": "b"}'
    console, closed = "http://127.0.0.1", '"code":"Forbidden"'
    identity = f"{console}/identity/{CALLER.object_id}/token?resource={ARM}"
    key = server.home.secret("console")
    of_identity = identity_header(key, CALLER.object_id)
    login = f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/v2.0/token"
    form = f"grant_type=client_credentials&scope={ARM}/.default&client_id={CALLER.client_id}"
    dispatch = _closed(
        "a dispatch", _DISPATCHES, '"message":"Requires authentication', "Bearer any"
    )
    return [
        _closed("a trigger", trigger, refused, signature, "query", b"{}"),
        _closed("a topic's key", topic, '"code":"Unauthorized"', topic_key, "aeg-sas-key", _EVENT),
        _closed("an e-mail", f"{runtime}/v2/Mail", '"message":"The key', credential, body=mail),
        _closed("a console's command", f"{console}/runs", closed, key, "x-console-key"),
        _closed("an identity", identity, closed, of_identity, "x-identity-header"),
        _closed("a function", FUNCTION, "The function's key", _KEY, "x-functions-key", _EVENT),
        replace(
            dispatch,
            method="POST",
            body=b'{"event_type": "t"}',
            headers={**_JSON, "user-agent": "test"},
            accepts_any=True,
        ),
        replace(
            _closed("a sign-in", login, '"error":"invalid_client"', storage.SECRET, "form"),
            method="POST",
            body=form.encode(),
            headers={"content-type": "application/x-www-form-urlencoded"},
        ),
    ]


def _closed(
    name: str,
    url: str,
    refusal: str,
    secret: str,
    place: str = "authorization",
    body: bytes | None = None,
) -> Family:
    """What a secret opens; with a body, which is JSON, it is POSTed."""
    method, headers = ("POST", _JSON) if body else ("GET", {})
    return Family(name, method, url, refusal, "", secret, place, body, headers)
