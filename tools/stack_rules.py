"""The event subscriptions that a stack's file asks for, as far as their filters go.

`local-azure try event --stack` asks for them (pyproject.toml names `rules_of`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from components.event_grid import created_blobs
from components.event_grid.operators import OPERATORS
from components.settings import Settings
from components.settings.cloud import ENVIRONMENTS
from components.settings.event_rules import EventRule
from components.settings.filters import AdvancedFilter
from components.settings.namespaces import NAMESPACE
from components.settings.problems import SettingsError
from components.settings.reading import read

_UNREAD = "https://not-decrypted.invalid/?key"
"""Stands for each secret, a webhook's URL among them: none takes part in a filter."""


def rules_of(stack: str, config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By name, the `filter` of each subscription and its `source`: storage, workspace or domain.

    Raises:
        ValueError: the stack's file would be refused.
    """
    try:
        settings = _settings(stack, config)
    except SettingsError as error:
        raise ValueError(str(error)) from None
    return {name: {"source": source, "filter": body} for name, source, body in bodies(settings)}


def bodies(settings: Settings) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, source and filter of each subscription."""
    if settings.blob_events.enabled:
        yield "blob-created", "storage", _blobs(settings)
    for rule in settings.workspace_events.all_rules:
        yield rule.name, "workspace", _body(rule)
    domain = settings.event_domain
    for each in domain.subscriptions if domain else ():
        yield each.name, "domain", _body(each)


def _settings(stack: str, config: Mapping[str, Any]) -> Settings:
    prefix = f"{NAMESPACE}:"
    names = [key for key in config if key.startswith(prefix)]
    ours = {key.removeprefix(prefix): config[key] for key in names}
    told = {key: in_clear(value) for key, value in ours.items()}
    return read(
        told,
        secret={key for key, value in ours.items() if value != told[key]},
        environments={key: config[key] for key in ENVIRONMENTS if key in config},
        others=config.keys() - names,
        stack=stack,
    )


def in_clear(value: Any) -> Any:
    """A value of a stack file, with something in the place of each secret."""
    if isinstance(value, dict):
        inner = {key: in_clear(each) for key, each in value.items()}
        return _UNREAD if set(value) == {"secure"} else inner
    return [in_clear(each) for each in value] if isinstance(value, list) else value


def _blobs(settings: Settings) -> dict[str, Any]:
    events, renamed = settings.blob_events, settings.blob_events.renamed_blobs
    return {
        "includedEventTypes": created_blobs.types(renamed=renamed),
        "subjectBeginsWith": settings.prefix_filter,
        "subjectEndsWith": events.ends_with or "",
        "isSubjectCaseSensitive": True,
        "advancedFilters": [
            {"operatorType": each["operator"], "key": each["key"], "values": each["values"]}
            for each in created_blobs.conditions(skip_empty=events.skips_empty, renamed=renamed)
        ],
    }


def _body(rule: EventRule) -> dict[str, Any]:
    return {
        "includedEventTypes": list(rule.event_types),
        "subjectBeginsWith": rule.subject_begins_with,
        "subjectEndsWith": rule.subject_ends_with,
        "isSubjectCaseSensitive": rule.subject_case_sensitive,
        "advancedFilters": [_condition(each) for each in rule.advanced_filters],
        "enableAdvancedFilteringOnArrays": rule.advanced_filtering_on_arrays,
    }


def _condition(condition: AdvancedFilter) -> Mapping[str, Any]:
    field = OPERATORS[condition.operator].field
    return {
        "operatorType": condition.operator,
        "key": condition.key,
        **({field: getattr(condition, field)} if field else {}),
    }
