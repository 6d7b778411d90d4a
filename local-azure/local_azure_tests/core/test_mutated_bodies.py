"""One thing made wrong in a body that is taken: it is refused, wherever it stands.

Azure's own types refuse what is done here: a key under another name, a key more, a value of another
type, a number or text beyond its limit (source of the limits: those types, with the version that
azure-native speaks). Held against all of them on 2026-11-30, with a program's bodies, keys taken
out and words that there are not: of 7,503 changed bodies, which the types refuse, none is taken.
`SamplingPercentage` and numbers of filters may have a fraction here all the same, because those
types have no fractions.
"""

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from local_azure.catalogue import TYPES
from local_azure.control_plane.resource_manager import form
from local_azure.control_plane.resource_manager.errors import InvalidContentError
from local_azure.control_plane.resource_manager.manager import problems
from local_azure.control_plane.resource_manager.shape import Secrecy
from local_azure_tests.core.bodies import (
    ACCOUNT,
    BODY,
    BOOK,
    CHECKED,
    DEAD,
    DEPLOYED,
    FACTORY,
    HUBS,
    IN,
    LOGS,
    PLAN,
    POLICY,
    TOLD,
    VAULT,
    WORKSPACE,
)
from local_azure_tests.core.rest_client import kind_of

Json = dict[str, Any]
DIAGNOSTICS = "/providers/Microsoft.Insights/diagnosticSettings"
NEVER = {"enabled": True, "days": -1}
TAKEN = BODY | CHECKED
OPEN = ("tags", "definition", "template", "metadata", "parameters", "userAssignedIdentities")
"""Keys whose own keys are free."""
ANYTHING = (
    *("definition", "template", "items", "waitTimeInSeconds", "componentSpec"),
    *(f"typeProperties.{key}" for key in ("resourceId", "serviceEndpoint")),
    "location.container",
)
"""Places with any value, as far as the types go."""


def refused(path: str, body: Json) -> bool:
    kind = kind_of(path)
    try:
        inputs = form.inputs(kind.pulumi_type, kind.form, kind.parse(path) or {}, body)
    except InvalidContentError:
        return True
    return any(problems(kind, inputs, Secrecy()))


def mutants(value: Any, put: Callable[[Any], Json], where: str = "") -> Iterator[tuple[str, Json]]:
    """Bodies with one thing made wrong in them, each with what and where."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from mutants(each, partial(_with, value, number, put), f"{where}[]")
    elif isinstance(value, dict):
        if not where.endswith(OPEN):
            yield f"{where}.colour", put({**value, "colour": "blue"})
            for key in value:
                renamed = {(f"{k}X" if k == key else k): each for k, each in value.items()}
                yield f"{where}.{key} renamed", put(renamed)
        for key, each in value.items():
            if not f"{where}.{key}".endswith(ANYTHING):
                changed = partial(_with, value, key, put)
                yield from _other_types(f"{where}.{key}", each, changed)
                yield from mutants(each, changed, f"{where}.{key}")


def _with(outer: Any, key: Any, put: Callable[[Any], Json], new: Any) -> Json:
    changed = copy.copy(outer)
    changed[key] = new
    return put(changed)


def _other_types(where: str, value: Any, put: Callable[[Any], Json]) -> Iterator[tuple[str, Json]]:
    for other in ("x", 1.5, True, ["x"], {"colour": 1}):
        if type(other) is not type(value) and value is not None:
            yield f"{where} = {other}", put(other)


@pytest.mark.parametrize("path", TAKEN, ids=lambda path: path.rpartition("/providers/")[2])
def test_a_body_with_one_thing_made_wrong_is_refused(path: str) -> None:
    changed = dict(mutants(TAKEN[path], lambda body: body))

    assert not refused(path, TAKEN[path])
    assert [what for what, body in changed.items() if not refused(path, body)] == []


def test_a_body_of_every_type_is_changed_so() -> None:
    assert {kind_of(path).arm_type for path in TAKEN} == {kind.arm_type for kind in TYPES}


RULE = "properties.policy.rules.0.definition"
TOPIC = f"{IN}/Microsoft.ServiceBus/namespaces/the-bus/topics/top"
LIMITS: list[tuple[str, str, object]] = [
    (POLICY, f"{RULE}.actions.baseBlob.delete.daysAfterModificationGreaterThan", -1),
    (POLICY, f"{RULE}.actions.baseBlob.delete.daysAfterModificationGreaterThan", 0.5),
    (POLICY, f"{RULE}.filters.blobIndexMatch", [{"name": "n" * 129, "op": "==", "value": "v"}]),
    (POLICY, f"{RULE}.filters.blobIndexMatch", [{"name": "n", "op": "==", "value": "v" * 257}]),
    (ACCOUNT, "properties.encryption", {"keySource": "Microsoft.Keyvault"}),
    (ACCOUNT, "properties.encryption", {"requireInfrastructureEncryption": True}),
    (PLAN, "properties.maximumElasticWorkerCount", 0),
    (HUBS, "sku.capacity", -1),
    (HUBS, "properties.maximumThroughputUnits", -1),
    (f"{HUBS}/eventhubs/hub", "properties.partitionCount", 0),
    (f"{HUBS}/eventhubs/hub", "properties.messageRetentionInDays", 1.5),
    (TOPIC, "properties.maxMessageSizeInKilobytes", 0.5),
    (DEPLOYED, "properties.miniBatchSize", 0),
    (DEPLOYED, "properties.retrySettings.maxRetries", -1),
    (DEPLOYED, "properties.model.assetId", "??"),
    (DEPLOYED, "properties.codeConfiguration.scoringScript", ""),
    (f"{WORKSPACE}/computes/cluster", "properties.properties.scaleSettings.minNodeCount", -1),
    (LOGS, "properties.retentionInDays", 731),
    (VAULT, "properties.softDeleteRetentionInDays", 6),
    (VAULT, "properties.softDeleteRetentionInDays", 91),
    (TOLD, "properties.groupShortName", "thirteen-long"),
    (TOLD, "properties.enabled", None),
    (f"{FACTORY}/managedVirtualNetworks/default", "properties", None),
    (DEAD, "properties.severity", 5),
    (DEAD, "properties.windowSize", "PT1M"),
    (DEAD, "properties.evaluationFrequency", "PT2M"),
    (DEAD, "location", "westeurope"),
    (DEAD, "properties.scopes", []),
    (DEAD, "properties.criteria.allOf", []),
    (DEAD, "properties.criteria.allOf.0.operator", "Above"),
    (DEAD, "properties.criteria.allOf.0.timeAggregation", "Sum"),
    (DEAD, "properties.criteria.allOf.0.dimensions.0.values", []),
    (DEAD, "properties.criteria.allOf.0.dimensions.0.operator", "Equals"),
    (BOOK, "kind", "user"),
    (BOOK, "properties.serializedData", "[]"),
    (f"{ACCOUNT}{DIAGNOSTICS}/all", "properties.metrics.0.retentionPolicy", NEVER),
]


@pytest.mark.parametrize(("path", "key", "wrong"), LIMITS)
def test_what_is_beyond_its_limit_is_refused(path: str, key: str, wrong: object) -> None:
    changed = copy.deepcopy(TAKEN[path])
    *way, last = key.split(".")
    inner: Any = changed
    for part in way:
        inner = inner[int(part) if part.isdigit() else part]
    inner[last] = wrong

    assert refused(path, changed)
