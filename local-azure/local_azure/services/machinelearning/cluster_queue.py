"""Jobs that wait for a cluster: at most its maximum node count at once, and the machine's cores.

Nodes are not emulated beyond their number: a node has no start-up time and is never taken away.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from local_azure.services.machinelearning.jobs import Job


@dataclass
class _Cluster:
    waiting: deque[Job] = field(default_factory=deque)
    busy: int = 0


class ClusterQueue:
    """First come, first served, on each cluster.

    Args:
        run: runs a job to its end; must not raise.
        node_count: the nodes that a cluster (resource id) has at most.
        cores: jobs at once on all clusters together.
    """

    def __init__(
        self,
        run: Callable[[Job], Coroutine[Any, Any, None]],
        node_count: Callable[[str], int],
        cores: int,
    ) -> None:
        self._run = run
        self._node_count = node_count
        self._free_cores = cores
        self._clusters: dict[str, _Cluster] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    def add(self, job: Job) -> None:
        """Let a job wait for its turn."""
        self._clusters.setdefault(job.compute.lower(), _Cluster()).waiting.append(job)
        self._fill()

    def remove(self, name: str) -> asyncio.Task[None] | None:
        """Take a job out of the queue; the task that runs it already, if one does."""
        for cluster in self._clusters.values():
            for job in [job for job in cluster.waiting if job.name == name]:
                cluster.waiting.remove(job)
        return self._running.get(name)

    async def stop(self) -> None:
        """Break off what runs; its jobs are taken up again at the next start."""
        for cluster in self._clusters.values():
            cluster.waiting.clear()
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _fill(self) -> None:
        for compute, cluster in self._clusters.items():
            while cluster.waiting and self._free_cores:
                nodes = cluster.waiting[0].nodes
                if cluster.busy + nodes > self._node_count(compute):
                    break
                self._begin(cluster, cluster.waiting.popleft())

    def _begin(self, cluster: _Cluster, job: Job) -> None:
        cluster.busy += job.nodes
        self._free_cores -= 1
        task = asyncio.ensure_future(self._run(job))
        self._running[job.name] = task
        task.add_done_callback(lambda _: self._release(cluster, job))

    def _release(self, cluster: _Cluster, job: Job) -> None:
        cluster.busy -= job.nodes
        self._free_cores += 1
        del self._running[job.name]
        self._fill()
