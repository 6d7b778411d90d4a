"""What is known of an environment, and what is said where something is not."""

import json
import socket
from pathlib import Path

import pytest

from batch_client.answers import not_signed_in
from batch_client.clouds import CLOUDS
from batch_client.environment import Environment, cloud_of, load
from batch_client.errors import ClientError, UsageError
from tests.cases import cases_beside

INPUT = "https://a.blob.core.windows.net/inputs/incoming/"


def test_the_container_is_what_lies_above_the_watched_folder() -> None:
    told = {"input_url": INPUT, "input_folder": "incoming/"}

    assert Environment(told).container_url == "https://a.blob.core.windows.net/inputs"


def test_a_flag_overrules_an_output(tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps({"scoring_uri": "https://a/jobs", "workspace_id": "w"}))

    told = load(None, str(file), {"scoring_uri": "https://b/jobs", "workspace_id": None})

    assert told.outputs == {"scoring_uri": "https://b/jobs", "workspace_id": "w"}


def test_what_is_missing_is_told_with_the_ways_to_say_it() -> None:
    with pytest.raises(UsageError, match="Say it by --stack or --outputs or --scoring-uri"):
        Environment().need("scoring_uri")


def test_a_stack_without_a_factory_is_told_the_key_that_makes_one() -> None:
    with pytest.raises(UsageError, match=r"'dev' has no output 'factory_id' .*`data_factory`"):
        Environment({}, "The stack 'dev'").need("factory_id")


@pytest.mark.parametrize("text", ["", "[]", "no json", '"text"'])
def test_a_file_that_has_no_outputs_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(text)

    with pytest.raises(UsageError, match="accepted: what `pulumi stack output --json` prints"):
        load(None, str(file), {})


@pytest.mark.parametrize(
    ("host", "cloud"), cases_beside(__file__, "addresses")["in the cloud"].items()
)
def test_host_names_tell_the_cloud(host: str, cloud: str) -> None:
    assert cloud_of(host) == CLOUDS[cloud]


def test_the_source_documents_china_host_has_its_own_audience() -> None:
    uri = "https://e.chinaeast2.inference.studio.ml.azure.cn/jobs"

    assert Environment({"scoring_uri": uri}).ml_audience == "https://studio.ml.azure.cn"


def test_the_input_is_named_as_the_stack_does() -> None:
    assert Environment({"input_name": "data"}).input_name == "data"
    assert Environment().input_name == "input"


@pytest.fixture
def _pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project whose set-up has a CLI; the shell is in a folder of it, and knows no other CLI."""
    cli = tmp_path / ".tools" / "bin" / "pulumi"
    cli.parent.mkdir(parents=True)
    cli.write_text('#!/bin/sh\necho "{\\"scoring_uri\\": \\"$*\\"}"\n')
    cli.chmod(0o700)
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    monkeypatch.setenv("PATH", "/bin")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scoring_uri", "https://e.westeurope.inference.ml.azure.com/jobs/"),
        ("container_url", "https://a.blob.core.windows.net/inputs/"),
        ("workspace_id", "/subscriptions/s/resourcegroups/g/providers/microsoft.ml/workspaces/w"),
    ],
)
def test_a_flag_may_be_written_as_azure_writes_it_too(name: str, value: str) -> None:
    assert load(None, None, {name: value}).get(name) == value


@pytest.mark.usefixtures("_pulumi")
@pytest.mark.parametrize(
    ("stack", "flags", "asked"),
    [
        ("dev", {}, "stack output --json --stack dev"),
        (None, {}, "stack output --json"),
        (None, {"pipeline_name": "Score"}, "stack output --json"),
    ],
)
def test_a_stack_that_is_not_named_is_the_selected_one(
    stack: str | None, flags: dict[str, str | None], asked: str
) -> None:
    assert load(stack, None, flags).need("scoring_uri") == asked


def test_no_stack_is_asked_where_a_flag_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert load(None, None, {"scoring_uri": "https://a/jobs"}).outputs.keys() == {"scoring_uri"}


@pytest.mark.usefixtures("_pulumi")
@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("no stack selected", r"output --json` failed: error: no stack selected\. With"),
        (
            "PULUMI_ACCESS_TOKEN must be set for …",
            r"failed: this shell is .* no backend: `pulumi login`, or",
        ),
        (None, r"There is no `pulumi` on PATH: .*by --outputs, or by f"),
    ],
    ids=["no stack", "no backend", "no CLI"],
)
def test_a_stack_that_pulumi_does_not_tell_can_be_said_otherwise(
    tmp_path: Path, error: str | None, told: str
) -> None:
    cli = tmp_path / ".tools" / "bin" / "pulumi"
    cli.write_text(f"#!/bin/sh\necho 'error: {error}' >&2; exit 255\n")
    if error is None:
        cli.unlink()

    with pytest.raises(ClientError, match=told):
        load(None, None, {})


@pytest.mark.usefixtures("_pulumi")
def test_a_stack_that_was_never_brought_up_is_told_with_what_does_so_in_either_place(
    tmp_path: Path,
) -> None:
    (tmp_path / ".tools" / "bin" / "pulumi").write_text("#!/bin/sh\necho '{}'\n")

    with pytest.raises(ClientError, match=r"`make up STACK=prod` .*`make local-up STACK=prod`"):
        load("prod", None, {})


@pytest.mark.parametrize(
    ("proxy", "told"),
    [
        ("http://127.0.0.1:{}", "local-azure env"),
        ("http://proxy.example:{}", "Run `az login`"),
        ("", "Run `az login`"),
    ],
)
def test_an_embedded_azure_that_is_stopped_is_not_a_missing_login(
    monkeypatch: pytest.MonkeyPatch, proxy: str, told: str
) -> None:
    with socket.socket() as free:
        # Bound and not listening: nobody answers there.
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTPS_PROXY", proxy.format(free.getsockname()[1]))

        assert told in str(not_signed_in(ValueError("no credential")))
