"""The ``filter`` of an event subscription: event types, the subject's ends, advanced filters.

Source: D:event-grid/event-filtering. All parts must let an event pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_azure.services.eventgrid.filters import AdvancedFilter, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALL = "All"
"""As an event type: every one."""


@dataclass(frozen=True)
class EventFilter:
    """Which events a subscription wants.

    Attributes:
        event_types: the only ones wanted; empty for all.
        begins: what subjects begin with; in lower case where case does not matter.
        ends: what subjects end with, likewise.
        case_sensitive: whether the case of subjects matters.
        advanced: filters that must all match.
    """

    event_types: frozenset[str]
    begins: str
    ends: str
    case_sensitive: bool
    advanced: tuple[AdvancedFilter, ...]

    @classmethod
    def of(cls, body: Mapping[str, Any], *, cloud_events: bool = False) -> EventFilter:
        """The filter that a subscription's body has.

        Args:
            body: the filter.
            cloud_events: whether the events come in as CloudEvents.

        Raises:
            FilterError: an advanced filter that Event Grid does not take.
        """
        case_sensitive = bool(body.get("isSubjectCaseSensitive"))
        begins, ends = (body.get(f"subject{what}With") or "" for what in ("Begins", "Ends"))
        types = body.get("includedEventTypes") or ()
        arrays = bool(body.get("enableAdvancedFilteringOnArrays"))
        return cls(
            event_types=frozenset() if _ALL in types else frozenset(types),
            begins=begins if case_sensitive else begins.lower(),
            ends=ends if case_sensitive else ends.lower(),
            case_sensitive=case_sensitive,
            advanced=tuple(
                parse(each, arrays=arrays, cloud_events=cloud_events)
                for each in body.get("advancedFilters") or ()
            ),
        )

    def wants(self, event: Mapping[str, Any]) -> bool:
        """Whether an event passes; asked for each event and subscription, so it says no more."""
        subject = self.subject(event)
        return (
            self.wants_type(event)
            and subject.startswith(self.begins)
            and subject.endswith(self.ends)
            and all(each.matches(event) for each in self.advanced)
        )

    def wants_type(self, event: Mapping[str, Any]) -> bool:
        """Whether it is of one of the types wanted."""
        return not self.event_types or event["eventType"] in self.event_types

    def subject(self, event: Mapping[str, Any]) -> str:
        """The subject as it is compared."""
        subject: str = event["subject"]
        return subject if self.case_sensitive else subject.lower()
