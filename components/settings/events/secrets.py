"""Secrets of rules, by the name of their rule."""

from __future__ import annotations

from typing import Any

from components.settings.problems import Refusal


def check(value: dict[str, Any]) -> list[Refusal]:
    """Names with texts; none of the texts is ever told."""
    fits = all(isinstance(each, str) and each.isprintable() and each for each in value.values())
    return [] if fits else [Refusal("a text for each rule that needs a secret, by its name")]
