"""Rules that join several keys: each is a function of accepted values that lists what is wrong.

A rule that reads a key whose value is not accepted itself says nothing: one mistake is told once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.azure.clouds import CLOUDS, with_overrides
from components.settings import deployment_rules, factory_rules, hosts, loops, watched
from components.settings.events import consistency
from components.settings.keys import KEYS
from components.settings.problems import Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from components.azure.clouds import Cloud

    Values = Mapping[str, Any]


class NotAcceptedError(LookupError):
    """A rule has asked for a key whose value is wrong by itself."""


class Accepted(dict[str, Any]):
    """Values by key, without those that are wrong by themselves."""

    def __init__(self, accepted: Mapping[str, Any] | None = None, stack: str = "") -> None:
        super().__init__(accepted or {})
        self.stack = stack
        """Name of the stack, which names what it has in a workspace that exists already."""
        self.refused: dict[str, Any] = {}
        """Those that are, in the key's type: what is right in them is still looked at."""

    def __missing__(self, key: str) -> Any:
        raise NotAcceptedError(KEYS[key].name)


def broken_rules(values: Accepted) -> list[Broken]:
    """What is wrong among accepted values."""
    return [broken for rule in RULES for broken in _asked(rule, values)]


def _asked(rule: Callable[[Accepted], list[Broken]], values: Accepted) -> list[Broken]:
    try:
        return rule(values)
    except NotAcceptedError:
        return []


OF_A_NEW_CLUSTER = (
    "cluster_name",
    "vm_size",
    "node_priority",
    "min_nodes",
    "max_nodes",
    "idle_seconds_before_scale_down",
)
OF_A_NEW_ENDPOINT = ("endpoint_name", *deployment_rules.KEYS)


OF_A_SERVICE_PRINCIPAL = ("client_secret_lifetime_days", "client_secret_rotation")


def cloud_of(values: Values) -> Cloud:
    """The cloud with the stack's overrides."""
    return with_overrides(CLOUDS[values["cloud"]], values["cloud_overrides"])


def _location_is_in_the_cloud(values: Values) -> list[Broken]:
    cloud, location = values["cloud"], values["location"]
    begins = {"china": ("china",), "usgovernment": ("usgov", "usdod")}
    of = next((name for name, start in begins.items() if location.startswith(start)), "public")
    if of == cloud:
        return []
    return [Broken("location", f"a region of the cloud {cloud}; this one is in {of}")]


def _cluster_has_its_fewest_nodes(values: Values) -> list[Broken]:
    most = values["max_nodes"]
    if values["min_nodes"] <= most or values["existing_cluster"]:
        return []
    return [Broken("min_nodes", f"at most max_nodes, {most}", most)]


def _cluster_has_a_workspace(values: Values) -> list[Broken]:
    if not values["existing_cluster"]:
        return []
    if values["existing_workspace_id"] or values["existing_endpoint"]:
        return []
    return [Broken("existing_workspace_id", "the workspace of existing_cluster")]


def _endpoint_is_in_the_workspace(values: Values) -> list[Broken]:
    endpoint, workspace = values["existing_endpoint"], values["existing_workspace_id"]
    if not endpoint or not workspace or endpoint["workspace_id"].lower() == workspace.lower():
        return []
    accepted = "the workspace of existing_endpoint, or nothing"
    return [Broken("existing_workspace_id", accepted, endpoint["workspace_id"])]


def _nothing_new_beside_what_exists(values: Values) -> list[Broken]:
    unused = {
        "existing_endpoint": (*OF_A_NEW_ENDPOINT, "workspace_storage_keys"),
        "existing_workspace_id": ("workspace_storage_keys",),
        "existing_cluster": OF_A_NEW_CLUSTER,
        "existing_storage_account_id": ("delete_inputs_after_days",),
        "existing_invoker_role_id": ("invoker_role",),
    }
    return [
        Broken(key, f"nothing: with {existing} it is not used", KEYS[key].default)
        for existing, keys in unused.items()
        if values.get(existing)
        for key in keys
        if values.get(key, KEYS[key].default) != KEYS[key].default
    ]


def _an_identity_has_no_secret(values: Values) -> list[Broken]:
    if factory_rules.a_service_principal_is_used(values):
        return []
    return [
        Broken(key, "nothing: no service principal is used", KEYS[key].default)
        for key in OF_A_SERVICE_PRINCIPAL
        if values.get(key, KEYS[key].default) != KEYS[key].default
    ]


def _a_marker_is_its_own_filter(values: Values) -> list[Broken]:
    if values["trigger_on"] == "file":
        if values["marker_name"] == KEYS["marker_name"].default:
            return []
        return [Broken("trigger_on", "folder_marker, or no marker_name", "folder_marker")]
    if not values["extension_filter"]:
        return []
    accepted = "nothing: with trigger_on folder_marker only files named marker_name start a job"
    return [Broken("extension_filter", accepted, "")]


def _inputs_have_names_of_their_own(values: Values) -> list[Broken]:
    taken = {name.lower() for name in values["job_inputs"]}
    if values["input_name"].lower() not in taken:
        return []
    accepted = f"inputs beside input_name, {values['input_name']}, which is the file or the folder"
    return [Broken("job_inputs", accepted)]


def _system_topic_has_an_account(values: Values) -> list[Broken]:
    if not values["existing_system_topic"] or values["existing_storage_account_id"]:
        return []
    accepted = "the account of existing_system_topic; a new account has no system topic yet"
    return [Broken("existing_storage_account_id", accepted)]


def _somebody_may_publish(values: Values) -> list[Broken]:
    if any(values[key] for key in ("publishers", "existing_endpoint", "existing_workspace_id")):
        return []
    accepted = (
        "who may upload the model and its code: at least whoever runs `pulumi up`,"
        " as a list of object_id (`az ad signed-in-user show --query id`, `az ad sp show --id"
        " <client id> --query id`) and type (User, Group or ServicePrincipal)"
    )
    return [Broken("publishers", accepted)]


def _whole_account_has_no_prefix(values: Values) -> list[Broken]:
    if not values["watch_whole_account"] or not values["prefix_filter"]:
        return []
    return [Broken("prefix_filter", "nothing, because watch_whole_account is true", "")]


def _prefix_covers_the_folder(values: Values) -> list[Broken]:
    prefix, container = values["prefix_filter"], values["input_container"]
    folder = watched.folder_with_slash(values["input_folder"])
    if not prefix or values["watch_whole_account"]:
        return []
    if watched.container_of(prefix) != container:
        accepted = f"a prefix inside of input_container, {container}"
        return [Broken("prefix_filter", accepted, watched.prefix_of(container, folder))]
    if watched.prefix_of(container, folder).startswith(prefix):
        return []
    accepted = "a folder that prefix_filter covers, or what is dropped there starts no job"
    return [Broken("input_folder", accepted, prefix.split("/blobs/", 1)[1])]


def _folder_is_in_the_container(values: Values) -> list[Broken]:
    container, folder = values["input_container"], values["input_folder"]
    inside = folder.removeprefix(f"{container}/")
    if inside == folder or values["prefix_filter"]:
        return []
    accepted = (
        "a folder without the container's name in front"
        " (where a folder has the same name, set prefix_filter too)"
    )
    return [Broken("input_folder", accepted, inside)]


def _scoring_uri_is_the_endpoints(values: Values) -> list[Broken]:
    if not values["endpoint_uri"]:
        return []
    uri = hosts.parts_of(values["endpoint_uri"])
    name = values["existing_endpoint"].get("name") or values["endpoint_name"]
    if not name:
        return [Broken("endpoint_name", "the name in endpoint_uri", uri.endpoint)]
    suffix = cloud_of(values).inference_suffix
    if uri.endpoint.lower() == name.lower() and uri.suffix == suffix:
        return []
    meant = f"https://{name}.{uri.region}.{suffix}/jobs"
    return [Broken("endpoint_uri", f"the URI of endpoint {name} in this cloud", meant)]


def _trainer_is_in_the_cloud(values: Values) -> list[Broken]:
    uri, suffix = values["retrain_on_event"].get("endpoint_uri"), cloud_of(values).inference_suffix
    if not uri or hosts.parts_of(uri).suffix == suffix:
        return []
    accepted = f"an endpoint_uri of this cloud, whose host ends in {suffix}"
    return [Broken("retrain_on_event", accepted)]


RULES = (
    _location_is_in_the_cloud,
    _cluster_has_its_fewest_nodes,
    _cluster_has_a_workspace,
    _endpoint_is_in_the_workspace,
    _nothing_new_beside_what_exists,
    _an_identity_has_no_secret,
    _a_marker_is_its_own_filter,
    _inputs_have_names_of_their_own,
    _system_topic_has_an_account,
    _somebody_may_publish,
    _whole_account_has_no_prefix,
    _prefix_covers_the_folder,
    _folder_is_in_the_container,
    _scoring_uri_is_the_endpoints,
    _trainer_is_in_the_cloud,
    *deployment_rules.RULES,
    *consistency.RULES,
    *loops.RULES,
    *factory_rules.RULES,
)
