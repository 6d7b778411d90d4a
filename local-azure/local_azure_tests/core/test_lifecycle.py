"""Starting and stopping the embedded Azure when something is in the way."""

import asyncio
import fcntl
import shutil
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from local_azure.command_line import cli
from local_azure.commands import foreground, process
from local_azure.commands.console_client import Console
from local_azure.errors import LocalAzureError
from local_azure.gateway.server import Server
from local_azure.home import ENVIRONMENT_VARIABLE, Home
from local_azure.services.storage.azurite import Azurite
from local_azure_tests.conftest import kill
from local_azure_tests.storage import world
from local_azure_tests.storage.alone import is_served


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder of a server that ran."""
    home = Home(tmp_path_factory.mktemp("used"))

    async def once() -> None:
        server = Server(home)
        await server.start()
        world.account(server.azure)
        await server.azure.storage.provision(world.NAME)
        await server.azure.storage.create_container(world.NAME, "input")
        await server.stop()

    asyncio.run(once())
    return home.folder


@pytest.fixture
def home(used: Path, tmp_path: Path) -> Home:
    folder = tmp_path / "azure"
    shutil.copytree(used, folder)
    return Home(folder)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path: Path) -> None:
    path.write_bytes(b"\x00\xff damaged")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def unreadable(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)  # root reads whatever has no permissions


def removed(path: Path) -> None:
    path.unlink()


def of_another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def made_anew(path: Path) -> None:
    path.write_text(Fernet.generate_key().decode())


def files(folder: Path) -> dict[str, bytes]:
    """What lies in a folder, without what a start itself notes."""
    own = {"server.json", "server.log", "server.lock", "state.db-wal", "state.db-shm"}
    found = (each for each in folder.rglob("*") if each.is_file() and each.name not in own)
    return {str(each.relative_to(folder)): each.read_bytes() for each in found}


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *(("state.db", each) for each in (emptied, cut, overwritten, a_folder, unreadable)),
        ("state.db", of_another_version),
        *(("sealing.secret", each) for each in (emptied, removed, made_anew, unreadable)),
        *(("azurite.secret", each) for each in (emptied, removed)),
        *(("authority.pem", each) for each in (emptied, cut, overwritten, a_folder)),
        *(("signing-key.pem", each) for each in (emptied, overwritten)),
        *(("azurite/__azurite_db_blob__.json", each) for each in (emptied, cut, overwritten)),
    ],
)
def test_a_damaged_state_ends_in_one_sentence_and_stays_as_it_is(
    home: Home, name: str, damage: Callable[[Path], None]
) -> None:
    damage(home.folder / name)
    before = files(home.folder)

    with pytest.raises(
        LocalAzureError, match=r"can't be read.* Nothing .* changed: put|another version of the"
    ):
        asyncio.run(asyncio.wait_for(foreground._serve(home), 30))

    assert files(home.folder) == before
    assert not is_served(home.blobs)


RUBBISH = '{"pid": 1e30, "ports": {"tls": 70000, "proxy": -1, "console": "x"}}'


@pytest.mark.parametrize("text", ["", "[]", '{"ports": 1}', RUBBISH])
def test_rubbish_tells_of_no_process(home: Home, text: str) -> None:
    home.server.write_text(text)

    held = process.lock(home, fcntl.LOCK_EX)
    assert held
    with held:
        assert process.running(home) is None


def test_what_an_earlier_process_told_may_be_rubbish(home: Home) -> None:
    for each in (home.server, home.folder / "server.lock"):
        each.write_text(RUBBISH)

    assert process.start(home)["pid"]
    assert process.stop(home)


def test_a_server_that_can_not_start_leaves_ctrl_c_as_it_was(home: Home) -> None:
    (home.folder / "state.db").write_bytes(b"damaged")
    before = signal.getsignal(signal.SIGINT)

    with pytest.raises(LocalAzureError):
        foreground.serve(home)

    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("name", ["server.lock", "server.log"])
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


def test_a_clock_that_was_moved_goes_on_there_until_a_reset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, day = Home(tmp_path / "azure"), timedelta(days=1)
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(home.folder))

    def ahead(by: timedelta = timedelta()) -> timedelta:
        process.start(home)
        told = Console.of(home).post("/clock/advance", {"seconds": by.total_seconds()})
        return datetime.fromisoformat(told["now"]) - datetime.now(UTC)

    ahead(day)
    kill(home)
    restarted = ahead(day)
    process.stop(home)
    again = ahead()
    assert cli.main(["reset", "--yes"]) == 0
    anew = ahead()
    process.stop(home)

    assert [round(each / day, 3) for each in (restarted, again, anew)] == [2, 2, 0]


@pytest.mark.parametrize("cancelled", [True, False])
def test_an_azurite_whose_start_was_cut_off_is_ended_with_the_server(
    tmp_path: Path, *, cancelled: bool
) -> None:
    home = Home(tmp_path)
    azurite = Azurite(home, "account:" + "YQ==")

    async def cut_off() -> None:
        start = asyncio.create_task(azurite.port())
        while azurite._child is None:  # noqa: ASYNC110 it says nothing when it has one
            await asyncio.sleep(0)
        if cancelled:
            start.cancel()
        await azurite.stop()
        (ended,) = await asyncio.gather(start, return_exceptions=True)
        assert isinstance(ended, BaseException)

    asyncio.run(cut_off())
    assert not is_served(home.blobs)
