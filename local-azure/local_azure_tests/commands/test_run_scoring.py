"""``run-scoring``: a scoring script is tried on local files, with no server."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local_azure_tests.commands.test_mistakes import BOMB
from local_azure_tests.conftest import Invoke, Printed, saved
from local_azure_tests.machinelearning import tiny


@pytest.fixture
def files(tmp_path: Path) -> str:
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(name)
    return str(folder)


@pytest.fixture
def score(tmp_path: Path, files: str, invoke: Invoke) -> Callable[..., Printed]:
    """Tries a script with this body of ``run`` on the files."""

    def tried(run: str, *options: object) -> Printed:
        text = f"import os\ndef init(): print('hello')\ndef run(files):\n    {run}\n"
        return invoke("try", "scoring", saved(tmp_path, text, "score.py"), files, *options)

    return tried


def test_a_failure_is_told_with_its_log_and_its_traceback(score: Callable[..., Printed]) -> None:
    code, out, _ = score("raise ValueError('no pixels')", "--max-retries", "0")

    lines = out.splitlines()
    assert (code, lines[0], lines[-3]) == (1, "hello", "ValueError: no pixels")
    assert out.endswith("(3 files, 3 failed)\n")


@pytest.mark.parametrize(
    ("command", "heavy"),
    [("run_scoring", "aiohttp"), ("run_workflow", "cryptography"), ("run_workflow", "sqlite3")],
)
def test_nothing_that_a_trial_does_not_need_is_loaded_for_it(command: str, heavy: str) -> None:
    code = f"import sys, local_azure.commands.{command}; print({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_mini_batches_have_the_size_that_is_asked_for(score: Callable[..., Printed]) -> None:
    printed = score("return [len(files)] * len(files)", "--mini-batch-size", "2", "--json")

    assert printed.json["rows"] == "2\n2\n1"


def test_files_that_the_script_writes_are_named(score: Callable[..., Printed]) -> None:
    write = "open(os.environ['AZUREML_BI_OUTPUT_PATH'] + '/x.csv', 'w').close(); return files"

    assert score(write, "--json").json["written"] == ["x.csv"]


def test_the_script_has_the_packages_of_a_conda_file(
    tmp_path: Path, score: Callable[..., Printed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    conda = saved(tmp_path, tiny.conda_file(tmp_path), "conda.yml")

    printed = score(
        "import tiny; return [tiny.GREETING] * len(files)", "--conda-file", conda, "--json"
    )

    assert (printed.code, printed.json["rows"]) == (0, "hello\nhello\nhello")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (tiny.asking("no-such-thing"), "no-such-thing was not found"),
        ("", "it has no list 'dependencies'"),
        (f"dependencies: {BOMB}", "it has more than 100000 nodes"),
    ],
    ids=["package", "form", "aliases of aliases"],
)
def test_a_conda_file_that_can_not_be_installed_is_told(
    tmp_path: Path,
    text: str,
    said: str,
    score: Callable[..., Printed],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    code, _, told = score("return files", "--conda-file", saved(tmp_path, text, "conda.yml"))

    assert code == 1
    assert said in told
    assert "build_log" not in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.py", "."], "'gone.py' does not exist."),
        ([__file__, "gone"], "'gone' does not exist."),
        ([__file__, __file__, "--timeout", "0"], "'--timeout': found 0, accepted: greater than"),
        ([__file__, __file__, "--workers", "0"], "found 0, accepted: greater than or equal to 1."),
    ],
)
def test_a_mistake_gets_one_sentence(arguments: list[str], said: str, invoke: Invoke) -> None:
    code, _, err = invoke("try", "scoring", *arguments)
    assert said in err
    assert code in {1, 2}


ASKING = """
def init(): print("hello", input())
def run(files):
    answer = 6 * 7
    breakpoint()
    return [answer] * len(files)
"""


def test_a_debugger_and_standard_input_are_the_terminals(tmp_path: Path, files: str) -> None:
    command = [sys.executable, "-m", "local_azure", "try", "scoring"]
    script = saved(tmp_path, ASKING, "score.py")

    done = subprocess.run(
        [*command, script, files, "--debug", "--timeout", "1"],
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
    asking: str, score: Callable[..., Printed]
) -> None:
    code, out, _ = score(f"{asking}; return files")

    assert code == 1
    assert "Nobody answers it here: --debug gives it this terminal." in out


def test_a_debugger_that_is_not_installed_is_told_with_the_command(
    score: Callable[..., Printed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    told = f"error: debugpy is not installed: {sys.executable} -m pip install debugpy\n"
    assert score("pass", "--debugpy", "5678") == (1, "", told)
