"""Parameters that nothing reads; secrets that are plain text, are shown, or leave with a reply."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from local_azure.expressions.check import strings
from local_azure.lint.subject import Finding, Subject, is_secure
from local_azure.runs.references import Reference, references
from local_azure.services.logic.action import Action

_TOKENS = frozenset({"access_token", "refresh_token", "id_token", "client_secret", "password"})
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SECRET = frozenset({"secret", "password", "passwd", "pwd", "token", "sas", "credential", "apikey"})
_KEYS = frozenset({"access", "account", "api", "storage", "shared", "client", "master", "host"})


def shown_inputs(subject: Subject) -> Iterator[Finding]:
    """An action that is given a secure parameter and lets the run history show its inputs."""
    for action in subject.actions:
        if "inputs" in _secured(action):
            continue
        for text, used in _uses(_without_authentication(action)):
            if used.function == "parameters" and used.name.lower() in subject.secure:
                message = (
                    f"its inputs hold the secure parameter '{used.name}' and the run history shows "
                    "them; add 'inputs' to runtimeConfiguration.secureData.properties"
                )
                yield Finding("secret-in-history", f"Action '{action.name}'", message, text)


def shown_tokens(subject: Subject) -> Iterator[Finding]:
    """An action that answers a token and lets the run history show its outputs."""
    secured = {each.name.lower(): "outputs" in _secured(each) for each in subject.actions}
    told: set[str] = set()
    for written in subject.expressions:
        for used in references(written.text):
            name = used.name.lower()
            is_token = used.function == "body" and used.key.lower() in _TOKENS
            if is_token and not secured.get(name, True) and name not in told:
                told.add(name)
                message = (
                    f"its body has {used.key!r} and the run history shows it; add 'outputs' to "
                    "runtimeConfiguration.secureData.properties"
                )
                yield Finding("secret-in-history", f"Action '{used.name}'", message, written.text)


def leaving(subject: Subject) -> Iterator[Finding]:
    """A secret in a reply, or in the workflow's outputs, which nothing hides."""
    places: list[tuple[str, Any]] = [
        (f"Action '{action.name}'", action.spec.get("inputs"))
        for action in subject.actions
        if action.type == "Response"
    ]
    places.append(("The outputs", subject.definition.get("outputs", {})))
    for where, value in places:
        for text in dict.fromkeys(strings(value)):
            if subject.hiding.reveals(text):
                message = "a secret, or what is made of one, leaves the workflow in clear"
                yield Finding("secret-leaves", where, message, text)


def _uses(value: Any) -> Iterator[tuple[str, Reference]]:
    for text in dict.fromkeys(strings(value)):
        for used in dict.fromkeys(references(text)):
            yield text, used


def _secured(action: Action) -> list[str]:
    configuration: Mapping[str, Any] = action.spec.get("runtimeConfiguration", {})
    found: list[str] = configuration.get("secureData", {}).get("properties", [])
    return found


def _without_authentication(action: Action) -> Any:
    """What the history shows of an action: of its authentication the type alone."""
    inputs = action.own.get("inputs")
    if isinstance(inputs, dict):
        return {key: value for key, value in inputs.items() if key != "authentication"}
    return inputs


def unused_parameters(subject: Subject) -> Iterator[Finding]:
    """A parameter that no expression reads."""
    used = {
        reference.name.lower()
        for written in subject.expressions
        for reference in references(written.text)
        if reference.function == "parameters"
    }
    for name in subject.parameters:
        if name.lower() not in used:
            message = "nothing reads it; take it out, or use it"
            yield Finding("unused-parameter", f"Parameter '{name}'", message)


def plain_secrets(subject: Subject) -> Iterator[Finding]:
    """A parameter that is named like a secret and declared as plain text."""
    for name, declared in subject.parameters.items():
        if _sounds_secret(name) and not is_secure(declared):
            message = (
                f"its name says that it is a secret, its type is {declared.get('type')!r}, which "
                "everybody who may read the workflow can read; declare it as securestring"
            )
            yield Finding("plain-secret", f"Parameter '{name}'", message)


def _sounds_secret(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    pairs = set(pairwise(words))
    return bool(
        _SECRET & set(words)
        or {(kind, "key") for kind in _KEYS} & pairs
        or ("connection", "string") in pairs
    )
