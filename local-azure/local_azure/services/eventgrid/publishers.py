"""Custom topics and domains by host name, and who may publish to them.

That is whoever has a key, a signature made with one, or a token and the right to send.
Source: D:event-grid/authenticate-with-access-keys-shared-access-signatures,
D:event-grid/authenticate-with-microsoft-entra-id. A missing right is answered with 401, as public
reports show, not with 403.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.clouds import EVENT_GRID_AUDIENCE
from local_azure.control_plane.entra.errors import InvalidTokenError
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.eventgrid import place
from local_azure.services.eventgrid.errors import (
    NoTopicError,
    UnauthorizedPublisherError,
    UnreadableSignatureError,
)
from local_azure.services.eventgrid.keys import Keys
from local_azure.services.eventgrid.schemas import EVENT_GRID

_KINDS = (place.TOPIC, place.DOMAIN)
_SEND = "Microsoft.EventGrid/events/send/action"
_SCHEME = "sharedaccesssignature "


@dataclass(frozen=True)
class Entrance:
    """A custom topic or a domain.

    Attributes:
        id: resource id.
        url: where events are posted to.
        schema: the form in which they come in.
        local_auth: whether keys and signatures open it.
        is_domain: whether its events name the domain topic that they are for.
        automatic: whether a domain topic need not exist before it gets events.
    """

    id: str
    url: str
    schema: str
    local_auth: bool
    is_domain: bool
    automatic: bool


class Entrances:
    """All of them, read anew whenever a topic or domain has changed.

    Args:
        resources: where they are.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._version: tuple[int, ...] = ()
        self._by_host: dict[str, Entrance] = {}

    def find(self, host: str) -> Entrance:
        """The topic or domain that answers under a host name.

        Raises:
            NoTopicError: none does.
        """
        version = tuple(map(self._resources.version, _KINDS))
        if version != self._version:
            found = [_entrance(each) for kind in _KINDS for each in self._resources.select(kind)]
            self._by_host = {str(urlsplit(each.url).hostname): each for each in found}
            self._version = version
        if host.lower() not in self._by_host:
            raise NoTopicError(host)
        return self._by_host[host.lower()]


def _entrance(resource: Resource) -> Entrance:
    told = resource.properties
    return Entrance(
        id=resource.id,
        url=told["endpoint"],
        schema=told.get("inputSchema", EVENT_GRID),
        local_auth=not told.get("disableLocalAuth", False),
        is_domain=resource.type == place.DOMAIN,
        automatic=told.get("autoCreateTopicWithFirstSubscription", False),
    )


def admit(control: ControlPlane, keys: Keys, entrance: Entrance, request: Request) -> None:
    """Let a publisher in.

    Raises:
        PublishError: says what is missing or wrong, never what is right.
    """
    authorization = request.headers.get("authorization", "")
    key = request.headers.get("aeg-sas-key") or request.query_params.get("aeg-sas-key")
    signature = request.headers.get("aeg-sas-token")
    if authorization.lower().startswith(_SCHEME):
        signature = authorization[len(_SCHEME) :]
    if key or signature:
        accepted, now = keys.of(entrance.id), control.clock.now()
        _admit_locally(entrance, accepted, key, signature or "", now)
    elif authorization:
        _admit_principal(control, entrance, authorization)
    else:
        message = (
            "Request must contain one of the following authorization signature: aeg-sas-token, "
            "aeg-sas-key, or a bearer token."
        )
        raise UnauthorizedPublisherError(message)


def _admit_locally(
    entrance: Entrance, keys: tuple[str, str], key: str | None, signature: str, now: datetime
) -> None:
    if not entrance.local_auth:
        message = f"Keys and signatures are switched off for {entrance.id}: send a bearer token."
        raise UnauthorizedPublisherError(message)
    if key is None:
        _check_signature(signature, entrance, keys, now)
    elif not any(_same(key, each) for each in keys):
        host = urlsplit(entrance.url).hostname
        message = f"The request authorization key is not authorized for {host}."
        raise UnauthorizedPublisherError(message)


def _check_signature(
    signature: str, entrance: Entrance, keys: tuple[str, str], now: datetime
) -> None:
    signed, _, _ = signature.partition("&s=")
    parts = {key: values[0] for key, values in parse_qs(signature).items()}
    if set(parts) != {"r", "e", "s"}:
        message = (
            "Invalid key in aeg-sas-token. Valid format :r=UrlEncodedResource"
            "&e=UrlEncodedUtcExpiration&s=UrlEncodedSignature. Input sas string: (not told here)"
        )
        raise UnreadableSignatureError(message)
    if not any(_same(parts["s"], _sign(signed, key)) for key in keys):
        message = "The signature was not made with a key of this topic or domain."
        raise UnauthorizedPublisherError(message)
    if not _covers(parts["r"], entrance.url):
        message = f"The signature is for another resource than {entrance.url}."
        raise UnauthorizedPublisherError(message)
    if _moment(parts["e"]) <= now:
        raise UnauthorizedPublisherError(f"The signature has expired: {parts['e']}.")


def _sign(text: str, key: str) -> str:
    digest = hmac.new(base64.b64decode(key), text.encode(), sha256).digest()
    return base64.b64encode(digest).decode()


def _covers(resource: str, url: str) -> bool:
    """Whether a signature for a resource is good for all below it, and so for this URL."""
    try:
        signed, wanted = urlsplit(resource), urlsplit(url)
    except ValueError:
        return False
    path = signed.path.rstrip("/").lower()
    return signed.hostname == wanted.hostname and f"{wanted.path}/".startswith(f"{path}/")


def _moment(written: str) -> datetime:
    """When a signature ends: as Python or as .NET (en-US) write it, UTC unless said otherwise."""
    for read in (datetime.fromisoformat, _from_dotnet):
        try:
            found = read(written)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise UnauthorizedPublisherError(f"The signature's expiration can't be read: {written!r}.")


def _from_dotnet(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=UTC)


def _admit_principal(control: ControlPlane, entrance: Entrance, authorization: str) -> None:
    try:
        caller = control.tokens.verify(authorization, [EVENT_GRID_AUDIENCE])
        control.authorization.authorize(caller, _SEND, entrance.id, data=True)
    except InvalidTokenError as error:
        raise UnauthorizedPublisherError(str(error)) from None
    except AuthorizationFailedError as error:
        message = (
            "The principal associated with access token presented with the incoming request does "
            f"not have permission to send data to {entrance.id}. {error}"
        )
        raise UnauthorizedPublisherError(message) from None


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
