"""`resource_group`, `workspace` and `cluster`: where jobs run."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from components.settings.problems import Misfit
from components.settings.section import (
    FORMS,
    ML,
    GroupName,
    Section,
    WorkspaceId,
    between,
    matching,
    named,
)

MOST_NODES = 65000
"""Of one cluster, where Microsoft was asked for them; else 100 (D:machine-learning/
how-to-manage-quotas)."""


class ResourceGroup(Section):
    """Where everything is made."""

    existing: GroupName | None = None
    """Name of a resource group to use instead of a new one."""


class NewWorkspace(Section):
    """A workspace that the stack makes."""

    existing: ClassVar[None] = None

    storage_keys: bool = False
    """Whether the workspace's own storage takes account keys and its datastores use them. Without
    them, the default, Entra tokens alone are taken, which Azure documents as a preview."""

    callers_read_predictions: bool = True
    """Whether callers get Storage Blob Data Reader on the workspace's containers of predictions
    and logs."""


class ExistingWorkspace(Section):
    """A workspace that exists already."""

    told_by = "existing"

    existing: WorkspaceId
    """Resource id of the workspace to use instead of a new one."""

    storage_keys: ClassVar[Literal[False]] = False

    callers_read_predictions: bool = True
    """Whether callers get Storage Blob Data Reader on the workspace's containers of predictions
    and logs; false where another stack of the same workspace has given it to them."""


Workspace = Annotated[NewWorkspace | ExistingWorkspace, FORMS]

ClusterName = Annotated[str, named(f"{ML}/computes")]


class NewCluster(Section):
    """A compute cluster that the stack makes."""

    existing: ClassVar[None] = None

    name: ClusterName = "batch-cluster"
    """Name of the compute cluster."""

    vm_size: Annotated[
        str, matching("Standard_[A-Za-z0-9_-]{1,60}", "a size of machine, such as Standard_DS3_v2")
    ] = "Standard_DS3_v2"
    """Size of the cluster's machines. Another size, or another node_priority, is another cluster
    under the same name: jobs that run on the former one end."""

    node_priority: Literal["dedicated", "low_priority"] = "dedicated"
    """dedicated, or low_priority for cheaper nodes that Azure may take back."""

    min_nodes: Annotated[int, between(0, MOST_NODES)] = 0
    """Nodes that are kept, and paid, without work."""

    max_nodes: Annotated[int, between(1, MOST_NODES)] = 2
    """Nodes at most."""

    idle_seconds_before_scale_down: Annotated[int, between(1, 86400, "seconds")] = 120
    """Seconds without work after which a node is given back."""

    def misfits(self) -> Iterator[Misfit]:
        """It has room for the nodes that are kept."""
        if self.min_nodes > self.max_nodes:
            yield Misfit("min_nodes", f"at most max_nodes, {self.max_nodes}", self.max_nodes)


class ExistingCluster(Section):
    """A cluster of the existing workspace."""

    told_by = "existing"

    existing: Annotated[ClusterName, Field(examples=["batch-cluster"])]
    """Name of a cluster of the existing workspace, which gets the compute identity."""


Cluster = Annotated[NewCluster | ExistingCluster, FORMS]
