"""What the parts of a stack file have in common, and the kinds of values that they are made of.

A section is a pydantic model: each field is declared once, with type, limits, default and what it
means. A value that pydantic has no word for is checked by a function beside its kind. What goes
together inside of a section says `misfits`, and what goes together between sections stands in
`rules.py`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import core_schema

from components.azure import naming
from components.settings.problems import Misfit, MisfitsError, Refused

GUID = "(?!0{8}(?:-0{4}){3}-0{12})[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
"""Any but the zeros of the examples."""

INT32 = 2**31 - 1

ML = "Microsoft.MachineLearningServices/workspaces"
STORAGE = "Microsoft.Storage/storageAccounts"
CONTAINER = f"{STORAGE}/blobServices/containers"
FACTORY = "Microsoft.DataFactory/factories"
LOGS = "Microsoft.OperationalInsights/workspaces"

_NETWORKS = "Microsoft.Network/virtualNetworks"
_ROLES = "Microsoft.Authorization/roleDefinitions"
_NOBODY = "00000000-0000-0000-0000-000000000000"
_IN_GROUP = f"/subscriptions/{_NOBODY}/resourceGroups/my-group/providers"


class Section(BaseModel):
    """A part of a stack file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        # what a stack does not use is never built: that takes longer than all of the reading
        defer_build=True,
        strict=True,
        hide_input_in_errors=True,
    )

    told_by: ClassVar[str] = ""
    """Of a form of a section, the field that only it has."""

    def misfits(self) -> Iterator[Misfit]:
        """What does not go together in it."""
        yield from ()

    def unused(self, because: str, *names: str) -> Iterator[Misfit]:
        """Those of its fields that say something which nothing heeds."""
        for name in names:
            default = type(self).model_fields[name].default
            if getattr(self, name) != default:
                yield Misfit(name, f"nothing: {because}", None)

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        found = list(self.misfits()) if getattr(self, "enabled", True) else []
        if found:
            raise MisfitsError(found)
        return self


@dataclass(frozen=True, eq=False)
class Accepts:
    """What is accepted of a value: in words, by a function, and for editors.

    A function that raises ValueError does not accept it.
    """

    accepted: str
    fits: Callable[[Any], object]
    schema: Mapping[str, Any] = field(default_factory=dict)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """The check comes after that of the type."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """The type's own, and these limits."""
        return {**handler(schema), **self.schema}

    def _checked(self, value: Any) -> Any:
        with suppress(ValueError):
            if self.fits(value):
                return value
        raise Refused(self.accepted)


def between(lowest: int, highest: int, what: str = "") -> Accepts:
    """A whole number within bounds, both included."""
    accepted = f"a whole number from {lowest} to {highest}" + (f": {what}" if what else "")
    limits = {"minimum": lowest, "maximum": highest}
    return Accepts(accepted, lambda value: lowest <= value <= highest, limits)


def matching(pattern: str, accepted: str) -> Accepts:
    """A text that matches the pattern from its beginning to its end."""
    return Accepts(accepted, lambda value: re.fullmatch(pattern, value))


def time(pattern: str, accepted: str) -> Accepts:
    """A time of the calendar, written as the pattern says."""
    return Accepts(
        accepted, lambda value: re.fullmatch(pattern, value) and datetime.fromisoformat(value)
    )


def each_once(accepted: str, name: Callable[[Any], str]) -> Accepts:
    """A list of what has names, none of them twice, in whatever case."""
    return Accepts(
        accepted, lambda given: len({name(each).lower() for each in given}) == len(given)
    )


def one_of(*values: str) -> Accepts:
    """One of many words that are written down elsewhere; a few are a Literal."""
    return Accepts(f"one of {', '.join(values)}", values.__contains__, {"enum": list(values)})


def named(kind: str) -> AfterValidator:
    """A name as Azure allows it for a type of resource."""

    def check(name: str) -> str:
        if broken := naming.check(kind, name):
            own = name.rpartition("/")[2] if name.startswith("/subscriptions/") else ""
            if own and not naming.check(kind, own):
                raise Refused("the name alone, which ends the id", own)
            raise Refused(broken)
        return name

    return AfterValidator(check)


def resource_id(kind: str) -> AfterValidator:
    """The full id of a resource of one type, in a resource group; its parts may be in any case."""
    provider, *types = kind.split("/")
    shape = f"/subscriptions/<subscription id>/resourceGroups/<group>/providers/{provider}" + (
        "".join(f"/{each}/<name>" for each in types)
    )
    # Of some types nobody here has rules for names.
    name = "[^/]+" if kind in naming.RULES else "[A-Za-z0-9][A-Za-z0-9._-]*"
    names = "".join(f"/{re.escape(each)}/({name})" for each in types)
    pattern = (
        f"(?i)/subscriptions/{GUID}/resourceGroups/([^/]+)/providers/{re.escape(provider)}{names}"
    )
    kinds = ["/".join([provider, *types[:depth]]) for depth in range(1, len(types) + 1)]
    kinds.insert(0, "Microsoft.Resources/resourceGroups")

    def check(value: str) -> str:
        parts = re.fullmatch(pattern, value)
        if not parts:
            raise Refused(f"a resource id of the form {shape}")
        for each, name in zip(kinds, parts.groups(), strict=True):
            if each in naming.RULES and (broken := naming.check(each, name)):
                raise Refused(f"a resource id of the form {shape}. {broken}")
        return value

    return AfterValidator(check)


_ACCOUNT = f"{_IN_GROUP}/{STORAGE}/mystorageaccount"
_WORKSPACE = f"{_IN_GROUP}/{ML}/my-workspace"
_ENDPOINT = f"{_WORKSPACE}/batchEndpoints/my-endpoint"
_FACTORY = f"{_IN_GROUP}/{FACTORY}/my-factory"

AccountId = Annotated[str, resource_id(STORAGE), Field(examples=[_ACCOUNT])]
WorkspaceId = Annotated[str, resource_id(ML), Field(examples=[_WORKSPACE])]
EndpointId = Annotated[str, resource_id(f"{ML}/batchEndpoints"), Field(examples=[_ENDPOINT])]
FactoryId = Annotated[str, resource_id(FACTORY), Field(examples=[_FACTORY])]
LogWorkspaceId = Annotated[str, resource_id(LOGS), Field(examples=[f"{_IN_GROUP}/{LOGS}/my-logs"])]
GroupName = Annotated[
    str, named("Microsoft.Resources/resourceGroups"), Field(examples=["my-group"])
]
ContainerName = Annotated[str, named(CONTAINER)]
IpRange = Annotated[
    str,
    Accepts(
        "IPv4 ranges in CIDR notation, such as 203.0.113.0/24",
        lambda value: "/" in value and IPv4Network(value),
    ),
]
SubnetId = Annotated[
    str,
    resource_id(f"{_NETWORKS}/subnets"),
    Field(examples=[f"{_IN_GROUP}/{_NETWORKS}/my-network/subnets/workflows"]),
]
RoleDefinitionId = Annotated[
    str,
    matching(
        f"(?:/subscriptions/{GUID})?/providers/{_ROLES}/{GUID}",
        f"the id of a role definition: /subscriptions/<subscription id>/providers/{_ROLES}/<GUID>",
    ),
    Field(examples=[f"/subscriptions/{_NOBODY}/providers/{_ROLES}/{_NOBODY}"]),
]


class Principal(Section):
    """A user, group or service principal of the tenant."""

    object_id: Annotated[
        str,
        matching(
            GUID,
            "the object id in Entra, a GUID other than the example's zeros:"
            " `az ad user show --id NAME --query id`, likewise `az ad group` and `az ad sp`",
        ),
    ]
    """Object id in Entra; of an application, that of its service principal."""

    type: Literal["User", "Group", "ServicePrincipal"]
    """User, Group or ServicePrincipal."""


class SystemTopic(Section):
    """An Event Grid system topic that exists already: Azure allows one for each resource."""

    resource_group: Annotated[str, named("Microsoft.Resources/resourceGroups")]
    """Name of the resource group that it is in."""

    name: Annotated[str, named("Microsoft.EventGrid/systemTopics")]
    """Its name."""


class _Forms:
    """Of a union of two sections, the second where the field is given that only it has."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Which is meant is told before either is looked at, so that no problem is told twice."""
        new, other = get_args(source)

        def name(value: Any) -> str:
            given = value if isinstance(value, dict) else getattr(value, "model_fields_set", ())
            return str((other if other.told_by in given else new).__name__)

        forms = {each.__name__: handler.generate_schema(each) for each in (new, other)}
        return core_schema.tagged_union_schema(forms, discriminator=name)


FORMS = _Forms()


class BlobFolder(Section):
    """A folder of an account that exists already."""

    account_id: AccountId
    """Resource id of the storage account."""

    container: ContainerName
    """Name of the container."""

    folder: Annotated[
        str,
        matching(
            r"(?=.{1,1000}\Z)(?:(?!\.{1,2}/)[^/\\*\x00-\x1f]+/)*(?!\.{1,2}\Z)[^/\\*\x00-\x1f]+/?",
            "a folder of that container, such as exports/ or exports/eu/",
        ),
        AfterValidator(lambda folder: folder if folder.endswith("/") else f"{folder}/"),
    ]
    """Folder of that container; the files in it, none below it."""


_MINE = {"container": "my-container", "folder": "my-folder/"}
Folder = Annotated[BlobFolder, Field(examples=[{"account_id": _ACCOUNT, **_MINE}])]
ATopic = Annotated[
    SystemTopic, Field(examples=[{"resource_group": "my-group", "name": "my-topic"}])
]
