"""The CLI built from its Go module, for where the official installer can't be reached.

Modules and compiled packages lie in a folder of their own, which goes once the CLI is built: they
take some gigabytes, and a second build never happens. `GOPATH` and `GOCACHE`, where they are set,
are used and kept instead.
"""

import os
import re
import shutil
from pathlib import Path

from tools import cache, progress
from tools.errors import SetupError
from tools.pulumi_cli import VERSION

MODULE = Path(__file__).parent
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SETTING = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
NO_GO = (
    "the CLI can't be built, because there is no Go. Install the Pulumi CLI "
    f"(https://www.pulumi.com/docs/install/) {VERSION} or later, or Go (https://go.dev/dl/) "
    "{go} or later, and run make again."
)
NOT_BUILT = (
    "Look at the last lines above (no network to the Go module proxy, no space on the disk?) and "
    f"run make again, or install the Pulumi CLI {VERSION} or later yourself."
)


def build(into: Path) -> None:
    """Build `into/pulumi`. Takes about eight minutes on two cores.

    Raises:
        SetupError: there is no Go, or the build failed.
    """
    go = shutil.which("go")
    if go is None:
        raise SetupError(NO_GO.format(go=needed_go()))
    scratch = cache.folder() / "go"
    scratch.mkdir(exist_ok=True)
    environment = go_environment(scratch)
    for step, minutes, command in steps(go, into / "pulumi"):
        progress.run(
            f"Pulumi CLI: {step}",
            command,
            minutes=minutes,
            advice=NOT_BUILT,
            directory=MODULE,
            environment=environment,
        )
    shutil.rmtree(scratch, ignore_errors=True)


def steps(go: str, program: Path) -> list[tuple[str, float, list[str]]]:
    """Return the steps of a build: what each does, its usual minutes, and its command."""
    linker = f"-s -w -X {SETTING}=v{VERSION}"
    options = ["-modcacherw", "-trimpath", "-ldflags", linker, "-o", str(program)]
    return [
        ("getting the Go modules", 1, [go, "mod", "download", "-modcacherw"]),
        ("compiling, once", 7.5, [go, "build", *options, PACKAGE]),
        ("trying it", 0.1, [str(program), "version"]),
    ]


def go_environment(scratch: Path) -> dict[str, str]:
    """Return the environment of a build: no C compiler needed, caches that can be removed."""
    ours = {
        "GOPATH": str(scratch / "path"),
        "GOCACHE": str(scratch / "packages"),
        "GOTMPDIR": str(scratch),
    }
    return ours | os.environ | {"CGO_ENABLED": "0", "GOWORK": "off"}


def needed_go() -> str:
    """Return the oldest Go that the module accepts, as go.mod says it."""
    match = re.search(r"^go (\S+)$", (MODULE / "go.mod").read_text(), re.MULTILINE)
    assert match is not None  # noqa: S101 - go.mod is committed, and always says it
    return match[1]
