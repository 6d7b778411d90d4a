"""What the linter says about one place of one definition."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One mistake.

    Attributes:
        rule: the rule's name.
        where: ``Action 'Invoke'``, ``The trigger``, ``Parameter 'x'``, ``The outputs`` ...
        message: what is wrong, and what to write instead.
        expression: the expression that it is about; empty where it is about something else.
    """

    rule: str
    where: str
    message: str
    expression: str = ""

    def __str__(self) -> str:
        """One line."""
        about = f" {self.expression}:" if self.expression else ""
        return f"{self.where}:{about} {self.message} [{self.rule}]"
