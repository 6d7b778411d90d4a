"""What a forked program runs; importing this imports what programs import."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import components.settings
import components.stack  # noqa: F401 so that no program needs to import it by itself
from tools.language_host import program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def run(arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    """Do what the interpreter would with these arguments, there."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    program.main()
