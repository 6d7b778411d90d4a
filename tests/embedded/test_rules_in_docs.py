"""The rules in docs/: they are accepted as they stand, and get the events that they say."""

import re
from itertools import chain
from typing import Any

import pytest
import yaml

from components.settings import Settings, read
from local_azure.services.eventgrid.filters import EventFilter
from local_azure.services.eventgrid.trial import Rule, events, try_event
from tests import PROJECT
from tests.unit.program import run

DOCS = PROJECT / "docs"
PAGES = (DOCS / "workspace-events.md").read_text() + (DOCS / "event-domain.md").read_text()
GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
PLACES = {
    "{subId}": GUID,
    "{objectId}": GUID,
    "{RG}": "rg",
    "{wsName}": "ws",
    "{account}": "myaccount",
}
ML = "Microsoft.MachineLearningServices."
NAMESPACE = "azureml-batch-events:"


def snippets() -> dict[str, dict[str, Any]]:
    """What the stack files in docs/ say about events, by the name of the rule."""
    blocks = [
        yaml.safe_load(_filled(text)) for text in re.findall("```yaml\n(.*?)```", PAGES, re.DOTALL)
    ]
    found: dict[str, dict[str, Any]] = {}
    for block in blocks:
        said = {key.removeprefix(NAMESPACE): value for key, value in block.items()}
        rules = [
            *said.get("workspace_events", {}).get("rules", []),
            *said.get("event_domain", {}).get("subscriptions", []),
        ]
        found |= {rule["name"]: said for rule in rules}
    return found


def _filled(text: str) -> str:
    for place, value in PLACES.items():
        text = text.replace(place, value)
    return text


def settings(name: str) -> Settings:
    """The stack file with the rule's snippet in it, and a secret for it where one is needed."""
    base = {"location": "westeurope", "publishers": [{"object_id": GUID, "type": "User"}]}
    functions = {"tagged-models", "event-subscription"}
    secrets = {name: "key"} if name in functions else {}
    given = base | snippets()[name] | {"event_secrets": secrets}
    return read(given, secret=["event_secrets"] if secrets else [])


def gets(name: str, **changes: Any) -> bool:
    """Whether the rule gets an event."""
    (made,) = [
        each
        for each in run(settings(name)).all("EventSubscription")
        if each.inputs.get("eventSubscriptionName") == name
    ]
    event = {
        "id": "1",
        "topic": "",
        "eventTime": "2026-06-01T12:00:00Z",
        "dataVersion": "",
    } | changes
    rule = Rule(name, EventFilter.of(made.inputs["filter"]))
    (verdict,) = try_event(events(event)[0], [rule])["subscriptions"]
    told: bool = verdict["gets"]
    return told


def changed(run_type: str) -> dict[str, Any]:
    return {
        "eventType": f"{ML}RunStatusChanged",
        "subject": "experiments/e/runs/r",
        "data": {"runType": run_type, "runStatus": "Failed"},
    }


def registered(subject: str = "models/mymodelname:1", **tags: str) -> dict[str, Any]:
    return {"eventType": f"{ML}ModelRegistered", "subject": subject, "data": {"ModelTags": tags}}


CASES = [
    ("pipeline-runs", changed("azureml.PipelineRun"), True),
    ("pipeline-runs", changed("azureml.StepRun"), True),
    ("pipeline-runs", changed("azureml.scriptrun"), False),
    ("pipeline-runs", changed("azureml.PipelineRun") | {"eventType": f"{ML}RunCompleted"}, False),
    ("tagged-models", registered(key1="value1"), True),
    ("tagged-models", registered(key1="value2"), False),
    ("tagged-models", registered(key2="value1"), False),
    ("one-model", registered(), True),
    ("one-model", registered("models/mymodelname2:1"), True),
    ("one-model", registered("models/another:1"), False),
    ("event-subscription", registered(), True),
    ("event-subscription", registered() | {"eventType": f"{ML}ModelDeployed"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "event", "wanted"), CASES)
def test_a_rule_of_the_docs_gets_what_it_says(
    name: str, event: dict[str, Any], *, wanted: bool
) -> None:
    assert gets(name, **event) is wanted


def test_every_rule_of_the_docs_is_tried() -> None:
    assert {name for name, *_ in CASES} == set(snippets())


@pytest.mark.parametrize("name", [name for name in snippets() if name != "event-subscription"])
def test_each_rule_has_the_same_filter_as_its_az_command(name: str) -> None:
    command = re.search(rf"--name {name} .*?```", PAGES, re.DOTALL)
    words = command[0].replace("\\\n", " ").replace("`", "").split() if command else []
    (rule,) = settings(name).workspace_events.rules
    filters = [(each.key, each.operator, *each.values) for each in rule.advanced_filters]
    wanted = {
        "--included-event-types": [*rule.event_types],
        "--subject-begins-with": list(filter(None, [rule.subject_begins_with])),
        "--advanced-filter": [*chain(*filters)],
    }

    assert {option: _after(words, option) for option in wanted} == wanted


def _after(words: list[str], option: str) -> list[str]:
    """The words between an option and the next one."""
    if option not in words:
        return []
    rest = words[words.index(option) + 1 :]
    ends = [at for at, word in enumerate(rest) if word.startswith("--")]
    return rest[: ends[0]] if ends else rest
