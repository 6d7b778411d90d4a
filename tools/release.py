"""`python -m tools.release v0.2.0 --into build/release`: what a release consists of.

The wheels of the client and of the embedded Azure, and `notes.md`, what both changelogs say of the
version. Nothing is built unless every place that names a version names this one.
"""

import argparse
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import batch_client
from components.package import VERSION
from tools import command_line
from tools.errors import SetupError

ROOT = Path(__file__).resolve().parents[1]
CHANGELOGS = {"CHANGELOG.md": "", "local-azure/CHANGELOG.md": "## The embedded Azure\n\n"}


def release(tag: str, into: Path) -> str:
    """Build what belongs to a tag.

    Args:
        tag: `v` and the version, as semantic versioning has it.
        into: an empty folder, or one that is yet to be made.

    Raises:
        SetupError: a place names another version, or a changelog has none of it.
    """
    version = tag.removeprefix("v")
    if others := {place: told for place, told in named().items() if told != version}:
        told = ", ".join(f"{place} has {other}" for place, other in others.items())
        message = f"{tag} is not what this is: {told}. Put {version} there, commit, and tag again."
        raise SetupError(message)
    notes = "\n".join(
        f"{heading}{section(ROOT / file, version)}" for file, heading in CHANGELOGS.items()
    )
    into.mkdir(parents=True, exist_ok=True)
    (into / "notes.md").write_text(notes, encoding="utf-8")
    _build(into.resolve())
    return f"{len([*into.glob('*.whl')])} wheels of {version} in {into}"


def _build(into: Path) -> None:
    """Wheels of what is committed, away from the checkout, in which a build leaves folders."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", "HEAD"],  # noqa: S607 the checkout's own
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
            packed.extractall(folder, filter="data")
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        wheel = [*pip, "wheel", "--no-deps", "--wheel-dir", str(into), ".", "./local-azure"]
        if subprocess.run(wheel, cwd=folder, check=False).returncode:
            raise SetupError("The wheels can't be built: mend what pip says above, and tag again.")


def named() -> dict[str, str]:
    """Every place that names a version, and which."""
    embedded = tomllib.loads((ROOT / "local-azure" / "pyproject.toml").read_text())
    return {
        "batch_client/__init__.py": batch_client.__version__,
        "components/package.py": VERSION,
        "local-azure/pyproject.toml": embedded["project"]["version"],
    }


def section(changelog: Path, version: str) -> str:
    """What a changelog says of a version.

    Raises:
        SetupError: nothing.
    """
    text = changelog.read_text(encoding="utf-8")
    found = re.search(rf"(?ms)^## {re.escape(version)} \([\d-]+\)\n+(.*?)(?=^## |\Z)", text)
    if not found:
        where = changelog.relative_to(ROOT)
        message = (
            f"{where} has no section `## {version} (<date>)`. Name Unreleased so, and tag again."
        )
        raise SetupError(message)
    return found[1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="tools.release", description=release.__doc__)
    parser.add_argument("tag")
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "release")
    given = parser.parse_args(arguments)
    command_line.run("release", lambda: release(given.tag, given.into))


if __name__ == "__main__":
    main()
