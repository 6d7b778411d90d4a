"""A journal in memory, and processes that end while they write into it."""

import json

from local_azure.services.datafactory.records import Record


class ProcessEndedError(BaseException):
    """The process that ran a pipeline is no more."""


class Diary:
    """Keeps records as JSON, as they would lie in a database.

    Attributes:
        writes: how often it has been written to.
        last_write: the process ends as soon as that many writes are done; 0 for never.
    """

    def __init__(self) -> None:
        self.writes = 0
        self.last_write = 0
        self._lines: dict[str, str] = {}

    def records(self) -> list[Record]:
        return [Record.from_json(json.loads(line)) for line in self._lines.values()]

    def note(self, record: Record) -> None:
        if self.last_write and self.writes >= self.last_write:
            raise ProcessEndedError
        self._lines.pop(record.key, None)
        self._lines[record.key] = json.dumps(record.as_json())
        self.writes += 1
        if self.writes == self.last_write:
            raise ProcessEndedError
