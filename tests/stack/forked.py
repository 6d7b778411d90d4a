"""What a forked program runs."""

import os
import sys
from collections.abc import Mapping, Sequence

from tools.language_host import program


def run(arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    """Do what the interpreter would with these arguments, there."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    program.main()
