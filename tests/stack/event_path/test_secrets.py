"""No secret lies in clear where it does not belong: state, history, logs, previews."""

import pytest

from tests.stack.event_path.deployed import Deployed

WORKFLOWS = "Microsoft.Logic/workflows"
SUBSCRIPTIONS = "Microsoft.EventGrid/systemTopics/eventSubscriptions"


@pytest.fixture(scope="module")
def secrets(deployed: Deployed, digit: bytes) -> list[str]:
    """Every secret of the stack, once it has been used: client secret, callback signature, …"""
    deployed.await_jobs(deployed.drop("incoming/secret.pgm", content=digit))
    (workflow,) = deployed.resources(WORKFLOWS)
    (subscription,) = deployed.resources(SUBSCRIPTIONS)
    callback = subscription.body["destination"]["endpointUrl"]
    found = [
        workflow.body["parameters"]["client_secret"]["value"],
        callback.partition("sig=")[2],
        deployed.variables["AZURE_CLIENT_SECRET"],
        (deployed.running.home.folder / "passphrase.secret").read_text(),
    ]
    assert all(len(secret) > 20 for secret in found)
    return found


def test_no_secret_lies_in_a_file_in_clear(deployed: Deployed, secrets: list[str]) -> None:
    home = deployed.running.home.folder
    files = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".secret"]
    assert any("stacks" in path.parts for path in files)
    leaks = [path for path in files for secret in secrets if secret.encode() in path.read_bytes()]
    assert leaks == []


def test_no_secret_is_in_the_run_history(deployed: Deployed, secrets: list[str]) -> None:
    shown = str(deployed.history())
    assert "Authorize" in shown
    assert [each for each in (*secrets, "access_token", "Bearer ") if each in shown] == []


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("preview", ["--diff", "--show-sames"]),
        pytest.param("preview", ["--json"], marks=pytest.mark.long),
        ("stack", ["output", "--json"]),
        ("stack", ["export"]),
    ],
)
def test_no_secret_is_printed(
    deployed: Deployed, secrets: list[str], operation: str, arguments: list[str]
) -> None:
    done = deployed.pulumi(operation, *arguments, cold=True)
    assert done.returncode == 0, done.stderr
    printed = done.stdout + done.stderr
    assert "on-blob" in printed or "workflow_id" in printed
    assert [secret for secret in secrets if secret in printed] == []
