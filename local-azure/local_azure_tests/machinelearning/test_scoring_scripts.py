"""Scoring scripts that misbehave: each fails its own job, with its log, and nothing else."""

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest

from local_azure.services.machinelearning import scoring
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

    job = world.run_script(script, retrySettings={**ONCE, **limit})

    overview = world.log(job, "logs/job_progress_overview.txt")
    assert said in job["error"]
    assert re.search(f"Failed\nfiles: .+\nenvironment: .+\n{re.escape(job['error'])}\n", overview)
    assert [job["status"], world.score()["status"]] == ["Failed", "Completed"]


def test_the_traceback_is_in_the_log(world: World) -> None:
    job = world.run_script("def init(): pass\ndef run(b): return 1 / 0", retrySettings=ONCE)

    error = world.log(job, "logs/user/error.txt")
    assert re.search("mini-batch 0, try 1(.|\n)+score.py(.|\n)+Error: division by zero", error)


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
    assert world.predictions(world.run_script(script, **settings)) == rows


def test_a_failed_mini_batch_is_tried_again(world: World, tmp_path: Path) -> None:
    script = f"""
import pathlib
def init(): pass
def run(files):
    with open({str(tmp_path / "tries")!r}, "a") as tries: tries.write("x")
    if pathlib.Path({str(tmp_path / "tries")!r}).stat().st_size < 3: raise OSError("not yet")
    return files
"""
    job = world.run_script(script, retrySettings={"maxRetries": 2, "timeout": "PT30S"})

    assert job["error"] == ""
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
    job = world.run_script(script, retrySettings={"maxRetries": 1, "timeout": "PT30S"})

    assert job["error"] == ""


@pytest.mark.parametrize(
    ("threshold", "error"),
    [(-1, ""), (1, "2 of 4 files failed; the deployment's error_threshold is 1"), (2, "")],
)
def test_failed_files_count_against_the_error_threshold(
    world: World, threshold: int, error: str
) -> None:
    script = "def init(): pass\ndef run(files): return files[:1]"
    settings = {"miniBatchSize": 2, "errorThreshold": threshold}

    job = world.run_script(script, f"{INPUTS}/four/", "UriFolder", **settings)

    assert job["error"].partition(".")[0] == error


def test_workers_share_the_mini_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "CORES", 4)
    script = """
import os, time
def init(): pass
def run(files):
    time.sleep(0.1)
    return [os.getpid()]
"""
    settings = {"miniBatchSize": 1, "maxConcurrencyPerInstance": 2}

    job = world.run_script(script, f"{INPUTS}/four/", "UriFolder", **settings)

    assert len(set(world.predictions(job).split())) == 2


def test_the_environment_is_the_documented_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SERVER", "hidden")
    script = "import os\ndef init(): pass\ndef run(b): return [' '.join(sorted(os.environ))]"

    job = world.run_script(script, environmentVariables={"OWN": "x"})

    assert world.predictions(job).split() == [
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
    child = int(world.predictions(world.run_script(script)))

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
