"""System topics: the events of a resource of Azure, one topic per source."""

from collections.abc import Iterator

from local_azure.control_plane.resource_manager.answers import tracked
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType, region
from local_azure.control_plane.resource_manager.shape import Problem, missing
from local_azure.services.eventgrid import place, sources

PATH = f"{place.SYSTEM_TOPIC}/{{systemTopicName}}"


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from missing(inputs, "source", "topicType", why="a system topic has it")
    kind = inputs.get("topicType")
    if isinstance(kind, str) and sources.source_type(kind) is None:
        accepted = ", ".join(map(repr, sources.TOPIC_TYPES))
        yield Problem("topicType", f"found {kind!r}, emulated: {accepted}")


def _check(put: Put) -> None:
    arm_type = sources.source_type(put.body["topicType"])
    source = put.linked("source", put.body["source"], str(arm_type))
    if put.before and put.before.body["source"].lower() != put.body["source"].lower():
        # The sentence of Azure/azure-quickstart-templates#13688; azure-native sends it as a change.
        raise ControlPlaneError("System topic source cannot be modified.")
    there = region(source.properties["location"])
    if put.location != there:
        raise put.refuse("location", f"found {put.location!r}, accepted: the source's, {there!r}")
    other = place.system_topic(put.control.resources, source.id)
    if other and other.id.lower() != put.id.lower():
        # Quoted in public reports; programs compare the last sentence.
        message = (
            f"There is an existing tracked system topic for the given source {source.id}. Only one "
            "system topic is allowed per source."
        )
        raise ControlPlaneError(message)


def _answer(put: Put) -> Json:
    return {
        **tracked(put, untagged=None),
        "metricResourceId": put.kept("metricResourceId"),
        "provisioningState": "Succeeded",
        "source": put.body["source"],
        "topicType": put.body["topicType"],
    }


SYSTEM_TOPIC = ResourceType(
    pulumi_type="azure-native:eventgrid:SystemTopic",
    path=PATH,
    api_version="2025-02-15",
    answer=_answer,
    rules=_rules,
    check=_check,
)
