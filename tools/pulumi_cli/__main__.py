"""`python -m tools.pulumi_cli`: get a Pulumi CLI and offer it in `.tools/bin`."""

import os
from pathlib import Path

from tools import cache, command_line
from tools.errors import SetupError
from tools.pulumi_cli import VERSION, build, installer, link, on_path

PROGRAMS = Path(__file__).resolve().parents[2] / ".tools" / "bin"
OFFICIAL = f"pulumi-{VERSION}-official"
BUILT = f"pulumi-{VERSION}-built"


def install() -> str:
    """Take the first of: PATH, what the cache has, the official installer, a build."""
    with cache.alone(PROGRAMS.parent / "pulumi.lock"):
        cli, sentence = on_path.find(on_path.without(os.environ.get("PATH", ""), PROGRAMS))
        if cli:
            link.complete(cli, PROGRAMS)
            return sentence
        print(f"Pulumi CLI: {sentence}", flush=True)
        return _official() or _built()


def _official() -> str | None:
    if (cache.folder() / BUILT).is_dir():
        return None
    try:
        folder = cache.entry(OFFICIAL, installer.install)
    except SetupError as error:
        print(f"Pulumi CLI: {error} Building it from its Go module.", flush=True)
        return None
    link.complete(folder / "bin" / "pulumi", PROGRAMS)
    return f"{VERSION}, official release, in {folder}"


def _built() -> str:
    folder = cache.entry(BUILT, build.build)
    link.built(folder / "pulumi", PROGRAMS)
    return f"{VERSION}, built from its Go module, in {folder}"


if __name__ == "__main__":
    command_line.run("Pulumi CLI", install)
