"""What a stack file says to be there already, looked up before anything is made.

Azure would find out in the middle of an `up`, at the first event, or never. What can't be looked up
is not told: in another subscription, or where whoever previews may not read. What something is
made in, or a system topic of, can't be in another one: the provider makes all in its own, and a
topic is where its source is (MicrosoftDocs/azure-docs#85317).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import pulumi
from pulumi_azure_native import authorization

from components.azure import lookup
from components.data_factory import pipelines
from components.settings import Settings, SettingsError
from components.settings.data_uris import NAMED
from components.settings.deployments import ModelDeployment
from components.settings.destinations import SENT_BY_IDENTITY, DataFactoryPipeline, StorageQueue
from components.settings.event_rules import EventRule
from components.settings.loops import Place, Watched, meets, places, refusal, watched_of
from components.settings.ports import IN_FILES
from components.settings.problems import Problem, loc_of, unwritten
from components.settings.section import SystemTopic
from components.stack.stack import system_topic_id


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
    named, near = list(_named(settings)), list(_near(settings))
    if not (named or near or settings.resource_group.existing):
        return
    mine = str(authorization.get_client_config().subscription_id)
    if group := settings.resource_group.existing:
        group_id = f"/subscriptions/{mine}/resourceGroups/{group}"
        named.insert(0, _Existing("resource_group.existing", group_id))
    problems = [_apart(each, mine) for each in near if not _is_in(each, mine)]
    problems += [found for each in named if _is_in(each, mine) and (found := _problem(each))]
    if problems:
        raise pulumi.RunError(str(SettingsError(problems, pulumi.get_stack())))


def _is_in(existing: _Existing, subscription: str) -> bool:
    return existing.resource_id.split("/")[2].lower() == subscription.lower()


def _apart(existing: _Existing, mine: str) -> Problem:
    accepted = f"one of the subscription {mine}, in which the provider makes what belongs to it"
    line = f"nothing: set azure-native:subscriptionId to that of {existing.key}, or name another"
    return Problem(existing.key, existing.resource_id, accepted, line)


def _near(settings: Settings) -> Iterator[_Existing]:
    """What something is made in, or a system topic of."""
    of_events = settings.storage.existing if settings.blob_events.enabled else None
    for key, resource_id in (
        ("storage.existing", of_events),
        ("workspace.existing", settings.workspace.existing),
        ("data_factory.existing", settings.factory and settings.factory.existing),
    ):
        if resource_id:
            yield _Existing(key, resource_id)


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
    line = f"{unwritten(pulumi.get_project(), loc_of(existing.key))}; or make what it names"
    return Problem(existing.key, shown, accepted, line) if accepted else None


def _named(settings: Settings) -> Iterator[_Existing]:
    workspace, account = settings.workspace_id, settings.storage.existing
    if settings.endpoint.existing:
        yield _Existing("endpoint.existing", settings.endpoint.existing, _lacks_a_default)
    if (adopted := settings.workspace.existing) and not settings.endpoint.existing:
        # what is made in it reads it, and tells by itself that it is not there
        yield _Existing("workspace.existing", adopted, _has_keys_of_its_own, named=False)
    if workspace and settings.cluster.existing:
        cluster_id = f"{workspace}/computes/{settings.cluster.existing}"
        yield _Existing("cluster.existing", cluster_id, _is_no_cluster)
    if account:
        yield _Existing("storage.container", _container(account, settings.storage.container))
    if account and (topic := settings.blob_events.existing_system_topic):
        yield _topic("blob_events.existing_system_topic", topic, account)
    if workspace and (topic := settings.workspace_events.existing_system_topic):
        yield _topic("workspace_events.existing_system_topic", topic, workspace)
    yield from _assets(settings)
    yield from _data(settings)
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


def _has_keys_of_its_own(workspace: Any) -> str:
    """Batch deployments are not made there (AI:how-to-secure-batch-endpoint)."""
    encryption = getattr(workspace, "encryption", None)
    if encryption is None or encryption.status != "Enabled":
        return ""
    return "a workspace without customer-managed keys, with which Azure ML has no batch deployments"


def _is_no_cluster(compute: Any) -> str:
    kind = getattr(compute.properties, "compute_type", None) or compute.properties["computeType"]
    return "" if kind == "AmlCompute" else f"a cluster (AmlCompute), not one of {kind}"


def _topic(key: str, topic: SystemTopic, source: str) -> _Existing:
    def wrong(found: Any) -> str:
        same = str(found.source).lower() == source.lower()
        return "" if same else f"the system topic of {source}; this one is of {found.source}"

    return _Existing(key, str(system_topic_id(topic, source)), wrong)


def _assets(settings: Settings) -> Iterator[_Existing]:
    if settings.endpoint.existing:
        return
    for at, each in enumerate(settings.deployments):
        if isinstance(each, ModelDeployment):
            for key, asset in (("model", each.model), ("environment", each.environment_id)):
                if asset and asset.startswith("/"):
                    yield _Existing(f"deployments[{at}].{key}", asset)


def _data(settings: Settings) -> Iterator[_Existing]:
    """Registered data that pipelines read; that of a workspace that the stack makes comes later."""
    factory, workspace = settings.factory, settings.workspace_id
    uri = factory.input_uri if factory else None
    if factory is None or uri is None:
        return
    named, wrong = re.fullmatch(NAMED, uri), partial(_is_of_another_type, factory.input_type)
    if named and workspace:
        uri = f"{workspace}/data/{named[1]}/versions/{named[2]}"
    if uri.startswith("/"):
        yield _Existing("data_factory.input_uri", uri, wrong)


def _is_of_another_type(wanted: str, asset: Any) -> str:
    kind, told = IN_FILES[wanted], asset.properties
    found = told["dataType"] if isinstance(told, dict) else told.data_type
    return "" if found == kind else f"data of type {kind}, as input_type says; this is {found}"


def _folders(settings: Settings) -> Iterator[_Existing]:
    factory = settings.factory
    if factory is None:
        return
    named = {
        "copy_before": factory.copy_before,
        "copy_after": factory.copy_after,
        "window.copy_from": factory.window.copy_from if factory.window else None,
    }
    for key, folder in named.items():
        if folder:
            container = _container(folder.account_id, folder.container)
            yield _Existing(f"data_factory.{key}", container)


def _datastores(settings: Settings) -> Iterator[_Existing]:
    """Those that jobs write to, each with what is written there."""
    watched, written = watched_of(settings), defaultdict[tuple[str, str], list[Place]](list)
    if watched is None:
        return
    for place in places(settings):
        if place.datastore_id:
            written[refusal(place, watched).key, place.datastore_id].append(place)
    for (key, datastore_id), there in written.items():
        wrong, named = partial(_start_jobs, there, watched), any(each.key for each in there)
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
    for rule in settings.workspace_events.all_rules:
        yield f"workspace_events: {rule.name}", rule
    for each in settings.event_domain.subscriptions if settings.event_domain else ():
        yield f"event_domain: {each.name}", each


def _of_a_rule(key: str, rule: EventRule, settings: Settings) -> Iterator[_Existing]:
    match rule.destination:
        case StorageQueue() as queue:
            inside = f"/queueServices/default/queues/{queue.queue_name}"
            yield _Existing(key, f"{queue.resource_id}{inside}")
        case resource if isinstance(resource, SENT_BY_IDENTITY):
            yield _Existing(key, resource.resource_id)
        case DataFactoryPipeline() as run:
            factory = run.factory_id or (settings.factory and settings.factory.existing)
            if factory and (run.factory_id or run.pipeline not in pipelines.names()):
                given = {*run.parameters, *([run.event_parameter] if run.event_parameter else [])}
                pipeline_id = f"{factory}/pipelines/{run.pipeline}"
                yield _Existing(key, pipeline_id, partial(_takes_no, given))


def _takes_no(given: set[str], pipeline: Any) -> str:
    declared = {name.lower() for name in pipeline.parameters or {}}
    unknown = sorted(name for name in given if name.lower() not in declared)
    return f"a pipeline that declares {', '.join(unknown)}" if unknown else ""


def _warn_of_unknown_pipelines(settings: Settings) -> None:
    for key, rule in _rules(settings):
        match rule.destination:
            case DataFactoryPipeline(factory_id=None, pipeline=pipeline) if (
                pipeline not in pipelines.names()
            ):
                if settings.factory and settings.factory.existing is None:
                    pulumi.warn(
                        f"{key}: the program makes no pipeline {pipeline}, only"
                        f" {', '.join(pipelines.names())}; somebody has to make it in the factory."
                    )


def _container(account_id: str, container: str) -> str:
    return f"{account_id}/blobServices/default/containers/{container}"
