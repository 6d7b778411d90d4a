"""What programs import, for the process that they are forked from: importing this imports it."""

from pulumi_azure_native import applicationinsights, containerregistry, keyvault, logic

from components import package  # noqa: F401 so that no program needs to import it by itself
from components.stack import event_grid, existing, logic_apps, machine_learning  # noqa: F401 as well

# What the SDK loads when it is first touched.
_USUAL = (applicationinsights.Component, containerregistry.Registry, keyvault.Vault, logic.Workflow)
