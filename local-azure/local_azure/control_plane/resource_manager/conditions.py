"""Conditions of a request (``If-Match``, ``If-None-Match``): those that clients send by themselves.

Terraform's azurerm sends both empty with a private DNS zone and its links, which says nothing;
azure-cli 2.91.0 and Az PowerShell make these with ``If-None-Match: *``. Others are declined.
"""

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.errors import (
    NotEmulatedError,
    PreconditionFailedError,
)
from local_azure.control_plane.resource_manager.requests import Asked
from local_azure.control_plane.resource_manager.store import Resource

_NEW = "*"
_CALLED = {
    arm_types.PRIVATE_ZONE: "Zone",
    f"{arm_types.PRIVATE_ZONE}/virtualNetworkLinks": "Virtual network link",
}
"""What is made only where it is not there yet, and what its refusal calls it."""


def check(arm_type: str, asked: Asked) -> None:
    """Decline what is not sent by a client of its own accord.

    Raises:
        NotEmulatedError: it is not.
    """
    is_taken = arm_type in _CALLED and (asked.method, asked.if_none_match) == ("PUT", _NEW)
    if asked.if_match or (asked.if_none_match and not is_taken):
        raise NotEmulatedError(asked.path, "If-Match or If-None-Match")


def check_new(before: Resource | None, asked: Asked) -> None:
    """Refuse what must not be there yet, and is.

    Raises:
        PreconditionFailedError: it is.
    """
    if before is not None and asked.if_none_match:
        raise PreconditionFailedError(_CALLED[before.type], before.name)
