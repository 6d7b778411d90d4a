"""What a tag becomes: wheels and notes, and nothing where versions differ."""

from pathlib import Path

import pytest

from components.package import VERSION
from tools import release
from tools.errors import SetupError


def test_every_place_names_one_version() -> None:
    assert set(release.named().values()) == {VERSION}


def test_a_tag_of_another_version_builds_nothing_and_names_each_place(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        release.release("v9.9.9", tmp_path / "built")

    assert [place in str(caught.value) for place in release.named()] == [True] * 3
    assert not (tmp_path / "built").exists()


def test_a_version_that_a_changelog_does_not_tell_is_refused() -> None:
    with pytest.raises(SetupError, match=r"CHANGELOG\.md has no section `## 9\.9\.9 \(<date>\)`"):
        release.section(release.ROOT / "CHANGELOG.md", "9.9.9")


def test_the_notes_are_one_dated_version_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "ROOT", tmp_path)
    file = tmp_path / "CHANGELOG.md"
    file.write_text("# C\n\n## 0.3.0\n\n- soon\n\n## 0.2.0 (2026-11-01)\n\n- new\n\n## 0.1.0 (x)\n")

    assert release.section(file, "0.2.0") == "- new\n\n"
    with pytest.raises(SetupError):
        release.section(file, "0.3.0")


@pytest.mark.long
def test_a_release_is_two_wheels_and_what_both_changelogs_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")

    release.release(f"v{VERSION}", tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"azureml_batch_events-{VERSION}-py3-none-any.whl",
        f"local_azure-{VERSION}-py3-none-any.whl",
        "notes.md",
    ]
    notes = (tmp_path / "notes.md").read_text()
    assert ("## The embedded Azure" in notes, "Unreleased" in notes) == (True, False)
