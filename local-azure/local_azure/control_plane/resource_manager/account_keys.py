"""The keys of storage accounts: told to whoever may list them, and taken by no account here."""

import base64
import hashlib
import hmac
from typing import Any

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import KeysDisabledError
from local_azure.control_plane.resource_manager.store import Resource

NAMES = ("key1", "key2")


def check_are_on(target: Resource) -> None:
    """Refuse the keys of what takes none.

    Raises:
        KeysDisabledError: it says so.
    """
    for setting, off in (("disableLocalAuth", True), ("allowSharedKeyAccess", False)):
        if target.properties.get(setting) is off:
            raise KeysDisabledError(target.type, f"{setting} {str(off).lower()}")


def keys_of(control: ControlPlane, account: Resource) -> tuple[str, ...]:
    """The two of an account; those of one that is made anew are new."""
    master = control.home.derived("account-keys")
    made = f"{account.id.lower()} {account.properties['creationTime']}"
    return tuple(
        base64.b64encode(hmac.digest(master, f"{made} {name}".encode(), hashlib.sha512)).decode()
        for name in NAMES
    )


def listed(control: ControlPlane, account: Resource) -> dict[str, Any]:
    """What ``listKeys`` answers.

    Raises:
        KeysDisabledError: the account takes no keys.
    """
    check_are_on(account)
    return {
        "keys": [
            {
                "creationTime": account.properties["creationTime"],
                "keyName": name,
                "permissions": "FULL",
                "value": value,
            }
            for name, value in zip(NAMES, keys_of(control, account), strict=True)
        ]
    }
