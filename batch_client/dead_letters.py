"""Events that Event Grid gave up, as it wrote them: read, and removed once they are replayed.

A blob below the name of its subscription, in upper case, holds an array of one event or more, each
with how it ended (D:event-grid/delivery-and-retry); a CloudEvent has those keys in lower case.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from azure.core import MatchConditions

from batch_client.caller import Caller
from batch_client.rights import WRITE_BLOBS
from batch_client.uris import plain, told_by

_REASON, _OUTCOME, _ATTEMPTS = "deadletterreason", "lastdeliveryoutcome", "deliveryattempts"
_ADDED = {_REASON, _OUTCOME, _ATTEMPTS, "publishtime", "lastdeliveryattempttime"}
"""What Event Grid adds to the event, in lower case."""

_SIGNED = re.compile(r"(https?://[^\s\"?]+)\?[^\s\"]+")


@dataclass(frozen=True)
class Letter:
    """An event that was given up.

    Attributes:
        told: the event with how it ended.
        when: when it was written.
        blob: name of the blob that it is in.
    """

    told: dict[str, Any]
    when: datetime
    blob: str

    @property
    def id(self) -> str:
        """The event's own id."""
        return str(self.told.get("id") or self.blob)

    @property
    def kind(self) -> str:
        """The event's type."""
        return str(self.told.get("eventType") or self.told.get("type") or "")

    @property
    def raised(self) -> datetime:
        """When what it tells of happened; where it does not say so, when it was written."""
        try:
            return datetime.fromisoformat(str(self.told.get("eventTime"))).astimezone(UTC)
        except ValueError:
            return self.when

    @property
    def subscription(self) -> str:
        """Name of the subscription that could not deliver it, in upper case."""
        return self.blob.partition("/")[0]

    @property
    def url(self) -> str:
        """Of the blob that it tells of, as people write it; empty where it tells of none."""
        return plain(told_by(self.told))

    @property
    def what(self) -> str:
        """What it tells of, for a person."""
        return hidden(self.url or str(self.told.get("subject") or self.id))

    @property
    def why(self) -> str:
        """Why it was given up, and what the last delivery ended with."""
        return f"{self._ended(_REASON)}, {self._ended(_OUTCOME)}"

    @property
    def attempts(self) -> Any:
        """How many deliveries were tried."""
        return self._ended(_ATTEMPTS)

    @property
    def event(self) -> dict[str, Any]:
        """The event as it was published."""
        return {key: value for key, value in self.told.items() if key.lower() not in _ADDED}

    def gave_up_for(self, reason: str) -> bool:
        """Whether this is why, or the outcome of the last delivery."""
        return reason.lower() in self.why.lower().split(", ")

    def _ended(self, key: str) -> Any:
        return next((value for name, value in self.told.items() if name.lower() == key), None)


def listed(caller: Caller, since: datetime | None = None) -> Iterator[Letter]:
    """The dead letters, those that were written since then, the newest first.

    Raises:
        ClientError: they can't be read; a missing role is named.
    """
    url = caller.environment.dead_letters_url
    with caller.container(url, "read dead letters", setting="operators") as client:
        found = [
            each for each in client.list_blobs() if since is None or each.last_modified >= since
        ]
        for blob in sorted(found, key=lambda each: each.last_modified, reverse=True):
            content = client.download_blob(blob.name).readall()
            for told in _events(content, blob.name):
                yield Letter(told, blob.last_modified, blob.name)


def remove(caller: Caller, letter: Letter) -> None:
    """Take an event out of its blob, and the blob away with its last one.

    Raises:
        ClientError: it stays; a missing role is named.
    """
    url = caller.environment.dead_letters_url
    with caller.container(url, "remove the dead letter", WRITE_BLOBS, "operators") as client:
        read = client.download_blob(letter.blob)
        told = _events(read.readall(), letter.blob)
        left = [each for each in told if each.get("id") != letter.id]
        same: dict[str, Any] = {
            "etag": read.properties.etag,
            "match_condition": MatchConditions.IfNotModified,
        }
        if left:
            client.upload_blob(letter.blob, json.dumps(left), overwrite=True, **same)
        else:
            client.delete_blob(letter.blob, **same)


def hidden(text: str) -> str:
    """A text without the queries of its URLs, in which signatures are."""
    return _SIGNED.sub(r"\1?…", text)


def shown(told: dict[str, Any]) -> dict[str, Any]:
    """An event without the queries of its URLs."""
    copy: dict[str, Any] = json.loads(json.dumps(told), object_hook=_without_queries)
    return copy


def _without_queries(told: dict[str, Any]) -> dict[str, Any]:
    return {key: hidden(each) if isinstance(each, str) else each for key, each in told.items()}


def _events(content: bytes, name: str) -> list[dict[str, Any]]:
    """The events of a blob; what can't be read is told as one."""
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    events = told if isinstance(told, list) else [told]
    unread = {"id": name, "deadLetterReason": "can't be read"}
    return [event if isinstance(event, dict) else unread for event in events]
