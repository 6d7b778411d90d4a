"""From a configuration to settings, or to one error that tells everything that is wrong with it.

Pure, but for a look whether the folders to upload are there.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from components.settings.building import build
from components.settings.environments import LOCATION, mismatches
from components.settings.keys import KEYS, RETIRED
from components.settings.namespaces import slips
from components.settings.problems import (
    UNSAID,
    Problem,
    Refusal,
    SettingsError,
    shown,
    yaml_line,
)
from components.settings.rules import Accepted, broken_rules, cloud_of
from components.settings.values import WORDS, parse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from components.settings.key import Key
    from components.settings.model import Settings

NAMESPACE = "azureml-batch-events"
_IN_CLEAR = (
    "a value in clear: the key is no secret, and its value could not be kept one"
    " (secrets of rules for events stand in event_secrets)"
)
_ENCRYPTED = "secrets, each of them encrypted"
_REMOVE = "nothing: remove the line"


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
    problems = [_unknown(namespace, name) for name in config if name not in KEYS]
    problems += slips(namespace, sorted(others))
    values = Accepted(stack=stack)
    for key in KEYS.values():
        value, refusals = _checked(key, config, key.name in secret)
        problems += [_problem(namespace, key, value, refusal) for refusal in refusals]
        if not refusals:
            values[key.name] = value
        elif type(value) is type(key.default):
            values.refused[key.name] = value
    for broken in broken_rules(values):
        key, refusal = KEYS[broken.key], Refusal(broken.accepted, broken.write)
        problems.append(_problem(namespace, key, values[key.name], refusal))
    if "cloud" in values and "cloud_overrides" in values:
        problems += mismatches(cloud_of(values), given)
    if problems:
        raise SettingsError(problems, stack)
    return build(values)


def _checked(key: Key, config: Mapping[str, Any], secret: bool) -> tuple[Any, list[Refusal]]:  # noqa: FBT001 (one caller)
    if secret and not key.secret:
        return UNSAID, [Refusal(_IN_CLEAR)]
    if key.name not in config:
        value = key.default
    else:
        try:
            value = parse(key, config[key.name])
        except ValueError:
            return config[key.name], [Refusal(WORDS[key.type])]
    if key.secret and value and not secret:
        return UNSAID, [Refusal(_ENCRYPTED)]
    not_given = value == key.default and not value and not key.required
    return value, [] if not_given else key.check(value)


def _unknown(namespace: str, name: str) -> Problem:
    if name in RETIRED:
        return Problem(name, "a key that there is no more", RETIRED[name], _REMOVE)
    near = difflib.get_close_matches(name, KEYS, n=1)
    accepted = (
        f"a key of this project; did you mean {near[0]}?" if near else "a key of this project"
    )
    line = f"{namespace}:{near[0]}: (the same value)" if near else _REMOVE
    return Problem(name, "a key that there is not (value not shown)", accepted, line)


def _problem(namespace: str, key: Key, value: Any, refusal: Refusal) -> Problem:
    found = value if refusal.found is UNSAID and not key.secret else refusal.found
    write = refusal.write if refusal.write is not UNSAID else (key.example or key.default)
    told = "nothing" if found == "" else _secrets(value) if found is UNSAID else shown(found)
    line = yaml_line(namespace, key.name, write)
    if refusal.write is UNSAID and value and isinstance(value, (list, dict)):
        # A whole value would take the place of what is right in theirs.
        line = f"nothing: put {key.name}{refusal.path} right where it stands"
    if key.secret:
        line = f"{namespace}:{key.name}: by pulumi config set --secret --path {key.name}.NAME"
    return Problem(key.name + refusal.path, told, refusal.accepted, line)


def _secrets(value: Any) -> str:
    """Secrets by their names alone."""
    if not isinstance(value, dict):
        return "a secret (not shown)"
    return f"secrets named {', '.join(value)} (not shown)" if value else "no secrets"
