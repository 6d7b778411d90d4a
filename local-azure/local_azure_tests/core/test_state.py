"""The state file: all or nothing, and sealed where it must be."""

import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.entra.directory import Directory, Principal
from local_azure.control_plane.messages import Message, Messages
from local_azure.control_plane.metrics import Metrics
from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.control_plane.state import State
from local_azure.errors import LocalAzureError
from local_azure.home import Home, write_private
from local_azure.services.datafactory import store as pipelines
from local_azure.services.datafactory.records import Record, Status
from local_azure.services.eventgrid.schedule import DROPPED, Outcome, Step
from local_azure.services.eventgrid.store import Deliveries, Entry
from local_azure.services.logic.history import History
from local_azure.services.machinelearning import jobs
from local_azure.services.machinelearning.invocation import Invocation
from local_azure.services.machinelearning.pipelines.steps import Steps
from local_azure_tests.conftest import NOON


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path / "state.db", Fernet.generate_key())
    made.define("CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY)")
    yield made
    made.close()


def test_what_another_version_wrote_is_refused_and_kept(tmp_path: Path) -> None:
    before = sqlite3.connect(tmp_path / "state.db")
    before.execute("CREATE TABLE things (name TEXT PRIMARY KEY)")
    before.close()

    with pytest.raises(LocalAzureError, match="another version of the embedded Azure"):
        State(tmp_path / "state.db", Fernet.generate_key())


def _names(state: State) -> list[str]:
    return [row["name"] for row in state.rows("SELECT name FROM things ORDER BY name")]


def test_a_transaction_that_fails_leaves_nothing(state: State) -> None:
    with suppress(RuntimeError), state.transaction():
        state.execute("INSERT INTO things VALUES ('first')")
        raise RuntimeError

    assert _names(state) == []


def _body(resources: Resources) -> dict[str, Any] | None:
    found = resources.find("/a")
    return found.body if found else None


def test_a_resource_whose_change_was_taken_back_is_told_as_before(state: State) -> None:
    resources = Resources(state, Clock(NOON))
    resources.put(Resource("/a", "T", "a", {"size": 1}, {}))
    with suppress(RuntimeError), state.transaction():
        resources.put(Resource("/a", "T", "a", {"size": 2}, {}))
        raise RuntimeError

    assert _body(resources) == {"size": 1}


def test_a_change_of_a_resource_is_told_at_once(state: State) -> None:
    resources = Resources(state, Clock(NOON))
    resources.put(Resource("/a", "T", "a", {"size": 1}, {}))
    resources.put(Resource("/A", "T", "a", {"size": 2}, {}))

    assert _body(resources) == {"size": 2}
    resources.delete("/A")
    assert _body(resources) is None


def test_a_put_tells_what_another_process_reads(state: State) -> None:
    resources, given = Resources(state, Clock(NOON)), {"sizes": [1]}
    resources.put(Resource("/a", "T", "a", given, {}))
    told = resources.put(Resource("/A", "T", "A", given, {"shown": True}))
    given["sizes"].append(2)

    assert told == Resources(state, Clock(NOON)).find("/a")


@pytest.mark.parametrize(("days", "kept"), [(92, 1), (94, 0)])
def test_metrics_are_kept_for_93_days(state: State, days: int, kept: int) -> None:
    Metrics(state, Clock(NOON)).count("/a", "M")
    later = Metrics(state, Clock(NOON + timedelta(days=days)))

    assert len(later.between("/a", "M", 0, NOON.timestamp() + 60)) == kept


def test_an_inner_transaction_ends_with_the_outer_one(state: State) -> None:
    with suppress(RuntimeError), state.transaction():
        with state.transaction():
            state.execute("INSERT INTO things VALUES ('inner')")
        raise RuntimeError

    assert _names(state) == []


def test_a_sealed_value_is_not_readable_and_opens_again(state: State) -> None:
    sealed = state.seal({"secret": "s3cr3t"})
    assert b"s3cr3t" not in sealed
    assert state.open(sealed) == {"secret": "s3cr3t"}


def test_only_the_owner_reads_the_state(state: State, tmp_path: Path) -> None:
    assert state.row("SELECT 1") is not None
    assert stat.S_IMODE((tmp_path / "state.db").stat().st_mode) == 0o600


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, "old")
    write_private(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.secret("console") == home.secret("console")
    assert home.secret("console") != home.secret("sealing")


def _events(state: State, name: str, *, ends: bool) -> None:
    deliveries = Deliveries(state, Metrics(state, Clock(NOON)))
    _, last = deliveries.take(name, {}, [name, name], 0)
    [delivery] = deliveries.unfinished([last]).values()
    refused = Outcome(503, "Busy", "refused")
    deliveries.enter([Entry(delivery, Step("waiting", 0), refused, 0)])
    if ends:
        every = deliveries.unfinished(number for _, number, _ in deliveries.all_unfinished())
        left = [each for each in every.values() if each.subscription == name]
        deliveries.enter([Entry(each, Step(DROPPED, 0), None, 0) for each in left])


def _workflow_runs(state: State, name: str, *, ends: bool) -> None:
    nothing = SimpleNamespace(inputs=False, outputs=False)
    run: Any = SimpleNamespace(
        id=name,
        started="",
        time=str,
        definition=SimpleNamespace(trigger_hidden=nothing, hidden={"action": nothing}),
        trigger=SimpleNamespace(name="manual", outcome=SimpleNamespace(outputs={})),
    )
    outcome = SimpleNamespace(status="Succeeded", code="OK", outputs={}, error=None)
    action = SimpleNamespace(
        name="action", type="Compose", outcome=outcome, start="", end="", inputs={}
    )
    result: Any = SimpleNamespace(
        actions=[("", action)], status="Succeeded", response=None, error=None
    )
    workflow: Any = SimpleNamespace(id="workflow", properties={"version": "1"})
    history = History(state, Metrics(state, Clock(NOON)))
    history.begin(run, workflow)
    if ends:
        history.end(run, result, workflow)


def _pipeline_runs(state: State, name: str, *, ends: bool) -> None:
    runs = pipelines.Runs(state, Clock(NOON), Metrics(state, Clock(NOON)))
    work = pipelines.Work({}, {}, {})
    # The second one was called by the first, which still goes on.
    family = {"1": "0"}.get(name, name)
    runs.add(pipelines.Run(name, "factory", "pipeline", lambda: work, {}, family))
    runs.journal(name).note(Record("Wait", "Wait", Status.IN_PROGRESS))
    if ends:
        runs.enter(name, pipelines.SUCCEEDED)


def _jobs(state: State, name: str, *, ends: bool) -> None:
    kept = jobs.Jobs(state, Clock(NOON), lambda _: None)
    steps = Steps(state, Clock(NOON))
    kept.add(jobs.Job(name, "", "", "", 1, "", None, Invocation()))
    steps.begin(name, "step")
    if ends:
        kept.enter(name, jobs.COMPLETED)


@pytest.mark.parametrize(
    ("add", "kept"),
    [
        (_events, {"events": 4, "deliveries": 8, "refused_attempts": 4}),
        (_workflow_runs, {"workflow_runs": 4, "workflow_actions": 3}),
        (_pipeline_runs, {"pipeline_runs": 5, "pipeline_activities": 5}),
        (_jobs, {"batch_jobs": 4, "batch_steps": 4}),
        (lambda state, name, **_: Messages(state).add("queue", Message(name), 0), {"messages": 3}),
    ],
)
def test_of_each_history_the_last_are_kept_and_what_is_under_way(
    add: Callable[..., None], kept: dict[str, int], state: State
) -> None:
    state.kept = 3
    for number in range(12):
        add(state, str(number), ends=number > 0)

    table = next(iter(kept))
    found = [row[0] for row in state.rows(f"SELECT rowid FROM {table} ORDER BY rowid")]  # noqa: S608
    counts = {each: len(state.rows(f"SELECT 1 FROM {each}")) for each in kept}  # noqa: S608
    assert counts == kept
    assert found == [*range(1, kept[table] - 2), 10, 11, 12]


def test_a_principal_that_was_found_is_found_as_it_is_by_now(state: State) -> None:
    directory, ann = Directory(state, Clock()), Principal("a", None, "User", "Ann")
    names: list[str | None] = []

    def look() -> None:
        found = directory.find("A")
        names.append(found.name if found else None)

    directory.add(ann)
    look()
    directory.add(Principal("a", None, "User", "Anna"))
    look()
    with suppress(KeyError), state.transaction():
        directory.add(ann)
        look()
        raise KeyError
    look()
    directory.remove("a")
    look()

    assert names == ["Ann", "Anna", "Ann", "Anna", None]
