"""The packages of a conda file are there when a script runs, and nothing else is."""

import asyncio
import re
import sys
from pathlib import Path

import psutil
import pytest

from local_azure import cache
from local_azure.services.machinelearning.environments import virtual
from local_azure.services.machinelearning.environments.conda import Packages
from local_azure_tests.machinelearning import tiny
from local_azure_tests.machinelearning.pipeline_world import SCORES, run_pipeline
from local_azure_tests.machinelearning.world import REGISTRY, World

IMPORTS = """
import importlib.util
import tiny
def init(): pass
def run(files):
    ours = importlib.util.find_spec("starlette")
    return [f"{tiny.GREETING} {ours}" for _ in files]
"""
OVERVIEW = "logs/job_progress_overview.txt"
BUILT = "20_image_build_log.txt"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def conda_file(tmp_path: Path) -> str:
    """It asks for a package that no index has."""
    return tiny.conda_file(tmp_path)


def _environments() -> list[str]:
    return [each.name for each in (cache.folder() / "environments").iterdir() if each.is_dir()]


@pytest.mark.parametrize(("with_packages", "limit"), [(False, 4), (True, 16)])
def test_numeric_libraries_have_room_for_every_core(
    world: World, conda_file: str, *, with_packages: bool, limit: int
) -> None:
    script = """
import resource
def init(): pass
def run(files): return [resource.getrlimit(resource.RLIMIT_AS)[0] // 2**30 for _ in files]
"""
    version = world.environment("room", conda_file if with_packages else None)

    assert world.predictions(world.run_script(script, environmentId=version)) == f"{limit}\n"


def test_a_script_has_the_packages_of_its_conda_file_and_no_others(
    world: World, conda_file: str
) -> None:
    job = world.run_script(IMPORTS, environmentId=world.environment("tiny", conda_file))

    assert world.predictions(job) == "hello None\n"
    assert " + tiny==1.0" in world.log(job, f"logs/{BUILT}")
    assert "packages of its conda file, without the image" in world.log(job, OVERVIEW)


def test_the_same_content_is_installed_once(world: World, conda_file: str) -> None:
    for name in ("one", "two"):
        job = world.run_script(IMPORTS, environmentId=world.environment(name, conda_file))
        assert " + tiny==1.0" in world.log(job, f"logs/{BUILT}")
        (made,) = _environments()
        # Were it made anew, this would be gone.
        (cache.folder() / "environments" / made / "kept").touch()

    assert (cache.folder() / "environments" / made / "kept").exists()


def test_a_step_of_a_pipeline_has_those_of_its_own(world: World, conda_file: str) -> None:
    version = world.environment("step", conda_file)
    command = "python -c 'import tiny' && tiny # ${{inputs.data}} ${{inputs.mode}}"
    told = {**SCORES, "command": command, "environment": f"azureml:{version}"}

    job = run_pipeline(world, {"score": told})

    assert (job["status"], job["error"]) == ("Completed", "")
    assert world.log(job, "user_logs/std_log.txt", "score") == "hello\n"
    assert " + tiny==1.0" in world.log(job, BUILT, "score")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (tiny.asking("no-such-thing==1"), "no-such-thing was not found .* the conda file, or the"),
        (tiny.asking("tiny ==", "x"), "packages can't be installed: .* Correct the conda file, or"),
        (
            tiny.asking(python="python=3.5"),
            "asks for Python 3.5, which this machine does not have: .* in the conda file",
        ),
    ],
    ids=["package", "line", "python"],
)
def test_what_can_not_be_had_fails_the_job_which_says_what_to_do(
    world: World, text: str, said: str
) -> None:
    job = world.run_script(IMPORTS, environmentId=world.environment("gone", text))

    left = {"log": bool(world.log(job, f"logs/{BUILT}")), "environments": _environments()}
    assert re.search(said, job["error"])
    assert job["error"] in world.log(job, OVERVIEW)
    assert left == {"log": True, "environments": []}


def test_a_node_that_may_not_pull_the_built_image_fails_the_job(
    world: World, conda_file: str
) -> None:
    world.running.call(world.azure.authorization.unassign, "pull")
    try:
        job = world.run_script(IMPORTS, environmentId=world.environment("pull", conda_file))
    finally:
        world.running.call(world.grant_all)

    assert REGISTRY in job["error"]


def test_an_image_alone_is_said_not_to_be_run(world: World) -> None:
    world.deploy("image", environmentId=world.environment("image"))

    job = world.score_on("image")

    overview = world.log(job, OVERVIEW)
    assert "the image mcr.microsoft.com/mine:1 is not run here; no conda file" in overview
    assert sys.executable in overview


def test_an_installation_ends_with_the_job_that_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    uv.chmod(0o755)
    monkeypatch.setattr(virtual, "find_uv_bin", lambda: str(uv))

    async def canceled() -> None:
        task = asyncio.create_task(virtual.interpreter(Packages(), tmp_path / "log"))
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():  # noqa: ASYNC110 another process's
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(canceled())

    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))
    assert _environments() == []


def test_a_shell_that_was_led_here_does_not_keep_packages_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    led = {"HTTPS_PROXY": "http://127.0.0.1:1", "SSL_CERT_FILE": "/x/authority-certificate.pem"}
    for name, value in {**led, "PIP_INDEX_URL": "https://pypi.example.com/simple"}.items():
        monkeypatch.setenv(name, value)

    given = virtual._environment()

    assert not led.keys() & given.keys() - {"SSL_CERT_FILE"}
    assert given.get("SSL_CERT_FILE") != led["SSL_CERT_FILE"]
    assert given["UV_DEFAULT_INDEX"] == "https://pypi.example.com/simple"
