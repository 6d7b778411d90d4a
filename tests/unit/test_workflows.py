"""The GitHub workflows: who signs in, as whom, and by which CLI."""

import re
from typing import Any

import pytest
import yaml

from components.settings import read
from tests import PROJECT
from tests.unit.program import run
from tests.unit.sample_ids import PRIVATE
from tests.unit.sample_settings import BASE, sections

MAKEFILE = PROJECT / "Makefile"
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
MAIN_ALONE = "github.ref == 'refs/heads/main'"
STACKS_TURN = {"deploy": "stack-${{ inputs.stack }}", "drift": "stack-${{ matrix.stack }}"}


def _workflow(name: str) -> dict[str, Any]:
    # YAML 1.1 takes the key `on` for true.
    text = (WORKFLOWS[0].parent / f"{name}.yml").read_text()
    told: dict[str, Any] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 makes texts alone
    return told


def _job(name: str) -> dict[str, Any]:
    """The job of a workflow that has its name."""
    return dict(_workflow(name)["jobs"][name])


@pytest.mark.parametrize("name", [path.stem for path in WORKFLOWS])
def test_what_a_pull_request_starts_never_signs_in_as_who_deploys(name: str) -> None:
    told = _workflow(name)
    if "pull_request" in told["on"]:
        environments = {job.get("environment") for job in told["jobs"].values()}

        assert environments <= {None, "${{ matrix.stack }}-preview"}


@pytest.mark.parametrize("name", ["deploy", "drift"])
def test_who_deploys_signs_in_for_main_alone(name: str) -> None:
    assert MAIN_ALONE in _job(name)["if"]


@pytest.mark.parametrize("name", ["deploy", "drift"])
def test_an_up_that_waits_for_another_one_is_not_cancelled_by_the_nights_refresh(name: str) -> None:
    assert _job(name)["concurrency"] == {"group": STACKS_TURN[name], "queue": "max"}


def test_a_release_is_of_what_main_has() -> None:
    runs = [step.get("run", "") for step in _job("release")["steps"]]

    assert runs.index('git merge-base --is-ancestor "$GITHUB_SHA" origin/main') < runs.index(
        ".ci/run"
    )


def test_who_publishes_a_release_runs_nothing_of_the_project() -> None:
    jobs = _workflow("release")["jobs"]
    writing = [name for name, job in jobs.items() if job["permissions"] != {"contents": "read"}]
    runs = [step["run"].split()[0] for step in jobs["publish"]["steps"] if "run" in step]

    assert (writing, runs, jobs["publish"]["needs"]) == (["publish"], ["gh"], "release")


def test_a_runner_s_own_identity_is_taken_nowhere_in_place_of_azure_login_s() -> None:
    jobs = [job for each in WORKFLOWS for job in _workflow(each.stem)["jobs"].values()]
    signing_in = [
        job.get("env", {}).get("AZURE_TOKEN_CREDENTIALS")
        for job in jobs
        if any("azure/login@" in step.get("uses", "") for step in job.get("steps", []))
    ]

    assert signing_in == ["AzureCLICredential"] * 3


def test_verify_comes_after_a_sign_in_and_its_token_because_the_assertion_has_ended() -> None:
    *_, login, token, verify = _job("deploy")["steps"]

    assert "batch_client verify" in verify["run"]
    assert "--scope https://ml.azure.com/.default" in token["run"]
    assert login["uses"].startswith("azure/login@")


def test_what_something_else_sets_is_read_into_the_state_after_up() -> None:
    *_, up, refresh, _login, _token, _verify = _job("deploy")["steps"]

    assert up["with"]["command"] == "up"
    assert refresh["run"] == "make refresh"
    assert refresh["env"] == {"STACK": "${{ inputs.stack }}", **up["env"]}


def test_make_refresh_reads_all_of_azures_that_the_program_ignores_changes_of() -> None:
    mails = {"notify_by_email": {"recipients": ["team@example.com"]}}
    told = {**BASE, **sections(PRIVATE), "workspace_events": mails}
    ignored = {each.type for each in run(read(told)).resources if each.ignore_changes}

    [listed] = re.findall(
        r"^SET_SINCE := (.*?[^\\])\n", MAKEFILE.read_text(), re.MULTILINE | re.DOTALL
    )
    read_again = {f"azure-native:{each}" for each in re.findall(r"\w+:\w+", listed)}
    assert read_again == {each for each in ignored if each.startswith("azure-native:")}


def test_up_has_its_token_for_uploads_before_the_assertion_has_ended() -> None:
    runs = [step.get("run", step.get("uses", "")) for step in _job("deploy")["steps"]]
    up = next(index for index, each in enumerate(runs) if each.startswith("pulumi/actions@"))
    login, token = runs[up - 2 : up]

    assert login.startswith("azure/login@")
    assert "--scope https://storage.azure.com/.default" in token


def test_what_no_event_tells_is_looked_for_each_night_though_the_stack_has_drifted() -> None:
    *_, refresh, login, watch = _job("drift")["steps"]

    always = "${{ !cancelled() }}"
    assert "--expect-no-changes" in refresh["run"]
    assert (login["uses"].partition("@")[0], login["if"]) == ("azure/login", always)
    assert ("batch_client watch" in watch["run"], watch["if"]) == (True, always)


def test_each_night_looks_at_an_hour_more_than_a_day() -> None:
    [when] = _workflow("drift")["on"]["schedule"]

    assert when["cron"].split()[2:] == ["*"] * 3
    assert _job("drift")["steps"][-1]["run"].endswith(" --hours 25")


@pytest.mark.parametrize("name", ["deploy", "drift", "preview"])
def test_the_cli_is_the_one_that_the_set_up_takes(name: str) -> None:
    [cli] = [step for step in _job(name)["steps"] if "pulumi/actions" in step.get("uses", "")]

    assert cli["with"]["pulumi-version-file"] == ".pulumi.version"
    assert "pulumi-version" not in cli["with"]


def test_a_preview_reads_the_repository_and_shows_no_output() -> None:
    [pulumi] = [step for step in _job("preview")["steps"] if "command" in step.get("with", {})]

    assert _job("preview")["permissions"]["contents"] == "read"
    assert (pulumi["with"]["command"], pulumi["with"]["suppress-outputs"]) == ("preview", "true")


def test_verify_after_an_up_takes_the_environments_own_sample() -> None:
    verify = _job("deploy")["steps"][-1]

    assert '${SAMPLE:+--sample "$SAMPLE"}' in verify["run"]
    assert verify["env"]["SAMPLE"] == "${{ vars.VERIFY_SAMPLE }}"


def test_an_action_of_somebody_else_is_named_by_its_commit_and_what_that_is() -> None:
    files = [*WORKFLOWS, *WORKFLOWS[0].parents[1].glob("actions/**/action.yml")]
    used = {
        told.strip()
        for file in files
        for told in re.findall(r"uses: ([^.\n][^\n]*)", file.read_text())
    }
    pinned = {each for each in used if re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)}

    assert used == pinned


def test_what_a_model_was_trained_with_is_no_version_that_moves() -> None:
    root = WORKFLOWS[0].parents[2]
    told = yaml.safe_load((root / ".github" / "dependabot.yml").read_text())
    pip = next(each for each in told["updates"] if each["package-ecosystem"] == "pip")

    # dependabot reads what lies in a directory, and in the folders right in it (dependabot-core)
    found = [root.glob(f".{each}/**/MLmodel") for each in pip["directories"] if each != "/"]
    assert [path for each in found for path in each] == []
