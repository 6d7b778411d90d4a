"""A trigger's callback URL, its signature, and the keys that sign.

The signature is a key in itself: who has the URL may start the workflow. It changes only when the
workflow or its access key is made anew (D:logic-apps/logic-apps-securing-a-logic-app, "shared
access signatures"; D:rest/api/logic/workflows). Here every URL, links to a run's contents included
(UNVERIFIED), is signed with the primary key: a new secondary one changes nothing.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

from starlette.responses import Response

from local_azure.control_plane.clouds import CLOUDS
from local_azure.control_plane.resource_manager.errors import InvalidPropertyError
from local_azure.control_plane.resource_manager.rest import Call, Operation
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.state import State
from local_azure.services.logic.resources import operation

API_VERSIONS = ("2016-10-01", "2016-06-01", "2019-05-01")
"""Of a callback URL: that of the request that it was told to."""
SITE_API_VERSION = "2022-05-01"
"""Of a site's triggers."""
SIGNATURE_VERSION = "1.0"
HOST_PATTERNS = tuple(f"{{prod}}.{{region}}.{cloud.logic}" for cloud in CLOUDS)

_SITES = "/runtime/webhooks/"
"""Where a site's host has its workflows."""


def access_id(workflow: Resource) -> str:
    """The workflow's id in its callback URL, new when it is made anew."""
    return str(workflow.properties["accessEndpoint"]).rpartition("/")[2]


def callback_url(workflow: Resource, trigger: str, key: bytes) -> str:
    """The URL that fires a workflow's trigger, signed with a key."""
    endpoint = str(workflow.properties["accessEndpoint"])
    called = f"triggers/{quote(trigger)}"
    if _SITES not in endpoint:
        url = f"{endpoint}/{called}/paths/invoke"
        return _signed(workflow, url, permission(trigger), key)
    url = f"{endpoint.partition(_SITES)[0]}/api/{quote(workflow.name)}/{called}/invoke"
    return _signed(workflow, url, permission(trigger), key, SITE_API_VERSION)


def content_url(workflow: Resource, content: str, key: bytes) -> str:
    """The URL of what a run's history holds: no further sign-in is needed to read it.

    In Azure it ends after some hours; here it does not. The content is such as
    ``/runs/<run>/contents/TriggerOutputs``.
    """
    url = f"{workflow.properties['accessEndpoint']}{quote(content)}"
    return _signed(workflow, url, content_permission(content), key)


def _signed(
    workflow: Resource, url: str, permitted: str, key: bytes, version: str = API_VERSIONS[0]
) -> str:
    query = {
        "api-version": version,
        "sp": permitted,
        "sv": SIGNATURE_VERSION,
        "sig": signature(access_id(workflow), permitted, key),
    }
    return f"{url}?{urlencode(query)}"


def permission(trigger: str) -> str:
    """What a signature permits (``sp``)."""
    return f"/triggers/{trigger}/run"


def content_permission(content: str) -> str:
    """What the signature of a content's URL permits."""
    return f"{content}/read"


def signature(identifier: str, permitted: str, key: bytes) -> str:
    """The signature (``sig``) of a URL that permits something."""
    signed = f"{identifier} {permitted} {SIGNATURE_VERSION}".encode()
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


SCHEMA = """
CREATE TABLE IF NOT EXISTS workflow_keys (
    workflow TEXT PRIMARY KEY, regenerated INTEGER NOT NULL);
"""
_PRIMARY, _SECONDARY = "Primary", "Secondary"


class AccessKeys:
    """The primary keys of all workflows.

    Args:
        state: keeps how often each was made anew.
        master: what all keys are derived from.
    """

    def __init__(self, state: State, master: bytes) -> None:
        self._state = state
        self._master = master
        state.define(SCHEMA)

    def of(self, identifier: str) -> bytes:
        """The key of the workflow that has this id in its URLs."""
        row = self._state.row("SELECT * FROM workflow_keys WHERE workflow = ?", identifier)
        if row is None:
            return self._master
        derived = f"key {row['regenerated']} of {identifier}".encode()
        return hmac.digest(self._master, derived, hashlib.sha256)

    def operation(self) -> Operation:
        """Makes a key anew: URLs signed with the old one open nothing from then on."""
        rest = "/regenerateAccessKey"
        return operation(rest, f"{rest[1:]}/action", self._regenerate, "POST")

    async def _regenerate(self, call: Call) -> Response:
        found = call.body.get("keyType") if isinstance(call.body, dict) else None
        if found not in {_PRIMARY, _SECONDARY}:
            reason = f"found {found!r}, accepted: {_PRIMARY}, {_SECONDARY}"
            raise InvalidPropertyError(call.target.name, "keyType", reason)
        if found == _PRIMARY:
            self._state.execute(
                "INSERT INTO workflow_keys VALUES (?, 1) "
                "ON CONFLICT DO UPDATE SET regenerated = regenerated + 1",
                access_id(call.target),
            )
        return Response()
