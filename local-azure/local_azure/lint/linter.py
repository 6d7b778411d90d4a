"""The rules, applied to a definition."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from local_azure.expressions.check import strings
from local_azure.lint import replies, requests, secrets, texts, values
from local_azure.lint.subject import Finding, Subject, load, placeheld
from local_azure.services.logic.check import check_definition, is_well_formed

Rule = Callable[[Subject], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    secrets.unused_parameters,
    secrets.plain_secrets,
    secrets.shown_inputs,
    secrets.shown_tokens,
    secrets.leaving,
    texts.spliced_json,
    texts.plain_form_fields,
    values.failing,
    requests.repeated,
    requests.items_of_a_split_body,
    requests.unanswered_handshake,
    replies.lost_replies,
)
_PLACE = re.compile(r"^(Action '.*?'|Trigger '.*?'|Parameter '.*?'|The trigger|The outputs):? ")


def lint_file(path: Path) -> list[Finding]:
    """Everything that is found in the definition in a file.

    Raises:
        LocalAzureError: the file can't be read, or holds no definition.
    """
    definition, given = load(path)
    return lint(definition, given)


def lint(definition: Any, given: Mapping[str, Any]) -> list[Finding]:
    """Everything that is found in a definition.

    Args:
        definition: the document.
        given: values of its parameters, ``{name: {"value": ...}}``; what is missing is made up.
    """
    refused = check_definition(definition, placeheld(definition, given))
    written = sorted(strings(definition), key=len, reverse=True)
    found = [_refusal(sentence, written) for sentence in refused]
    if is_well_formed(definition):
        subject = Subject(definition)
        found += [finding for rule in RULES for finding in rule(subject)]
    return list(dict.fromkeys(found))


def _refusal(sentence: str, written: list[str]) -> Finding:
    """A sentence of the engine's check, taken apart: place, expression, what is wrong."""
    place = _PLACE.match(sentence)
    where = place[1] if place else "The definition"
    rest = sentence[place.end() :] if place else sentence
    expression = next((text for text in written if "@" in text and f"{text}: " in rest), "")
    message = rest.replace(f"{expression}: ", "", 1) if expression else rest
    return Finding("refused", where, message.rstrip("."), expression)
