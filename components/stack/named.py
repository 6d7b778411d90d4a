"""What a stack file names as there already: where it does, by which id, and what will do."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from components.data_factory import pipelines
from components.settings import Settings
from components.settings.data_uris import NAMED
from components.settings.deployments import ModelDeployment
from components.settings.destinations import SENT_BY_IDENTITY, DataFactoryPipeline, StorageQueue
from components.settings.event_rules import EventRule
from components.settings.loops import Place, Watched, meets, places, refusal, watched_of
from components.settings.ports import IN_FILES
from components.settings.section import SystemTopic
from components.stack.stack import system_topic_id


class Existing(NamedTuple):
    """Something that the stack does not make."""

    key: str
    """Where the stack file names it."""

    resource_id: str

    wrong: Callable[[Any], str] = lambda _: ""
    """What is accepted instead of what was found; empty where it will do."""

    named: bool = True
    """Whether the key names it, so that it has to be there."""


def made_in(settings: Settings) -> Iterator[Existing]:
    """What something is made in, or a system topic of."""
    of_events = settings.storage.existing if settings.blob_events.enabled else None
    for key, resource_id in (
        ("storage.existing", of_events),
        ("workspace.existing", settings.workspace.existing),
        ("data_factory.existing", settings.factory and settings.factory.existing),
    ):
        if resource_id:
            yield Existing(key, resource_id)


def named(settings: Settings) -> Iterator[Existing]:
    """All that is looked up."""
    workspace, account = settings.workspace_id, settings.storage.existing
    if settings.endpoint.existing:
        yield Existing("endpoint.existing", settings.endpoint.existing, _lacks_a_default)
    if (adopted := settings.workspace.existing) and not settings.endpoint.existing:
        # what is made in it reads it, and tells by itself that it is not there
        yield Existing("workspace.existing", adopted, _has_keys_of_its_own, named=False)
    if workspace and settings.cluster.existing:
        cluster_id = f"{workspace}/computes/{settings.cluster.existing}"
        yield Existing("cluster.existing", cluster_id, _is_no_cluster)
    if account:
        yield Existing("storage.container", _container(account, settings.storage.container))
    if account and (topic := settings.blob_events.existing_system_topic):
        yield _topic("blob_events.existing_system_topic", topic, account)
    if workspace and (topic := settings.workspace_events.existing_system_topic):
        yield _topic("workspace_events.existing_system_topic", topic, workspace)
    yield from _assets(settings)
    yield from _data(settings)
    yield from _folders(settings)
    yield from _datastores(settings)
    for key, rule in rules(settings):
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


def _topic(key: str, topic: SystemTopic, source: str) -> Existing:
    def wrong(found: Any) -> str:
        same = str(found.source).lower() == source.lower()
        return "" if same else f"the system topic of {source}; this one is of {found.source}"

    return Existing(key, str(system_topic_id(topic, source)), wrong)


def _assets(settings: Settings) -> Iterator[Existing]:
    if settings.endpoint.existing:
        return
    for at, each in enumerate(settings.deployments):
        if isinstance(each, ModelDeployment):
            for key, asset in (("model", each.model), ("environment", each.environment_id)):
                if asset and asset.startswith("/"):
                    yield Existing(f"deployments[{at}].{key}", asset)


def _data(settings: Settings) -> Iterator[Existing]:
    """Registered data that pipelines read; that of a workspace that the stack makes comes later."""
    factory, workspace = settings.factory, settings.workspace_id
    uri = factory.input_uri if factory else None
    if factory is None or uri is None:
        return
    named, wrong = re.fullmatch(NAMED, uri), partial(_is_of_another_type, factory.input_type)
    if named and workspace:
        uri = f"{workspace}/data/{named[1]}/versions/{named[2]}"
    if uri.startswith("/"):
        yield Existing("data_factory.input_uri", uri, wrong)


def _is_of_another_type(wanted: str, asset: Any) -> str:
    kind, told = IN_FILES[wanted], asset.properties
    found = told["dataType"] if isinstance(told, dict) else told.data_type
    return "" if found == kind else f"data of type {kind}, as input_type says; this is {found}"


def _folders(settings: Settings) -> Iterator[Existing]:
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
            yield Existing(f"data_factory.{key}", container)


def _datastores(settings: Settings) -> Iterator[Existing]:
    """Those that jobs write to, each with what is written there."""
    watched, written = watched_of(settings), defaultdict[tuple[str, str], list[Place]](list)
    if watched is None:
        return
    for place in places(settings):
        if place.datastore_id:
            written[refusal(place, watched).key, place.datastore_id].append(place)
    for (key, datastore_id), there in written.items():
        wrong, named = partial(_start_jobs, there, watched), any(each.key for each in there)
        yield Existing(key, datastore_id, wrong, named)


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


def rules(settings: Settings) -> Iterator[tuple[str, EventRule]]:
    """Each rule that says a destination, and the key of it."""
    for at, rule in enumerate(settings.workspace_events.rules):
        yield f"workspace_events.rules[{at}].destination", rule
    for at, each in enumerate(settings.event_domain.subscriptions if settings.event_domain else ()):
        yield f"event_domain.subscriptions[{at}].destination", each


def _of_a_rule(key: str, rule: EventRule, settings: Settings) -> Iterator[Existing]:
    match rule.destination:
        case StorageQueue() as queue:
            inside = f"/queueServices/default/queues/{queue.queue_name}"
            yield Existing(key, f"{queue.resource_id}{inside}")
        case resource if isinstance(resource, SENT_BY_IDENTITY):
            yield Existing(key, resource.resource_id)
        case DataFactoryPipeline() as run:
            factory = run.factory_id or (settings.factory and settings.factory.existing)
            if factory and (run.factory_id or run.pipeline not in pipelines.names()):
                given = {*run.parameters, *([run.event_parameter] if run.event_parameter else [])}
                pipeline_id = f"{factory}/pipelines/{run.pipeline}"
                yield Existing(key, pipeline_id, partial(_takes_no, given))


def _takes_no(given: set[str], pipeline: Any) -> str:
    declared = {name.lower() for name in pipeline.parameters or {}}
    unknown = sorted(name for name in given if name.lower() not in declared)
    return f"a pipeline that declares {', '.join(unknown)}" if unknown else ""


def _container(account_id: str, container: str) -> str:
    return f"{account_id}/blobServices/default/containers/{container}"
