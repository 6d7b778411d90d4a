"""Which CLI is chosen, and how it is offered."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from tests import PROJECT
from tools.errors import SetupError
from tools.pulumi_cli import VERSION, build, installer, link, on_path


def _program(folder: Path, name: str, *lines: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    program.chmod(0o755)
    return program


def _found(tmp_path: Path, version: str, others: Sequence[str]) -> tuple[Path | None, str]:
    _program(tmp_path, "pulumi", f"echo {version}")
    for name in others:
        _program(tmp_path, name)
    return on_path.find(str(tmp_path))


def test_a_cli_on_path_with_its_language_host_is_taken(tmp_path: Path) -> None:
    cli, _ = _found(tmp_path, "v3.1000.1", ["pulumi-language-python"])

    assert cli == tmp_path / "pulumi"


@pytest.mark.parametrize(
    ("version", "others", "told"),
    [
        ("v3.1000.1", [], "has no pulumi-language-python beside it or on PATH"),
        ("v3.249.9", ["pulumi-language-python"], f"is v3.249.9, at least {VERSION} is needed"),
    ],
    ids=["without its language host", "an older one"],
)
def test_another_cli_is_not_taken(
    tmp_path: Path, version: str, others: list[str], told: str
) -> None:
    assert _found(tmp_path, version, others) == (None, f"{tmp_path}/pulumi {told}")


def test_a_cli_that_does_not_run_is_not_taken(tmp_path: Path) -> None:
    _program(tmp_path, "pulumi-language-python")
    _program(tmp_path, "pulumi", "exit 1")

    assert on_path.find(str(tmp_path)) == (
        None,
        f"{tmp_path}/pulumi is of no known version, at least {VERSION} is needed",
    )


@pytest.mark.parametrize(
    ("version", "accepted"),
    [
        (f"v{VERSION}", True),
        ("v3.1000.0", True),
        ("4.0.0", True),
        ("v3.1000.0-alpha.1", True),
        ("v3.99.9", False),
        ("", False),
        ("unknown", False),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, *, accepted: bool) -> None:
    assert on_path.new_enough(version) is accepted


def test_our_own_folder_is_not_the_users_path() -> None:
    assert on_path.without("/a:/project/.tools/bin::/b", Path("/project/.tools/bin")) == "/a:/b"


def test_the_installer_is_pinned_and_keeps_to_its_folder() -> None:
    assert installer.command(Path("/t/install.sh"), Path("/cache/pulumi")) == [
        *["sh", "/t/install.sh", "--version", VERSION],
        *["--install-root", "/cache/pulumi", "--no-edit-path"],
    ]


INSTALLER = """
root=$4
mkdir -p "$root/bin" && cd "$root/bin"
printf '#!/bin/sh\\necho v%s\\n' "$2" > pulumi
printf '#!/bin/sh\\n' > pulumi-language-python
chmod +x pulumi pulumi-language-python
echo 'export PATH=...' >> "$HOME/.bashrc"
"""


def _official(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    (tmp_path / "install.sh").write_text(script)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(installer, "URL", (tmp_path / "install.sh").as_uri())
    return tmp_path / "root"


def test_the_installers_cli_is_taken_and_the_home_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _official(tmp_path, monkeypatch, INSTALLER)

    installer.install(root)

    assert on_path.find(str(root / "bin"))[0] == root / "bin" / "pulumi"
    assert list((tmp_path / "home").iterdir()) == []


def test_an_installer_that_installs_nothing_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _official(tmp_path, monkeypatch, "exit 0")

    with pytest.raises(SetupError, match=f"left no usable CLI {re.escape(VERSION)}"):
        installer.install(root)


def test_an_installer_out_of_reach_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "URL", "http://127.0.0.1:1/")

    with pytest.raises(SetupError, match=r"can't be reached \(.*Connection refused.*\)\.$"):
        installer.install(tmp_path)


def test_the_build_says_its_version() -> None:
    _, (_, _, compiling), (_, _, trying) = build.steps("go", Path("/c/pulumi"))

    assert any(part.endswith(f"version.Version=v{VERSION}") for part in compiling)
    assert trying == ["/c/pulumi", "version"]


def test_the_build_needs_no_c_compiler_and_leaves_the_home_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GOCACHE", raising=False)
    environment = build.go_environment(Path("/cache/go"))

    assert environment["CGO_ENABLED"] == "0"
    assert environment["GOCACHE"].startswith("/cache/go/")


def test_the_module_pins_the_version_that_is_installed() -> None:
    module = (build.MODULE / "go.mod").read_text()

    versions = re.findall(r"github.com/pulumi/pulumi/(?:pkg|sdk)/v3 v(\S+)", module)
    assert versions == [VERSION, VERSION]


def test_the_project_refuses_an_older_cli_than_the_one_that_is_installed() -> None:
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())

    assert project["requiredPulumiVersion"] == f">={VERSION}"


def test_without_go_the_message_names_both_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SetupError, match=f"Install the Pulumi CLI .* or Go .* {build.needed_go()}"):
        build.build(tmp_path)


def test_a_built_cli_is_the_same_file_beside_our_language_host(tmp_path: Path) -> None:
    cli, programs = _program(tmp_path / "cache", "pulumi"), tmp_path / ".tools" / "bin"

    link.built(cli, programs)

    assert (programs / "pulumi").samefile(cli)
    assert not (programs / "pulumi").is_symlink()
    assert (programs / "pulumi-language-python").is_symlink()


def test_an_official_cli_takes_the_place_of_a_built_one_and_of_our_language_host(
    tmp_path: Path,
) -> None:
    built, official = _program(tmp_path / "1", "pulumi"), _program(tmp_path / "2", "pulumi")
    programs = tmp_path / ".tools" / "bin"
    link.built(built, programs)

    link.complete(official, programs)

    assert [path.name for path in programs.iterdir()] == ["pulumi"]
    assert (programs / "pulumi").readlink() == official
