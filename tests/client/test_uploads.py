"""In which order files are uploaded where a marker among them starts their job."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from batch_client import commands, uploads
from batch_client.errors import UsageError
from batch_client.said import Upload
from tests.client.manager import asking

OUTPUTS = {"container_url": "https://a.blob.core.windows.net/inputs", "marker_name": "_SUCCESS"}


@pytest.fixture
def uploaded(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, int]]]:
    """Names and sizes of the blobs that a folder is uploaded as, in their order."""

    def upload(source: Path, *, marked: bool) -> list[tuple[str, int]]:
        written: list[tuple[str, int]] = []

        def write(_: Any, path: Path, blob: str, size: int, __: Any) -> None:
            assert len(path.read_bytes()) == size
            written.append((blob, size))

        monkeypatch.setattr(uploads, "container", lambda *_, **__: nullcontext())
        monkeypatch.setattr(uploads, "_upload", write)
        uploads.upload(asking(OUTPUTS), source, "in/", marked=marked)
        return written

    return upload


def test_a_folder_s_own_marker_comes_last(uploaded: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("A.pgm", "_SUCCESS", "b.pgm"):
        (tmp_path / name).write_text(name)

    for marked in (True, False):
        written = uploaded(tmp_path, marked=marked)
        below = f"in/{tmp_path.name}/"
        assert written == [(f"{below}A.pgm", 5), (f"{below}b.pgm", 5), (f"{below}_SUCCESS", 8)]


def test_a_folder_without_a_marker_gets_one_where_it_is_to_start_its_job(
    uploaded: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "b.pgm").write_text("seven")

    of_file = (f"in/{tmp_path.name}/b.pgm", 5)
    assert uploaded(tmp_path, marked=True) == [of_file, (f"in/{tmp_path.name}/_SUCCESS", 0)]
    assert uploaded(tmp_path, marked=False) == [of_file]


def test_folders_below_with_markers_of_their_own_are_jobs_of_their_own(
    uploaded: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "monday").mkdir()
    (tmp_path / "monday" / "_SUCCESS").touch()

    alone = uploaded(tmp_path / "monday" / "_SUCCESS", marked=True)

    assert uploaded(tmp_path, marked=True) == [(f"in/{tmp_path.name}/monday/_SUCCESS", 0)]
    assert alone == [("in/_SUCCESS", 0)]


def test_a_file_alone_starts_no_job_where_folders_wait_for_a_marker(
    uploaded: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "b.pgm").write_text("seven")

    with pytest.raises(UsageError, match=r"alone starts no job.*Upload the folder"):
        uploaded(tmp_path / "b.pgm", marked=True)


def test_windows_watch_a_folder_without_a_workflow() -> None:
    watched = Upload(paths=["a"], watched=True)
    windows = asking({"input_folder": "incoming/", "window_trigger_name": "windows"})

    assert commands._folder(watched, windows) == "incoming/"
