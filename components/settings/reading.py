"""From a configuration to settings, or to one error that tells everything that is wrong with it.

Pure, but for a look whether the folders to upload are there.
"""

import json
from collections.abc import Collection, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from components.settings.cloud import LOCATION, mismatches
from components.settings.namespaces import NAMESPACE, slips
from components.settings.problems import Problem, Refused, SettingsError
from components.settings.rules import broken_rules
from components.settings.settings import Settings
from components.settings.telling import SECRET, of_misfit, of_refusal, problems, unknown_key

_IN_CLEAR = (
    "a value in clear: the key is no secret, and its value could not be kept one"
    f" (secrets of rules for events stand in {SECRET})"
)


def read(
    config: Mapping[str, Any],
    *,
    secret: Collection[str] = (),
    environments: Mapping[str, str] | None = None,
    others: Collection[str] = (),
    namespace: str = NAMESPACE,
    stack: str = "",
) -> Settings:
    """The settings that a configuration says.

    Args:
        config: values by key, without namespace; of their own type, or text as the engine has it.
        secret: keys whose values are encrypted, in whole or in part: those of secrets, no others.
        environments: cloud and region that the providers are set to, by key with its namespace.
        others: the keys of other namespaces, with them.
        namespace: what stands in front of the keys in a stack file, for the message.
        stack: name of the stack, for the message.

    Raises:
        SettingsError: anything is wrong; its message tells all of it.
    """
    given = environments or {}
    if LOCATION in given:
        config = {**config, "location": config.get("location") or given[LOCATION]}
    known = Settings.model_fields
    found = [unknown_key(name, namespace) for name in config if name not in known]
    found += slips(namespace, sorted(others))
    # An empty value is the default that Pulumi.yaml has for what is not given.
    values = {
        name: value
        for name in known
        if (value := _typed(name, config.get(name))) not in (None, "", [], {})
    }
    accepted: dict[str, Any] = {}
    for name, value in values.items():
        try:
            _check_secrecy(name, value, name in secret)
            accepted[name] = _accepted(name, value)
        except Refused as refusal:
            found.append(of_refusal(refusal, name, namespace))
        except ValidationError as error:
            found += problems(error, name, values, namespace)
    settings = Settings.model_construct(**accepted)
    settings._stack = stack  # noqa: SLF001 - it is no key of the stack file
    wrong = values.keys() - accepted.keys()
    found += [of_misfit(each, values, namespace) for each in broken_rules(settings, wrong)]
    if not {"cloud", "cloud_overrides"} & wrong:
        found += mismatches(settings.azure, given)
    if found:
        raise SettingsError(sorted(found, key=_order), stack)
    return settings


def _accepted(name: str, value: Any) -> Any:
    """The value of one key, by its declaration alone; nothing of a section that is off."""
    said = _declared(name).validate_json(json.dumps(value, default=repr), strict=True)
    return said if getattr(said, "enabled", True) else type(said)(enabled=False)


@cache
def _declared(name: str) -> TypeAdapter[Any]:
    field = Settings.model_fields[name]
    # Annotated wants something beside the type, and a field may have no metadata.
    declared: Any = Annotated[field.annotation, "", *field.metadata]
    return TypeAdapter(declared)


def _typed(name: str, raw: Any) -> Any:
    """A value as it was written: the engine has each that is no text as JSON."""
    if not isinstance(raw, str) or Settings.model_fields[name].annotation is str:
        return raw
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw


def _check_secrecy(name: str, value: Any, secret: bool) -> None:  # noqa: FBT001 (one caller)
    if secret and name != SECRET:
        raise Refused(_IN_CLEAR, found="a secret (not shown)")
    if name == SECRET and value and not secret:
        raise Refused("secrets, each of them encrypted", found="secrets in clear (not shown)")


def _order(problem: Problem) -> int:
    """Unknown keys first, then as the keys are declared."""
    key = problem.key.partition(".")[0].partition("[")[0]
    names = list(Settings.model_fields)
    return names.index(key) if key in names else -1
