"""The service principal that invokes the endpoint for a pipeline, and where its secret is.

The secret lies in a Key Vault, from where the factory's identity reads it in each run; a pipeline
is given the secret's URI alone.
"""

import pulumi

from components.azure.placement import PlacementArgs
from components.identity import access
from components.identity.kept_secret import Secret, kept_secret


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
        reader: who reads the secret.
        place: where the vault goes.
        opts: options of each part.
    """
    suffix = args["vault_suffix"]
    secret = Secret(args["client_secret"], args["tenant_id"], suffix)
    return {
        "tenant_id": args["tenant_id"],
        "client_id": args["client_id"],
        "client_secret": kept_secret(name, secret, reader, place, opts),
        "login_uri": pulumi.Output.concat("https://", args["login_host"]),
        "vault_audience": pulumi.Output.concat("https://", suffix),
    }
