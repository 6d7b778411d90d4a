"""One rule, one verdict: of the stack file's reader, of the preview, of `up` and of `try-event`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from azure.eventgrid import SystemEventNames

from components.event_grid import operators as event_operators
from components.settings import SettingsError, read
from local_azure.command_line import cli
from local_azure.services.eventgrid import operators, sources
from local_azure_tests.providers.engine import Engine, refusal
from local_azure_tests.providers.event_path import EventPath

ML = "Microsoft.MachineLearningServices."
SUBSCRIPTION = "azure-native:eventgrid:SystemTopicEventSubscription"
STACK = {
    "location": "westeurope",
    "publishers": [{"object_id": "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10", "type": "User"}],
}
EVENT = {
    "eventType": f"{ML}RunCompleted",
    "subject": "experiments/e/runs/r",
    "topic": "",
    "data": {},
}


def one(operator: object, key: object = "data.x", **compared: object) -> dict[str, Any]:
    """A rule with one advanced filter."""
    return {"advanced_filters": [{"operator": operator, "key": key, **compared}]}


def many(count: int, values: int) -> dict[str, Any]:
    """A rule with that many filters, of that many values each."""
    return {"advanced_filters": one("StringIn", values=["a"] * values)["advanced_filters"] * count}


ACCEPTED: dict[str, dict[str, Any]] = {
    "no filter": {},
    "every type": {
        "event_types": [
            f"{ML}{name}"
            for name in (
                "RunCompleted",
                "RunStatusChanged",
                "ModelRegistered",
                "ModelDeployed",
                "DatasetDriftDetected",
            )
        ]
    },
    "subject": {"subject_begins_with": "experiments/", "subject_ends_with": "/x"},
    "case": {"subject_ends_with": "X", "subject_case_sensitive": True},
    "arrays": {**one("StringIn", values=["a"]), "advanced_filtering_on_arrays": True},
    "field in another case": one("StringIn", "EventType", values=["a"]),
    "data in another case": one("StringIn", "Data.x", values=["a"]),
    "id": one("StringIn", "id", values=["a"]),
    "topic": one("StringIn", "topic", values=["a"]),
    "data version": one("StringIn", "dataVersion", values=[""]),
    "deep key": one("IsNotNull", "data.a.b.c.d"),
    "key with a blank": one("IsNotNull", "data.a b"),
    "empty text": one("StringContains", values=[""]),
    "longest text": one("StringIn", values=["a" * 512]),
    "negative and broken numbers": one("NumberIn", values=[-1, 2.5]),
    "true": one("BoolEquals", value=True),
    "number less": one("NumberLessThan", value=3),
    "ranges": one("NumberInRange", values=[[1, 2], [3.5, 3.5]]),
    "no range": one("NumberNotInRange", values=[[-1, 1]]),
    "nothing to compare": one("IsNullOrUndefined"),
    "25 values": many(1, 25),
    "25 filters": many(25, 1),
}
REFUSED: dict[str, dict[str, Any]] = {
    "no such type": {"event_types": [f"{ML}RunEnded"]},
    "type in another case": {"event_types": [f"{ML}runCompleted"]},
    "no such operator": one("StringEquals", values=["a"]),
    "operator in another case": one("stringIn", values=["a"]),
    "no operator": one(None, values=["a"]),
    "value for values": one("StringContains", value="a"),
    "values for value": one("NumberLessThan", values=[1]),
    "both": one("StringIn", values=["a"], value="a"),
    "more than that": one("StringIn", values=["a"], valuess=["a"]),
    "compared with something": one("IsNotNull", values=["a"]),
    "no values": one("StringIn"),
    "empty values": one("StringIn", values=[]),
    "null": one("StringIn", values=[None]),
    "text for a list": one("StringIn", values="a"),
    "number as text": one("StringIn", values=[1]),
    "text as number": one("NumberIn", values=["1"]),
    "true as number": one("NumberIn", values=[True]),
    "number as true": one("BoolEquals", value=1),
    "text as true": one("BoolEquals", value="true"),
    "flat range": one("NumberInRange", values=[1, 2]),
    "range of one": one("NumberInRange", values=[[1]]),
    "range from high to low": one("NumberNotInRange", values=[[2, 1]]),
    "too long": one("StringIn", values=["a" * 513]),
    "26 values": many(2, 13),
    "26 filters": {"advanced_filters": one("IsNotNull")["advanced_filters"] * 26},
    "no key": one("IsNotNull", None),
    "empty key": one("IsNotNull", ""),
    "the whole data": one("IsNotNull", "data"),
    "unfinished key": one("IsNotNull", "data.x."),
    "doubled dot": one("IsNotNull", "data..x"),
    "line break": one("IsNotNull", "data.x\n"),
    "below a text": one("IsNotNull", "subject.x"),
    "field of the data alone": one("IsNotNull", "runType"),
    "event time": one("IsNotNull", "eventTime"),
    "CloudEvents' type": one("StringIn", "type", values=["a"]),
    "CloudEvents' source": one("StringIn", "source", values=["a"]),
}
ELSEWHERE = {"CloudEvents' type", "CloudEvents' source"}
"""What ``try-event`` takes, which is told no topic: there are topics that take CloudEvents."""
RULES = [
    *(pytest.param(name, rule, True, id=name) for name, rule in ACCEPTED.items()),
    *(pytest.param(name, rule, False, id=name) for name, rule in REFUSED.items()),
]


def _as_filter(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule as an event subscription has it."""
    names = {
        "event_types": "includedEventTypes",
        "subject_begins_with": "subjectBeginsWith",
        "subject_ends_with": "subjectEndsWith",
        "subject_case_sensitive": "isSubjectCaseSensitive",
        "advanced_filtering_on_arrays": "enableAdvancedFilteringOnArrays",
    }
    plain = {names[key]: value for key, value in rule.items() if key in names}
    conditions = [
        {"operatorType": each["operator"], **{k: v for k, v in each.items() if k != "operator"}}
        for each in rule.get("advanced_filters", [])
    ]
    return {**plain, **({"advancedFilters": conditions} if conditions else {})}


def _reader_accepts(rule: dict[str, Any]) -> bool:
    hook = {"kind": "webhook", "url": "https://hook.example.com/"}
    whole = {"name": "rule", "event_types": ["RunCompleted"], "destination": hook, **rule}
    try:
        read(STACK | {"workspace_events": {"rules": [whole]}})
    except SettingsError:
        return False
    return True


@pytest.fixture(scope="module")
def at_a_workspace(native: Engine) -> Callable[[str, dict[str, Any]], tuple[bool, bool]]:
    """Whether the preview of a subscription there, and its creation, accept a filter."""
    path = EventPath(native, "verdict")
    path.made(
        "eventgrid:SystemTopic",
        systemTopicName="verdict-topic",
        source=path.workspace.id,
        topicType="Microsoft.MachineLearningServices.Workspaces",
    )

    def accepts(name: str, wanted: dict[str, Any]) -> tuple[bool, bool]:
        inputs = {
            **path.in_group,
            "systemTopicName": "verdict-topic",
            "eventSubscriptionName": name,
            "destination": {"endpointType": "WebHook", "endpointUrl": path.callback_url},
            "filter": wanted,
        }
        checked, failures = native.check(SUBSCRIPTION, inputs)
        if failures:
            return False, False
        try:
            native.create(SUBSCRIPTION, checked)
        except grpc.RpcError:
            return True, False
        return True, True

    return accepts


def _try(folder: Path, wanted: dict[str, Any]) -> None:
    event, rules = folder / "event.json", folder / "rules.json"
    event.write_text(json.dumps(EVENT))
    rules.write_text(json.dumps({"rule": wanted}))
    cli.main(["try", "event", str(event), "--rules", str(rules)])


@pytest.mark.parametrize(("name", "rule", "accepted"), RULES)
def test_reader_preview_up_and_trial_say_the_same_of_a_rule(
    at_a_workspace: Callable[[str, dict[str, Any]], tuple[bool, bool]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    name: str,
    rule: dict[str, Any],
    accepted: bool,
) -> None:
    wanted = _as_filter(rule)
    preview, up = at_a_workspace(f"rule-{[*ACCEPTED, *REFUSED].index(name)}", wanted)
    _try(tmp_path, wanted)
    trial = not capsys.readouterr().err

    verdicts = {"reader": _reader_accepts(rule), "preview": preview, "up": up, "trial": trial}

    assert verdicts == dict.fromkeys(verdicts, accepted) | {"trial": accepted or name in ELSEWHERE}


@pytest.mark.parametrize("name", ["BlobRenamed", "LifecyclePolicyCompleted"])
def test_a_documented_type_that_nothing_here_raises_is_told_as_not_emulated(
    native: Engine, name: str
) -> None:
    path = EventPath(native, f"renamed{name[:3].lower()}")
    types = [f"Microsoft.Storage.{name}"]
    with pytest.raises(grpc.RpcError) as error:
        native.create(
            SUBSCRIPTION, path.subscription_inputs | {"filter": {"includedEventTypes": types}}
        )

    assert 'Code="NotEmulated" Message="' in refusal(error)
    assert f"Microsoft.Storage.{name} is not raised here" in refusal(error)


def test_the_sources_raise_what_the_sdk_knows_of_them() -> None:
    prefixes = ("Microsoft.Storage.", "Microsoft.MachineLearningServices.")
    known = {each.value for each in SystemEventNames if each.value.startswith(prefixes)}

    assert {name for types in sources.EVENT_TYPES.values() for name in types} == known


def test_both_sides_know_the_same_operators() -> None:
    told = {name: (each.field, each.kinds) for name, each in event_operators.OPERATORS.items()}
    known = {name: (each.field, each.kinds) for name, each in operators.OPERATORS.items()}

    assert known == told
