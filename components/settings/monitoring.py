"""`monitoring`: what is seen of a stack, and who is told."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from components.settings.problems import Misfit
from components.settings.section import LogWorkspaceId, Section, between
from components.settings.switches import Address

WEBHOOK = "alerts"
"""The secret in `event_secrets` that is the webhook's URL."""


class Notify(Section):
    """Whom alerts tell."""

    emails: Annotated[tuple[Address, ...], Field(examples=[["ml-team@example.com"]])] = ()
    """E-mail addresses."""

    webhook: bool = False
    """Whether a webhook is told, whose URL is the secret alerts in event_secrets."""

    def misfits(self) -> Iterator[Misfit]:
        """Somebody is told."""
        if not (self.emails or self.webhook):
            yield Misfit("emails", "one or more e-mail addresses, or webhook: true")


class Monitoring(Section):
    """What is seen of a stack, and who is told."""

    logs: bool = False
    """Whether runs of workflows and pipelines, failed deliveries, jobs and the cluster's events are
    sent to Log Analytics, by a diagnostic setting for each resource that the stack makes. What is
    kept is paid for by the gigabyte."""

    log_workspace: LogWorkspaceId | None = None
    """Resource id of the Log Analytics workspace that logs are sent to; left out, the one that
    comes with a new Azure ML workspace."""

    workbook: bool = False
    """Whether there is a page in the portal that shows what the logs tell. Needs logs."""

    notify: Annotated[Notify | None, Field(examples=[{"emails": ["ml-team@example.com"]}])] = None
    """Whom alerts tell of dead letters, of deliveries, jobs and pipelines that fail and of the
    cluster's state: emails, or webhook; left out, there are none. Each is paid for by the month
    (docs/operations.md)."""

    failed_deliveries_an_hour: Annotated[int, between(0, 1_000_000)] = 100
    """Attempts to deliver events that may fail within an hour before an alert tells of it: a
    workflow that can't start a job yet lets each fail, and is asked again, seven times in the
    first hour."""

    def misfits(self) -> Iterator[Misfit]:
        """What is shown is kept, and what is counted is told."""
        if self.workbook and not self.logs:
            yield Misfit("logs", "true: the workbook shows the logs", write=True)
        if self.notify is None:
            yield from self.unused("no alerts are made", "failed_deliveries_an_hour")
