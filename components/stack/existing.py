"""What a stack file says to be there already, looked up before anything is made.

Azure would find out in the middle of an `up`, at the first event, or never. What can't be looked up
is not told: in another subscription, or where whoever previews may not read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import pulumi
from pulumi_azure_native import authorization

from components.azure import lookup
from components.data_factory import pipelines
from components.settings import Settings, SettingsError
from components.settings.events.model import EventRule, PipelineRun, Resource
from components.settings.loops import Place, Watched, meets, refusal
from components.settings.model import DeploymentSettings, SystemTopic
from components.settings.problems import Problem
from components.stack.place import existing_workspace_id, system_topic_id


class _Existing(NamedTuple):
    key: str
    """Where the stack file names it."""

    resource_id: str

    wrong: Callable[[Any], str] = lambda _: ""
    """What is accepted instead of what was found; empty where it will do."""

    named: bool = True
    """Whether the key names it, so that it has to be there."""


def look_up(settings: Settings) -> None:
    """Asks Azure for everything that the stack file says to be there.

    Raises:
        pulumi.RunError: something is not, or will not do; its message tells all of it.
    """
    _warn_of_unknown_pipelines(settings)
    named = list(_named(settings))
    if not named and settings.existing_resource_group is None:
        return
    mine = str(authorization.get_client_config().subscription_id)
    if group := settings.existing_resource_group:
        group_id = f"/subscriptions/{mine}/resourceGroups/{group}"
        named.insert(0, _Existing("existing_resource_group", group_id))
    near = [each for each in named if each.resource_id.split("/")[2].lower() == mine.lower()]
    if problems := [problem for each in near if (problem := _problem(each))]:
        raise pulumi.RunError(str(SettingsError(problems, pulumi.get_stack())))


def _problem(existing: _Existing) -> Problem | None:
    """What is wrong with one thing, if anything."""
    try:
        found = lookup.read(existing.resource_id)
    except lookup.AbsentError:
        if not existing.named:
            return None
        accepted, shown = "something that exists", f"nothing at {existing.resource_id}"
    else:
        accepted, shown = existing.wrong(found) if found else "", existing.resource_id
    line = f"nothing: put {existing.key} right where it stands, or make what it names"
    return Problem(existing.key, shown, accepted, line) if accepted else None


def _named(settings: Settings) -> Iterator[_Existing]:
    workspace, account = existing_workspace_id(settings), settings.storage.existing_account_id
    if endpoint := settings.endpoint.existing:
        endpoint_id = f"{endpoint.workspace_id}/batchEndpoints/{endpoint.name}"
        yield _Existing("existing_endpoint", endpoint_id, _lacks_a_default)
    if workspace and settings.cluster.existing_name:
        cluster_id = f"{workspace}/computes/{settings.cluster.existing_name}"
        yield _Existing("existing_cluster", cluster_id, _is_no_cluster)
    if account:
        yield _Existing("input_container", _container(account, settings.storage.container))
    if account and (topic := settings.events.existing_system_topic):
        yield _topic("existing_system_topic", topic, account)
    if workspace and (topic := settings.workspace_events.existing_system_topic):
        yield _topic("existing_workspace_system_topic", topic, workspace)
    yield from _assets(settings)
    yield from _folders(settings)
    yield from _datastores(settings)
    for key, rule in _rules(settings):
        yield from _of_a_rule(key, rule, settings)


def _lacks_a_default(endpoint: Any) -> str:
    defaults = endpoint.properties.defaults
    if defaults and defaults.deployment_name:
        return ""
    return (
        "an endpoint with a default deployment, which is invoked: az ml batch-endpoint update"
        f" --name {endpoint.name} --set defaults.deployment_name=<deployment>"
    )


def _is_no_cluster(compute: Any) -> str:
    kind = getattr(compute.properties, "compute_type", None) or compute.properties["computeType"]
    return "" if kind == "AmlCompute" else f"a cluster (AmlCompute), not one of {kind}"


def _topic(key: str, topic: SystemTopic, source: str) -> _Existing:
    def wrong(found: Any) -> str:
        same = str(found.source).lower() == source.lower()
        return "" if same else f"the system topic of {source}; this one is of {found.source}"

    return _Existing(key, system_topic_id(topic, source), wrong)


def _assets(settings: Settings) -> Iterator[_Existing]:
    for each in settings.deployments:
        if isinstance(each, DeploymentSettings) and settings.endpoint.existing is None:
            for key, asset in (("model", each.model_id), ("environment", each.environment_id)):
                if asset and asset.startswith("/"):
                    yield _Existing(key, asset)


def _folders(settings: Settings) -> Iterator[_Existing]:
    factory = settings.factory
    copies = {
        "copy_before": factory and factory.copy_before,
        "copy_after": factory and factory.copy_after,
    }
    for key, folder in copies.items():
        if folder:
            yield _Existing(key, _container(folder.account_id, folder.container))


def _datastores(settings: Settings) -> Iterator[_Existing]:
    """Those that jobs write to, each with what is written there."""
    watched, written = settings.watched, defaultdict[tuple[str, str], list[Place]](list)
    if watched is None:
        return
    for place in settings.written:
        if place.datastore_id:
            written[refusal(place, watched).key, place.datastore_id].append(place)
    for (key, datastore_id), places in written.items():
        wrong, named = partial(_start_jobs, places, watched), any(each.key for each in places)
        yield _Existing(key, datastore_id, wrong, named)


def _start_jobs(places: list[Place], watched: Watched, datastore: Any) -> str:
    told = datastore.properties
    container = told.get("containerName")
    for place in places:
        found = place._replace(
            account=str(told.get("accountName")).lower(), path=f"{container}/{place.path}"
        )
        if meets(found, watched):
            return refusal(found, watched).accepted
    return ""


def _rules(settings: Settings) -> Iterator[tuple[str, EventRule]]:
    for rule in settings.workspace_events.rules:
        yield f"workspace_events: {rule.name}", rule
    for each in settings.event_domain.subscriptions if settings.event_domain else ():
        yield f"event_domain: {each.rule.name}", each.rule


def _of_a_rule(key: str, rule: EventRule, settings: Settings) -> Iterator[_Existing]:
    if rule.dead_letter_container_id:
        yield _Existing(key, rule.dead_letter_container_id)
    match rule.destination:
        case Resource(_, resource_id, queue):
            inside = f"/queueServices/default/queues/{queue}" if queue else ""
            yield _Existing(key, f"{resource_id}{inside}")
        case PipelineRun(factory_id, pipeline, parameters, event_parameter):
            factory = factory_id or (settings.factory and settings.factory.existing_id)
            if factory and (factory_id or pipeline not in pipelines.names()):
                given = {*parameters, *([event_parameter] if event_parameter else [])}
                pipeline_id = f"{factory}/pipelines/{pipeline}"
                yield _Existing(key, pipeline_id, partial(_takes_no, given))


def _takes_no(given: set[str], pipeline: Any) -> str:
    declared = {name.lower() for name in pipeline.parameters or {}}
    unknown = sorted(name for name in given if name.lower() not in declared)
    return f"a pipeline that declares {', '.join(unknown)}" if unknown else ""


def _warn_of_unknown_pipelines(settings: Settings) -> None:
    for key, rule in _rules(settings):
        match rule.destination:
            case PipelineRun(None, pipeline) if pipeline not in pipelines.names():
                if settings.factory and settings.factory.existing_id is None:
                    pulumi.warn(
                        f"{key}: the program makes no pipeline {pipeline}, only"
                        f" {', '.join(pipelines.names())}; somebody has to make it in the factory."
                    )


def _container(account_id: str, container: str) -> str:
    return f"{account_id}/blobServices/default/containers/{container}"
