"""What differs: a page to read, and facts to send in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local_azure_tests.recorded.judging import Fact
from local_azure_tests.recorded.patterns import differences

_Told = Callable[[Any], Any]


@dataclass(frozen=True)
class Outcome:
    """What came of a fact.

    Attributes:
        fact: as it stands in its file.
        answer: what was answered of that of which it speaks; None where it could not be asked.
        differing: by path, recorded and found.
    """

    fact: Fact
    answer: dict[str, Any] | None
    differing: dict[str, str]

    @property
    def unexpected(self) -> dict[str, str]:
        """Without what the embedded Azure answers otherwise on purpose."""
        listed = self.fact.get("differs", {})
        return {path: why for path, why in self.differing.items() if path not in listed}


def page(
    title: str, outcomes: Sequence[Outcome], trouble: Sequence[str], clean: Callable[[str], str]
) -> str:
    """The report, in Markdown; trouble is what went wrong before anything was asked."""
    otherwise = [each for each in outcomes if each.unexpected]
    asked = f"{len(outcomes)} facts were asked, {len(otherwise)} of them are answered otherwise."
    known = sum(len(each.differing) - len(each.unexpected) for each in outcomes)
    rows = [row for each in otherwise for row in _rows(each, clean)]
    return "\n".join(
        [
            f"# {title}",
            "",
            f"{asked} {known} answers differ where the embedded Azure differs on purpose.",
            "",
            "| Question | Where | Recorded, and found |",
            "|---|---|---|",
            *rows,
            "",
            *(f"```\n{clean(each)}\n```\n" for each in trouble),
        ]
    )


def _rows(outcome: Outcome, clean: Callable[[str], str]) -> Iterator[str]:
    for path, why in outcome.unexpected.items():
        told = clean(why).replace("|", "\\|").replace("\n", " ")
        yield f"| {outcome.fact['fact']} | `{path}` | {told[:600]} |"


def as_found(outcome: Outcome, filled: _Told, clean: _Told) -> Fact:
    """The fact as Azure answers it now; where the answer fits, what stood there stays."""

    def merged(recorded: Any, found: Any) -> Any:
        if isinstance(recorded, dict) and isinstance(found, dict):
            return {key: merged(recorded.get(key), each) for key, each in found.items()}
        if isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
            return [merged(*pair) for pair in zip(recorded, found, strict=True)]
        return clean(found) if list(differences(filled(recorded), found)) else recorded

    answer = outcome.answer or {}
    spoken = {key: merged(outcome.fact.get(key), value) for key, value in answer.items()}
    old = {key: value for key, value in outcome.fact.items() if key != "differs"}
    return {**old, **spoken, "source": {"from": "make conformance", "strength": "recorded"}}
