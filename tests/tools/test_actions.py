"""What GitHub runs: the action's own steps, run here as a runner does, and sane workflows."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import PROJECT
from tests.commands import printed

ACTIONS = sorted(PROJECT.glob(".github/actions/**/action.yml"))
WORKFLOWS = sorted(PROJECT.glob(".github/workflows/*.yml"))
EXPRESSION = re.compile(r"\$\{\{ *([^} ]+) *\}\}")
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
ASKED = """
from azure.identity import EnvironmentCredential
print(EnvironmentCredential().get_token("https://management.azure.com/.default").token)
"""


def read(file: Path) -> Any:
    return yaml.safe_load(file.read_text())


class Job:
    """Steps of one job, with what earlier ones left for later ones.

    Args:
        folder: an empty one; a copy of what others get of this repository lies in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(PROJECT / ".github" / "actions", folder / ".github" / "actions")
        shutil.copytree(
            PROJECT / "local-azure",
            folder / "local-azure",
            ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"),
        )
        path = [str(Path(sys.executable).parent), str(PROJECT / ".tools/bin"), os.environ["PATH"]]
        self.env = {**os.environ, **OFFLINE, "PATH": os.pathsep.join(path)}
        self.env |= {"RUNNER_TEMP": str(folder), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64"}
        self.said = ""

    def use(self, action: str, **given: str) -> None:
        """Run an action's `run:` lines; those of other actions are left out."""
        here = self.folder / ".github" / "actions" / action
        told = read(here / "action.yml")
        inputs = {name: each["default"] for name, each in told.get("inputs", {}).items()} | given
        for step in told["runs"]["steps"]:
            if "run" in step:
                own = {name: _filled(text, inputs) for name, text in step.get("env", {}).items()}
                self.run(step["run"], {"GITHUB_ACTION_PATH": str(here), **own})

    def run(self, script: str, own: dict[str, str]) -> str:
        """What a step printed."""
        files = {
            name: self.folder / name for name in ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT")
        }
        for file in files.values():
            file.write_text("")
        told = printed(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            {**self.env, **own, **{name: str(file) for name, file in files.items()}},
            folder=self.folder,
        )
        added = [*files["GITHUB_PATH"].read_text().split(), self.env["PATH"]]
        lines = files["GITHUB_ENV"].read_text().splitlines()
        self.env |= dict(line.split("=", 1) for line in lines)
        self.env["PATH"] = os.pathsep.join(added)
        self.said += told
        return told


def _filled(text: str, inputs: dict[str, str]) -> str:
    return EXPRESSION.sub(lambda found: inputs[found[1].removeprefix("inputs.")], text)


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    job = Job(tmp_path)
    yield job
    job.run("! command -v local-azure || local-azure stop", {})


def own_python(folder: Path) -> str:
    """An environment with what the set-up installed, into which more can be installed."""
    made = folder / "theirs"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(made)], check=True)
    [site] = made.glob("lib/python*/site-packages")
    (site / "set-up.pth").write_text(sysconfig.get_path("purelib"))
    return str(made / "bin" / "python")


def test_the_action_leads_later_steps_to_an_azure_until_it_is_stopped(job: Job) -> None:
    job.use("local-azure", python=own_python(job.folder), **{"pulumi-version": "3.274.1"})
    token = job.run(f"{sys.executable} -c '{ASKED}'", {})
    running = job.run("local-azure status", {})
    job.use("local-azure/stop")
    stopped = job.run("local-azure status || true", {})

    assert f"::add-mask::{job.env['AZURE_CLIENT_SECRET']}\n" in job.said
    assert Path(job.env["SSL_CERT_FILE"]).is_file()
    assert {
        "while it runs": running[: len("It runs")],
        "dots in a token": token.count("."),
        "state": job.env["LOCAL_AZURE_HOME"],
        "afterwards": stopped[: len("It is not running")],
        "proxy afterwards": job.env["HTTPS_PROXY"],
    } == {
        "while it runs": "It runs",
        "dots in a token": 2,
        "state": str(job.folder / "local-azure-state"),
        "afterwards": "It is not running",
        "proxy afterwards": "",
    }


def steps(file: Path) -> Iterator[dict[str, Any]]:
    """Each step of a workflow or an action; a job that is another workflow is one."""
    told = read(file)
    jobs = [told["runs"]] if "runs" in told else told["jobs"].values()
    for each in jobs:
        yield from each.get("steps", [each])


@pytest.mark.parametrize(
    "file", [*ACTIONS, *WORKFLOWS], ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_a_step_is_a_script_that_bash_reads_or_another_action_of_a_version(file: Path) -> None:
    wrong = [step for step in steps(file) if not _is_right(step)]

    assert wrong == []


def _is_right(step: dict[str, Any]) -> bool:
    if "uses" in step:
        ours = re.fullmatch(
            r"\./(?:after/)?(\.github/(?:actions|workflows)/[\w/.-]+)", step["uses"]
        )
        theirs = re.fullmatch(r"[\w-]+/[\w/-]+@(v\d+|[0-9a-f]{40})", step["uses"])
        return _is_there(PROJECT / ours[1]) if ours else bool(theirs)
    # what somebody else wrote, such as a branch's name, would become a part of the script
    if "${{" in step["run"]:
        return False
    check = ["bash", "-n", "-c", step["run"]]
    return subprocess.run(check, check=False).returncode == 0


def _is_there(path: Path) -> bool:
    return path.is_file() or (path / "action.yml").is_file()


def test_a_workflow_makes_what_the_makefile_has() -> None:
    targets = re.findall(r"^([\w./-]+)[\w ./-]*:", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    scripts = [step["run"] for file in WORKFLOWS for step in steps(file) if "run" in step]
    made = [
        re.findall(r"[\w./-]+", each.partition("make ")[2].partition(";")[0]) for each in scripts
    ]

    assert {name for names in made for name in names} - {"-C", "each"} <= set(targets)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_has_just_the_rights_that_it_names_and_an_end(file: Path) -> None:
    told = read(file)

    assert told["permissions"] in ({}, {"contents": "read"})
    ends = [job["timeout-minutes"] for job in told["jobs"].values() if "steps" in job]
    assert all(minutes <= 120 for minutes in ends)


def test_a_fork_gets_neither_secrets_nor_a_token_to_sign_in_with() -> None:
    fork = read(PROJECT / ".github" / "workflows" / "preview.yml")["jobs"]["fork"]

    assert (fork["permissions"], fork.get("environment")) == ({"contents": "read"}, None)
    assert not re.search(r"secrets\.|azure/login", str(fork))
    assert "pull_request_target" not in "".join(each.read_text() for each in WORKFLOWS)
