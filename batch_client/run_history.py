"""The runs below a job, where what a job leaves without a named output is found.

No answer of the endpoint tells it. The requests, and their audience, are those that azure-ai-ml
1.35.2 sends: discovery by the workspace, ``children`` and ``rundata``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from batch_client.errors import ClientError
from batch_client.rights import INVOKE, Need, needing
from batch_client.session import Session, fetch

ML_VERSION = "2025-12-01"
"""Of Resource Manager's API of workspaces, and of all that is in them."""
_VERSION = "v1.0"


@dataclass(frozen=True)
class ChildRun:
    """A run below a job.

    Attributes:
        id: its own, which its folders are named by.
        name: of the step that it runs.
    """

    id: str
    name: str


class RunHistory:
    """The run history of a workspace."""

    def __init__(self, manager: Session, workspace_id: str) -> None:
        self._manager, self._workspace = manager, workspace_id
        self._need = Need("read the run history", INVOKE, self._workspace, "callers")
        self._url = ""

    def children(self, job: str) -> list[ChildRun]:
        """The runs below a job.

        Raises:
            ClientError: it can't be read.
        """
        with needing(self._need):
            return [
                ChildRun(str(run["runId"]), str(run.get("displayName") or run.get("name") or ""))
                for run in self._children(job)
            ]

    def _children(self, job: str) -> Iterator[dict[str, Any]]:
        """50 to an answer, whose token asks for more (azure-sdk-for-python#32440, PR 32443)."""
        url = f"{self._base()}/runs/{quote(job, safe='')}/children"
        token: str | None = ""
        while token is not None:
            told = self._manager.get(url, _VERSION, {"$continuationtoken": token} if token else {})
            yield from told.get("value", [])
            token = told.get("continuationToken") or None

    def error(self, run: str) -> str:
        """The sentence that a run, a job's own too, ended with; empty where there is none.

        Raises:
            ClientError: it can't be read.
        """
        error = (self._details(run).get("error") or {}).get("error") or {}
        return str(error.get("message") or "")

    def times(self, run: str) -> tuple[str, str]:
        """When a run began and ended, ISO 8601; empty while it has not.

        Raises:
            ClientError: it can't be read.
        """
        told = self._details(run)
        return str(told.get("startTimeUtc") or ""), str(told.get("endTimeUtc") or "")

    def _details(self, run: str) -> dict[str, Any]:
        with needing(self._need):
            return self._manager.get(f"{self._base()}/runs/{quote(run, safe='')}/details", _VERSION)

    def references(self, run: str) -> dict[str, Any]:
        """The places in datastores that a run's definition names, as far as it does.

        Raises:
            ClientError: it can't be read.
        """
        asked = {
            "runId": run,
            "selectRunMetadata": True,
            "selectRunDefinition": True,
            "selectJobSpecification": True,
        }
        with needing(self._need):
            told = self._manager.query(f"{self._base()}/rundata", asked, _VERSION)
        found: dict[str, Any] = (told.get("runDefinition") or {}).get("dataReferences") or {}
        return found

    def _base(self) -> str:
        return f"{self.api()}/history/v1.0{self._workspace}"

    def api(self) -> str:
        """Where the workspace's region answers; asked for once.

        Raises:
            ClientError: the workspace can't be read, or names no discovery service.
        """
        if not self._url:
            told = self._manager.get(self._workspace, ML_VERSION)
            discovery = told["properties"].get("discoveryUrl")
            if not discovery:
                message = f"The workspace {self._workspace} names no discovery service."
                raise ClientError(message)
            self._url = str(fetch(str(discovery))["api"])
        return self._url
