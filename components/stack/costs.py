"""What a stack costs a month before anything runs, told by each preview.

US dollars of the public cloud, as another project's price tests had them on 2024-07-01 (infracost's
golden files); what runs, is sent and is kept in logs is in no preview.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

import pulumi

from components.settings import Settings
from components.settings.workspace import NewCluster

if TYPE_CHECKING:
    from collections.abc import Mapping

_REGISTRY = "azure-native:containerregistry:Registry"
_MONTHLY = {
    f"{_REGISTRY} Basic": ("container registry", 5.00),
    f"{_REGISTRY} Premium": ("container registry", 50.00),
    "azure-native:network:PrivateEndpoint": ("private endpoints", 7.30),
    # In the network that Azure ML manages.
    "azure-native:machinelearningservices:ManagedNetworkSettingsRule": ("the jobs'", 7.30),
    "azure-native:privatedns:PrivateZone": ("DNS zones", 0.50),
    "azure-native:monitor:MetricAlert": ("alerts of a time series each", 0.10),
}
_PLANS = {"WS1": 180.0, "WS2": 360.0, "WS3": 720.0}
_GIGABYTE, _IN_THREE_ZONES = 0.02, 0.025
"""The second by a ratio that is UNVERIFIED."""


class Costs:
    """Counts what is made from now on."""

    def __init__(self) -> None:
        self._made: Counter[str] = Counter()
        pulumi.runtime.register_stack_transformation(self._count)

    def _count(self, made: pulumi.ResourceTransformationArgs) -> None:
        props: Mapping[str, Any] = made.props
        tier = f" {props['sku']['name']}" if made.type_ == _REGISTRY else ""
        self._made[made.type_ + tier] += 1

    def tell(self, settings: Settings) -> None:
        """What it comes to, in a preview alone: an `up` has shown one."""
        if pulumi.runtime.is_dry_run():
            pulumi.log.info(self.text(settings))

    def text(self, settings: Settings) -> str:
        """The sentence."""
        counted = [(what, self._made[kind] * price) for kind, (what, price) in _MONTHLY.items()]
        plans = self._made["azure-native:web:AppServicePlan"]
        counted.append(("Standard Logic App", plans * _PLANS[settings.workflows.sku]))
        parts = [f"{what} {price:.2f}" for what, price in counted if price]
        zones = settings.hardening.enabled and settings.hardening.zone_redundant
        gigabyte = f"{_IN_THREE_ZONES} a GB in three zones" if zones else f"{_GIGABYTE} a GB"
        cluster = settings.cluster
        if isinstance(cluster, NewCluster) and cluster.min_nodes:
            parts.append(f"and {cluster.min_nodes} {cluster.vm_size} by the hour")
        of = f" ({', '.join(parts)})" if parts else ""
        return (
            f"Before anything runs this costs {sum(price for _, price in counted):.2f} US dollars"
            f" a month{of} and {gigabyte} stored (public cloud, prices of July 2024)."
        )
