"""The versions of a workflow: a run is told with the definition that it began with.

D:rest/api/logic/workflow-versions. How long Azure keeps one is UNVERIFIED: here as long as the
workflow. A site's workflow has none, as in Azure.
"""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import ResourceNotFoundError
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.rest import Call, Operation
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.state import State
from local_azure.services.logic.resources import operation, version_of

_READ = "versions/read"
_TOLD = {
    "accessEndpoint",
    "changedTime",
    "createdTime",
    "definition",
    "parameters",
    "state",
    "version",
}
SCHEMA = """
CREATE TABLE IF NOT EXISTS workflow_versions (
    workflow TEXT NOT NULL COLLATE NOCASE, version TEXT NOT NULL, told TEXT NOT NULL,
    PRIMARY KEY (workflow, version));
"""


class Versions:
    """The table of versions, secret parameters without their values."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def keep(self, put: Put, told: Json) -> None:
        """Write down the version that a PUT makes."""
        kept = json.dumps({key: told[key] for key in _TOLD & told.keys()})
        what = "INSERT OR REPLACE INTO workflow_versions VALUES (?, ?, ?)"
        self._state.execute(what, put.id, told["version"], kept)

    def forget(self, _: ControlPlane, gone: Resource) -> None:
        """They go with their workflow."""
        self._state.execute("DELETE FROM workflow_versions WHERE workflow = ?", gone.id)

    def definition(self, workflow: str, version: str) -> dict[str, Any]:
        """What a version does; empty where it is not there."""
        told: dict[str, Any] = self._of(workflow).get(version, {})
        return told.get("definition") or {}

    def operations(self) -> tuple[Operation, ...]:
        """The list, newest first, and one by its name."""
        return (
            operation("/versions", _READ, self._every),
            operation("/versions/{version}", _READ, self._one),
        )

    async def _every(self, call: Call) -> Response:
        found = self._of(call.target.id).items()
        return JSONResponse({"value": [_told(call.target, *each) for each in found]})

    async def _one(self, call: Call) -> Response:
        version = call.path["version"]
        found = self._of(call.target.id).get(version)
        if found is None:
            raise ResourceNotFoundError(f"{call.target.id}/versions/{version}")
        return JSONResponse(_told(call.target, version, found))

    def _of(self, workflow: str) -> dict[str, dict[str, Any]]:
        rows = self._state.rows(
            "SELECT * FROM workflow_versions WHERE workflow = ? ORDER BY version DESC", workflow
        )
        return {row["version"]: json.loads(row["told"]) for row in rows}


def _told(workflow: Resource, version: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {**version_of(workflow, version), "properties": properties}
