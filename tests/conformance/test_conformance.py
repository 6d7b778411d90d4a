"""`make conformance`, run against an embedded Azure: as it is, and as one that lies."""

import importlib.metadata
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local_azure.azure import Azure
from local_azure.commands import environment
from local_azure.control_plane.clock import Clock
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.home import Home
from local_azure.project import locate
from local_azure_tests.conftest import Running
from local_azure_tests.providers.event_path import EventPath
from local_azure_tests.recorded.asking import ARM, GRAPH
from tests.conformance import __main__ as command
from tests.conformance import run, signed_in
from tests.conformance.liar import LIES, lying
from tests.conformance.provider import azure_native
from tests.conformance.recording import Recording
from tests.conformance.stack import DevStack


class _Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The shell of the owner of an embedded Azure, at a terminal where yes is typed."""
    running, secret = Running(Home(tmp_path / "azure"), Clock()), "the owner's"
    told, client = {"ports": running.azure.ports.now}, str(DEPLOYER.client_id)
    end = datetime(2100, 1, 1, tzinfo=UTC)
    running.call(running.azure.directory.add_secret, client, "x", secret, end)
    variables = {
        **environment.for_clients(running.home, told),
        **environment.for_pulumi(running.home, told, locate()),
        "AZURE_CLIENT_ID": client,
        "AZURE_CLIENT_SECRET": secret,
        "AZURE_TENANT_ID": TENANT_ID,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(run, "HOME", tmp_path / "runs")
    monkeypatch.setattr("sys.stdin", _Terminal("yes\n" * 2))
    yield running
    running.stop()


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded Azure lies."""
    honest = Azure.application
    monkeypatch.setattr(Azure, "application", lambda azure: lying(honest(azure)))


def conformance(*more: str) -> int:
    return command.main(["--subscription", SUBSCRIPTION_ID, *more])


def reported(home: Path) -> set[tuple[str, str]]:
    """Each fact that the only report speaks of, and where."""
    [report] = home.glob("runs/*/report.md")
    return set(re.findall(r"^\| (\w+: .*?) \| `(.*?)` \|", report.read_text(), re.MULTILINE))


def left() -> list[str]:
    """The groups and applications that are there, as their owner reads them."""
    told = signed_in.whoever().caller.told
    groups = f"{ARM}/subscriptions/{SUBSCRIPTION_ID}/resourcegroups?api-version=2024-11-01"
    found = told("GET", groups)["value"] + told("GET", f"{GRAPH}/v1.0/applications")["value"]
    return [each.get("displayName", each.get("name")) for each in found]


@pytest.mark.long
@pytest.mark.usefixtures("liar", "shell")
def test_every_answer_that_is_another_is_named_and_no_other(tmp_path: Path) -> None:
    code = conformance()

    told, wrote = reported(tmp_path), {each.name for each in tmp_path.glob("runs/*/*")}
    assert {(lie.fact, lie.where) for lie in LIES} <= told
    assert {fact for fact, _ in told} == {lie.fact for lie in LIES}
    assert (code, left(), wrote) == (0, [], {"report.md", "facts.json", "exchanges.jsonl"})


@pytest.mark.usefixtures("shell")
def test_an_azure_as_recorded_differs_nowhere_and_its_owner_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(DevStack, "up", lambda *_: "")

    code = conformance()

    [exchanges] = tmp_path.glob("runs/*/exchanges.jsonl")
    secrets = rf"{SUBSCRIPTION_ID}|{TENANT_ID}|eyJ|sig=\w+"
    assert (code, reported(tmp_path)) == (0, set())
    assert "could not be uploaded" not in capsys.readouterr().out
    assert {*re.findall(secrets, exchanges.read_text())} == {"sig=hidden"}


@pytest.mark.usefixtures("shell")
def test_a_run_that_was_killed_is_removed_by_the_next(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as killer:
        killer.setattr(DevStack, "up", killed)
        killer.setattr(run.Run, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            conformance()
    said, there = capsys.readouterr().out, left()

    code = conformance("--remove")

    assert f"make conformance SUBSCRIPTION={SUBSCRIPTION_ID} REMOVE=1" in said
    assert (len(there), code, left()) == (2, 0, [])


@pytest.mark.parametrize("stdin", [io.StringIO("yes\n"), _Terminal("y\n")])
def test_nothing_is_done_without_a_yes_at_a_terminal(
    stdin: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", stdin)
    monkeypatch.setattr(command, "whoever", lambda: pytest.fail("somebody was looked for"))

    assert conformance() == 2

    assert capsys.readouterr().out.endswith("Nothing was done.\n")


def test_the_plug_in_is_started_as_the_engine_does(
    shell: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = importlib.metadata.version("pulumi-azure-native")
    plug_in = tmp_path / f"plugins/resource-azure-native-v{version}/pulumi-resource-azure-native"
    plug_in.parent.mkdir(parents=True)
    plug_in.write_text(f"#!/bin/sh\necho {shell.azure.ports.now['azure-native']}\nexec sleep 60\n")
    plug_in.chmod(0o755)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    monkeypatch.delenv("PULUMI_DEBUG_PROVIDERS")

    with azure_native() as native:
        path = EventPath(native, "plugged")

        assert path.group.outputs["name"] == "plugged-group"


def test_what_is_nobodys_business_is_not_written_down() -> None:
    recording = Recording({"my-group": "{resourceGroup}"})

    told = recording.clean(
        {
            "id": "/resourceGroups/MY-GROUP/x/1C1B6E4C-7C0F-4F3E-9A53-0A9A5D1F2B3C",
            "value": "https://prod.logic.azure.com/?api-version=1&sig=a_B-c",
            "secretText": "s3cret",
            "createdBy": "A Person",
            "by": "a.person@contoso.com at 10.1.2.3",
            "list": ["https://logic/?sp=x&sig=a%2Fb", "Bearer eyJh.eyJb.c_d"],
        }
    )

    assert told == {
        "id": "/resourceGroups/{resourceGroup}/x/00000000-0000-0000-0000-000000000000",
        "value": "hidden",
        "secretText": "hidden",
        "createdBy": "somebody",
        "by": "somebody@example.com at 192.0.2.1",
        "list": ["https://logic/?sp=x&sig=hidden", "Bearer hidden"],
    }
