"""`python -m tools.azure_clients`: azure-cli and the management SDKs judge the embedded Azure.

A program in another of Pulumi's languages is among the clients, with the components as its package.

They pin what Pulumi's SDK pins otherwise, so each has an environment of its own in the cache, as
big as azure-cli is (0.7 GB). Where the packages can't be had nothing is judged, and one sentence
says so.
"""

import hashlib
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from tools import cache, command_line, progress, virtual_environment
from tools.errors import SetupError
from tools.pulumi_cli.build import go_environment

ROOT = Path(__file__).resolve().parents[1]
CLI = ("azure-cli==2.91.0",)
SDKS = (
    "azure-identity==1.27.0",
    "azure-mgmt-authorization==4.0.0",
    "azure-mgmt-datafactory==10.0.0",
    "azure-mgmt-eventgrid==10.4.0",
    "azure-mgmt-keyvault==14.1.0",
    "azure-mgmt-logic==10.0.0",
    "azure-mgmt-machinelearningservices==2.0.0b2",  # the first with what lies in a workspace
    "azure-mgmt-msi==7.1.0",
    "azure-mgmt-resource==26.0.0",
    "azure-mgmt-storage==25.3.0",
    "six==1.17.0",  # which azure-mgmt-logic imports without asking for it
)
YAML = ROOT / "tools" / "pulumi_yaml"
"""The module that pins Pulumi's language host of YAML programs."""
_INVENTORY = Path("local-azure/docs/clients.md")
"""Which client asked for what: the tests write it."""
# The package's own command names the interpreter by the folder that it was installed in.
_COMMAND = """#!/bin/sh
exec "$(dirname "$0")/bin/python" -m azure.cli "$@"
"""
NO_YAML = "Install the Pulumi CLI (https://www.pulumi.com/docs/install/), which brings it, or Go."
ADVICE = "Check the network to the Python package index and run make clients again."


def az() -> Path:
    """The command `az`, installed if it was not.

    Raises:
        SetupError: the package can't be had.
    """
    return _environment("azure-cli", CLI, minutes=2) / "az"


def sdk_python() -> Path:
    """The interpreter that can import the management SDKs, installed if they were not.

    Raises:
        SetupError: a package can't be had.
    """
    return _environment("azure-mgmt", SDKS, minutes=1) / "bin" / "python"


def yaml_host() -> Path:
    """The folder of `pulumi-language-yaml`: the official installer's, or built by Go, once.

    Raises:
        SetupError: there is neither, or it can't be built.
    """
    found, go = shutil.which("pulumi-language-yaml"), shutil.which("go")
    if found:
        return Path(found).parent
    if go is None:
        raise SetupError(f"There is no pulumi-language-yaml, and no Go to build it. {NO_YAML}")
    package = "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"

    def install(into: Path) -> None:
        (into / "go").mkdir()
        command = [go, "build", "-modcacherw", "-trimpath", "-ldflags", "-s -w"]
        progress.run(
            "Pulumi's host of YAML programs: compiling, once",
            [*command, "-o", str(into / "pulumi-language-yaml"), package],
            minutes=2.5,
            advice=NO_YAML,
            directory=YAML,
            environment=go_environment(into / "go"),
        )
        shutil.rmtree(into / "go", ignore_errors=True)

    pins = hashlib.sha256((YAML / "go.sum").read_bytes()).hexdigest()[:12]
    return cache.entry(f"pulumi-language-yaml-{pins}", install)


def _environment(name: str, packages: tuple[str, ...], minutes: float) -> Path:
    def install(into: Path) -> None:
        virtual_environment.make(into, packages, f"{name}: installing", minutes, ADVICE)
        (into / "az").write_text(_COMMAND)
        (into / "az").chmod(0o755)

    python = f"python-{sys.version_info.major}.{sys.version_info.minor}"
    pins = hashlib.sha256("\n".join(packages).encode()).hexdigest()[:12]
    return cache.entry(f"{name}-{python}-{pins}", install)


def main() -> int:
    """Install the clients and have them judge; pytest's exit code, or 0 without them."""
    otherwise = "Clients: nothing was judged, because they can't be installed here."
    before = _INVENTORY.read_text()
    code = command_line.judge("tests/azure_clients", _install, otherwise)
    if _INVENTORY.read_text() != before:
        print(f"{_INVENTORY} tells of another run now: commit it with what made it another.")
    return code


def _install() -> None:
    az()
    sdk_python()
    with suppress(SetupError):  # the one test that needs it tells why it is skipped
        yaml_host()


if __name__ == "__main__":
    sys.exit(main())
