"""Who calls storage, and whether they may: the same for blobs and for queues.

Declined: keys, SAS, anonymous access.
"""

from __future__ import annotations

from collections.abc import Sequence

from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.errors import InvalidTokenError
from local_azure.control_plane.networks import firewall
from local_azure.control_plane.plane import ControlPlane
from local_azure.services.storage.errors import (
    AuthorizationFailureError,
    AuthorizationPermissionMismatchError,
    BearerNeedsVersionError,
    InvalidAuthenticationInfoError,
    KeyBasedAuthenticationNotPermittedError,
    NoAuthenticationInformationError,
)
from local_azure.services.storage.requests import StorageRequest

_FIRST_VERSION_WITH_TOKENS = "2017-11-09"


def caller(control: ControlPlane, request: StorageRequest) -> Principal:
    """Whose token a request carries that reaches the account by the network.

    Raises:
        StorageError: it carries none, or something else, or comes from where none may.
    """
    found, account = _verified(control, request), request.account
    resource = control.resources.find(account.id)
    group = account.host.split(".")[1]
    if resource is None or not firewall.admits(control, resource, group, found):
        raise AuthorizationFailureError
    return found


def _verified(control: ControlPlane, request: StorageRequest) -> Principal:
    authorization = request.headers.get("authorization", "")
    scheme = authorization.partition(" ")[0].lower()
    if "sig" in request.parameters or scheme in {"sharedkey", "sharedkeylite"}:
        raise KeyBasedAuthenticationNotPermittedError
    if not authorization:
        raise NoAuthenticationInformationError
    version = request.headers.get("x-ms-version", "")
    if version < _FIRST_VERSION_WITH_TOKENS:
        raise BearerNeedsVersionError(version or "missing")
    audiences = (STORAGE_AUDIENCE, f"https://{request.account.host}")
    try:
        return control.tokens.verify(authorization, audiences)
    except InvalidTokenError as error:
        raise InvalidAuthenticationInfoError(str(error)) from None


def authorize(
    control: ControlPlane,
    principal: Principal,
    alternatives: Sequence[Sequence[str]],
    scope: str,
    *,
    data: bool = True,
) -> None:
    """Let a call go on, or refuse it.

    Args:
        control: knows the rights.
        principal: who calls.
        alternatives: lists of actions; every action of one list is needed.
        scope: resource id of what is acted on.
        data: whether they are data actions.

    Raises:
        AuthorizationPermissionMismatchError: names the first list's first action.
    """
    allows = control.authorization.allows
    if not any(
        all(allows(principal.object_id, action, scope, data=data) for action in actions)
        for actions in alternatives
    ):
        refusal = control.authorization.refusal(principal, alternatives[0][0], scope)
        raise AuthorizationPermissionMismatchError(refusal)
