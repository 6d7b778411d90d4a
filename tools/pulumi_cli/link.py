"""The checkout's own folder of programs, which the Makefile puts in front of PATH."""

import os
import shutil
from pathlib import Path

from tools.pulumi_cli.on_path import LANGUAGE_HOST

LAUNCHER = "../../tools/language_host/pulumi-language-python"


def complete(cli: Path, programs: Path) -> None:
    """Offer a CLI that has its own language hosts: a link is enough."""
    _remove(programs)
    (programs / "pulumi").symlink_to(cli)


def built(cli: Path, programs: Path) -> None:
    """Offer the CLI that was built, with our language host beside it.

    The CLI looks for a language host beside the file that it is, links resolved, and warns of one
    that PATH alone finds: hence a hard link, or a copy where the cache is on another disk.
    """
    _remove(programs)
    (programs / LANGUAGE_HOST).symlink_to(LAUNCHER)
    part = programs / "pulumi.part"
    part.unlink(missing_ok=True)
    try:
        os.link(cli, part)
    except OSError:
        shutil.copy2(cli, part)
    part.rename(programs / "pulumi")


def _remove(programs: Path) -> None:
    programs.mkdir(parents=True, exist_ok=True)
    for name in ("pulumi", LANGUAGE_HOST):
        (programs / name).unlink(missing_ok=True)
