"""What `watch` makes of files, jobs and dead letters, as Azure tells them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

import pytest

from batch_client import commands_operating, dead_letters, operating, reasoning, said_operating
from batch_client.caller import Caller
from batch_client.dead_letters import Letter
from batch_client.jobs import Job
from batch_client.reasoning import Reason
from batch_client.rights import MissingRoleError
from batch_client.verify import watch
from batch_client.verify.filters import Filter
from batch_client.verify.resources import Resources
from batch_client.verify.watch import Finding, Watch
from tests.cases import cases_beside
from tests.client.manager import asking

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
INPUTS = "https://inputs.blob.core.windows.net/inputs"
FILES = Filter(
    "account", "/blobServices/default/containers/inputs/blobs/in/", ".pgm", skips_empty=True
)
MARKERS = Filter("account", FILES.begins_with, "/_SUCCESS")


def blob(name: str, minutes: int = 30, size: int = 5, **metadata: str) -> Any:
    """A blob that was last written so many minutes ago."""
    landed = NOW - timedelta(minutes=minutes)
    return SimpleNamespace(name=name, size=size, metadata=metadata, last_modified=landed)


def job(file: str, status: str = "Completed", minutes: int = 29, name: str = "job") -> Job:
    """A job that was made so many minutes ago, of a file or a folder of the inputs."""
    url = urljoin(f"{INPUTS}/", file)
    made = (NOW - timedelta(minutes=minutes)).isoformat()
    return Job(name, status, {"inputData": {"in": {"uri": url}}}, made)


def letter(file: str = "", **more: Any) -> dict[str, Any]:
    """An event in the dead-letter container, of a file of the inputs."""
    ended = {"deadLetterReason": "MaxDeliveryAttemptsExceeded", "lastDeliveryOutcome": "Busy"}
    return {"id": "1", "data": {"url": f"{INPUTS}/{file}"}, **ended, **more}


def found(
    monkeypatch: pytest.MonkeyPatch,
    blobs: Iterable[Any] = (),
    jobs: Iterable[Job] = (),
    letters: Iterable[Any] = (),
    chosen: Filter = FILES,
    why: Callable[..., Any] = lambda *_: [Reason("run bad", "No image.", "")],
    **more: str,
) -> list[Finding]:
    """The findings."""

    @contextmanager
    def container(url: str, *_: str, **__: str) -> Iterator[Any]:
        assert url == INPUTS
        yield SimpleNamespace(list_blobs=listing)

    def listing(*, name_starts_with: str, include: list[str]) -> Iterator[Any]:
        assert (name_starts_with, include) == ("in/", ["metadata"])
        return iter(blobs)

    outputs = {"workflow_id": "w", "input_container": "inputs", **OUTPUTS, **more}
    caller = asking(outputs, container=container)

    def listed(_: Caller, since: datetime) -> Iterator[Job]:
        return (each for each in jobs if datetime.fromisoformat(each.created) >= since)

    monkeypatch.setattr(operating, "listed", listed)

    monkeypatch.setattr(Resources, "filter", lambda _: chosen)
    monkeypatch.setattr(reasoning, "why", why)
    written = [Letter(each, NOW, "SUBSCRIPTION/2026/6/1/12/x.json") for each in letters]
    monkeypatch.setattr(dead_letters, "listed", lambda *_: iter(written))
    return list(Watch(caller, NOW - timedelta(hours=1), NOW).findings())


OUTPUTS = {
    "input_url": f"{INPUTS}/in/",
    "input_folder": "in/",
    "workspace_id": "/w",
    "endpoint_name": "e",
    "dead_letter_account": "letters",
}
CASES = cases_beside(__file__, "watch")


def each(made: Callable[..., Any], told: Iterable[Any]) -> list[Any]:
    """What a case says of some: a name alone, or with more."""
    return [made(**one) if isinstance(one, dict) else made(one) for one in told]


@pytest.mark.parametrize("case", CASES)
def test_what_somebody_has_to_look_at(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    given = CASES[case]
    said = found(
        monkeypatch,
        each(blob, given.get("blobs", ())),
        each(job, given.get("jobs", ())),
        each(letter, given.get("letters", ())),
        MARKERS if given.get("marker") else FILES,
    )

    assert [[each.kind, each.what.removeprefix(f"{INPUTS}/")] for each in said] == given["told"]


def test_the_first_failed_jobs_are_told_with_their_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_EXPLAINED", 1)
    jobs = [job("in/a.pgm", "Failed"), job("in/b.pgm", "Failed")]

    assert [each.why for each in found(monkeypatch, jobs=jobs)] == [
        f"it is Failed; its input is {INPUTS}/in/a.pgm; run bad: No image.",
        f"it is Failed; its input is {INPUTS}/in/b.pgm",
    ]


def test_a_failed_job_whose_reasons_may_not_be_read_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object) -> None:
        raise MissingRoleError("You may not read the logs.")

    (finding,) = found(monkeypatch, jobs=[job("in/a.pgm", "Failed")], why=refused)

    assert finding.why.endswith("; its reasons could not be read. You may not read the logs.")


def test_the_minutes_that_are_not_looked_at_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    looking = SimpleNamespace(files=0, jobs=0, findings=lambda: iter(()))
    monkeypatch.setattr(commands_operating, "Watch", lambda *_: looking)

    (line,) = commands_operating.watch(said_operating.Watch(grace=20), asking({})).lines

    assert line.endswith(" UTC, but for the last 20 minutes (--grace): all fine.")


@pytest.mark.parametrize(
    ("renews", "ends", "told"),
    [(-30, 60, []), (-46, 44, [("secret", "the-app")]), (-91, -1, [("secret", "the-app")])],
)
def test_a_secret_that_no_up_renews_is_told_half_way_before_its_end(
    monkeypatch: pytest.MonkeyPatch, renews: int, ends: int, told: list[tuple[str, str]]
) -> None:
    days = {"invoker_secret_renews": renews, "invoker_secret_ends": ends}
    times: dict[str, Any] = {
        name: f"{NOW + timedelta(days=each):%Y-%m-%dT%H:%M:%SZ}" for name, each in days.items()
    }

    said = found(monkeypatch, **times, invoker_client_id="the-app")

    assert [(each.kind, each.what) for each in said] == told
