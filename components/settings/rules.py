"""Rules between sections: each is a function of settings that lists what does not go together.

A rule that asks for a section in which something is wrong already says nothing: one mistake is told
once.
"""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import Any, cast

from components.azure.clouds import CLOUDS, DOCUMENTED_IN_CHINA, RAISING_WORKSPACE_EVENTS
from components.settings import deployment_rules, loops, private_stacks, retraining, watched
from components.settings.destinations import DataFactoryPipeline, Webhook, is_secret_url
from components.settings.monitoring import WEBHOOK
from components.settings.problems import Misfit
from components.settings.settings import Settings
from components.settings.switches import SCORING

SENT_TO = ("login_host", "ml_audience", "inference_suffix", "vault_suffix")
"""Of a cloud, what the pipelines send secrets and tokens to; their first activities compare it."""


class RefusedSectionError(LookupError):
    """A rule has asked for a section in which something is wrong."""


class _Accepted:
    """Settings without the sections in which something is wrong."""

    def __init__(self, settings: Settings, refused: Collection[str]) -> None:
        self._settings, self._refused = settings, refused

    def __getattr__(self, name: str) -> Any:
        if name in self._refused:
            raise RefusedSectionError(name)
        told = getattr(Settings, name, None)
        if isinstance(told, property) and told.fget:
            return told.fget(self)  # which may ask for a refused one
        return getattr(self._settings, name)


def broken_rules(settings: Settings, refused: Collection[str]) -> list[Misfit]:
    """What does not go together.

    Args:
        settings: accepted ones, with the defaults of what is refused.
        refused: keys in which something is wrong.
    """
    accepted = cast("Settings", _Accepted(settings, refused))
    return [misfit for rule in RULES for misfit in _asked(rule, accepted)]


def _asked(rule: Callable[[Settings], Iterator[Misfit]], settings: Settings) -> list[Misfit]:
    found: list[Misfit] = []
    with suppress(RefusedSectionError):
        found.extend(rule(settings))
    return found


def _a_region_of_the_cloud(settings: Settings) -> Iterator[Misfit]:
    location, begins = settings.location, {"china": ("china",), "usgovernment": ("usgov", "usdod")}
    of = next((name for name, start in begins.items() if location.startswith(start)), "public")
    if not location:
        yield Misfit("location", "the name of a region: it is required")
    elif of != settings.cloud:
        yield Misfit("location", f"a region of the cloud {settings.cloud}; this one is in {of}")


def _somebody_may_publish(settings: Settings) -> Iterator[Misfit]:
    if not settings.publishers and not settings.workspace_id:
        yield Misfit(
            "publishers",
            "who may upload the model and its code: at least whoever runs `pulumi up`,"
            " as a list of object_id (`az ad signed-in-user show --query id`, `az ad sp show --id"
            " <client id> --query id`) and type (User, Group or ServicePrincipal)",
        )


def _what_exists_is_in_a_workspace_that_exists(settings: Settings) -> Iterator[Misfit]:
    there, told = settings.workspace_id, settings.workspace.existing
    if settings.cluster.existing and not there:
        yield Misfit("workspace.existing", "the workspace of cluster.existing")
    if told and there and told.lower() != there.lower():
        yield Misfit("workspace.existing", "the workspace of endpoint.existing, or nothing", there)
    if settings.workspace_events.existing_system_topic:
        if not settings.workspace_events.all_rules:
            accepted = "rules for what the topic's subscriptions get, or no existing topic"
            yield Misfit("workspace_events.rules", accepted)
        elif not there:
            accepted = "the workspace of the existing system topic; a new one has no topic yet"
            yield Misfit("workspace.existing", accepted)


def _a_system_topic_has_an_account(settings: Settings) -> Iterator[Misfit]:
    if settings.blob_events.existing_system_topic and not settings.storage.existing:
        accepted = "the account of existing_system_topic; a new account has no system topic yet"
        yield Misfit("storage.existing", accepted)


def _a_new_account_moves_no_files(settings: Settings) -> Iterator[Misfit]:
    inputs = settings.storage
    renames = inputs.existing or inputs.hierarchical_namespace
    if settings.blob_events.renamed_blobs and not renames:
        accepted = (
            "false, or storage.hierarchical_namespace: true: an account with neither that nor SFTP"
            " renames nothing"
        )
        yield Misfit("blob_events.renamed_blobs", accepted, write=False)


def _a_data_lake_keeps_no_versions(settings: Settings) -> Iterator[Misfit]:
    hardening = settings.hardening
    versions = hardening.enabled and hardening.versioning
    if settings.storage.hierarchical_namespace and versions:
        accepted = "false: an account with storage.hierarchical_namespace keeps no versions"
        yield Misfit("hardening.versioning", accepted, write=False)


def _nothing_new_in_an_endpoint_that_exists(settings: Settings) -> Iterator[Misfit]:
    if not settings.endpoint.existing:
        return
    accepted = "nothing: with endpoint.existing it is not used"
    if "deployments" in settings.model_fields_set:
        yield Misfit("deployments", accepted, None)
    if settings.workspace.storage_keys:
        yield Misfit("workspace.storage_keys", accepted, write=False)


def _what_is_locked_is_protected(settings: Settings) -> Iterator[Misfit]:
    hardening = settings.hardening
    if hardening.enabled and hardening.locks and not settings.protect:
        accepted = (
            "true: with hardening.locks Azure refuses to delete storage accounts, halfway through"
            " a destroy; or set hardening.locks to false"
        )
        yield Misfit("protect", accepted, write=True)


def _logs_are_kept_somewhere(settings: Settings) -> Iterator[Misfit]:
    monitoring = settings.monitoring
    if monitoring.logs and settings.workspace_id and not monitoring.log_workspace:
        accepted = "the id of a Log Analytics workspace: one that exists already brings none"
        yield Misfit("monitoring.log_workspace", accepted)


def _a_job_s_inputs_have_names_of_their_own(settings: Settings) -> Iterator[Misfit]:
    name = settings.endpoint.input_name
    if name.lower() in {each.lower() for each in settings.blob_events.job_inputs}:
        accepted = f"inputs beside input_name, {name}, which is the file or the folder"
        yield Misfit("blob_events.job_inputs", accepted)


def _the_prefix_covers_the_folder(settings: Settings) -> Iterator[Misfit]:
    prefix, container = settings.blob_events.prefix_filter, settings.storage.container
    folder = settings.storage.folder
    if not prefix:
        inside = folder.removeprefix(f"{container}/")
        if inside != folder:
            accepted = (
                "a folder without the container's name in front"
                " (where a folder has the same name, set prefix_filter too)"
            )
            yield Misfit("storage.folder", accepted, inside)
    elif watched.container_of(prefix) != container:
        accepted = f"a prefix inside of storage.container, {container}"
        meant = watched.prefix_of(container, folder)
        yield Misfit("blob_events.prefix_filter", accepted, meant)
    elif not watched.prefix_of(container, folder).startswith(prefix):
        accepted = "a folder that prefix_filter covers, or what is dropped there starts no job"
        yield Misfit("storage.folder", accepted, prefix.split("/blobs/", 1)[1])


def _the_trainer_is_in_the_cloud(settings: Settings) -> Iterator[Misfit]:
    again, suffix = settings.workspace_events.retrain_on_event, settings.azure.inference_suffix
    uri = re.fullmatch(SCORING, again.endpoint_uri or "") if again else None
    if uri and uri[1] != suffix:
        accepted = f"an endpoint_uri of this cloud, whose host ends in {suffix}"
        yield Misfit("workspace_events.retrain_on_event.endpoint_uri", accepted)


# The data factory.


def _a_secret_lasts_a_run_of_a_pipeline(settings: Settings) -> Iterator[Misfit]:
    """A run signs in until its job has ended, with the secret in use when it began."""
    factory = settings.factory
    if factory is None or factory.authentication != "service_principal":
        return
    least = 2 * -(-factory.max_wait_hours // 24)
    if settings.invoker.secret_lifetime_days < least:
        told = f"a pipeline's run may wait {factory.max_wait_hours} hours with one secret"
        yield Misfit("invoker.secret_lifetime_days", f"{least} or more: {told}", least)


def _inputs_are_in_the_cloud(settings: Settings) -> Iterator[Misfit]:
    uri, suffix = settings.data_factory.input_uri or "", settings.azure.storage_suffix
    host = re.match(r"(?:https|abfss)://(?:[^/@]*@)?([^/]+)", uri)
    if host and not host[1].endswith((f".blob.{suffix}", f".dfs.{suffix}")):
        yield Misfit("data_factory.input_uri", f"a host of this cloud, which ends in {suffix}")


def _pipelines_know_the_cloud(settings: Settings) -> Iterator[Misfit]:
    given = settings.cloud_overrides if settings.factory else {}
    for name in SENT_TO:
        known = [getattr(cloud, name) for cloud in CLOUDS.values()]
        known += [DOCUMENTED_IN_CHINA[name]] if name in DOCUMENTED_IN_CHINA else []
        if given.get(name, known[0]) not in known:
            accepted = f"with data_factory one that pipelines know: {', '.join(known)}"
            yield Misfit(f"cloud_overrides.{name}", accepted, known[0])


# Rules for events.


def _the_cloud_raises_events(settings: Settings) -> Iterator[Misfit]:
    if settings.cloud in RAISING_WORKSPACE_EVENTS or not settings.workspace_events.all_rules:
        return
    accepted = (
        f"nothing: workspaces raise no events in the cloud {settings.cloud}, only in"
        f" {' and '.join(RAISING_WORKSPACE_EVENTS)}"
        " (D:machine-learning/reference-machine-learning-cloud-parity, of 2022)"
    )
    yield Misfit("workspace_events", accepted, None)


def _a_standard_plan_has_a_workflow(settings: Settings) -> Iterator[Misfit]:
    plan = "consumption"
    if settings.workflows.plan != plan and not settings.workflow_invokes:
        yield Misfit("workflows.plan", f"{plan}: no Logic App invokes the endpoint", plan)


def _parameters_are_no_expressions(settings: Settings) -> Iterator[Misfit]:
    """A standard plan reads the values of parameters from a file, where @ begins an expression.

    D:logic-apps/create-parameters-workflows; whether @@ stands for one there is UNVERIFIED.
    """
    if settings.workflows.plan == "consumption":
        return
    for key in ("job_inputs", "job_outputs"):
        for name, port in getattr(settings.blob_events, key).items():
            if "@" in port.model_dump_json():
                accepted = "no @ in it: workflows.plan is standard, which reads it as an expression"
                yield Misfit(f"blob_events.{key}.{name}", accepted)


def _rules_have_names_of_their_own(settings: Settings) -> Iterator[Misfit]:
    """Secrets are found by them, across workspace and domain."""
    taken = {each.rule_name for each in settings.workspace_events.switches}
    for at, rule in enumerate(settings.workspace_events.rules):
        if rule.name.lower() in taken:
            accepted = "a name that no switch's rule has"
            yield Misfit(f"workspace_events.rules[{at}].name", accepted)
    taken |= {rule.name.lower() for rule in settings.workspace_events.rules}
    domain = settings.event_domain.subscriptions if settings.event_domain else ()
    for at, served in enumerate(domain):
        if served.name.lower() in taken:
            accepted = "a name that no rule of workspace_events has"
            yield Misfit(f"event_domain.subscriptions[{at}].name", accepted)


def _secrets_are_the_rules(settings: Settings) -> Iterator[Misfit]:
    """A secret for each rule that needs one, and no others."""
    secrets = settings.event_secrets
    needing = {
        rule.name: isinstance(rule.destination, Webhook)
        for rule in settings.event_rules
        if rule.destination.needs_secret
    }
    if settings.monitoring.notify and settings.monitoring.notify.webhook:
        needing[WEBHOOK] = True
    for name in sorted(needing.keys() - secrets.keys()):
        told = f"pulumi config set --secret --path event_secrets.{name}"
        yield Misfit("event_secrets", f"a secret named {name}: {told}")
    for name in sorted(secrets.keys() - needing.keys()):
        accepted = f"nothing named {name}: no rule of that name needs a secret"
        yield Misfit("event_secrets", accepted)
    for name, is_webhook in needing.items():
        if is_webhook and name in secrets and not is_secret_url(secrets[name]):
            yield Misfit("event_secrets", f"an https URL for the webhook of {name}")


def _pipelines_have_a_factory(settings: Settings) -> Iterator[Misfit]:
    """A data factory for each rule that starts a pipeline: its own, or the stack's."""
    if settings.factory:
        return
    asking = [
        rule.name
        for rule in settings.event_rules
        if isinstance(rule.destination, DataFactoryPipeline) and not rule.destination.factory_id
    ]
    if asking:
        accepted = f"true, or a factory_id in the destination of {', '.join(asking)}"
        yield Misfit("data_factory.enabled", accepted, write=True, found=False)
    if settings.workspace_events.retrain_on_event:
        accepted = "true: retrain_on_event runs a pipeline of the stack's data factory"
        yield Misfit("data_factory.enabled", accepted, write=True, found=False)


# What says something that nothing heeds.

_UNUSED: dict[str, tuple[Callable[[Settings], object], str]] = {
    "no service principal is used": (
        lambda told: not told.service_principal_invokes,
        "invoker.secret_lifetime_days invoker.secret_rotation invoker.changing",
    ),
    "with existing_role_id it is not used": (
        lambda told: told.invoker.existing_role_id,
        "invoker.role",
    ),
    "no Logic App invokes the endpoint": (
        lambda told: not told.workflow_invokes,
        (
            "invoker.kind blob_events.payload blob_events.job_inputs blob_events.job_outputs"
            " blob_events.predictions_beside_inputs workflows.sku workflows.subnet_id"
        ),
    ),
    "no logs are kept": (lambda told: not told.monitoring.logs, "monitoring.log_workspace"),
    "without a cluster of the stack's own nobody is let write there": (
        lambda told: told.factory and told.endpoint.existing and not told.cluster.existing,
        "data_factory.output_container",
    ),
    "with marker_name the marker's folder is the input": (
        lambda told: told.marker_starts_pipeline,
        "data_factory.copy_before",
    ),
}
"""When fields are not used, and why, which is what is told."""


def _unused(
    because: str, when: Callable[[Settings], object], fields: str
) -> Callable[[Settings], Iterator[Misfit]]:
    def rule(settings: Settings) -> Iterator[Misfit]:
        for section, field in [each.split(".") for each in fields.split() if when(settings)]:
            for misfit in getattr(settings, section).unused(because, field):
                yield misfit._replace(path=f"{section}.{field}")

    rule.__name__ = because
    return rule


RULES: tuple[Callable[[Settings], Iterator[Misfit]], ...] = (
    _a_region_of_the_cloud,
    _somebody_may_publish,
    _what_exists_is_in_a_workspace_that_exists,
    _a_system_topic_has_an_account,
    _a_new_account_moves_no_files,
    _a_data_lake_keeps_no_versions,
    _nothing_new_in_an_endpoint_that_exists,
    _what_is_locked_is_protected,
    _logs_are_kept_somewhere,
    _a_job_s_inputs_have_names_of_their_own,
    _the_prefix_covers_the_folder,
    _the_trainer_is_in_the_cloud,
    *deployment_rules.RULES,
    _a_secret_lasts_a_run_of_a_pipeline,
    _inputs_are_in_the_cloud,
    _pipelines_know_the_cloud,
    _the_cloud_raises_events,
    _a_standard_plan_has_a_workflow,
    _parameters_are_no_expressions,
    _rules_have_names_of_their_own,
    _secrets_are_the_rules,
    _pipelines_have_a_factory,
    *(_unused(because, *row) for because, row in _UNUSED.items()),
    *loops.RULES,
    retraining.events_come_to_an_end,
    *private_stacks.RULES,
)
