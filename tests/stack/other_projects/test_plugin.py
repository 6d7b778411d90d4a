"""The pytest plug-in in projects of somebody else's, run as their owners run them."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests import PROJECT

Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.long

SAMPLES = sorted(each.parent for each in PROJECT.glob("samples/*/tests"))
STARTED = "def test_it(local_azure): pass"
FIXTURES = """
import datetime
from azure.identity import EnvironmentCredential

def test_one_test_sees_nothing_of_another(local_azure, fresh_local_azure):
    local_azure.receive("https://mine.example.com/me")
    assert local_azure.messages("https://mine.example.com/me") == []
    assert fresh_local_azure.pipeline_runs() == fresh_local_azure.runs() == []
    assert fresh_local_azure.home != local_azure.home

def test_a_client_signs_in(local_azure_environment, local_azure):
    token = EnvironmentCredential().get_token("https://management.azure.com/.default")
    local_azure.advance(datetime.timedelta(days=1))
    assert token.token

def test_a_fault_is_cleared(local_azure_environment, local_azure):
    local_azure.fault("login.microsoftonline.com", status=400, times=9)
    local_azure.clear_faults()
    assert EnvironmentCredential().get_token("https://management.azure.com/.default").token
"""
WAITED = """
def test_it(local_azure):
    local_azure.wait_for(local_azure.jobs, seconds=0.1)
"""
KILLED = """
import os, signal
def test_it(local_azure):
    print("pid", local_azure.told["pid"], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
UNUSED = """
import sys
def test_it():
    found = [each for each in sys.modules if each.startswith("local_azure.")]
    assert found == ["local_azure.pytest_plugin"]
"""


PATIENCE = 60.0
"""Seconds."""


def ends_within(seconds: float, pid: int) -> bool:
    """Whether a process is no longer there after a time at most."""
    deadline = time.monotonic() + seconds
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not psutil.pid_exists(pid)


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Their pytest, in a folder away from this repository, with the CLI of the set-up on PATH."""

    def run(test: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        if test:
            (tmp_path / "test_theirs.py").write_text(test)
        own = {name: value for name, value in os.environ.items() if name != "LOCAL_AZURE_HOME"}
        path = [str(Path(sys.executable).parent), str(PROJECT / ".tools" / "bin"), own["PATH"]]
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"],
            cwd=tmp_path,
            env={
                **own,
                "PYTHONPATH": str(installed),
                "PATH": os.pathsep.join(path),
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.name)
def test_a_sample_that_has_nothing_to_do_with_this_project_passes(
    run: Run, tmp_path: Path, sample: Path
) -> None:
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)

    done = run()

    assert "\n3 passed" in done.stdout, done.stdout + done.stderr


def test_a_fresh_one_has_nothing_of_the_sessions_to_which_clients_sign_in(run: Run) -> None:
    done = run(FIXTURES)

    assert "\n3 passed" in done.stdout, done.stdout + done.stderr


def test_what_does_not_come_is_told_with_what_happened_instead(run: Run) -> None:
    told = run(WAITED).stdout

    assert re.search(r"After 0\.1 s it is still \[\]\. What happened:\nE +nothing\n", told), told


def test_where_no_test_asks_for_it_nothing_of_it_is_imported(run: Run) -> None:
    done = run(UNUSED)

    assert "1 passed" in done.stdout, done.stdout


def test_a_server_ends_with_tests_that_are_killed(run: Run) -> None:
    [pid] = re.findall(r"^pid (\d+)$", run(KILLED).stdout, re.MULTILINE)

    assert ends_within(PATIENCE, int(pid))


def test_an_azurite_that_can_not_be_had_is_told_in_one_sentence(run: Run, tmp_path: Path) -> None:
    nowhere = {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "npm_config_registry": "http://127.0.0.1:9",
    }

    told = run(STARTED, **nowhere, npm_config_fetch_retries="0").stdout

    assert "npm can't install Azurite:" in told
    assert "Check the network to the npm registry and try again." in told
    assert "Traceback" not in told
