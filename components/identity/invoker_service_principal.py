"""The caller of the batch endpoint: an application in Entra with secrets that end.

Two overlap (``client_secrets``): the one in use, and the former for runs that began with it. A new
one may be unknown to Entra for some seconds (pitfalls: terraform-provider-azuread#4): until then
events are delivered again.

Whoever may manage only the applications that it owns (Application.ReadWrite.OwnedBy, Application
Developer) has to be listed as owner of both: the provider takes the caller out again at the end of
a create (terraform-provider-azuread#833). Owners are set once, so that a preview or an `up` by
somebody else changes nothing.
"""

from datetime import date

import pulumi
import pulumi_azuread as azuread

from components.azure.component import Component, Options
from components.azure.ordering import after
from components.identity import access
from components.identity.client_secrets import Term, held, moment
from components.identity.propagation import ENTRA_IS_BUSY, retried


class InvokerServicePrincipalArgs(access.StartingJobsArgs):
    """Arguments of InvokerServicePrincipal."""

    display_name: pulumi.Input[str]
    """Name of the application, as people see it in Entra."""

    owners: list[pulumi.Input[str]]
    """Object ids of who owns application and service principal from their making on."""

    secret_lifetime_days: int
    """Days that a secret is good for, 2 or more; half of them it is in use."""

    secret_rotation: str
    """Any text; another one makes new secrets."""

    today: str
    """The date that secrets are counted by: YYYY-MM-DD, in UTC."""


class InvokerServicePrincipal(Component):
    """Application, service principal, client secret and what a caller of the endpoint needs."""

    client_id: pulumi.Output[str]
    """Client id of the application, known once it has its roles."""

    object_id: pulumi.Output[str]
    """Object id of the service principal, which roles are given to."""

    client_secret: pulumi.Output[str]
    """The secret in use, marked as one."""

    secret_ends: pulumi.Output[str]
    """When it ends: RFC 3339, in UTC."""

    secret_renews: pulumi.Output[str]
    """From when on an `up` puts a new one in its place: RFC 3339, in UTC."""

    def __init__(self, name: str, args: InvokerServicePrincipalArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
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
        rotation = args["secret_rotation"]

        def secret(term: Term) -> azuread.ApplicationPassword:
            secret_name = f"{name}-secret-{rotation}-{term.since}"
            return azuread.ApplicationPassword(
                secret_name,
                application_id=application.id,
                display_name=f"rotation {rotation}, from {term.since}",
                end_date=moment(term.ends),
                opts=pulumi.ResourceOptions(parent=self, hooks=retried(secret_name, ENTRA_IS_BUSY)),
            )

        term, former = held(date.fromisoformat(args["today"]), int(args["secret_lifetime_days"]))
        in_use = secret(term)
        secret(former)

        who = access.Principal(principal.object_id)
        grants = access.may_start_jobs(name, who, args, self.child)

        self.client_id = after(application.client_id, *grants)
        self.object_id = principal.object_id
        self.client_secret = pulumi.Output.secret(in_use.value)
        self.secret_ends = in_use.end_date
        self.secret_renews = pulumi.Output.from_input(moment(term.renews))
        self.register_outputs({"client_id": self.client_id, "object_id": self.object_id})
