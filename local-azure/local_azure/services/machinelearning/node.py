"""What a running job has of its cluster: a folder, two identities, and an environment.

Data is mounted as the compute's identity and read as the caller's
(D:machine-learning/how-to-access-data-batch-endpoints-jobs).
"""

import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.machinelearning.assets import Assets
from local_azure.services.machinelearning.blobs import Blobs
from local_azure.services.machinelearning.endpoints import settings
from local_azure.services.machinelearning.environments import conda, virtual
from local_azure.services.machinelearning.environments.conda import Packages
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.jobs import Job, Jobs
from local_azure.services.machinelearning.pipelines.steps import Steps

_PULL = "Microsoft.ContainerRegistry/registries/pull/read"


class Node:
    """Where one job runs.

    Args:
        control: the control plane.
        jobs: keeps the job's states.
        assets: code and models.
        steps: keeps the steps of pipelines' jobs.
        storage: blobs, as a principal may use them.
        job: the job.

    Attributes:
        folder: the job's own; its logs stay there.
        work: what is removed when the job has ended.
        printed: what the job's processes print.
        notes: lines for the overview of its logs.
        workspace: the endpoint's; of a job that runs, as is:
        compute: storage as the cluster's nodes see it.
    """

    workspace: Resource
    compute: Blobs

    def __init__(
        self,
        control: ControlPlane,
        jobs: Jobs,
        assets: Assets,
        steps: Steps,
        storage: Callable[[Principal], Blobs],
        job: Job,
    ) -> None:
        self.control = control
        self.jobs = jobs
        self.assets = assets
        self.steps = steps
        self.job = job
        self.folder = control.home.jobs / job.name
        self.work = self.folder / "work"
        self.printed = self.work / "printed.txt"
        self.notes: list[str] = []
        self._storage = storage

    def prepare(self) -> None:
        """Make the folder anew; it blocks, for a thread."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("input", "output"):
            (self.work / name).mkdir(parents=True, mode=0o700)

    def clear(self) -> None:
        """Remove everything but the logs; it blocks, for a thread."""
        shutil.rmtree(self.work, ignore_errors=True)

    def as_compute(self, compute: Resource) -> Blobs:
        """Storage as a cluster's nodes see it.

        Raises:
            JobFailedError: the cluster has no identity, or it does not exist any more.
        """
        return self._storage(self._identity(compute))

    def as_caller(self) -> Blobs:
        """Storage as the job's caller sees it.

        Raises:
            JobFailedError: the caller does not exist any more.
        """
        return self._storage(self._principal(self.job.caller))

    async def interpreter(self, environment: Resource | None, log: Path) -> Path:
        """What runs Python in an environment: its own, where it has a conda file.

        Args:
            environment: its version; None for one that Azure owns.
            log: gets what was installed.

        Raises:
            JobFailedError: it can't be made, or not be pulled.
        """
        told = settings(environment) if environment else {}
        image = told.get("image") or "one of Azure's own"
        if not told.get("condaFile"):
            self._note(f"the image {image} is not run here; no conda file", Path(sys.executable))
            return Path(sys.executable)
        packages = conda.read(told["condaFile"])
        whose = f"its conda file, without the image {image}"
        return await self.built(packages, whose, log)

    async def built(self, packages: Packages, whose: str, log: Path) -> Path:
        """What runs Python where an image was built, which the workspace's registry has.

        Args:
            packages: what is in it.
            whose: what asks for them.
            log: gets what was installed.

        Raises:
            JobFailedError: it can't be made.
        """
        registry = self.workspace.body["containerRegistry"]
        self.control.authorization.authorize(self.compute.principal, _PULL, registry)
        made = await virtual.interpreter(packages, log)
        self._note(f"the packages of {whose}", made)
        return made

    def _note(self, what: str, python: Path) -> None:
        version = "" if python != Path(sys.executable) else f" {platform.python_version()}"
        line = f"environment: {what}; Python{version} is {python}"
        self.notes += [line] if line not in self.notes else []

    def environment(self, python: Path, /, **more: str) -> dict[str, str]:
        """The whole environment of the job's processes, in which ``python`` is the given one."""
        return {
            "PATH": os.pathsep.join([str(python.parent), os.defpath]),
            "LANG": "C.UTF-8",
            "HOME": str(self.work),
            "TMPDIR": str(self.work),
            **more,
        }

    def _identity(self, compute: Resource) -> Principal:
        """Whom a cluster's nodes act as: its first user-assigned identity, else its own."""
        identity = compute.body.get("identity") or {}
        for resource_id in identity.get("userAssignedIdentities") or ():
            found = self.control.resources.find(resource_id)
            if found:
                return self._principal(found.properties["principalId"])
        own = (compute.properties.get("identity") or {}).get("principalId")
        if not own:
            message = f"The cluster '{compute.name}' has no identity to mount data with."
            raise JobFailedError(message)
        return self._principal(own)

    def _principal(self, object_id: str) -> Principal:
        principal = self.control.directory.find(object_id)
        if principal is None:
            message = f"The principal {object_id} does not exist any more."
            raise JobFailedError(message)
        return principal
