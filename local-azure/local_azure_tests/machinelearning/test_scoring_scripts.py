"""Scoring scripts that misbehave: each fails its own job, with its log, and nothing else."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from local_azure.services.machinelearning import scoring
from local_azure.services.machinelearning.job_runs import run_id
from local_azure_tests.machinelearning.world import INPUTS, World

ONCE = {"maxRetries": 0}


@pytest.fixture(autouse=True)
def _input(world: World) -> None:
    for number in range(4):
        world.blob("inputs", "inputs", f"four/{number}.txt", str(number).encode())


@pytest.mark.parametrize(
    ("name", "script", "said"),
    [
        ("raises", "def init(): pass\ndef run(b): raise ValueError('no pixels')", "no pixels"),
        ("init", "def init(): raise ValueError('no model')\ndef run(b): return b", "no model"),
        ("syntax", "def init(:", "SyntaxError"),
        ("import", "import nothing_of_the_kind", "No module named 'nothing_of_the_kind'"),
        ("nothing", "def init(): pass", "has no function run()"),
        ("none", "def init(): pass\ndef run(b): pass", "should return a list or a pandas"),
        ("text", "def init(): pass\ndef run(b): return 'x'", "should return a list or a pandas"),
        ("dict", "def init(): pass\ndef run(b): return {'x': 1}", "actual type of output is dict"),
        ("lazy", "def init(): pass\ndef run(b): yield True", "actual type of output is generator"),
        ("empty", "def init(): pass\ndef run(b): return []", "no succeeded mini batch item"),
        ("hangs", "import time\ndef init(): pass\ndef run(b): time.sleep(99)", "had timeout: 1 s"),
        ("exits", "import os\ndef init(): pass\ndef run(b): os._exit(3)", "with exit code 3"),
        ("quits", "import sys\ndef init(): pass\ndef run(b): sys.exit('enough')", "enough"),
        (
            "killed",
            "import os\ndef init(): pass\ndef run(b): os.kill(os.getpid(), 9)",
            "ended by SIGKILL",
        ),
        ("eats", "def init(): pass\ndef run(b): return [len(bytes(5 * 2**30))]", "MemoryError"),
        (
            "floods",
            "def init(): pass\ndef run(b):\n  while True: print('x' * 10**7)",
            "File too large",
        ),
    ],
)
def test_a_script_that_fails_fails_its_job_and_the_next_one_runs(
    world: World, name: str, script: str, said: str
) -> None:
    limit = {"timeout": "PT1S"} if name == "hangs" else {}
    world.deploy(name, script, retrySettings={**ONCE, **limit})

    job = world.score_on(name)

    assert job["status"] == "Failed"
    assert said in job["error"]
    overview = world.log(run_id(job["name"]), "logs/job_progress_overview.txt")
    assert "Failed\nfiles: " in overview
    assert said in overview
    assert world.score()["status"] == "Completed"


def test_the_traceback_is_in_the_log(world: World) -> None:
    world.deploy("trace", "def init(): pass\ndef run(b): return 1 / 0", retrySettings=ONCE)

    job = world.score_on("trace")

    error = world.log(run_id(job["name"]), "logs/user/error.txt")
    assert "mini-batch 0, try 1" in error
    assert "score.py" in error
    assert "ZeroDivisionError: division by zero" in error


FRAME = """
class Frame:
    def __len__(self): return 1
    def to_csv(self, path, sep, header, index):
        open(path, "w").write(f"a{sep}1 {header} {index}\\n")
def init(): pass
def run(b): return Frame()
"""
NAMED = {"self": "größe 'x' \"y\" % $HOME"}
SCORED: dict[str, tuple[str, dict[str, Any], str]] = {
    "what it prints is no prediction": (
        "def init(): pass\ndef run(b): print('{\"returned\": 9}'); return ['x']",
        {},
        "x\n",
    ),
    "a variable of any name and value": (
        "import os\ndef init(): pass\ndef run(b): return [os.environ['self']]",
        {"environmentVariables": NAMED},
        f"{NAMED['self']}\n",
    ),
    "the logging level as an argument": (
        "import sys\ndef init(): pass\ndef run(b): return [' '.join(sys.argv[1:])]",
        {"loggingLevel": "Debug"},
        "--logging_level DEBUG\n",
    ),
    "a data frame as Azure writes it": (FRAME, {}, "a 1 False False\n"),
}


@pytest.mark.parametrize(("script", "settings", "rows"), SCORED.values(), ids=SCORED)
def test_a_script_is_given_and_gives(
    world: World, script: str, settings: dict[str, Any], rows: str
) -> None:
    world.deploy("scores", script, **settings)

    assert world.predictions(world.score_on("scores")) == rows


def test_a_failed_mini_batch_is_tried_again(world: World, tmp_path: Path) -> None:
    script = f"""
import pathlib
def init(): pass
def run(files):
    with open({str(tmp_path / "tries")!r}, "a") as tries: tries.write("x")
    if pathlib.Path({str(tmp_path / "tries")!r}).stat().st_size < 3: raise OSError("not yet")
    return files
"""
    world.deploy("again", script, retrySettings={"maxRetries": 2, "timeout": "PT30S"})

    assert world.score_on("again")["status"] == "Completed"
    assert (tmp_path / "tries").read_text() == "xxx"


def test_a_process_that_ends_is_started_again(world: World, tmp_path: Path) -> None:
    script = f"""
import os
def init(): pass
def run(files):
    if not os.path.exists({str(tmp_path / "been")!r}):
        open({str(tmp_path / "been")!r}, "w").close()
        os._exit(1)
    return files
"""
    world.deploy("restarts", script, retrySettings={"maxRetries": 1, "timeout": "PT30S"})

    assert world.score_on("restarts")["status"] == "Completed"


@pytest.mark.parametrize(("threshold", "end"), [(-1, "Completed"), (1, "Failed"), (2, "Completed")])
def test_failed_files_count_against_the_error_threshold(
    world: World, threshold: int, end: str
) -> None:
    script = "def init(): pass\ndef run(files): return files[:1]"
    world.deploy(f"threshold{threshold}", script, miniBatchSize=2, errorThreshold=threshold)

    job = world.score_on(f"threshold{threshold}", f"{INPUTS}/four/", "UriFolder")

    assert job["status"] == end
    if end == "Failed":
        assert "2 of 4 files failed; the deployment's error_threshold is 1" in job["error"]


def test_workers_share_the_mini_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "CORES", 4)
    script = """
import os, time
def init(): pass
def run(files):
    time.sleep(0.1)
    return [os.getpid()]
"""
    world.deploy("parallel", script, miniBatchSize=1, maxConcurrencyPerInstance=2)

    job = world.score_on("parallel", f"{INPUTS}/four/", "UriFolder")

    assert len(set(world.predictions(job).split())) == 2


def test_the_environment_is_the_documented_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SERVER", "hidden")
    script = "import os\ndef init(): pass\ndef run(b): return [' '.join(sorted(os.environ))]"
    world.deploy("environment", script, environmentVariables={"OWN": "x"})

    assert world.predictions(world.score_on("environment")).split() == [
        "AZUREML_BI_OUTPUT_PATH",
        "AZUREML_MODEL_DIR",
        "HOME",
        "LANG",
        "OWN",
        "PATH",
        "TMPDIR",
    ]


def test_what_a_script_starts_ends_with_its_job(world: World) -> None:
    script = """
import subprocess
def init(): pass
def run(b): return [subprocess.Popen(["sleep", "300"]).pid]
"""
    world.deploy("children", script)

    child = int(world.predictions(world.score_on("children")))

    _assert_gone(child)


def _assert_gone(process: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        os.sched_yield()
    message = f"The process {process} is still there."
    raise AssertionError(message)
