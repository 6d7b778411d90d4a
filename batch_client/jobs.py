"""Batch jobs: started once, followed to their end.

A job's three ends are Completed, Failed and Canceled (azure-ai-ml); any other status goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid4, uuid5

from batch_client import once
from batch_client.answers import LostAnswerError, NotThereError, RefusedError
from batch_client.errors import ClientError, Exit
from batch_client.invocation import Invocation
from batch_client.session import Session
from batch_client.uris import plain
from batch_client.waiting import Clock, Work

COMPLETED = "Completed"
_TAKEN = "A job with this name already exists."
"""Azure's sentence (azure-sdk-for-python issue 42156); with which status it comes is UNVERIFIED."""


@dataclass(frozen=True)
class Job(Work):
    """A batch job as its endpoint shows it.

    Attributes:
        name: its name.
        status: its present status.
        properties: what the endpoint tells of it, camelCase.
        created: when it was made, ISO 8601.
        deployment: whose it is; empty where the answer does not tell.
    """

    ends: ClassVar[Mapping[str, Exit]] = {
        COMPLETED: Exit.DONE,
        "Failed": Exit.FAILED,
        "Canceled": Exit.CANCELED,
    }
    name: str
    status: str
    properties: dict[str, Any]
    created: str = ""
    deployment: str = ""

    @property
    def inputs(self) -> list[str]:
        """The URL, or the URI, of each input, as people write it."""
        ports = (self.properties.get("inputData") or {}).values()
        told = [port.get("uri") or port.get("Uri") for port in ports if isinstance(port, dict)]
        return [plain(str(uri)) for uri in told if uri]

    @property
    def page(self) -> str:
        """Its page in the studio, for a person; empty if the endpoint tells none."""
        pages = self.properties.get("interactionEndpoints") or {}
        return str((pages.get("Studio") or {}).get("endpoint") or "")


class Jobs:
    """The jobs of a batch endpoint.

    Args:
        session: for the audience of batch endpoints.
        scoring_uri: ``https://<endpoint>.<region>.<inference suffix>/jobs``.
        clock: the time.
    """

    def __init__(self, session: Session, scoring_uri: str, clock: Clock | None = None) -> None:
        self._session = session
        self._uri = scoring_uri.rstrip("/")
        self._clock = clock or Clock()
        self._ended: dict[str, Job] = {}

    def start(self, asked: Invocation) -> Job:
        """Start one job, and never a second one.

        The job gets a name before it is asked for. The request is sent again only where the answer
        proves that no job was made (``once``). After any other failure the job is looked
        up by its name. That an endpoint heeds ``name`` is
        UNVERIFIED (azure-ai-ml sends it), so an unknown outcome stays one: nothing is repeated.

        Raises:
            RefusedError: the endpoint refused.
            UnknownOutcomeError: nobody knows whether there is a job.
            ClientError: the endpoint can't be reached.
        """
        name = asked.name or f"client-{uuid4()}"
        # A UUID, as azure-ai-ml sends: what else the header might take no source says.
        same = str(uuid5(NAMESPACE_URL, f"{self._uri}/{name}"))
        headers = {**asked.headers(), "repeatability_request-id": same}
        body = asked.body(name)
        unknown = (
            f"Whether the job {name} was started is not known, so it was not asked for again. "
            f"`batch-events follow {name}` shows it if it was; the studio lists all."
        )
        try:
            return once.started(
                lambda: _job(self._session.post(self._uri, body, headers=headers)),
                lambda: self.get(name),
                self._clock,
                unknown,
            )
        except RefusedError as refusal:
            if refusal.status != HTTPStatus.CONFLICT and _TAKEN not in refusal.reason:
                raise
            message = (
                f"A job {name} exists already, and no second one was started; "
                f"`batch-events follow {name}` waits for its end."
            )
            raise ClientError(message) from None

    def get(self, name: str) -> Job:
        """A job as it is now; of one that has ended the endpoint is asked once.

        Raises:
            RefusedError: there is none of this name, or it may not be read.
        """
        if name in self._ended:
            return self._ended[name]
        try:
            job = _job(self._session.get(f"{self._uri}/{quote(name, safe='')}"))
        except NotThereError as missing:
            why = f"The job {name!r} is not found: {missing}".rstrip(".")
            missing.args = (f"{why}. `batch-events jobs` lists those that there are.",)
            raise
        if job.ended:
            self._ended[name] = job
        return job


def _job(answer: dict[str, Any]) -> Job:
    """The name that polls take is the last part of the id (EX); ``name`` says the same."""
    properties = answer.get("properties") or {}
    name = str(answer.get("id") or "").rstrip("/").rpartition("/")[2] or answer.get("name")
    if not name:
        raise LostAnswerError("The endpoint's answer names no job.")
    created = str((answer.get("systemData") or {}).get("createdAt") or "")
    deployment = str(answer.get("id") or "").partition("/deployments/")[2].partition("/")[0]
    return Job(str(name), str(properties.get("status", "")), properties, created, deployment)
