"""The command line itself: its help, its suggestions, and what a terminal gets on top."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from local_azure import waiting
from local_azure.command_line import cli, telling
from local_azure_tests.conftest import Invoke, Running

PULUMI = ("preview", "up", "refresh", "destroy")
WITHOUT_JSON = {"stop", "reset", "serve", "install", "fault clear", *(f"stack {o}" for o in PULUMI)}


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each command with its path."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


COMMANDS = dict(commands(get_command(cli._tree())))


def test_every_command_that_shows_something_has_json_for_scripts() -> None:
    without = {
        path
        for path, command in COMMANDS.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    }
    assert without == WITHOUT_JSON


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("runs", "show runs"), ("up", "stack up"), ("receive", "act receive")),
        *(("try-event", "try event"), ("run-scoring", "try scoring"), ("mail", "show mail")),
        *(("run-workflow", "try workflow"), ("run-pipeline", "try pipeline")),
        *(("evaluate", "try expressions"), ("raise-drift", "act raise-drift")),
        *(("advance", "clock advance"), ("stauts", "status"), ("shwo runs", "show")),
        *(("show mial", "show mail"), ("show receive", "act receive"), ("jobs", "show runs")),
        ("stack pu", "stack up"),
    ],
)
def test_a_name_of_before_or_misspelt_is_answered_with_the_one_that_is_meant(
    typed: str, meant: str, invoke: Invoke
) -> None:
    code, _, told = invoke(*typed.split())
    assert f" Did you mean `local-azure {meant}`" in told
    assert (code, told.count("\n")) == (2, 1)


def test_a_name_that_is_like_none_is_answered_with_where_they_are_listed(invoke: Invoke) -> None:
    told = "error: No such command 'xyzzy'. `local-azure --help` tells what it takes.\n"
    assert invoke("xyzzy") == (2, "", told)


@pytest.mark.parametrize(
    ("arguments", "told"), [(["--version"], "local-azure 0."), ([], "Groups of commands:")]
)
def test_it_tells_its_version_and_what_there_is(
    arguments: list[str], told: str, invoke: Invoke
) -> None:
    printed = invoke(*arguments)
    assert told in printed.out + printed.err


def run(*arguments: str, cwd: Path | None = None, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from local_azure.__main__ import run; run()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **variables},
    )
    return done.stdout + done.stderr


def test_help_imports_nothing_that_it_does_not_need() -> None:
    told = run("--help", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in told.splitlines()}

    assert "Groups of commands:" in told
    heavy = {"aiohttp", "cryptography", "pulumi", "pydantic", "rich", "starlette", "yaml"}
    assert imported & heavy == set()


def test_a_shell_completes_commands_and_the_names_of_stacks(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "Pulumi.night.yaml").touch()

    def completed(typed: str) -> str:
        words = f"local-azure {typed}"
        asked = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        return run(cwd=tmp_path, _LOCAL_AZURE_COMPLETE="complete_bash", **asked).strip()

    assert completed("clock a") == "advance"
    assert completed("stack up --stack ") == "night"


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output and error are one."""
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


LINE = "run w: Succeeded, run v: Failed"


def test_a_terminal_gets_colour(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch)
    telling.say([LINE])
    telling.fail("no")

    assert capsys.readouterr() == (
        "run w: \x1b[32mSucceeded\x1b[0m, run v: \x1b[31mFailed\x1b[0m\n",
        "\x1b[31m\x1b[1merror:\x1b[0m no\n",
    )


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_that_wants_no_colour_gets_none(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setenv(name, value)
    telling.say([LINE])
    assert capsys.readouterr().out == f"{LINE}\n"


def test_elsewhere_lines_are_plain(capsys: pytest.CaptureFixture[str]) -> None:
    telling.say([LINE])
    assert capsys.readouterr().out == f"{LINE}\n"


@pytest.mark.parametrize(
    ("done", "total", "told"),
    [(12, 60, "12 of 60, 3.0/s, 16 s left"), (0, 60, "0 of 60, 0.0/s"), (0, 0, "4 s")],
)
def test_work_tells_its_rate_and_the_time_that_is_left(done: int, total: int, told: str) -> None:
    assert waiting.far(done, total, 4) == told


@pytest.mark.parametrize("terminal", [True, False])
def test_long_work_is_shown_on_standard_error_alone(
    terminal: bool,  # noqa: FBT001 as pytest passes it
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.setattr(waiting, "INTERVAL", 0.01)
    asked = Event()

    def count() -> tuple[int, int]:
        asked.set()
        return 1, 2

    with waiting.shown("Copying, files", count):
        assert asked.wait(60)

    told = capsys.readouterr()
    assert (told.out, "Copying, files" in told.err, "1 of 2, " in told.err) == ("", True, True)


@pytest.mark.usefixtures("console")
def test_faults_are_added_listed_and_cleared(running: Running, invoke: Invoke) -> None:
    host = "*.inference.ml.azure.com"
    invoke("fault", "add", host, "--path", "/jobs", "--status", "503", "--times", "2")
    invoke("fault", "add", "*", "--delay", "1.5", "--drop", "answer", "--method", "PUT")

    listed, told = invoke("fault", "list"), invoke("fault", "list", "--json")
    pending = running.call(lambda: running.azure.faults.pending)
    invoke("fault", "clear")

    assert listed.out.splitlines() == [
        f"* {host} /jobs: answered 503, 2 time(s)",
        "PUT * *: 1.5 s late, answer dropped, 1 time(s)",
    ]
    assert ([each["times"] for each in told.json], pending) == ([2, 1], 3)
    assert invoke("fault", "list").out == "None.\n"


@pytest.mark.usefixtures("console")
@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["*"], 1, "Nothing goes wrong: give a delay, a status or what is dropped."),
        (["*", "--status", "99"], 1, "status: found 99, accepted: 200 to 599."),
        (["*", "--drop", "both"], 2, "found both"),
        (["*", "--status", "503", "--times", "0"], 2, "found 0"),
        (["https://a.blob.core.windows.net", "--status", "503"], 1, "which nothing answers for"),
    ],
)
def test_what_is_no_fault_is_refused(
    arguments: list[str], code: int, told: str, invoke: Invoke
) -> None:
    refused = invoke("fault", "add", *arguments)
    assert told in refused.err
    assert refused.code == code


@pytest.mark.usefixtures("console")
def test_the_clock_is_shown_and_moved(invoke: Invoke) -> None:
    moved, shown = invoke("clock", "advance", "90"), invoke("clock", "show", "--json")

    assert moved.out.endswith("moved forward by 90 s.\n")
    assert (moved.code, shown.code, shown.json["advanced"]) == (0, 0, 90)
