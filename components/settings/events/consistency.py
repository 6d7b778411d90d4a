"""What rules for events and the other keys must have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.azure.clouds import RAISING_WORKSPACE_EVENTS
from components.settings.events import destinations, switches
from components.settings.problems import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.settings.rules import Accepted

    Values = Mapping[str, Any]


def rules_of(values: Values) -> list[dict[str, Any]]:
    """Every rule, of the workspace and of the domain."""
    return [*values["workspace_events"], *values["event_domain"].get("subscriptions", [])]


def cloud_raises_them(values: Values) -> list[Broken]:
    """Workspace events in a cloud that has them."""
    cloud = values["cloud"]
    if cloud in RAISING_WORKSPACE_EVENTS:
        return []
    accepted = (
        f"nothing: workspaces raise no events in the cloud {cloud}, only in"
        f" {' and '.join(RAISING_WORKSPACE_EVENTS)}"
        " (D:machine-learning/reference-machine-learning-cloud-parity, of 2022)"
    )
    return [Broken(key, accepted, [] if key == "workspace_events" else {}) for key in _told(values)]


def _told(values: Values) -> list[str]:
    """The keys whose rules tell of the workspace."""
    return [*(["workspace_events"] if values["workspace_events"] else []), *switches.used(values)]


def names_are_their_own(values: Values) -> list[Broken]:
    """Names of rules, which secrets are found by, across workspace and domain."""
    own = [switches.NAMES[key] for key in switches.used(values)]
    of_rules = [rule["name"] for rule in values["workspace_events"]]
    of_domain = [rule["name"] for rule in values["event_domain"].get("subscriptions", [])]
    problems = []
    if twice := _common(of_rules, own):
        accepted = f"names that no switch's rule has; {', '.join(twice)} is one"
        problems.append(Broken("workspace_events", accepted))
    if twice := _common(of_domain, [*of_rules, *own]):
        accepted = f"names that no rule of workspace_events has; both have {', '.join(twice)}"
        problems.append(Broken("event_domain", accepted))
    return problems


def _common(names: list[str], taken: list[str]) -> list[str]:
    lowered = {name.lower() for name in taken}
    return [name for name in names if name.lower() in lowered]


def secrets_are_the_rules(values: Accepted) -> list[Broken]:
    """A secret for each rule that needs one, and no others."""
    secrets, rules = values["event_secrets"], list(_whole_rules(values))
    needing = {rule["name"] for rule in rules if destinations.needs_secret(rule["destination"])}
    if values.get("dispatch_on_model") or values.refused.get("dispatch_on_model"):
        needing.add(switches.SECRET)
    problems = [
        f"a secret named {name}: pulumi config set --secret --path event_secrets.{name}"
        for name in sorted(needing - secrets.keys())
    ]
    problems += [
        f"an https URL for the webhook of {rule['name']}"
        for rule in rules
        if rule["name"] in secrets and rule["destination"]["kind"] == "webhook"
        if not destinations.is_secret_url(secrets[rule["name"]])
    ]
    if not {"workspace_events", "event_domain", "dispatch_on_model"} & values.refused.keys():
        problems += [
            f"nothing named {name}: no rule of that name needs a secret"
            for name in sorted(secrets.keys() - needing)
        ]
    return [Broken("event_secrets", accepted) for accepted in problems]


def _whole_rules(values: Accepted) -> Iterator[dict[str, Any]]:
    """Rules that have a name and an accepted destination, whatever else is wrong around them."""
    given = {**values.refused, **values}
    domain = given.get("event_domain", {}).get("subscriptions", [])
    for rule in (*given.get("workspace_events", []), *(domain if isinstance(domain, list) else [])):
        if isinstance(rule, dict) and isinstance(rule.get("name"), str):
            where = rule.get("destination")
            if isinstance(where, dict) and not destinations.check(where):
                yield rule


def topic_has_a_workspace(values: Values) -> list[Broken]:
    """A system topic that exists belongs to a workspace that exists, and is of use to rules."""
    if not values["existing_workspace_system_topic"]:
        return []
    if not _told(values):
        accepted = "rules for what the topic's subscriptions get, or no existing topic"
        return [Broken("workspace_events", accepted)]
    if values["existing_workspace_id"] or values["existing_endpoint"]:
        return []
    accepted = "the workspace of existing_workspace_system_topic; a new one has no topic yet"
    return [Broken("existing_workspace_id", accepted)]


def pipelines_have_a_factory(values: Values) -> list[Broken]:
    """A data factory for each rule that starts a pipeline: its own, or the stack's."""
    asking = [
        rule["name"]
        for rule in rules_of(values)
        if rule["destination"]["kind"] == "data_factory_pipeline"
        if not rule["destination"].get("factory_id")
    ]
    if not asking or values["data_factory"]:
        return []
    accepted = f"true, or a factory_id in the destination of {', '.join(asking)}"
    return [Broken("data_factory", accepted, write=True)]


def retraining_has_a_factory(values: Values) -> list[Broken]:
    """Retraining is a pipeline, and what it copies starts nothing."""
    if not values["retrain_on_event"] or values["data_factory"]:
        return []
    accepted = "true: retrain_on_event runs a pipeline of the stack's data factory"
    return [Broken("data_factory", accepted, write=True)]


RULES = (
    retraining_has_a_factory,
    cloud_raises_them,
    names_are_their_own,
    secrets_are_the_rules,
    topic_has_a_workspace,
    pipelines_have_a_factory,
)
