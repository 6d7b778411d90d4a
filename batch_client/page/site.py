"""The page's views over one stack. Each is read when somebody looks, and then kept for a while."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from itertools import count, islice
from pathlib import Path
from threading import Lock
from typing import Any

from batch_client import predictions, reasoning, rows, windows
from batch_client.caller import Caller
from batch_client.downloads import beginning
from batch_client.errors import ClientError, UsageError
from batch_client.job_logs import Logs
from batch_client.page import run_views, views
from batch_client.page.door import Answer
from batch_client.page.elements import Inside, document, element
from batch_client.page.recent import Recent, Row
from batch_client.rights import MissingRoleError
from batch_client.tracing import Tracing
from batch_client.uris import plain

Query = Mapping[str, str]
View = Callable[[Query], tuple[str, Iterator[Inside]]]

KEPT = 30.0
"""Seconds for which what was read is shown again: Resource Manager counts a reader's requests."""
_BEGINNING, _TABLE = 65536, 200
"""Bytes, and rows, of predictions that are shown."""
_LOGS = 20
"""Of a job; one of many nodes has hundreds."""
_EXPLAINED = 10
"""Failed jobs whose errors are asked for while one waits for the list."""
_STATIC = {"/page.css": "text/css", "/page.js": "text/javascript"}
_NAME = re.compile(r"\w[\w.-]*")


@dataclass
class Site:
    """The page over a stack.

    Attributes:
        caller: who looks; whoever opens the page sees what this one may read.
        hours: how far back.
    """

    caller: Caller
    hours: float
    _lock: Lock = field(default_factory=Lock)
    _kept: dict[str, tuple[float, Any]] = field(default_factory=dict)
    _errors: dict[str, str] = field(default_factory=dict)

    def answer(self, path: str, query: Query) -> Answer:
        """What is at a path."""
        if kind := _STATIC.get(path):
            return Answer((Path(__file__).parent / path[1:]).read_bytes(), kind)
        if path not in self._views:
            return _refused("There is no such page.", HTTPStatus.NOT_FOUND)
        try:
            with self._lock:
                title, content = self._views[path](query)
                return Answer(document(title, *content))
        except UsageError as error:
            return _refused(str(error), HTTPStatus.BAD_REQUEST)
        except ClientError as error:
            return _refused(str(error), HTTPStatus.BAD_GATEWAY)

    @property
    def _views(self) -> Mapping[str, View]:
        return {
            "/": self._files,
            "/file": self._file,
            "/job": partial(self._named, "Job", self._told),
            "/run": partial(
                self._named, "Workflow run", partial(run_views.workflow_run, self.caller)
            ),
            "/pipeline-run": partial(
                self._named, "Pipeline run", partial(run_views.pipeline_run, self.caller)
            ),
        }

    def _once(self, key: str, read: Callable[[], Any]) -> Any:
        """What was read a moment ago, or now."""
        now = self.caller.clock.now()
        self._kept = {key: kept for key, kept in self._kept.items() if now - kept[0] < KEPT}
        if key not in self._kept:
            self._kept[key] = now, (datetime.now(UTC), read())
        return self._kept[key][1]

    def _files(self, query: Query) -> tuple[str, Iterator[Inside]]:
        when, found = self._once("/", partial(Recent, self.caller, self.hours))
        told = f"Of the last {self.hours:g} hours, read at {when:%H:%M:%S} UTC."
        asked = count()
        return "Files", views.files(
            found.newest(), query, [told, *found.untold], lambda row: self._why(row, asked)
        )

    def _why(self, row: Row, asked: Iterator[int]) -> str:
        """What a failed job ended with; of a few at a time, and each is asked for once."""
        if row.letter and not row.jobs:
            return row.letter.why
        if row.state != "Failed":
            return ""
        name = row.last.name
        if name not in self._errors and next(asked) < _EXPLAINED:
            try:
                self._errors[name] = self.caller.history.error(name)
            except ClientError as error:
                self._errors[name] = str(error)
        return self._errors.get(name, "")

    def _file(self, query: Query) -> tuple[str, Iterator[Inside]]:
        url = query.get("url", "")
        _, found = self._once(f"/file {url}", partial(self._trace, url))
        return plain(url).rpartition("/")[2], views.trace(found.sentence, found.spans, found.untold)

    def _trace(self, url: str) -> Tracing:
        found = Tracing(self.caller, self.hours)
        found.of_file(url)
        return found

    def _named(
        self, what: str, read: Callable[[str], Iterator[Inside]], query: Query
    ) -> tuple[str, Iterator[Inside]]:
        """A job or a run, by its name."""
        name = query.get("name", "")
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name!r} is no name of a job or a run.")
        _, told = self._once(f"{what} {name}", lambda: list(read(name)))
        return f"{what} {name}", iter(told)

    def _told(self, name: str) -> Iterator[Inside]:
        job = self.caller.job(name)
        reasons = reasoning.why(self.caller, name) if job.ended and job.exit else []
        told = [*windows.sentences(job), *(each.line for each in reasons)]
        logs = self._telling(islice(Logs(self.caller, name).more(), _LOGS))
        yield from views.job(job.status, job.page, told, logs)
        if job.ended:
            try:
                for place in predictions.places(self.caller, job).values():
                    url, text = beginning(self.caller, place, _BEGINNING)
                    yield from views.predictions(url, text, rows.of_text(text)[:_TABLE])
            except ClientError as error:
                yield element("p", f"There are no predictions to show. {error}", class_="faint")

    def _telling(self, logs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        try:
            yield from logs
        except MissingRoleError as refusal:
            yield "that could not be read", str(refusal)


def _refused(why: str, status: int) -> Answer:
    return Answer(document("Not shown", element("p", why)), status=status)
