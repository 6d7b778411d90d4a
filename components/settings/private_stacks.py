"""Rules for private stacks: what does not go together with `network.private`."""

from collections.abc import Iterator

from components.settings.problems import Misfit
from components.settings.settings import Settings

_MADE_HERE = ("storage", "workspace", "endpoint", "data_factory")
_MOST_TAGS_OF_ZONES = 12
"""A private DNS zone takes 15, of which three are the program's own
(D:azure-resource-manager/management/tag-resources)."""


def _all_is_the_stack_s_own(settings: Settings) -> Iterator[Misfit]:
    for name in _MADE_HERE if settings.network.private else ():
        if getattr(settings, name).existing:
            accepted = "nothing: of what exists already a private stack does not shut the door"
            yield Misfit(f"{name}.existing", accepted, None)


def _the_factory_invokes(settings: Settings) -> Iterator[Misfit]:
    """Consumption calls from public addresses."""
    private, plan = settings.network.private, settings.workflows.plan
    if not (private and settings.workflow_invokes) or plan == "standard":
        return
    because = (
        "in a private stack the data factory invokes, or a Logic App of workflows.plan standard"
    )
    if settings.factory is None:
        accepted = f"true, with blob_events.marker_name: {because}"
        yield Misfit("data_factory.enabled", accepted, write=True, found=False)
    else:
        accepted = f"the name of a marker file, which starts a pipeline: {because}"
        yield Misfit("blob_events.marker_name", accepted, "_SUCCESS")


def _a_site_calls_from_the_network(settings: Settings) -> Iterator[Misfit]:
    """From a subnet of its own: the stack makes both, or neither."""
    network, workflows = settings.network, settings.workflows
    if not network.private or workflows.plan == "consumption":
        return
    own, given = network.network_id, workflows.subnet_id
    if own is None and given:
        accepted = "nothing: the stack makes it in its own network"
        yield Misfit("workflows.subnet_id", accepted, None)
    elif own is None and network.workflows_prefix is None:
        accepted = "128 addresses or more: the second 64 are for workflows.plan standard"
        yield Misfit("network.address_space", accepted)
    elif own and not _is_beside(given, network.existing_subnet, own):
        accepted = (
            "another subnet of the network of network.existing_subnet, delegated to"
            " Microsoft.Web/serverFarms"
        )
        yield Misfit("workflows.subnet_id", accepted, f"{own}/subnets/workflows")


def _is_beside(subnet_id: str | None, other_id: str | None, network_id: str) -> bool:
    found = (subnet_id or "").lower()
    inside = found.startswith(f"{network_id}/subnets/".lower())
    return inside and found != (other_id or "").lower()


def _the_factory_has_no_secret(settings: Settings) -> Iterator[Misfit]:
    factory = settings.factory if settings.network.private else None
    if factory and factory.authentication == "service_principal":
        accepted = "managed_identity: pipelines of a private stack reach no vault"
        yield Misfit("data_factory.authentication", accepted, "managed_identity")


def _nothing_is_locked(settings: Settings) -> Iterator[Misfit]:
    """Source: D:machine-learning/how-to-managed-network, "Limitations"."""
    hardening = settings.hardening
    if settings.network.private and hardening.enabled and hardening.locks:
        accepted = "false: a lock may keep Azure ML from managing the network of a private stack"
        yield Misfit("hardening.locks", accepted, write=False)


def _a_data_lake_has_an_endpoint_more(settings: Settings) -> Iterator[Misfit]:
    if settings.network.private and settings.storage.hierarchical_namespace:
        accepted = "false: a private stack has no endpoint for Data Lake Storage's host"
        yield Misfit("storage.hierarchical_namespace", accepted, write=False)


def _zones_take_few_tags(settings: Settings) -> Iterator[Misfit]:
    network = settings.network
    made_here = network.private and network.zone_groups and not network.existing_zones
    if made_here and len(settings.tags) > _MOST_TAGS_OF_ZONES:
        accepted = f"up to {_MOST_TAGS_OF_ZONES} tags: the stack's private DNS zones take no more"
        yield Misfit("tags", accepted)


RULES = (
    _all_is_the_stack_s_own,
    _the_factory_invokes,
    _a_site_calls_from_the_network,
    _the_factory_has_no_secret,
    _nothing_is_locked,
    _a_data_lake_has_an_endpoint_more,
    _zones_take_few_tags,
)
