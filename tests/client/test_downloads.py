"""A file is there whole or not at all, and only where it was asked for."""

import os
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from batch_client.blobs import container
from batch_client.downloads import _download, _local, check_free, download, whole_file
from batch_client.errors import ClientError
from batch_client.progress import Progress
from batch_client.uris import BlobPlace
from local_azure_tests.conftest import Running
from tests.client.manager import asking
from tests.client.scripted import Signed, serve


def test_a_file_that_is_written_to_its_end_is_there(tmp_path: Path) -> None:
    with whole_file(tmp_path / "new" / "a.csv") as descriptor:
        os.write(descriptor, b"whole")
        assert not (tmp_path / "new" / "a.csv").exists()

    assert (tmp_path / "new" / "a.csv").read_bytes() == b"whole"


def write_half(file: Path, trouble: type[BaseException]) -> None:
    with whole_file(file) as descriptor:
        os.write(descriptor, b"half")
        raise trouble


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, OSError, ClientError])
def test_a_file_that_is_not_leaves_nothing(tmp_path: Path, trouble: type[BaseException]) -> None:
    with pytest.raises(trouble):
        write_half(tmp_path / "a.csv", trouble)

    assert list(tmp_path.iterdir()) == []


class Torn:
    """A blob of ten bytes, the first answer of which breaks off in the middle."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        self.asked += 1
        told = {"content-length": "10", "content-range": "bytes 0-9/10", "etag": '"e"'}
        head = [(name.encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": 206, "headers": head})
        body = WHOLE[:5] if self.asked == 1 else WHOLE
        await send({"type": "http.response.body", "body": body})


WHOLE = b"0123456789"


def test_an_answer_that_breaks_off_is_asked_for_again(
    running: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blob = Torn()
    running.lead(monkeypatch)
    running.call(serve, running, "torn.blob.core.windows.net", blob)

    with container("https://torn.blob.core.windows.net/c", Signed()) as client:
        _download(client, "a", tmp_path / "a", len(WHOLE), Progress())

    assert (blob.asked, (tmp_path / "a").read_bytes()) == (2, WHOLE)


@pytest.mark.parametrize(("replace", "left"), [(False, b"mine"), (True, b"new")])
def test_a_file_that_is_there_is_replaced_only_where_that_is_asked(
    tmp_path: Path, left: bytes, *, replace: bool
) -> None:
    file, blob = tmp_path / "a.csv", SimpleNamespace(name="f/a.csv", size=3, metadata={})
    folder = SimpleNamespace(name="f/deep", size=0, metadata={"hdi_isfolder": "true"})
    file.write_bytes(b"mine")
    held = SimpleNamespace(
        list_blobs=lambda **_: [folder, blob],
        download_blob=lambda _: SimpleNamespace(chunks=lambda: [b"new"]),
    )
    caller = asking({}, container=lambda *_, **__: nullcontext(held))
    refused: Any = pytest.raises(ClientError, match="--overwrite replaces it")

    with nullcontext() if replace else refused:
        download(caller, BlobPlace("https://a/c", "f/"), tmp_path, replace=replace)

    assert file.read_bytes() == left
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("replace", [False, True])
def test_a_folder_is_never_in_a_file_s_place(tmp_path: Path, *, replace: bool) -> None:
    with pytest.raises(ClientError, match="is a folder, and a file is to have this name"):
        check_free(tmp_path, replace=replace)


@pytest.mark.parametrize(
    ("name", "path", "local"),
    [
        ("azureml/job/score/predictions.csv", "azureml/job/score/", "predictions.csv"),
        ("azureml/job/score/a/b.csv", "azureml/job/score/", "a/b.csv"),
        ("azureml/job/score", "azureml/job/score", "score"),
        ("out/rows/1.csv", "out/rows", "rows/1.csv"),
        ("top.csv", "", "top.csv"),
        ("f//double.csv", "f/", "double.csv"),
    ],
)
def test_a_blob_keeps_its_name_below_the_folder(
    tmp_path: Path, name: str, path: str, local: str
) -> None:
    assert _local(name, path, tmp_path) == tmp_path / local


@pytest.mark.parametrize(
    "name", ["f/../../up.txt", "f/..", "f/a\\..\\..\\up.txt", "f/nul\0.txt", "f/"]
)
def test_a_blob_whose_name_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ClientError, match="leads out of"):
        _local(name, "f/", tmp_path)
