"""``run-scoring``: a scoring script is tried on local files, with no server."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from local_azure.command_line import cli
from local_azure_tests.machinelearning import tiny


@pytest.fixture
def files(tmp_path: Path) -> str:
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(name)
    return str(folder)


def _script(tmp_path: Path, run: str) -> str:
    path = tmp_path / "score.py"
    path.write_text(f"import os\ndef init(): print('hello')\ndef run(files):\n    {run}\n")
    return str(path)


def test_a_failure_is_told_with_its_log_and_its_traceback(
    tmp_path: Path, files: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = _script(tmp_path, "raise ValueError('no pixels')")

    code = cli.main(["try", "scoring", script, files, "--max-retries", "0"])

    out = capsys.readouterr().out
    assert code == 1
    assert out.startswith("hello\n")
    assert "ValueError: no pixels" in out
    assert out.endswith("(3 files, 3 failed)\n")


@pytest.mark.parametrize(
    ("command", "heavy"),
    [("run_scoring", "aiohttp"), ("run_workflow", "cryptography"), ("run_workflow", "sqlite3")],
)
def test_nothing_that_a_trial_does_not_need_is_loaded_for_it(command: str, heavy: str) -> None:
    code = f"import sys, local_azure.commands.{command}; print({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_mini_batches_have_the_size_that_is_asked_for(
    tmp_path: Path, files: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = _script(tmp_path, "return [len(files)] * len(files)")

    cli.main(["try", "scoring", script, files, "--mini-batch-size", "2", "--json"])

    assert json.loads(capsys.readouterr().out)["rows"] == "2\n2\n1"


def test_files_that_the_script_writes_are_named(
    tmp_path: Path, files: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write = "open(os.environ['AZUREML_BI_OUTPUT_PATH'] + '/x.csv', 'w').close(); return files"

    cli.main(["try", "scoring", _script(tmp_path, write), files, "--json"])

    assert json.loads(capsys.readouterr().out)["written"] == ["x.csv"]


def test_the_script_has_the_packages_of_a_conda_file(
    tmp_path: Path, files: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "conda.yml").write_text(tiny.conda_file(tmp_path))
    script = _script(tmp_path, "import tiny; return [tiny.GREETING] * len(files)")

    code = cli.main(
        ["try", "scoring", script, files, "--conda-file", str(tmp_path / "conda.yml"), "--json"]
    )

    assert (code, json.loads(capsys.readouterr().out)["rows"]) == (0, "hello\nhello\nhello")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (tiny.asking("no-such-thing"), "no-such-thing was not found"),
        ("", "it has no list 'dependencies'"),
    ],
    ids=["package", "form"],
)
def test_a_conda_file_that_can_not_be_installed_is_told(
    tmp_path: Path,
    files: str,
    text: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "conda.yml").write_text(text)
    script = _script(tmp_path, "return files")

    code = cli.main(["try", "scoring", script, files, "--conda-file", str(tmp_path / "conda.yml")])

    told = capsys.readouterr().err
    assert code == 1
    assert said in told
    assert "build_log" not in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.py", "."], "'gone.py' does not exist."),
        ([__file__, "gone"], "'gone' does not exist."),
        ([__file__, __file__, "--timeout", "0"], "'--timeout': Input should be greater than"),
        ([__file__, __file__, "--workers", "0"], "greater than or equal to 1; found 0."),
    ],
)
def test_a_mistake_gets_one_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["try", "scoring", *arguments]) in {1, 2}
    assert said in capsys.readouterr().err


ASKING = """
def init(): print("hello", input())
def run(files):
    answer = 6 * 7
    breakpoint()
    return [answer] * len(files)
"""


def test_a_debugger_and_standard_input_are_the_terminals(tmp_path: Path, files: str) -> None:
    (tmp_path / "score.py").write_text(ASKING)
    command = [
        sys.executable,
        "-m",
        "local_azure",
        "try",
        "scoring",
        str(tmp_path / "score.py"),
        files,
    ]

    done = subprocess.run(
        [*command, "--debug", "--timeout", "1"],
        input="you\np 'answer', answer\nanswer = 43\nc\n",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for said in ("hello you", "('answer', 42)", "43\n43\n43\nCompleted (3 files, 0 failed)"):
        assert said in done.stdout


@pytest.mark.parametrize("asking", ["breakpoint()", "input()"])
def test_a_script_that_asks_nobody_is_told_how_it_gets_a_terminal(
    tmp_path: Path, files: str, asking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = _script(tmp_path, f"{asking}; return files")

    assert cli.main(["try", "scoring", script, files]) == 1
    assert "Nobody answers it here: --debug gives it this terminal." in capsys.readouterr().out


def test_a_debugger_that_is_not_installed_is_told_with_the_command(
    tmp_path: Path,
    files: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    assert cli.main(["try", "scoring", _script(tmp_path, "pass"), files, "--debugpy", "5678"]) == 1
    told = capsys.readouterr().err
    assert told == f"error: debugpy is not installed: {sys.executable} -m pip install debugpy\n"
