"""`python -m tools.azure_ai_ml`: the machine learning SDK, in an environment of its own.

It pins another OpenTelemetry than Pulumi's SDK does, so the two can't share one environment. Only
tests call it, in a process of its own.
"""

import sys
from pathlib import Path

from tools import cache, command_line, virtual_environment
from tools.errors import SetupError

PINNED = "azure-ai-ml==1.35.2"
ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".tools" / "azure-ai-ml"
ADVICE = "Check the network to the Python package index and run make again."


def python() -> Path:
    """The interpreter that can import the SDK.

    Raises:
        SetupError: it is not set up in this checkout.
    """
    if not PYTHON.exists():
        message = "azure-ai-ml is not set up here. Run `make setup`."
        raise SetupError(message)
    return PYTHON / "bin" / "python"


def install() -> str:
    """Install the SDK, once for each version of it and of Python."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache.entry(f"{PINNED.replace('==', '-')}-python-{version}", _install)
    with cache.alone(ROOT / ".tools" / "azure-ai-ml.lock"):
        PYTHON.unlink(missing_ok=True)
        PYTHON.symlink_to(folder)
    return f"{PINNED} in {folder}"


def _install(into: Path) -> None:
    virtual_environment.make(into, [PINNED], "azure-ai-ml: installing", 0.5, ADVICE)


if __name__ == "__main__":
    command_line.run("azure-ai-ml", install)
