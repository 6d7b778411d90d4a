"""The caller of the batch endpoint: an application in Entra with a secret that ends.

The secret's end is counted from the day that it is made and then left alone; a rotation is a new
secret with an end of its own, made before the old one goes, so that events in between find one
that works. A new secret may be unknown to Entra for some seconds (pitfalls:
terraform-provider-azuread#4): until then events are delivered again.

Whoever may manage only the applications that it owns (Application.ReadWrite.OwnedBy, Application
Developer) has to be listed as owner of both: the provider takes the caller out again at the end of
a create (terraform-provider-azuread#833). Owners are set once, so that a preview or an `up` by
somebody else changes nothing.
"""

from datetime import UTC, datetime, timedelta
from typing import TypedDict

import pulumi
import pulumi_azuread as azuread

from components.azure.ordering import after
from components.identity import access

_WARNING = timedelta(days=30)


class InvokerServicePrincipalArgs(TypedDict):
    """Arguments of InvokerServicePrincipal."""

    display_name: pulumi.Input[str]
    """Name of the application, as people see it in Entra."""

    owners: list[pulumi.Input[str]]
    """Object ids of who owns application and service principal from their making on."""

    secret_lifetime_days: int
    """Days from the making of a secret to its end; a change counts for the next secret."""

    secret_rotation: str
    """Any text; a new one makes a new secret."""

    role_definition_id: pulumi.Input[str]
    """Resource id of the role that lets it invoke."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace that it may invoke in."""

    input_scope: pulumi.Input[str]
    """Resource id of the container, or the account, that its jobs read."""


class InvokerServicePrincipal(pulumi.ComponentResource):
    """Application, service principal, client secret and what a caller of the endpoint needs."""

    client_id: pulumi.Output[str]
    """Client id of the application, known once it has its roles."""

    object_id: pulumi.Output[str]
    """Object id of the service principal, which roles are given to."""

    client_secret: pulumi.Output[str]
    """The secret, marked as one."""

    secret_ends: pulumi.Output[str]
    """When it ends: RFC 3339, in UTC."""

    def __init__(
        self,
        name: str,
        args: InvokerServicePrincipalArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("azureml-batch-events:index:InvokerServicePrincipal", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        owned_from_the_start = pulumi.ResourceOptions(parent=self, ignore_changes=["owners"])
        application = azuread.Application(
            f"{name}-application",
            display_name=args["display_name"],
            sign_in_audience="AzureADMyOrg",
            owners=args["owners"],
            opts=owned_from_the_start,
        )
        principal = azuread.ServicePrincipal(
            f"{name}-principal",
            client_id=application.client_id,
            owners=args["owners"],
            opts=owned_from_the_start,
        )
        secret = azuread.ApplicationPassword(
            f"{name}-secret-{args['secret_rotation']}",
            application_id=application.id,
            display_name=f"rotation {args['secret_rotation']}",
            end_date=_end_date(int(args["secret_lifetime_days"])),
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["endDate"]),
        )
        secret.end_date.apply(_warn_of_end)

        who = access.Principal(principal.object_id)
        grants = access.may_start_jobs(
            name,
            who,
            args["role_definition_id"],
            args["workspace_id"],
            args["input_scope"],
            child,
        )

        self.client_id = after(application.client_id, *grants)
        self.object_id = principal.object_id
        self.client_secret = pulumi.Output.secret(secret.value)
        self.secret_ends = secret.end_date
        self.register_outputs({"client_id": self.client_id, "object_id": self.object_id})


def _warn_of_end(end: str) -> None:
    """Tell a secret's end 30 days before, and afterwards, in the preview already."""
    left = datetime.fromisoformat(end) - datetime.now(UTC)
    if left > _WARNING:
        return
    told = f"ends in {left.days} days" if left > timedelta() else "has ended: nothing is invoked"
    pulumi.warn(
        f"The invoker's client secret {told} ({end}). "
        "Set invoker.secret_rotation to another text and run up: it makes a new one."
    )


def _end_date(days: int) -> str:
    """RFC 3339, as Entra takes it."""
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
