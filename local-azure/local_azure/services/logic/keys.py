"""The keys that sign the URLs of each workflow, and making a new one (D:rest/api/logic/workflows).

Here every URL, links to a run's contents included (UNVERIFIED), is signed with the primary key: a
new secondary one changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from starlette.responses import Response

from local_azure.control_plane.resource_manager.errors import InvalidPropertyError
from local_azure.control_plane.resource_manager.rest import Operation
from local_azure.services.logic import callback
from local_azure.services.logic.resources import WORKFLOW

if TYPE_CHECKING:
    from local_azure.control_plane.resource_manager.rest import Call
    from local_azure.control_plane.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS workflow_keys (
    workflow TEXT PRIMARY KEY, regenerated INTEGER NOT NULL);
"""
_PRIMARY, _SECONDARY = "Primary", "Secondary"
_ACTION = "Microsoft.Logic/workflows/regenerateAccessKey/action"
_VERSIONS = ("2016-06-01", "2019-05-01")


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
        return Operation("POST", WORKFLOW.path, rest, _ACTION, _VERSIONS, self._regenerate)

    async def _regenerate(self, call: Call) -> Response:
        found = call.body.get("keyType") if isinstance(call.body, dict) else None
        if found not in {_PRIMARY, _SECONDARY}:
            reason = f"found {found!r}, accepted: {_PRIMARY}, {_SECONDARY}"
            raise InvalidPropertyError(call.target.name, "keyType", reason)
        if found == _PRIMARY:
            self._state.execute(
                "INSERT INTO workflow_keys VALUES (?, 1) "
                "ON CONFLICT DO UPDATE SET regenerated = regenerated + 1",
                callback.access_id(call.target),
            )
        return Response()
