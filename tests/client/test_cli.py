"""What the command line says to mistakes: a sentence and an exit code, before anything is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from batch_client import cli, commands
from batch_client.errors import Exit

if TYPE_CHECKING:
    from pathlib import Path

WHERE = ("--scoring-uri", "https://e.r.inference.ml.azure.com/jobs")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "..", "-a", "ä", "a\nb", "a" * 256])
@pytest.mark.parametrize(
    "command",
    [
        ["follow", "--"],
        ["download", "--"],
        ["download", "--event"],
        ["invoke", "--name"],
        ["invoke", "--deployment"],
    ],
)
def test_no_job_and_no_deployment_has_such_a_name(
    command: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [*command, name] if command[-1] == "--" else [command[0], f"{command[1]}={name}"]

    with pytest.raises(SystemExit) as end:
        cli.main(arguments)

    assert end.value.code == Exit.USAGE
    assert "accepted are up to 255 letters" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "JOB --event is required"),
        (["a-job", "--event", "an-event"], "not allowed with argument"),
    ],
)
def test_predictions_are_those_of_a_job_or_of_an_event(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["download", *arguments])

    assert end.value.code == Exit.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "event_predictions_url is needed"),
        (["--logs"], "--logs are a job's: say its name"),
    ],
)
def test_an_event_tells_of_predictions_alone_and_where_the_workflow_names_them(
    more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["download", "--event", "an-event", *more, *WHERE]) == Exit.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["..", "../x", "a/../../x", "a//b", "./a", "a/.", "a\nb"])
def test_an_upload_leads_out_of_no_container(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["upload", "a.pgm", "--to", folder])

    assert end.value.code == Exit.USAGE
    assert "accepted is a folder's path" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["", "/", "a", "/a/b/", "größe 数/it's 100% #1"])
def test_an_upload_goes_to_any_other_folder(folder: str) -> None:
    assert cli._folder(folder) == folder


@pytest.mark.parametrize("command", [["score", "a.pgm"], ["download", "a-job"]])
def test_no_job_is_started_for_predictions_that_have_no_place(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "taken"
    file.touch()

    code = cli.main([*command, *WHERE, "--json", "--into", str(file / "below")])

    assert code == Exit.USAGE
    assert json.loads(capsys.readouterr().out)["error"] == (
        f"--into {str(file / 'below')!r}: {file} is no folder that can be written to."
    )


def test_trouble_with_a_local_file_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = OSError(28, "No space left on device", "predictions/rows.csv")
    monkeypatch.setattr(commands, "check_target", lambda _: (_ for _ in ()).throw(full))

    code = cli.main(["score", "a.pgm", *WHERE])

    assert code == Exit.ERROR
    assert capsys.readouterr().err == "error: predictions/rows.csv: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--hours", "0.25"], "--hours 0.25: accepted is more than the 15 minutes of --grace"),
        (["--hours", "24", "--grace", "1440"], "--hours 24: accepted is more than the 1440 min"),
        (["--hours", "1e9"], "--hours 1e+09: accepted is more than"),
    ],
)
def test_a_time_in_which_nothing_would_be_watched_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["watch", *arguments, *WHERE]) == Exit.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["watch", "--hours=x"], ["watch", "--grace=-1"], ["verify", "--timeout=inf"]]
)
def test_what_is_no_time_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)

    assert end.value.code == Exit.USAGE
    assert "accepted is a number, 0 or more" in capsys.readouterr().err
