"""What the language host starts, as data."""

import sys
from pathlib import Path

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import language_pb2

from tools.language_host import commands, interpreter


def _info(folder: Path, **options: str) -> language_pb2.ProgramInfo:
    struct = Struct()
    struct.update(options)
    return language_pb2.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), entry_point=".", options=struct
    )


@pytest.mark.parametrize("folder", [["."], []], ids=["told", "not-told"])
def test_a_policy_pack_is_run_by_the_sdks_module_with_the_engine_first(
    tmp_path: Path, folder: list[str]
) -> None:
    request = language_pb2.RunPluginRequest(
        kind="analyzer", args=["127.0.0.1:7", *folder, "-v=3"], info=_info(tmp_path)
    )

    assert commands.plugin(request) == [
        *[sys.executable, "-u", "-m", "pulumi.policy"],
        *["127.0.0.1:7", str(tmp_path), "-v=3"],
    ]


def test_a_provider_is_run_from_its_folder(tmp_path: Path) -> None:
    request = language_pb2.RunPluginRequest(
        kind="resource", args=["127.0.0.1:7"], info=_info(tmp_path)
    )

    assert commands.plugin(request) == [sys.executable, "-u", str(tmp_path), "127.0.0.1:7"]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ({"toolchain": "poetry"}, r"poetry.* accepts .pip."),
        ({"typechecker": "mypy"}, "Unknown runtime option 'typechecker'"),
    ],
    ids=["another toolchain", "an unknown option"],
)
def test_what_the_host_does_not_know_is_refused_by_name(
    tmp_path: Path, option: dict[str, str], told: str
) -> None:
    with pytest.raises(interpreter.OptionError, match=told):
        interpreter.python(_info(tmp_path, **option))


def test_the_virtual_environment_is_activated_for_the_program(tmp_path: Path) -> None:
    environment = interpreter.environment(
        _info(tmp_path, virtualenv="venv"), {"PATH": "/bin", "PYTHONHOME": "/elsewhere"}
    )

    assert environment == {
        "PATH": f"{tmp_path}/venv/bin:/bin",
        "PYTHONUNBUFFERED": "1",
        "VIRTUAL_ENV": f"{tmp_path}/venv",
    }


def test_installing_makes_the_environment_first_where_it_is_missing(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").touch()
    request = language_pb2.InstallDependenciesRequest(
        directory=str(tmp_path), info=_info(tmp_path, virtualenv="venv")
    )

    make, fill = commands.installing(request)

    assert make == [sys.executable, "-m", "venv", f"{tmp_path}/venv"]
    assert fill[0] == f"{tmp_path}/venv/bin/python"
    assert fill[-3:] == ["install", "-r", "requirements.txt"]


def test_a_program_that_a_signal_ended_says_which() -> None:
    assert commands.response(-9).error == "The program was ended by SIGKILL."


def test_a_program_that_told_its_user_ends_the_run_without_more_words() -> None:
    response = commands.response(32)

    assert (response.bail, response.error) == (True, "")
