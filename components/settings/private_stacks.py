"""Rules for private stacks: what does not go together with `network.private`."""

from collections.abc import Iterator

from components.settings.problems import Misfit
from components.settings.settings import Settings

_MADE_HERE = ("storage", "workspace", "endpoint", "data_factory")


def _all_is_the_stack_s_own(settings: Settings) -> Iterator[Misfit]:
    for name in _MADE_HERE if settings.network.private else ():
        if getattr(settings, name).existing:
            accepted = "nothing: of what exists already a private stack does not shut the door"
            yield Misfit(f"{name}.existing", accepted, None)


def _the_factory_invokes(settings: Settings) -> Iterator[Misfit]:
    """Consumption calls from public addresses; a Standard site's account has to be open."""
    if not (settings.network.private and settings.workflow_invokes):
        return
    because = "a Logic App of either plan can't invoke in a private stack; the data factory does"
    if settings.factory is None:
        accepted = f"true, with blob_events.marker_name: {because}"
        yield Misfit("data_factory.enabled", accepted, write=True)
    else:
        accepted = f"the name of a marker file: {because}, and a marker starts it"
        yield Misfit("blob_events.marker_name", accepted, "_SUCCESS")


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


RULES = (
    _all_is_the_stack_s_own,
    _the_factory_invokes,
    _the_factory_has_no_secret,
    _nothing_is_locked,
)
