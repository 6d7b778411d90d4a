"""What the command line says to mistakes: a sentence and an exit code, before anything is sent."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from batch_client import cli, downloads, said
from batch_client.errors import Exit
from batch_client.outcome import Outcome
from tests import PROJECT
from tests.cases import cases_beside

WHERE = (
    *("--scoring-uri", "https://e.r.inference.ml.azure.com/jobs"),
    *("--container-url", "https://a.blob.core.windows.net/inputs"),
)

FACTORY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.DataFactory/factories/f"


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *(
            (["follow", "--"], name)
            for name in ("", "a b", "a/b", "..", "-a", "ä", "a\nb", "a" * 256)
        ),
        (["download", "--"], "a b"),
        (["download", "--event"], "a b"),
        (["invoke", "--name"], "a b"),
        (["invoke", "--deployment"], "a b"),
    ],
)
def test_no_job_and_no_deployment_has_such_a_name(
    command: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [*command, name] if command[-1] == "--" else [command[0], f"{command[1]}={name}"]

    assert cli.main(arguments) == Exit.USAGE
    assert "accepted are up to 255 letters" in capsys.readouterr().err


SLIPS = cases_beside(__file__, "slips")


@pytest.mark.parametrize(
    ("typed", "said"), [(typed, said) for said, lines in SLIPS.items() for typed in lines]
)
def test_what_makes_no_sense_is_told_before_anything_is_sent(
    typed: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PROJECT)

    assert cli.main([*shlex.split(typed), *WHERE]) == Exit.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flag", "wrong"),
    [
        ("--scoring-uri", "nonsense"),
        ("--container-url", "https://a.blob.core.windows.net/"),
        ("--predictions-url", "https://a.blob.core.windows.net"),
        ("--workspace-id", "my-workspace"),
        ("--factory-id", FACTORY.removesuffix("/f")),
    ],
)
def test_a_flag_that_names_no_such_thing_is_refused_with_what_would(
    flag: str, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["upload", "a", *WHERE, flag, wrong]) == Exit.USAGE
    assert f"error: {flag} {wrong!r}: accepted is " in capsys.readouterr().err


def test_nothing_to_tell_is_no_line_but_a_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_run", lambda _: Outcome({"jobs": []}, []))

    for flags in ([], ["--json"]):
        cli.main(["jobs", *flags])

    assert capsys.readouterr().out == '{"jobs": [], "exit": 0}\n'


def test_a_signature_of_a_container_s_url_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    container = "https://a.blob.core.windows.net/inputs"

    assert cli.main(["upload", "a", "--container-url", f"{container}?sig=hunter2"]) == Exit.USAGE
    told = capsys.readouterr().err
    assert f"--container-url {container!r}: accepted is " in told
    assert "hunter2" not in told


@pytest.mark.parametrize("folder", ["", "/", "a", "/a/b/", "größe 数/it's 100% #1"])
def test_an_upload_goes_to_any_other_folder(folder: str) -> None:
    assert said._folder(folder) == folder


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


def test_no_job_is_started_for_predictions_that_a_file_is_in_the_way_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "predictions.csv").touch()

    assert cli.main(["score", "a.pgm", *WHERE, "--into", str(tmp_path)]) == Exit.ERROR
    assert "exists already; --overwrite replaces it" in capsys.readouterr().err


def test_a_container_that_is_watched_as_a_whole_takes_no_upload_for_a_job(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps({"workflow_id": "/w", "input_folder": ""}))

    assert cli.main(["invoke", __file__, *WHERE, "--outputs", str(file)]) == Exit.USAGE
    assert "is watched: a file that lands in it starts a job by itself" in capsys.readouterr().err


def test_trouble_with_a_local_file_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = OSError(28, "No space left on device", "predictions/rows.csv")
    monkeypatch.setattr(downloads, "check_target", lambda _: (_ for _ in ()).throw(full))

    code = cli.main(["score", "a.pgm", *WHERE])

    assert code == Exit.ERROR
    assert capsys.readouterr().err == "error: predictions/rows.csv: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["uplod"], "No such command 'uplod'. Did you mean 'upload'?"),
        (["upload", "--watch", "a"], "--watched"),
        (["upload"], "Missing argument 'PATH': see `batch-events upload --help`."),
        (["invoke", "a", "--mini-batch-size", "0"], "'--mini-batch-size'"),
        (["adopt", "--resource-group", "g", "--write", __file__], "it exists already; say another"),
        (["adopt", "--resource-group", "g", "--import-file", "x"], "--import-file goes with --own"),
    ],
)
def test_a_slip_is_told_in_a_sentence_and_for_scripts(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*arguments, "--json"]) == Exit.USAGE

    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert said.rstrip("?") in document["error"]
    assert printed.err == f"error: {document['error']}\n"


def test_help_lists_the_commands_in_groups(capsys: pytest.CaptureFixture[str]) -> None:
    assert (cli.main(["--help"]), cli.main([])) == (Exit.DONE, Exit.USAGE)

    first, second = capsys.readouterr().out.split("Usage: ")[1:]
    assert first == second
    assert re.findall(r"^(\S.*):$|^  (\S+)  +\S", first.partition("--help")[2], re.MULTILINE) == [
        ("From a file to its predictions", ""),
        *(("", name) for name in ("upload", "invoke", "follow", "download", "score")),
        ("", "run-pipeline"),
        ("Jobs that others started", ""),
        *(("", name) for name in ("jobs", "why", "logs", "progress", "cancel", "dead-letters")),
        ("A whole environment", ""),
        *(("", name) for name in ("page", "verify", "watch", "adopt")),
    ]


HEAVY = """
import sys
from batch_client.cli import main
main(["--help"])
print({each.partition(".")[0] for each in sys.modules} & {"azure", "pydantic", "requests", "rich"})
"""


def test_help_waits_for_nothing_that_a_command_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAVY], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith("set()\n")


@pytest.mark.parametrize(
    ("words", "completed"),
    [("batch-events up", ["upload"]), ("batch-events upload --stack d", ["dev"])],
)
def test_the_shell_completes_commands_and_stacks(words: str, completed: list[str]) -> None:
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(
        [sys.executable, "-m", "batch_client"],
        cwd=PROJECT,
        env={**os.environ, **asked, "_BATCH_EVENTS_COMPLETE": "complete_bash"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == completed


def test_the_version_is_that_of_the_changelog(capsys: pytest.CaptureFixture[str]) -> None:
    newest = re.search(r"^## (\d\S*)", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert cli.main(["--version"]) == 0
    assert newest is not None
    assert capsys.readouterr().out == f"batch-events {newest[1]}\n"
