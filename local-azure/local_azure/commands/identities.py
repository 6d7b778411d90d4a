"""Tokens for a pipeline that runs from a file: as which principal of the running Azure it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.commands import process
from local_azure.commands.console_client import Console
from local_azure.errors import LocalAzureError
from local_azure.runs.environment import IdentityError

if TYPE_CHECKING:
    from local_azure.home import Home


class Identities:
    """The identities of the factory that the pipeline is taken to belong to.

    Args:
        home: the state folder, on which a server may run.
        chosen: object id of whom it calls as; by default that is the factory's own identity, where
            exactly one factory exists.
    """

    def __init__(self, home: Home, chosen: str | None) -> None:
        self._home = home
        self._chosen = chosen

    def token(self, identity: str | None, audience: str) -> str:
        """A token.

        Args:
            identity: resource id of a user-assigned identity; None for the factory's own.
            audience: whom is called.

        Raises:
            IdentityError: it can't be said as whom, or nobody gives a token.
        """
        if process.running(self._home) is None:
            message = "A pipeline that runs from a file has no identity: no embedded Azure runs."
            raise IdentityError(message)
        try:
            console = Console.of(self._home)
            factories = console.get("/factories")
            return console.token(self._principal(factories, identity), audience)
        except LocalAzureError as error:
            raise IdentityError(str(error)) from error

    def _principal(self, factories: list[dict[str, Any]], identity: str | None) -> str:
        if identity is not None:
            return _user_assigned(factories, identity)
        if self._chosen:
            return self._chosen
        names = ", ".join(each["name"] for each in factories) or "none"
        own = [each["identity"].get("principalId") for each in factories]
        if len(own) != 1 or own[0] is None:
            message = (
                "The identity of the deployed factory is used where there is exactly one; there "
                f"are: {names}. Say whose identity is meant by --as OBJECT_ID."
            )
            raise IdentityError(message)
        return str(own[0])


def _user_assigned(factories: list[dict[str, Any]], identity: str) -> str:
    for factory in factories:
        assigned = factory["identity"].get("userAssignedIdentities") or {}
        for resource_id, about in assigned.items():
            if resource_id.lower() == identity.lower():
                return str(about["principalId"])
    message = f"The identity '{identity}' is assigned to no factory here."
    raise IdentityError(message)
