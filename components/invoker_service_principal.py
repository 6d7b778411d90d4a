"""The caller of the batch endpoint: an application in Entra with a secret that ends.

The secret's end is given, not counted from now: it must be the same in each run. A new secret is
made before the old one goes, so events in between keep one that works.
"""

from typing import TypedDict

import pulumi
import pulumi_azuread as azuread


class InvokerServicePrincipalArgs(TypedDict):
    """Arguments of InvokerServicePrincipal."""

    display_name: pulumi.Input[str]
    """Name of the application, as people see it in Entra."""

    secret_end_date: pulumi.Input[str]
    """When the secret ends, such as `2027-01-31T00:00:00Z`."""

    rotation: pulumi.Input[str]
    """Any text; a new one makes a new secret."""


class InvokerServicePrincipal(pulumi.ComponentResource):
    """Application, service principal and client secret."""

    client_id: pulumi.Output[str]
    """Client id of the application."""

    object_id: pulumi.Output[str]
    """Object id of the service principal, which roles are given to."""

    client_secret: pulumi.Output[str]
    """The secret, marked as one."""

    def __init__(
        self,
        name: str,
        args: InvokerServicePrincipalArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("azureml-batch-events:index:InvokerServicePrincipal", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        application = azuread.Application(
            f"{name}-application",
            display_name=args["display_name"],
            sign_in_audience="AzureADMyOrg",
            opts=child,
        )
        principal = azuread.ServicePrincipal(
            f"{name}-principal", client_id=application.client_id, opts=child
        )
        secret = azuread.ApplicationPassword(
            f"{name}-secret",
            application_id=application.id,
            display_name="batch endpoint invoker",
            end_date=args["secret_end_date"],
            rotate_when_changed={"rotation": args["rotation"]},
            opts=child,
        )

        self.client_id = application.client_id
        self.object_id = principal.object_id
        self.client_secret = pulumi.Output.secret(secret.value)
        self.register_outputs({"client_id": self.client_id, "object_id": self.object_id})
