"""What a stack file says to be there already, looked up before anything is made.

Azure would find out in the middle of an `up`, at the first event, or never. What can't be looked up
is not told: in another subscription, or where whoever previews may not read. What something is
made in, or a system topic of, can't be in another one: the provider makes all in its own, and a
topic is where its source is (MicrosoftDocs/azure-docs#85317).
"""

import pulumi
from pulumi_azure_native import authorization

from components.azure import lookup
from components.data_factory import pipelines
from components.settings import Settings, SettingsError
from components.settings.destinations import DataFactoryPipeline
from components.settings.problems import Problem, loc_of, unwritten
from components.stack.named import Existing, made_in, named, rules


def look_up(settings: Settings) -> None:
    """Asks Azure for everything that the stack file says to be there.

    Raises:
        pulumi.RunError: something is not, or will not do; its message tells all of it.
    """
    _warn_of_unknown_pipelines(settings)
    there, near = list(named(settings)), list(made_in(settings))
    if not (there or near or settings.resource_group.existing):
        return
    mine = str(authorization.get_client_config().subscription_id)
    if group := settings.resource_group.existing:
        group_id = f"/subscriptions/{mine}/resourceGroups/{group}"
        there.insert(0, Existing("resource_group.existing", group_id))
    problems = [_apart(each, mine) for each in near if not _is_in(each, mine)]
    problems += [found for each in there if _is_in(each, mine) and (found := _problem(each))]
    if problems:
        raise pulumi.RunError(str(SettingsError(problems, pulumi.get_stack())))


def _is_in(existing: Existing, subscription: str) -> bool:
    return existing.resource_id.split("/")[2].lower() == subscription.lower()


def _apart(existing: Existing, mine: str) -> Problem:
    accepted = f"one of the subscription {mine}, in which the provider makes what belongs to it"
    line = f"nothing: set azure-native:subscriptionId to that of {existing.key}, or name another"
    return Problem(existing.key, existing.resource_id, accepted, line)


def _problem(existing: Existing) -> Problem | None:
    """What is wrong with one thing, if anything."""
    try:
        found = lookup.read(existing.resource_id)
    except lookup.AbsentError:
        if not existing.named:
            return None
        accepted, shown = "something that exists", f"nothing at {existing.resource_id}"
    else:
        accepted, shown = existing.wrong(found) if found else "", existing.resource_id
    line = f"{unwritten(pulumi.get_project(), loc_of(existing.key))}; or make what it names"
    return Problem(existing.key, shown, accepted, line) if accepted else None


def _warn_of_unknown_pipelines(settings: Settings) -> None:
    for key, rule in rules(settings):
        match rule.destination:
            case DataFactoryPipeline(factory_id=None, pipeline=pipeline) if (
                pipeline not in pipelines.names()
            ):
                if settings.factory and settings.factory.existing is None:
                    pulumi.warn(
                        f"{key}: the program makes no pipeline {pipeline}, only"
                        f" {', '.join(pipelines.names())}; somebody has to make it in the factory."
                    )
