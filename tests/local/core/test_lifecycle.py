"""Starting and stopping the embedded Azure when something is in the way."""

from __future__ import annotations

import asyncio
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from local_azure import cli, foreground, process
from local_azure.errors import LocalAzureError
from local_azure.home import ENVIRONMENT_VARIABLE, Home
from local_azure.server import Server
from local_azure.storage import orphan
from local_azure.storage.azurite import Azurite

if TYPE_CHECKING:
    from pathlib import Path

KEPT = ["authority.pem", "azurite.secret", "signing-key.pem", "state.db"]
SWITCHES = ["server.lock", "server.log"]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder of a server that ran."""
    home = Home(tmp_path_factory.mktemp("used"))

    async def once() -> None:
        server = Server(home)
        await server.start()
        await server.stop()

    asyncio.run(once())
    return home.folder


@pytest.fixture
def home(used: Path, tmp_path: Path) -> Home:
    folder = tmp_path / "azure"
    shutil.copytree(used, folder)
    return Home(folder)


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize(
    "damage", [b"\x00\xff damaged", b"", None], ids=["other", "empty", "folder"]
)
def test_a_damaged_state_ends_in_one_sentence_and_stays_as_it_is(
    home: Home, name: str, damage: bytes | None
) -> None:
    if (name, damage) == ("state.db", b""):
        pytest.skip("an empty file is an empty database")
    path = home.folder / name
    path.unlink()
    path.mkdir() if damage is None else path.write_bytes(damage)

    with pytest.raises(LocalAzureError, match=r"can't be read .* Nothing in it was changed: put"):
        foreground.serve(home)

    assert path.is_dir() if damage is None else path.read_bytes() == damage


def test_a_server_that_can_not_start_leaves_ctrl_c_as_it_was(home: Home) -> None:
    (home.folder / "state.db").write_bytes(b"damaged")
    before = signal.getsignal(signal.SIGINT)

    with pytest.raises(LocalAzureError):
        foreground.serve(home)

    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("name", SWITCHES)
def test_a_folder_in_the_place_of_a_file_is_named(
    home: Home, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(home.folder))
    (home.folder / name).unlink(missing_ok=True)
    (home.folder / name).mkdir()

    assert cli.main(["start"]) == 1
    assert f"A folder lies where a file belongs: {home.folder / name}" in capsys.readouterr().err


def test_a_state_folder_that_others_can_look_into_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)

    with pytest.raises(LocalAzureError, match="until you `chmod 700` it"):
        Home(tmp_path).create()


def test_all_of_several_starts_at_once_succeed_with_one_server(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: process.start(home)["pid"], range(4)))

    assert len(set(told)) == 1
    assert process.stop(home)


def test_an_azurite_whose_start_was_cut_off_is_ended_with_the_server(tmp_path: Path) -> None:
    home = Home(tmp_path)
    azurite = Azurite(home, "account:" + "YQ==")

    async def cut_off() -> None:
        start = asyncio.create_task(azurite.port())
        while azurite._child is None:  # noqa: ASYNC110 it says nothing when it has one
            await asyncio.sleep(0)
        start.cancel()
        await asyncio.gather(start, return_exceptions=True)
        await azurite.stop()

    asyncio.run(cut_off())
    assert orphan.find(home.blobs) is None
