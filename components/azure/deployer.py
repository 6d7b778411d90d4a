"""Who runs `up`, signed in for what no provider of Pulumi's does: uploads, and calls of hooks."""

import os
from typing import TYPE_CHECKING

from pulumi.runtime.config import get_config

if TYPE_CHECKING:
    from azure.identity import DefaultAzureCredential

BY_MACHINE = {
    "azure-native:useMsi": "ARM_USE_MSI",
    "azure-native:useDefaultAzureCredential": "ARM_USE_DEFAULT_AZURE_CREDENTIAL",
}
"""Has azure-native take the identity of a machine in Azure, which it does not by itself: keys of a
stack file, else variables, that are "true" (its provider/pkg/provider/auth_azidentity.go)."""
CHOSEN = "AZURE_TOKEN_CREDENTIALS"
"""Names the credential that azure-identity is to take, if it is set."""


def deployer(login_host: str) -> "DefaultAzureCredential":
    """`AZURE_*`, else `az login`, as Pulumi's providers have `ARM_*`, else `az login`.

    azure-identity by itself asks the identity of a machine in Azure, a runner or a jump host,
    before the Azure CLI: resources would be made by one identity, models uploaded by another.

    Args:
        login_host: host that issues tokens in this cloud.
    """
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - an `up` that calls needs it

    said = (get_config(key) or os.environ.get(name) for key, name in BY_MACHINE.items())
    by_machine = "true" in said
    if by_machine or os.environ.get(CHOSEN):
        return DefaultAzureCredential(authority=login_host)
    return DefaultAzureCredential(authority=login_host, exclude_managed_identity_credential=True)
