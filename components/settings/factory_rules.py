"""Rules that join the data factory's keys, and those of the blob events, to the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from components.azure.clouds import CLOUDS, DOCUMENTED_IN_CHINA
from components.settings.keys import KEYS
from components.settings.problems import Broken

if TYPE_CHECKING:
    from collections.abc import Mapping

    Values = Mapping[str, Any]

OF_BLOB_EVENTS = (
    "prefix_filter",
    "watch_whole_account",
    "extension_filter",
    "trigger_on",
    "marker_name",
    "event_delivery_attempts",
    "event_time_to_live_minutes",
    "existing_system_topic",
    "allowed_caller_ip_ranges",
)
OF_A_WORKFLOW_THAT_INVOKES = (
    "invoker",
    "workflow_payload",
    "job_inputs",
    "job_outputs",
    "predictions_beside_inputs",
)
OF_A_DATA_FACTORY = (
    "existing_data_factory_id",
    "existing_pipeline_runner_role_id",
    "pipeline_authentication",
    "poll_interval_seconds",
    "max_wait_hours",
    "pipeline_input_uri",
    "pipeline_input_type",
    "pipeline_output_name",
    "pipeline_output_type",
    "pipeline_output_folder",
    "output_container",
    "copy_before",
    "copy_after",
)
SENT_TO = ("login_host", "ml_audience", "inference_suffix", "vault_suffix")
"""Of a cloud, what the pipelines send secrets and tokens to; their first activities compare it."""


def a_workflow_invokes(values: Values) -> bool:
    """Whether a Logic App invokes the endpoint, and does not leave that to a pipeline."""
    return bool(values["blob_events"]) and not a_marker_starts_a_pipeline(values)


def a_marker_starts_a_pipeline(values: Values) -> bool:
    """Whether a folder's marker reaches the data factory."""
    by_marker = values["blob_events"] and values["trigger_on"] == "folder_marker"
    return bool(by_marker and values["data_factory"])


def a_service_principal_is_used(values: Values) -> bool:
    """Whether anybody invokes the endpoint as a service principal."""
    by_pipeline = values["pipeline_authentication"] == "service_principal"
    by_workflow = a_workflow_invokes(values) and values["invoker"] == "service_principal"
    return bool(by_workflow or (values["data_factory"] and by_pipeline))


def _unused(values: Values, keys: tuple[str, ...], because: str) -> list[Broken]:
    return [
        Broken(key, f"nothing: {because}", KEYS[key].default)
        for key in keys
        if values.get(key, KEYS[key].default) != KEYS[key].default
    ]


def _without_blob_events_nothing_is_watched(values: Values) -> list[Broken]:
    if values["blob_events"]:
        return []
    return _unused(values, OF_BLOB_EVENTS, "without blob_events it is not used")


def _only_a_workflow_that_invokes_has_a_payload(values: Values) -> list[Broken]:
    if a_workflow_invokes(values):
        return []
    because = "no Logic App invokes the endpoint"
    broken = _unused(values, OF_A_WORKFLOW_THAT_INVOKES, because)
    if values["data_factory"]:
        return broken
    return broken + _unused(values, ("input_name",), "nothing invokes the endpoint")


def _a_plain_payload_names_no_output(values: Values) -> list[Broken]:
    if values["workflow_payload"] != "plain":
        return []
    keys = ("job_outputs", "predictions_beside_inputs")
    return _unused(values, keys, "with workflow_payload plain it is not sent")


def _without_a_data_factory_nothing_is_piped(values: Values) -> list[Broken]:
    if values["data_factory"]:
        return []
    return _unused(values, OF_A_DATA_FACTORY, "without data_factory it is not used")


def _a_file_is_named(values: Values) -> list[Broken]:
    if values["pipeline_input_type"] == "UriFolder" or values["pipeline_input_uri"]:
        return []
    accepted = "UriFolder: the folder that files are dropped in is one; UriFile needs an input"
    return [Broken("pipeline_input_type", accepted, "UriFolder")]


def _outputs_have_one_place(values: Values) -> list[Broken]:
    if not values["output_container"]:
        return []
    if values["pipeline_output_folder"]:
        return [Broken("pipeline_output_folder", "nothing, because output_container is set", "")]
    if values["existing_endpoint"] and not values["existing_cluster"]:
        accepted = "nothing: without a cluster of the stack's own nobody is let write there"
        return [Broken("output_container", accepted, "")]
    return []


def _predictions_are_copied_from_a_known_place(values: Values) -> list[Broken]:
    if not values["copy_after"]:
        return []
    because = "which container it is in isn't known, and copy_after has to read it"
    return _unused(values, ("pipeline_output_folder",), because)


def _copies_are_the_input(values: Values) -> list[Broken]:
    if not values["copy_before"]:
        return []
    because = "with copy_before the copied folder is the input"
    broken = _unused(values, ("pipeline_input_uri", "pipeline_input_type"), because)
    if values["trigger_on"] == "folder_marker":
        accepted = "nothing: with trigger_on folder_marker the marker's folder is the input"
        broken.append(Broken("copy_before", accepted, {}))
    return broken


def _inputs_are_in_the_cloud(values: Values) -> list[Broken]:
    cloud = CLOUDS[values["cloud"]]
    suffix = values["cloud_overrides"].get("storage_suffix", cloud.storage_suffix)
    host = re.match(r"(?:https|abfss)://(?:[^/@]*@)?([^/]+)", values["pipeline_input_uri"])
    if not host or host[1].endswith((f".blob.{suffix}", f".dfs.{suffix}")):
        return []
    return [Broken("pipeline_input_uri", f"a host of this cloud, which ends in {suffix}")]


def _pipelines_know_the_cloud(values: Values) -> list[Broken]:
    given = values["cloud_overrides"] if values["data_factory"] else {}
    return [
        Broken("cloud_overrides", f"with data_factory, as {name} one that pipelines know: {known}")
        for name in SENT_TO
        if given.get(name, _known(name)[0]) not in _known(name)
        for known in [", ".join(_known(name))]
    ]


def _known(name: str) -> list[str]:
    documented = [DOCUMENTED_IN_CHINA[name]] if name in DOCUMENTED_IN_CHINA else []
    return [*(getattr(cloud, name) for cloud in CLOUDS.values()), *documented]


RULES = (
    _pipelines_know_the_cloud,
    _without_blob_events_nothing_is_watched,
    _only_a_workflow_that_invokes_has_a_payload,
    _a_plain_payload_names_no_output,
    _without_a_data_factory_nothing_is_piped,
    _a_file_is_named,
    _outputs_have_one_place,
    _predictions_are_copied_from_a_known_place,
    _copies_are_the_input,
    _inputs_are_in_the_cloud,
)
