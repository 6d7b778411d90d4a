"""Long-running operations: the headers that lead to one, and what its URLs answer.

What an operation does is done when it begins; what is told of it waits for its end, by the clock
and for as long as Azure takes (``pace.py``).
"""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from local_azure.control_plane.clock import iso_at
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import asynchronous
from local_azure.control_plane.resource_manager.asynchronous import Way
from local_azure.control_plane.resource_manager.errors import (
    MethodNotAllowedError,
    OperationFailedError,
    OperationInProgressError,
)
from local_azure.control_plane.resource_manager.requests import Answer, Asked
from local_azure.control_plane.resource_manager.resource_type import Json
from local_azure.control_plane.tenant import SUBSCRIPTION_ID

ASYNC = "Azure-AsyncOperation"
SCHEMA = """
CREATE TABLE IF NOT EXISTS operations (
    monitor TEXT NOT NULL, result TEXT NOT NULL, told TEXT NOT NULL, final TEXT NOT NULL,
    ends REAL NOT NULL, resource TEXT NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS operations_by_monitor ON operations (monitor);
CREATE INDEX IF NOT EXISTS operations_by_result ON operations (result);
CREATE INDEX IF NOT EXISTS operations_by_resource ON operations (resource);
"""
_CREATED = 201


class Operations:
    """Those of the newest requests; old ones are forgotten.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._state, self._clock, self._pace = control.state, control.clock, control.pace
        self._state.define(SCHEMA)

    def begun(
        self,
        arm_type: str,
        asked: Asked,
        answer: Answer,
        around: dict[str, str],
        failure: OperationFailedError | None = None,
    ) -> Answer:
        """The answer to a request that is carried out, with what leads to the operation's end.

        Args:
            arm_type: what kind of resource it is about.
            asked: the request.
            answer: what it came to; the status says whether the resource is new.
            around: what ``around`` told before a DELETE, or after a PUT.
            failure: what the operation ends with, where it fails.
        """
        way, is_new = asynchronous.of(asked.method, arm_type), answer.status == _CREATED
        status = way.made if is_new else way.done
        if way.returns_it and status != way.made:
            # An account that exists is done at once, and told (recorded).
            return Answer(status, answer.body)
        body = None if way.empty else _with_state(answer.body, way, is_new=is_new)
        told_id = (answer.body or {}).get("id", asked.path)
        monitor, result = _urls(way, asked, {**around, "told_id": told_id})
        headers = dict(way.beside)
        if monitor:
            headers[ASYNC] = f"https://{asked.cloud.arm_host}{monitor}"
        if result:
            # Of an identity it is a path alone (recorded).
            host = f"https://{asked.cloud.arm_host}" if "?" in result else ""
            headers["Location"] = f"{host}{result}"
        seconds = self._pace.seconds(asked.method, arm_type)
        if way.is_followed or seconds:
            self._keep(way, (monitor, result), asked.path, answer, seconds, failure)
        if way.is_followed:
            headers |= _after(way.retry_after if seconds else 0)
        return Answer(status, body, headers, null=way.null)

    def answer(self, asked: Asked) -> Answer | None:
        """What an operation's URL answers; None where it is none.

        Raises:
            MethodNotAllowedError: it is asked for anything but that.
        """
        path = asked.path.rstrip("/").lower()
        row = self._state.row(
            "SELECT * FROM operations WHERE monitor = ? OR result = ? ORDER BY rowid DESC",
            path,
            path,
        )
        if row is None:
            return None
        if asked.method != "GET":
            raise MethodNotAllowedError(asked.path, asked.method)
        kept, has_ended = json.loads(row["told"]), self._clock.timestamp() >= row["ends"]
        headers = {} if has_ended else _after(kept["retry_after"])
        if row["monitor"] == path and asked.query.get("type") != "location":
            return Answer(200, _told(kept, row["ends"], asked, has_ended=has_ended), headers)
        if has_ended:
            return Answer(200, json.loads(row["final"]))
        url = f"https://{asked.cloud.arm_host}{asked.path}?{urlencode(asked.query)}"
        return Answer(202, None, {"Location": url, **headers})

    def around(self, resource_id: str) -> dict[str, str]:
        """Region and workspace of a resource, told by itself or by what it lies in."""
        parts, told = resource_id.split("/"), {"location": "global", "workspace": ""}
        for end in range(5, len(parts) + 1, 2):
            if parts[end - 2] == "providers":
                continue  # a namespace, which is no resource
            found = self._control.resources.find("/".join(parts[:end]))
            here = found.properties if found else {}
            told["location"] = here.get("location", told["location"])
            told["workspace"] = here.get("workspaceId", told["workspace"])
        return told

    def state(self, resource_id: str) -> str:
        """What a resource tells as its state while an operation on it goes on; empty at its end."""
        if not self._pace.is_slow:
            return ""
        row = self._state.row(
            "SELECT state FROM operations WHERE resource = ? AND ends > ? ORDER BY rowid DESC",
            resource_id.lower(),
            self._clock.timestamp(),
        )
        return str(row["state"]) if row else ""

    def check_idle(self, resource_id: str) -> None:
        """Refuse a change of a resource while another goes on, there or right above.

        Raises:
            ConflictError: one goes on.
        """
        for each in (resource_id, "/".join(resource_id.split("/")[:-2])):
            if state := self.state(each):
                raise OperationInProgressError(each, state)

    def _keep(
        self,
        way: Way,
        urls: tuple[str, str],
        resource_id: str,
        answer: Answer,
        seconds: float,
        failure: OperationFailedError | None,
    ) -> None:
        now = self._clock.timestamp()
        told = {
            "keys": way.keys,
            "as_url": way.told_as_url,
            "under_way": way.under_way,
            "started": now,
            "retry_after": way.retry_after,
            "error": failure.ended() if failure else None,
        }
        number = self._state.insert(
            "INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(each.partition("?")[0].lower() for each in urls),
            json.dumps(told),
            json.dumps(answer.body if way.returns_it else None),
            now + seconds,
            resource_id.rstrip("/").lower(),
            way.state(is_new=answer.status == _CREATED) or "Creating",
        )
        self._state.prune("operations", number)


def _urls(way: Way, asked: Asked, around: dict[str, str]) -> tuple[str, str]:
    resource_id = asked.path.rstrip("/")
    guid = str(uuid4())
    parts = {
        **around,
        "subscription": SUBSCRIPTION_ID,
        "resource": resource_id,
        "parent": "/".join(resource_id.split("/")[:-2]),
        "name": resource_id.rpartition("/")[2],
        "guid": guid,
        "GUID": guid.upper(),
        "query": urlencode(asked.query),
    }
    return way.monitor.format(**parts), way.result.format(**parts)


def _with_state(body: Any, way: Way, *, is_new: bool) -> Any:
    state = way.state(is_new=is_new)
    if not state or not isinstance(body, dict):
        return body
    told = {**body["properties"], "provisioningState": state}
    told |= {key: value for key, value in way.meanwhile if key in told}
    return {**body, "properties": told}


def _told(kept: Json, ends: float, asked: Asked, *, has_ended: bool) -> Json:
    ended = "Failed" if kept["error"] else "Succeeded"
    url = f"https://{asked.cloud.arm_host}{asked.path}?{urlencode(asked.query)}"
    told: Json = {
        "id": url if kept.get("as_url") else asked.path,
        "name": asked.path.rpartition("/")[2].lower(),
        "status": ended if has_ended else kept["under_way"],
        "startTime": iso_at(kept["started"]),
        "endTime": iso_at(ends),
        "properties": {},
    }
    shown = {key: told[key] for key in kept["keys"] if has_ended or key != "endTime"}
    return {**shown, "error": kept["error"]} if has_ended and kept["error"] else shown


def _after(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(seconds)}
