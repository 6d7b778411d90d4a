"""The service principal that invokes the endpoint for a pipeline, and where its secret is.

The secret lies in a Key Vault, from where the factory's identity reads it in each run; a pipeline
is given the secret's URI alone. The vault is the secret's own: whoever may read a vault of several
may read all of them. The secret goes with its vault (`deleted_with`), because azure-native deletes
secrets on the data plane, where being Contributor, or Owner, of the vault gives no right.
"""

import pulumi
from pulumi_azure_native import keyvault

from components.azure.options import also
from components.azure.ordering import after
from components.azure.placement import PlacementArgs
from components.azure.resource_id import group_of
from components.identity import access
from components.identity.vault import vault

NAME = "client-secret"


class PipelinePrincipalArgs(access.ServicePrincipalArgs):
    """A service principal that has its roles already, and where its secret is kept."""

    vault_suffix: pulumi.Input[str]
    """What follows a Key Vault's name in its host in this cloud."""


def signing_in(
    name: str,
    args: PipelinePrincipalArgs,
    reader: access.Principal,
    place: PlacementArgs,
    opts: pulumi.ResourceOptions,
) -> dict[str, pulumi.Input[str]]:
    """The parameters of a pipeline that signs in, once the secret is kept and may be read.

    Args:
        name: logical name that the parts' names begin with.
        args: who signs in.
        reader: who reads the secret, whose URI comes without a version.
        place: where the vault goes.
        opts: options of each part.
    """
    suffix = args["vault_suffix"]
    kept_in = vault(f"{name}-vault", args["tenant_id"], place, opts)
    kept = keyvault.Secret(
        f"{name}-secret",
        resource_group_name=group_of(kept_in.id),
        vault_name=kept_in.name,
        secret_name=NAME,
        properties={"value": pulumi.Output.secret(args["client_secret"])},
        opts=also(opts, deleted_with=kept_in),
    )
    grant = access.may_read_secrets(f"{name}-reads-secret", reader, kept.id, opts)
    uri = pulumi.Output.concat("https://", kept_in.name, ".", suffix, "/secrets/", NAME)
    return {
        "tenant_id": args["tenant_id"],
        "client_id": args["client_id"],
        "client_secret": after(uri, kept, grant),
        "login_uri": pulumi.Output.concat("https://", args["login_host"]),
        "vault_audience": pulumi.Output.concat("https://", suffix),
    }
