"""Who calls, in which environment: the connections that a command shares."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import Self

from azure.core.credentials import TokenCredential
from azure.storage.blob import ContainerClient

from batch_client.blobs import container
from batch_client.environment import Environment
from batch_client.jobs import Job, Jobs
from batch_client.pipelines import Pipelines
from batch_client.progress import Progress
from batch_client.rights import INVOKE, READ_BLOBS, Need, needing
from batch_client.run_history import RunHistory
from batch_client.session import Session
from batch_client.tokens import RememberedTokens
from batch_client.waiting import Clock


class Caller:
    """Somebody who is signed in, and an environment."""

    def __init__(
        self, environment: Environment, progress: Progress, clock: Clock | None = None
    ) -> None:
        self.environment = environment
        self.progress = progress
        self.clock = clock or Clock()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def credential(self) -> TokenCredential:
        """Signs in."""
        return RememberedTokens(self._open.enter_context(self.environment.credential()))

    @cached_property
    def jobs(self) -> Jobs:
        """The jobs of the environment's endpoint."""
        session = self._session(self.environment.ml_audience)
        return Jobs(session, self.environment.need("scoring_uri"), self.clock)

    @cached_property
    def manager(self) -> Session:
        """Resource Manager."""
        return self._session(f"https://{self.environment.cloud.arm_host}")

    @cached_property
    def pipelines(self) -> Pipelines:
        """The pipelines of the environment's data factory."""
        return Pipelines(self.manager, self.environment.need("factory_id"), self.clock)

    @cached_property
    def history(self) -> RunHistory:
        """The runs of the endpoint's workspace."""
        return RunHistory(self.manager, self.environment.need("workspace_id"))

    def job(self, name: str, step: str = "read the job") -> Job:
        """A job as it is now.

        Raises:
            RefusedError: there is none of this name.
            ClientError: it may not be read; a missing role is named.
        """
        with needing(self.invoking(step)):
            return self.jobs.get(name)

    @contextmanager
    def container(
        self, url: str, step: str, role: str = READ_BLOBS, setting: str = ""
    ) -> Iterator[ContainerClient]:
        """A container, for a step for which one needs a role there.

        Raises:
            ClientError: as ``needing``.
        """
        need = Need(step, role, f"the container {url}", setting)
        with needing(need), container(url, self.credential) as client:
            yield client

    def invoking(self, step: str) -> Need:
        """What starting and following jobs needs."""
        workspace = self.environment.get("workspace_id") or "the endpoint's workspace"
        return Need(step, INVOKE, workspace, "callers")

    def _session(self, audience: str) -> Session:
        session = Session(self.credential, audience)
        self._open.callback(session.close)
        return session
