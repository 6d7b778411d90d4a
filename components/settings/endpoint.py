"""`endpoint` and `invoker`: what is invoked, and who invokes it."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from components.settings.ports import PortName
from components.settings.section import (
    FORMS,
    ML,
    EndpointId,
    RoleDefinitionId,
    Section,
    between,
    matching,
    named,
    time,
)

DeploymentName = Annotated[str, named(f"{ML}/batchEndpoints/deployments")]
_Day = Annotated[
    str,
    time(r"2\d{3}-\d\d-\d\d", "a day of the years 2000 to 2999, as 2027-03-01"),
    Field(examples=["2027-03-01"]),
]


class _Endpoint(Section):
    input_name: PortName = "mnistinput"
    """Name of the job's input in the payload; model deployments ignore it."""


class NewEndpoint(_Endpoint):
    """An endpoint that the stack makes, with its deployments."""

    existing: ClassVar[None] = None
    workspace_id: ClassVar[None] = None

    name: Annotated[str, named(f"{ML}/batchEndpoints"), Field(examples=["my-endpoint"])] | None = (
        None
    )
    """Name of the endpoint, unique in its region; left out, a generated one."""

    default_deployment: Annotated[DeploymentName, Field(examples=["digits"])] | None = None
    """The deployment that is invoked unless a job names another one; with only one it need not be
    given."""


class ExistingEndpoint(_Endpoint):
    """An endpoint that exists already, with deployments of its own."""

    told_by = "existing"

    existing: EndpointId
    """Resource id of the batch endpoint to invoke instead of a new one. It keeps its own
    deployments, and brings its workspace; no cluster is made for it."""

    default_deployment: ClassVar[None] = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.existing.rpartition("/")[2]

    @property
    def workspace_id(self) -> str:
        """Resource id of the workspace that it is in."""
        return self.existing[: self.existing.lower().rindex("/batchendpoints/")]


Endpoint = Annotated[NewEndpoint | ExistingEndpoint, FORMS]


class Invoker(Section):
    """Who invokes the endpoint."""

    kind: Literal["service_principal", "managed_identity"] = "service_principal"
    """Who invokes the endpoint for the workflow: service_principal, an application in Entra with a
    secret, or managed_identity, the workflow's own identity without one."""

    changing: bool = False
    """Whether both are kept ready, and the data factory's identity with them: true while kind, or
    data_factory.authentication, changes, so that jobs of the former invoker end as any other."""

    # Two years at most: D:entra/identity-platform/how-to-add-credentials.
    secret_lifetime_days: Annotated[int, between(2, 730, "days")] = 180
    """Days that a client secret of the invoker is good for, 2 to 730. After half of them the next
    `up` puts a new one in its place, and keeps the former beside it; so run `up` more often."""

    secret_rotation: Annotated[
        str,
        # A 2 is a number in YAML, and as `pulumi config set --path` writes it.
        BeforeValidator(
            lambda given: str(given) if type(given) is int else given,
            json_schema_input_type=str | int,
        ),
        matching("[A-Za-z0-9._-]{1,40}", "1 to 40 letters, digits, '.', '_' or '-'"),
        Field(examples=["2"]),
    ] = "1"  # noqa: S105 - no secret, but what makes a new one
    """Any text of letters and digits; a new one makes new client secrets at once."""

    as_of: _Day | None = None
    """Date that the secrets' lifetimes are counted by instead of today; for a preview of what an
    `up` of another day does."""

    role: Literal["documented", "narrow"] = "documented"
    """Actions of the invoker's custom role: documented, or narrow, without those that change the
    endpoint and its deployments; that it can invoke without them is unverified."""

    existing_role_id: RoleDefinitionId | None = None
    """Id of a role definition for the invoker, instead of a new custom role."""
