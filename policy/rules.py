"""What every stack holds to: rules over the resources that it would create, before it does.

Pure functions, of the standard library alone: the tests ask them about every stack file, and the
policy pack beside this file asks them in Pulumi's engine. What a rule says is broken is a sentence
that begins with the property.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from policy.made import UNKNOWN, Made

_SUBSCRIPTIONS = (
    "eventgrid:SystemTopicEventSubscription",
    "eventgrid:DomainTopicEventSubscription",
)
_ACCOUNT, _VAULT, _REGISTRY = (
    "storage:StorageAccount",
    "keyvault:Vault",
    "containerregistry:Registry",
)
_COMPUTE, _ENDPOINT = (
    "machinelearningservices:Compute",
    "machinelearningservices:BatchEndpoint",
)
_TOPIC, _DOMAIN = "eventgrid:SystemTopic", "eventgrid:Domain"
_WORKSPACE, _FACTORY = "machinelearningservices:Workspace", "datafactory:Factory"
_WORKFLOW = "logic:Workflow"

IDENTIFIED = (_TOPIC, _DOMAIN, _WORKSPACE, _COMPUTE, _FACTORY)
"""What acts, and does so by an identity."""
LOGGED = (_TOPIC, _DOMAIN, _WORKSPACE, _FACTORY, _WORKFLOW)
"""What has logs that cost nothing to export."""
TAGGED = (
    *(_ACCOUNT, _VAULT, _REGISTRY, _WORKSPACE, _COMPUTE, _ENDPOINT, _TOPIC, _DOMAIN, _FACTORY),
    *("machinelearningservices:BatchDeployment", "operationalinsights:Workspace", _WORKFLOW),
    *("applicationinsights:Component", "applicationinsights:Workbook", "monitor:ActionGroup"),
    *("monitor:MetricAlert", "managedidentity:UserAssignedIdentity", "resources:ResourceGroup"),
    *("web:Connection", "eventhub:Namespace", "servicebus:Namespace"),
)
_TAGS = ("project", "stack", "managed_by")
_WIDE = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
"""The same GUIDs in every cloud (D:role-based-access-control/built-in-roles)."""
_SECRET_TEXT = re.compile(r"[?&](sig|code|token)=|(AccountKey|SharedAccessKey|sig)=", re.IGNORECASE)
_PRODUCTION = re.compile("prod", re.IGNORECASE)


class Held(NamedTuple):
    """A property that has to have one of some values."""

    kind: str
    path: str
    accepted: tuple[Any, ...]


_TLS = (
    Held(_ACCOUNT, "minimumTlsVersion", ("TLS1_2", "TLS1_3")),
    Held(_ACCOUNT, "enableHttpsTrafficOnly", (True,)),
    Held(_DOMAIN, "minimumTlsVersionAllowed", ("1.2",)),
)
_PUBLIC = (
    Held(_ACCOUNT, "allowBlobPublicAccess", (False,)),
    Held(_ACCOUNT, "allowCrossTenantReplication", (False,)),
    Held("storage:BlobContainer", "publicAccess", ("None",)),
    Held(_REGISTRY, "anonymousPullEnabled", (False,)),
    Held(_COMPUTE, "properties.properties.remoteLoginPortPublicAccess", ("Disabled",)),
)
_KEYS = (
    Held(_ACCOUNT, "allowSharedKeyAccess", (False,)),
    Held(_REGISTRY, "adminUserEnabled", (False,)),
    Held(_DOMAIN, "disableLocalAuth", (True,)),
    Held(_COMPUTE, "properties.disableLocalAuth", (True,)),
    Held(_ENDPOINT, "properties.authMode", ("AADToken",)),
    Held(_VAULT, "properties.enableRbacAuthorization", (True,)),
)
_KEPT = (Held(_VAULT, "properties.enablePurgeProtection", (True,)),)


def _held(made: Made, table: Sequence[Held]) -> Iterator[str]:
    for each in table:
        found = made.at(each.path)
        if each.kind == made.kind and found not in each.accepted:
            accepted = " or ".join(map(str, each.accepted))
            yield f"{each.path}: found {found}, accepted: {accepted}"


def tls(made: Made) -> Iterator[str]:
    """Nothing is sent over TLS of before 1.2."""
    yield from _held(made, _TLS)
    destination = _destination(made)
    if destination.get("endpointType") == "WebHook":
        found = destination.get("minimumTlsVersionAllowed")
        if found != "1.2":
            yield f"destination.minimumTlsVersionAllowed: found {found}, accepted: 1.2"


def public_access(made: Made) -> Iterator[str]:
    """Nobody reads blobs or images, copies them to another tenant, or reaches a node unsigned."""
    yield from _held(made, _PUBLIC)


def keys(made: Made) -> Iterator[str]:
    """Whoever signs in does so as somebody, and not by a key that all share."""
    yield from _held(made, _KEYS)


def kept(made: Made) -> Iterator[str]:
    """A vault can't be purged before its time."""
    yield from _held(made, _KEPT)


def identities(made: Made) -> Iterator[str]:
    """What acts does so by an identity of its own."""
    if made.kind in IDENTIFIED and made.at("identity.type") in {None, "None"}:
        yield "identity: found none, accepted: a system- or user-assigned one"


def roles(made: Made) -> Iterator[str]:
    """Roles are narrow, and given on a resource, not on all of a group."""
    if made.kind == "authorization:RoleAssignment":
        guid = str(made.at("roleDefinitionId")).rpartition("/")[2].lower()
        if guid in _WIDE:
            yield f"roleDefinitionId: found {_WIDE[guid]}, accepted: a role for what is done"
        scope = made.at("scope")
        if scope is not UNKNOWN and "/providers/" not in str(scope):
            yield f"scope: found {scope}, accepted: a resource"
    if made.kind == "authorization:RoleDefinition":
        for permission in made.at("permissions") or []:
            for action in (*permission.get("actions", ()), *permission.get("dataActions", ())):
                if "*" in action and not action.endswith("/read"):
                    yield f"permissions: found {action}, accepted: actions by their names"


def dead_letters(made: Made) -> Iterator[str]:
    """What can't be delivered is kept, written by an identity."""
    if made.kind in _SUBSCRIPTIONS and not made.at("deadLetterWithResourceIdentity"):
        yield "deadLetterWithResourceIdentity: found none, accepted: a container"


def tags(made: Made) -> Iterator[str]:
    """What can be tagged tells whose it is."""
    missing = [tag for tag in _TAGS if not (made.at("tags") or {}).get(tag)]
    if made.kind in TAGGED and missing:
        yield f"tags: missing {', '.join(missing)}"


def secrets(made: Made) -> Iterator[str]:
    """A secret is one in the state as well; never told by its value."""
    if made.secrets is None:
        return
    for path in _secret_places(made):
        if not any(
            path == each or path.startswith((f"{each}.", f"{each}[")) for each in made.secrets
        ):
            yield f"{path}: found in clear, accepted: a secret"


def _secret_places(made: Made) -> Iterator[str]:
    """Where what Azure would be given is a secret, by what it is for or what it looks like."""
    if made.kind == "keyvault:Secret":
        yield "properties.value"
    for index, _ in enumerate(made.at("webhookReceivers") or []):
        yield f"webhookReceivers[{index}].serviceUri"
    for name, each in (made.at("parameters") or {}).items() if made.kind == _WORKFLOW else ():
        if str(each.get("type")).lower().startswith("secure"):
            yield f"parameters.{name}.value"
    for path, text in _texts(made.inputs, ""):
        if _SECRET_TEXT.search(text):
            yield path


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{path}.{key}" if path else key)


def _destination(made: Made) -> Mapping[str, Any]:
    if made.kind not in _SUBSCRIPTIONS:
        return {}
    found = made.at("destination") or made.at("deliveryWithResourceIdentity.destination")
    return found if isinstance(found, dict) else {}


def diagnostics(stack: str, every: Sequence[Made]) -> Iterator[tuple[str, str]]:
    """In production what happens is logged: of a stack whose name has `prod` in it.

    Yields:
        A resource's name, and what is broken.
    """
    if not _PRODUCTION.search(stack):
        return
    sent = {each.name for each in every if each.kind == "monitor:DiagnosticSetting"}
    for made in every:
        if made.kind in LOGGED and f"{made.name}-diagnostics" not in sent:
            yield made.name, "no diagnostic setting: found none, accepted: `monitoring.logs: true`"


def hardening(stack: str, every: Sequence[Made]) -> Iterator[tuple[str, str]]:
    """In production what is deleted can be had back, and accounts are locked but in private stacks.

    Yields:
        A resource's name, and what is broken.
    """
    names = {each.name for each in every} if _PRODUCTION.search(stack) else None
    for made in every:
        private = made.at("networkRuleSet.defaultAction") == "Deny"
        kept = {f"{made.name}-{each}" for each in (("blobs",) if private else ("blobs", "lock"))}
        if names is not None and made.kind == _ACCOUNT and not kept <= names:
            yield made.name, "no soft delete or no lock: accepted: `hardening.enabled: true`"


OF_STACKS: Mapping[str, Callable[[str, Sequence[Made]], Iterator[tuple[str, str]]]] = {
    "diagnostics": diagnostics,
    "hardening": hardening,
}
"""Each over all resources of a stack."""

RULES: Mapping[str, Callable[[Made], Iterator[str]]] = {
    "tls": tls,
    "public-access": public_access,
    "keys": keys,
    "vaults-are-kept": kept,
    "identities": identities,
    "roles": roles,
    "dead-letters": dead_letters,
    "tags": tags,
    "secrets": secrets,
}
"""Each over one resource."""


def violations(stack: str, every: Sequence[Made]) -> list[str]:
    """Everything that a stack would break: rule, resource and property."""
    found = [
        f"{name}: {made.name}: {broken}"
        for name, rule in RULES.items()
        for made in every
        for broken in rule(made)
    ]
    of_stack = [
        f"{rule}: {name}: {what}"
        for rule, looks in OF_STACKS.items()
        for name, what in looks(stack, every)
    ]
    return [*found, *of_stack]
