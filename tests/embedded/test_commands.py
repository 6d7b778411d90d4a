"""What the embedded Azure's commands say of this project's own templates, samples and pages."""

import json
from pathlib import Path

import pytest

from components.azure.templates import FOLDER as DEFINITIONS
from local_azure.command_line import cli
from local_azure_tests.commands.test_command_line import COMMANDS
from tests import PROJECT
from tests.templates.test_account_definitions import ACCOUNT, ENDPOINT, LOGIN, SECRET, event
from tests.templates.test_pipeline_types import FOLDER as PIPELINES

pytestmark = pytest.mark.usefixtures("nothing_runs")

PIPELINE = str(PIPELINES / "Run-BatchEndpoint-MI.json")
DEFINITION = str(DEFINITIONS / "invoke_batch_endpoint.json")
GIVEN = f"--parameter=endpoint_uri=https://{ENDPOINT}/jobs"
DIGITS = PROJECT / "samples" / "digits"


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """The command for the template with all parameters, its secret in a file."""
    (tmp_path / "event.json").write_text(json.dumps([event()]))
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    values = {
        "tenant_id": "t",
        "client_id": "c",
        "client_secret": f"@{tmp_path / 'secret'}",
        "endpoint_uri": f"https://{ENDPOINT}/jobs",
        "storage_account_id": ACCOUNT,
        "watched_url": "https://inputs.blob.core.windows.net/images/in/",
    }
    given = [f"--parameter={name}={value}" for name, value in values.items()]
    return ["try", "workflow", DEFINITION, "--event", str(tmp_path / "event.json"), *given]


def test_every_command_says_what_it_does_and_is_on_the_page() -> None:
    page = (PROJECT / "docs" / "embedded-azure.md").read_text()
    assert [path for path, command in COMMANDS.items() if not command.help] == []
    assert [path for path in COMMANDS if f"`{path}" not in page] == []


def tried(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a trial prints that does not end well."""
    code = cli.main([*command])
    printed = capsys.readouterr()
    assert code == 1, printed
    return printed.out


def test_hosts_are_refused_by_name_and_the_secret_stays_hidden(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = tried(capsys, *asked)

    assert f"not asked, because no embedded Azure runs: {LOGIN}" in told
    assert "Authorize: Failed (BadGateway): *** hidden" in told
    assert 'reply: 503 {"reason": "Authorize Failed (BadGateway), Invoke Skipped' in told


def test_scripts_get_all_that_is_not_hidden(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = tried(capsys, *asked, "--json")

    told = json.loads(text)
    inputs = {action["name"]: action["inputs"] for action in told["actions"]}
    assert (told["reply"]["status"], told["refused_hosts"]) == (503, [LOGIN])
    assert inputs["Event"]["id"] == "event-1"
    assert [each for each in (SECRET, "grant_type") if each in text] == []


@pytest.mark.parametrize(
    ("parameter", "told"),
    [
        ("client_secret=abc", "a secret is read from a file: client_secret=@FILE."),
        ("client_secret", "accepted is NAME=VALUE; declared: tenant_id, client_id"),
        ("secret=abc", "accepted is NAME=VALUE; declared: tenant_id, client_id"),
        ("client_secret=@/nowhere", "/nowhere: "),
        ("job_inputs={", "job_inputs: "),
        ("job_inputs=1", "Parameter 'job_inputs' is declared as object; its value is int."),
    ],
)
def test_a_wrong_parameter_is_told(
    asked: list[str], capsys: pytest.CaptureFixture[str], parameter: str, told: str
) -> None:
    assert cli.main([*asked, "--parameter", parameter]) == 1
    assert told in capsys.readouterr().err


def test_each_activity_is_told_with_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    given = (GIVEN, "--parameter=endpoint_input_uri=azureml://i")

    told = tried(capsys, "try", "pipeline", PIPELINE, *given)

    assert "Run Batch-Endpoint (WebActivity): Failed: A pipeline that runs from a file has" in told
    assert "Wait for job (Until): Skipped" in told
    assert "run: Failed Operation on target Run Batch-Endpoint failed:" in told


def test_the_sample_scores_its_own_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    model = str(DIGITS / "model")
    seven = str(DIGITS / "inputs" / "digit-7.pgm")

    code = cli.main(
        ["try", "scoring", str(DIGITS / "code" / "score.py"), seven, "--model", model, "--json"]
    )

    told = json.loads(capsys.readouterr().out)
    assert (code, told["error"], json.loads(told["rows"])["digit"]) == (0, "", 7)
