"""Uploads: what is uploaded, under which name, and how often it is tried.

The storage client is the real one; what it sends is answered here. Against an account that checks
tokens and roles uploads run in `tests/stack`.
"""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest import mock

import pulumi
import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.transport import HttpRequest, HttpResponse, HttpTransport
from azure.storage.blob import ContainerClient

from components.azure import content
from components.machine_learning import publishing, uploads
from tests.unit.engine import deploy

URL = "https://stml.blob.core.windows.net/artifacts/code/digits/abc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a script, a nested file, and what Python leaves behind."""
    (tmp_path / "score.py").write_text("def run(): ...\n")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a b.txt").write_text("text")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "score.cpython-311.pyc").write_bytes(b"junk")
    (tmp_path / "__pycache__" / "score.cpython-311.pyc.1234").write_bytes(b"half-written junk")
    (tmp_path / "old.pyc").write_bytes(b"junk")
    return tmp_path


def test_what_python_leaves_behind_is_no_content(folder: Path) -> None:
    names = [file.relative_to(folder).as_posix() for file in content.files_of(folder)]
    assert names == ["lib/a b.txt", "score.py"]


def test_a_hash_is_of_names_and_bytes_alone(folder: Path) -> None:
    before = content.content_hash(folder)
    (folder / "__pycache__" / "score.cpython-311.pyc").write_bytes(b"other junk")
    (folder / "score.py").touch()
    assert content.content_hash(folder) == before
    assert len(before) == 16


def test_a_changed_byte_is_another_hash(folder: Path) -> None:
    before = content.content_hash(folder)
    (folder / "score.py").write_text("def run(): pass\n")
    assert content.content_hash(folder) != before


def test_a_moved_file_is_another_hash(folder: Path) -> None:
    before = content.content_hash(folder)
    (folder / "lib" / "a b.txt").rename(folder / "a b.txt")
    assert content.content_hash(folder) != before


def test_a_name_cannot_be_taken_for_content(tmp_path: Path) -> None:
    for name, files in {"one": {"a": "x", "b": "y"}, "two": {"a": "y", "b": "x"}}.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
    assert content.content_hash(tmp_path / "one") != content.content_hash(tmp_path / "two")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="gone is no folder with files in it"):
        content.content_hash(tmp_path / "gone")


def test_a_symbolic_link_is_refused_by_name(folder: Path) -> None:
    (folder / "link").symlink_to("/etc/hostname")
    with pytest.raises(ValueError, match="link is a symbolic link"):
        content.content_hash(folder)


def test_a_file_is_sent_whole_and_over_what_lies_there(folder: Path) -> None:
    account = _Account([201])
    _upload(account, folder)
    [request] = account.requests
    assert (request.method, request.url, request.data) == (
        "PUT",
        "https://stml.blob.core.windows.net/artifacts/code/score.py",
        b"def run(): ...\n",
    )
    assert "If-None-Match" not in request.headers


def test_a_grant_or_a_container_that_is_not_there_yet_is_waited_for(folder: Path) -> None:
    waited: list[float] = []
    account = _Account([404, 403, 201])
    _upload(account, folder, waited)
    assert waited == [1, 2]
    assert len(account.requests) == 3


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(403, "Add yourself to `publishers`"), (404, "if it is missing, make it")],
)
def test_who_can_not_write_is_told_what_to_do_after_fifteen_minutes(
    folder: Path, status: int, remedy: str
) -> None:
    waited: list[float] = []
    with pytest.raises(PermissionError, match=remedy):
        _upload(_Account([status] * 40), folder, waited)
    assert sum(waited) == 900


def test_who_is_outside_of_a_private_network_is_told_of_the_address_in_half_a_minute(
    folder: Path,
) -> None:
    waited: list[float] = []
    with pytest.raises(PermissionError, match=r"add it to `network\.allowed_addresses`"):
        _upload(_Account([403] * 40, "AuthorizationFailure"), folder, waited)
    assert sum(waited) == 30


def test_any_other_refusal_is_told_at_once(folder: Path) -> None:
    waited: list[float] = []
    with pytest.raises(HttpResponseError):
        _upload(_Account([409]), folder, waited)
    assert waited == []


def test_the_hook_uploads_to_the_url_that_is_known_by_then(folder: Path) -> None:
    calls: list[tuple[Any, ...]] = []

    def program() -> None:
        url = pulumi.Output.from_input(URL)
        [hook] = publishing.upload_before_create(folder, url, "login").before_create or []
        asyncio.ensure_future(hook(mock.Mock()))  # type: ignore[arg-type]  # noqa: RUF006

    with mock.patch.object(uploads, "upload_folder", lambda *given: calls.append(given)):
        deploy(program)
    assert calls == [(folder, URL, "login")]


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, []),
        ({"ARM_CLIENT_ID": "a", "ARM_TENANT_ID": "t"}, []),
        ({"AZURE_CLIENT_ID": "b"}, []),
        ({"ARM_CLIENT_ID": "a", "AZURE_CLIENT_ID": ""}, []),
        ({"ARM_CLIENT_ID": "ab", "AZURE_CLIENT_ID": "AB"}, []),
        (
            {"ARM_CLIENT_ID": "a", "AZURE_CLIENT_ID": "b"},
            ["ARM_CLIENT_ID is a, AZURE_CLIENT_ID is b"],
        ),
        (
            {"ARM_TENANT_ID": "t", "AZURE_TENANT_ID": "u"},
            ["ARM_TENANT_ID is t, AZURE_TENANT_ID is u"],
        ),
    ],
)
def test_pulumi_and_uploads_sign_in_as_one(environment: dict[str, str], told: list[str]) -> None:
    assert publishing.contradictions(environment) == told


def test_two_identities_stop_the_program_before_anything_is_uploaded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARM_CLIENT_ID", "makes")
    monkeypatch.setenv("AZURE_CLIENT_ID", "uploads")

    with pytest.raises(pulumi.RunError, match=r"ARM_CLIENT_ID is makes, AZURE_CLIENT_ID is upl"):
        deploy(
            lambda: publishing.upload_before_create(folder, pulumi.Output.from_input(URL), "login")
        )


def test_the_hook_needs_none_of_the_threads_that_registrations_wait_in(folder: Path) -> None:
    uploaded = threading.Event()

    async def registered() -> bool:
        """Whether a registration that fills the loop's threads until the upload is done ends."""
        [hook] = (
            publishing.upload_before_create(
                folder, pulumi.Output.from_input(URL), "login"
            ).before_create
            or []
        )
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        registration = loop.run_in_executor(None, uploaded.wait, 5)
        await hook(mock.Mock())  # type: ignore[misc]
        return await registration

    with mock.patch.object(uploads, "upload_folder", side_effect=lambda *_: uploaded.set()):
        assert asyncio.run(registered())


class _Account(HttpTransport[HttpRequest, HttpResponse]):
    """Answers each request with the next status, and each with the same code of an error."""

    def __init__(self, statuses: list[int], code: str = "") -> None:
        self.requests: list[Any] = []
        self._code = code
        self._statuses: Iterator[int] = iter(statuses)

    def send(self, request: HttpRequest, **_: Any) -> HttpResponse:
        self.requests.append(request)
        return _Response(request, next(self._statuses), self._code)

    def open(self) -> None: ...

    def close(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class _Response(HttpResponse):
    def __init__(self, request: HttpRequest, status: int, code: str) -> None:
        super().__init__(request, None)
        self.status_code = status
        self.reason = HTTPStatus(status).phrase
        self.headers = {"x-ms-request-id": "1", "Content-Type": "application/xml"}
        if code:
            self.headers["x-ms-error-code"] = code

    def body(self) -> bytes:
        return b""

    def stream_download(self, *_: object, **__: object) -> Iterator[bytes]:
        return iter([b""])


def _upload(account: _Account, folder: Path, waited: list[float] | None = None) -> None:
    with ContainerClient(
        "https://stml.blob.core.windows.net", "artifacts", transport=account
    ) as client:
        uploads.upload_file(
            client,
            folder / "score.py",
            "code/score.py",
            (waited if waited is not None else []).append,
        )
