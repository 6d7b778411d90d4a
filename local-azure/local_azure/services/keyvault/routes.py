"""A vault's secrets over REST, set, read and listed, api-version 7.x and later; the rest: declined.

A call without a token is answered with the challenge that SDK clients ask for first.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from local_azure.control_plane import clouds
from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.entra.errors import InvalidTokenError
from local_azure.control_plane.networks import firewall, origins
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.control_plane.web import not_emulated, router, unheeded
from local_azure.services.keyvault import given
from local_azure.services.keyvault.errors import (
    DisabledSecretError,
    ForbiddenByNetworkError,
    ForbiddenError,
    InvalidPageError,
    UnauthorizedError,
    VaultNotFoundError,
)
from local_azure.services.keyvault.model import Secret, Secrets

Handler = Callable[[Request], Awaitable[Response]]

_SECRETS = "Microsoft.KeyVault/vaults/secrets"
_VERSION = re.compile(r"7\.\d|20\d\d-\d\d-\d\d")
_RECOVERABLE_DAYS = 90
_MOST, _TOKEN = 25, "$skiptoken"
_PAGED = ("maxresults", _TOKEN)


class Vaults:
    """The handlers, thin ones: rights, then the model, then the answer's form."""

    def __init__(self, control: ControlPlane, secrets: Secrets) -> None:
        self._control = control
        self._secrets = secrets

    def router(self) -> Router:
        """What the vaults' hosts answer."""
        table: list[tuple[str, str, Handler, tuple[str, ...]]] = [
            ("GET", "/secrets", self._list, _PAGED),
            ("GET", "/secrets/{name}/versions", self._versions, _PAGED),
            ("GET", "/secrets/{name}/{version:path}", self._get, ()),
            ("GET", "/secrets/{name}", self._get, ()),
            ("PUT", "/secrets/{name}", self._set, ()),
        ]
        routes = [
            Route(path, _guarded(handler, heeds), methods=[m]) for m, path, handler, heeds in table
        ]
        return router(routes, "Key Vault")

    async def _get(self, request: Request) -> Response:
        vault, name = self._allowed(request, "getSecret/action")
        secret = self._secrets.get(vault, name, request.path_params.get("version", "").strip("/"))
        if not secret.enabled:
            raise DisabledSecretError
        return JSONResponse({"value": secret.value, **_bundle(request, secret)})

    async def _set(self, request: Request) -> Response:
        vault, name = self._allowed(request, "setSecret/action")
        value, about = given.read(await request.body())
        secret = self._secrets.put(vault, name, value, about)
        return JSONResponse({"value": secret.value, **_bundle(request, secret)})

    async def _list(self, request: Request) -> Response:
        vault, _ = self._allowed(request, "readMetadata/action")
        found = self._secrets.latest(vault)
        return _page(request, [_item(request, each) for each in found])

    async def _versions(self, request: Request) -> Response:
        vault, name = self._allowed(request, "readMetadata/action")
        found = self._secrets.versions(vault, name)
        return _page(request, [_bundle(request, each) for each in found])

    def _allowed(self, request: Request, operation: str) -> tuple[str, str]:
        """The vault's and the secret's name, once the caller may do this to it."""
        name = request.path_params.get("name", "")
        authorization = request.headers.get("authorization")
        if not authorization:
            missing = "AKV10000: Request is missing a Bearer or PoP token."
            raise UnauthorizedError(missing, _challenge(request))
        vault = self._control.resources.named(
            "Microsoft.KeyVault/vaults", request.scope["host_parts"]["vault"]
        )
        if vault is None:
            raise VaultNotFoundError(request.scope["host_parts"]["vault"])
        try:
            caller = self._control.tokens.verify(authorization, clouds.VAULT_AUDIENCES)
            if not firewall.admits(self._control, vault, "vault", caller):
                address, public = origins.caller().address, firewall.is_public(vault)
                raise ForbiddenByNetworkError(vault.name, address, public=public)
            scope = f"{vault.id}/secrets/{name}" if name else vault.id
            action = f"{_SECRETS}/{operation}"
            self._control.authorization.authorize(caller, action, scope, data=True)
        except InvalidTokenError as error:
            raise UnauthorizedError(str(error), _challenge(request)) from error
        except AuthorizationFailedError as error:
            raise ForbiddenError(error, TENANT_ID) from error
        return vault.name, name


def _guarded(handler: Handler, heeds: tuple[str, ...]) -> Handler:
    async def guarded(request: Request) -> Response:
        found = request.query_params.get("api-version", "")
        if not _VERSION.fullmatch(found):
            return not_emulated(f"api-version {found!r} is not emulated; accepted: 7.0 and later.")
        if name := unheeded(request, *heeds):
            return not_emulated(f"The query's parameter {name!r} is not emulated.")
        return await handler(request)

    return guarded


def _challenge(request: Request) -> str:
    cloud = clouds.of(request.url.hostname or "", "vault")
    return (
        f'Bearer authorization="https://{cloud.login_host}/{TENANT_ID}", '
        f'resource="https://{cloud.vault}"'
    )


def _bundle(request: Request, secret: Secret) -> dict[str, Any]:
    about = {key: value for key, value in secret.about.items() if key != "attributes"}
    attributes = {
        "enabled": True,
        **(secret.about.get("attributes") or {}),
        "created": secret.created,
        "updated": secret.created,
        "recoveryLevel": "Recoverable+Purgeable",
        "recoverableDays": _RECOVERABLE_DAYS,
    }
    identifier = f"https://{request.url.hostname}/secrets/{secret.name}/{secret.version}"
    return {"id": identifier, "attributes": attributes, **about}


def _item(request: Request, secret: Secret) -> dict[str, Any]:
    bundle = _bundle(request, secret)
    return {**bundle, "id": f"https://{request.url.hostname}/secrets/{secret.name}"}


def _page(request: Request, items: list[dict[str, Any]]) -> Response:
    """A page of a list: 25 at most (REST reference, Get Secrets), and the link to the next one."""
    start = _whole(request, _TOKEN, 0, range(1_000_000))
    end = start + _whole(request, "maxresults", _MOST, range(1, _MOST + 1))
    further = urlencode({**request.query_params, _TOKEN: end})
    link = f"https://{request.url.hostname}{request.url.path}?{further}"
    told = {"value": items[start:end], "nextLink": link if end < len(items) else None}
    return JSONResponse(told)


def _whole(request: Request, name: str, default: int, accepted: range) -> int:
    given = request.query_params.get(name, str(default))
    # What is longer than any number accepted is never read: Python refuses thousands of digits.
    if not re.fullmatch(r"\d{1,6}", given) or int(given) not in accepted:
        message = f"{name} is a whole number from {accepted[0]} to {accepted[-1]}; found {given!r}."
        raise InvalidPageError(message)
    return int(given)
