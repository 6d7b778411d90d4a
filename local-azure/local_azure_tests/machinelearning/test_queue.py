"""Jobs wait for nodes, many run, and a crash loses none."""

import asyncio
import contextlib
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure.services.machinelearning.worker import Worker
from local_azure_tests.conftest import Running
from local_azure_tests.machinelearning.world import INPUTS, World

WAITING = """
import pathlib, time
def init(): pass
def run(files):
    gate = pathlib.Path({gate!r})
    with gate.with_name("begun").open("a") as begun: begun.write("x")
    while not gate.exists(): time.sleep(0.01)
    return files
"""


@pytest.fixture
def gate(world: World, tmp_path: Path) -> Path:
    """A file that jobs wait for, one at a time; what has begun stands in "begun" beside it."""
    world.deploy("blue", WAITING.format(gate=str(tmp_path / "gate")))
    world.cluster(nodes=1)
    return tmp_path / "gate"


def _wait_for(path: Path, size: int) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() or path.stat().st_size < size:
        assert time.monotonic() < deadline, f"{path} is not there"
        time.sleep(0.005)


def test_a_cluster_of_one_node_runs_one_job_at_a_time(world: World, gate: Path) -> None:
    names = [world.invoke()[1]["name"] for _ in range(2)]

    _wait_for(gate.with_name("begun"), 1)
    states = [world.request("GET", f"/jobs/{name}")[1]["properties"]["status"] for name in names]
    gate.touch()

    assert states == ["Running", "Queued"]
    assert [world.end(name)["status"] for name in names] == ["Completed"] * 2


def test_a_waiting_and_a_running_job_can_be_cancelled(world: World, gate: Path) -> None:
    names = [world.invoke()[1]["name"] for _ in range(3)]
    _wait_for(gate.with_name("begun"), 1)

    for name in names[:2]:
        world.running.run(world.azure.machinelearning.cancel(name))
    gate.touch()

    assert [world.end(name)["status"] for name in names] == ["Canceled", "Canceled", "Completed"]


def test_many_jobs_at_once_each_score_their_own_file(world: World) -> None:
    world.deploy("blue")
    world.cluster(nodes=4)
    for number in range(24):
        world.blob("inputs", "inputs", f"many/{number}.txt", f"content {number}".encode())
    names = {number: world.invoke(f"{INPUTS}/many/{number}.txt")[1]["name"] for number in range(24)}

    jobs = {number: world.end(name, 300) for number, name in names.items()}

    assert [world.predictions(jobs[number]) for number in range(24)] == [
        f"{number}.txt content {number}\n" for number in range(24)
    ]


def test_an_unfinished_job_runs_again_after_a_crash(tmp_path: Path) -> None:
    home = Home(tmp_path / "azure")
    first = Running(home, Clock())
    world = World(first)
    world.deploy("blue", WAITING.format(gate=str(tmp_path / "gate")))
    name = world.invoke()[1]["name"]
    _wait_for(tmp_path / "begun", 1)
    first.stop()
    (tmp_path / "gate").touch()

    second = Running(home, Clock())
    again = World(second, built=True)
    try:
        job = again.end(name)
    finally:
        second.stop()

    assert [each["status"] for each in job["states"]] == [
        "Preparing",
        "Queued",
        "Preparing",
        "Running",
        "Queued",
        "Preparing",
        "Running",
        "Finalizing",
        "Completed",
    ]
    assert (tmp_path / "begun").read_text() == "xx"


def test_predictions_of_an_interrupted_finish_are_written_again(world: World) -> None:
    world.deploy("blue")
    job = world.score()
    state = world.azure.state
    world.running.call(
        state.execute, "UPDATE batch_jobs SET status = 'Finalizing' WHERE name = ?", job["name"]
    )

    world.running.run(world.azure.machinelearning.start())

    assert world.end(job["name"])["status"] == "Completed"
    assert world.predictions(job) == "a.txt one\n"


@pytest.mark.parametrize("turns", range(6))
def test_a_start_that_is_cancelled_leaves_no_process(
    turns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[subprocess.Popen[bytes]] = []
    spawn = subprocess.Popen

    def popen(*command: Any, **options: Any) -> subprocess.Popen[bytes]:
        left.append(spawn(*command, **options))
        return left[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)

    async def start_and_cancel() -> None:
        with (tmp_path / "log").open("wb") as log:
            starting = asyncio.create_task(
                Worker.start({"python": sys.executable}, {}, tmp_path, log)
            )
            for _ in range(turns):
                await asyncio.sleep(0)
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await (await starting).kill()

    asyncio.run(start_and_cancel())

    assert None not in [process.returncode for process in left]
