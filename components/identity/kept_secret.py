"""A secret in a Key Vault of its own, which one principal may read and nobody else.

On its own: whoever may read a vault of several secrets may read all of them. The secret goes with
its vault (`deleted_with`), because azure-native deletes secrets on the data plane, where being
Contributor, or Owner, of the vault gives no right.
"""

from typing import NamedTuple

import pulumi
from pulumi_azure_native import keyvault

from components.azure.ordering import after
from components.azure.placement import PlacementArgs
from components.azure.resource_id import group_of
from components.identity import access
from components.identity.vault import vault

NAME = "client-secret"


class Secret(NamedTuple):
    """What is kept, and where."""

    value: pulumi.Input[str]
    """The secret itself."""

    tenant_id: pulumi.Input[str]
    """Entra tenant whose identities the vault knows."""

    vault_suffix: pulumi.Input[str]
    """What follows the vault's name in its host in this cloud."""


def kept_secret(
    name: str,
    secret: Secret,
    reader: access.Principal,
    place: PlacementArgs,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """The URI of the secret, without a version, known once its reader may read it."""
    kept_in = vault(f"{name}-vault", secret.tenant_id, place, opts)
    kept = keyvault.Secret(
        f"{name}-secret",
        resource_group_name=group_of(kept_in.id),
        vault_name=kept_in.name,
        secret_name=NAME,
        properties={"value": pulumi.Output.secret(secret.value)},
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(deleted_with=kept_in)),
    )
    grant = access.may_read_secrets(f"{name}-reads-secret", reader, kept.id, opts)
    uri = pulumi.Output.concat(
        "https://", kept_in.name, ".", secret.vault_suffix, "/secrets/", NAME
    )
    return after(uri, kept, grant)
