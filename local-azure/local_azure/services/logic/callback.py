"""A trigger's callback URL, and its signature.

The signature is a key in itself: who has the URL may start the workflow. It changes only when the
workflow or its access key is made anew (D:logic-apps/logic-apps-securing-a-logic-app, "shared
access signatures").
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from uuid import uuid4

from local_azure.control_plane.clouds import CHINA, CLOUDS, PUBLIC, US_GOVERNMENT

if TYPE_CHECKING:
    from local_azure.control_plane.resource_manager.store import Resource

API_VERSION = "2016-10-01"
SITE_API_VERSION = "2022-05-01"
"""Of a site's triggers."""
SIGNATURE_VERSION = "1.0"
HOST_PATTERNS = tuple(f"{{prod}}.{{region}}.{cloud.logic}" for cloud in CLOUDS)

_NUMBERS = 99
_SITES = "/runtime/webhooks/"
"""Where a site's host has its workflows."""


def access_endpoint(location: str) -> str:
    """Where a new workflow of a region is called: its own id has 32 hexadecimal digits."""
    identifier, region = uuid4().hex, location.replace(" ", "").lower()
    number = int(identifier[:8], 16) % _NUMBERS
    return f"https://prod-{number:02d}.{region}.{_suffix(region)}:443/workflows/{identifier}"


def access_id(workflow: Resource) -> str:
    """The workflow's id in its callback URL, new when it is made anew."""
    return str(workflow.properties["accessEndpoint"]).rpartition("/")[2]


def callback_url(workflow: Resource, trigger: str, key: bytes) -> str:
    """The URL that fires a trigger.

    Args:
        workflow: the workflow.
        trigger: the trigger's name.
        key: what signatures are made with.
    """
    endpoint = str(workflow.properties["accessEndpoint"])
    called = f"triggers/{quote(trigger)}"
    if _SITES not in endpoint:
        url = f"{endpoint}/{called}/paths/invoke"
        return _signed(workflow, url, permission(trigger), key)
    url = f"{endpoint.partition(_SITES)[0]}/api/{quote(workflow.name)}/{called}/invoke"
    return _signed(workflow, url, permission(trigger), key, SITE_API_VERSION)


def content_url(workflow: Resource, content: str, key: bytes) -> str:
    """The URL of what a run's history holds: no further sign-in is needed to read it.

    In Azure it ends after some hours; here it does not.

    Args:
        workflow: the workflow.
        content: what is read, such as ``/runs/<run>/contents/TriggerOutputs``.
        key: what signatures are made with.
    """
    url = f"{workflow.properties['accessEndpoint']}{quote(content)}"
    return _signed(workflow, url, content_permission(content), key)


def _signed(
    workflow: Resource, url: str, permitted: str, key: bytes, version: str = API_VERSION
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


def _suffix(region: str) -> str:
    if region.startswith("china"):
        return CHINA.logic
    return (US_GOVERNMENT if region.startswith("usgov") else PUBLIC).logic
