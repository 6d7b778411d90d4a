"""What a forked program runs; importing this imports what programs import."""

import os
import sys
from collections.abc import Mapping, Sequence

from pulumi_azure_native import applicationinsights, containerregistry, keyvault, logic

from components import package  # noqa: F401 so that no program needs to import it by itself
from components.stack import event_grid, existing, logic_apps, machine_learning  # noqa: F401 as well
from tools.language_host import program

# What the SDK loads when it is first touched.
_USUAL = (applicationinsights.Component, containerregistry.Registry, keyvault.Vault, logic.Workflow)


def run(arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    """Do what the interpreter would with these arguments, there."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    program.main()
