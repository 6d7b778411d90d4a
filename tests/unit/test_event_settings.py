"""Rules for events as a stack file has them: what is read, what is advised, what stays secret."""

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi_azure_native import eventgrid

from components.azure import templates
from components.event_grid.operators import OPERATORS
from components.settings import Settings, read
from components.settings import advice as advising
from components.settings.event_rules import EventRule
from tests.unit.rule_settings import filtered, rule, to
from tests.unit.sample_ids import DOMAIN, WORKFLOW
from tests.unit.sample_settings import BASE, problems, sections

ML = "Microsoft.MachineLearningServices."
EXPERIMENT = "experiments/{}/runs/{}"


def of_rules(rules: list[dict[str, Any]]) -> Settings:
    return read(BASE | {"workspace_events": {"rules": rules}})


def the_rule(rules: list[dict[str, Any]]) -> EventRule:
    """The only rule of a stack file."""
    (only,) = of_rules(rules).event_rules
    return only


def served_by(domain: dict[str, Any]) -> tuple[EventRule, ...]:
    """The rules of a domain's topics."""
    told = read(BASE | {"event_domain": domain}).event_domain
    return told.subscriptions if told else ()


def advice(*rules: dict[str, Any]) -> list[str]:
    return list(advising.advice(of_rules([*rules])))


def test_short_and_full_names_of_types_are_the_same() -> None:
    given = ["RunCompleted", f"{ML}RunStatusChanged", f"{ML}RunCompleted"]

    told = the_rule([rule(event_types=given)]).event_types

    assert told == (f"{ML}RunCompleted", f"{ML}RunStatusChanged")


def test_the_operators_are_those_of_the_sdk() -> None:
    ends = "AdvancedFilterArgs"

    assert set(OPERATORS) == {
        name.removesuffix(ends) for name in dir(eventgrid) if name.endswith(ends)
    }


@pytest.mark.parametrize(
    ("operator", "fields", "values"),
    [
        ("NumberIn", {"values": [1, 2.5]}, (1, 2.5)),
        ("NumberNotIn", {"values": [-1]}, (-1,)),
        ("NumberLessThan", {"value": 0}, (0,)),
        ("NumberGreaterThan", {"value": 1e9}, (1e9,)),
        ("NumberLessThanOrEquals", {"value": 3}, (3,)),
        ("NumberGreaterThanOrEquals", {"value": 3}, (3,)),
        ("NumberInRange", {"values": [[0, 1], [5, 5]]}, ([0, 1], [5, 5])),
        ("NumberNotInRange", {"values": [[0.5, 1]]}, ([0.5, 1],)),
        ("BoolEquals", {"value": False}, (False,)),
        ("StringIn", {"values": ["a", "ä 'b' \"c\""]}, ("a", "ä 'b' \"c\"")),
        ("StringNotIn", {"values": ["x" * 512]}, ("x" * 512,)),
        ("StringBeginsWith", {"values": ["a"]}, ("a",)),
        ("StringEndsWith", {"values": ["a"]}, ("a",)),
        ("StringContains", {"values": ["a"] * 25}, ("a",) * 25),
        ("StringNotBeginsWith", {"values": ["a"]}, ("a",)),
        ("StringNotEndsWith", {"values": ["a"]}, ("a",)),
        ("StringNotContains", {"values": ["a"]}, ("a",)),
        ("IsNullOrUndefined", {}, ()),
        ("IsNotNull", {}, ()),
    ],
)
def test_every_operator_takes_its_own_kind_of_value(
    operator: str, fields: dict[str, Any], values: tuple[Any, ...]
) -> None:
    (told,) = the_rule(filtered(operator, **fields)).advanced_filters

    assert (told.operator, told.key, told.operands) == (operator, "data.x", [*values])


@pytest.mark.parametrize("key", ["Subject", "eventtype", "ID", "data.ModelTags.key1", "Data.a b"])
def test_a_filter_looks_at_a_field_of_the_event_or_below_its_data(key: str) -> None:
    assert the_rule(filtered("IsNotNull", key=key)).advanced_filters[0].key == key


def test_a_domain_s_rules_have_the_document_s_type_and_attempts() -> None:
    (served,) = served_by(DOMAIN)

    assert (served.event_types, served.delivery_attempts) == ((f"{ML}ModelRegistered",), 3)


def test_a_domain_carries_events_of_the_teams_own() -> None:
    subscription = rule(topic="models", event_types=["Team.ModelApproved"])
    (served,) = served_by(DOMAIN | {"subscriptions": [subscription]})

    assert served.event_types == ("Team.ModelApproved",)


@pytest.mark.parametrize(
    ("form", "begins", "ends", "can"),
    [
        ("models/{}:{}", "", "", True),
        ("models/{}:{}", "models/mymodelname", "", True),
        ("models/{}:{}", "mod", "", True),
        ("models/{}:{}", "Models/", "", True),
        ("models/{}:{}", "model/", "", False),
        ("models/{}:{}", "/models/", "", False),
        ("models/{}:{}", "models/a:1/", "", False),
        ("models/{}:{}", "", ":3", True),
        ("models/{}:{}", "", "models/a:3", True),
        ("models/{}:{}", "", "models/a", False),
        ("models/{}:{}", "", "els/a:3", True),
        ("models/{}:{}", "", "x/models/a:3", False),
        (EXPERIMENT, "experiments/b1d7966c/runs/", "", True),
        (EXPERIMENT, "experiments//runs/", "", False),
        (EXPERIMENT, "experiments/b1d7966c/jobs", "", False),
        (EXPERIMENT, "experiments/b1d7966c/ru", "_dbaa94", True),
        (EXPERIMENT, "", "runs/x", True),
        (EXPERIMENT, "", "/x", True),
        (EXPERIMENT, "", "jobs/x", False),
        (EXPERIMENT, "", "runs/", False),
        ("endpoints/{}", "endpoints/my_sklearn_aks", "", True),
        ("endpoints/{}", "endpoints/a", ".csv", True),
    ],
)
def test_a_subject_filter_is_compared_with_the_form_of_the_subjects(
    form: str, begins: str, ends: str, *, can: bool
) -> None:
    assert advising.can_match(form, begins, ends, case_sensitive=False) is can


def test_case_matters_only_where_it_is_to() -> None:
    assert not advising.can_match("models/{}:{}", "Models/", "", case_sensitive=True)


def test_a_rule_that_can_never_match_is_told() -> None:
    told = advice(rule(event_types=["RunCompleted"], subject_begins_with="models/mymodelname"))

    (sentence,) = told
    assert sentence == (
        "workspace_events, rule on-model: its subject filter never matches RunCompleted,"
        " whose subjects are experiments/…/runs/…."
    )


def test_types_in_preview_are_told_once() -> None:
    rules = [rule(), rule(name="again", event_types=["ModelDeployed", "ModelRegistered"])]

    assert advice(*rules) == [
        "workspace_events: in Azure these events are a preview: ModelRegistered, ModelDeployed."
    ]


def on_field(key: str) -> list[str]:
    """The advice about a filter of finished runs."""
    condition = {"operator": "IsNotNull", "key": key}
    return advice(rule(event_types=["RunCompleted"], advanced_filters=[condition]))


def test_a_filter_on_a_field_that_no_sample_has_is_told() -> None:
    (sentence,) = on_field("data.runStatus")
    assert sentence == (
        "workspace_events, rule on-model: its filter looks at data.runStatus; the documents'"
        " samples have the data of its types as experimentId, experimentName, runId, runType,"
        " runTags, runProperties only."
    )


def test_a_filter_that_spells_a_field_otherwise_than_the_samples_is_told() -> None:
    (sentence,) = on_field("data.RunTags.team")
    assert sentence.endswith("the data of its types as data.runTags, and case may matter.")


@pytest.mark.parametrize("key", ["data.runType", "Data.runTags.team", "subject"])
def test_a_filter_on_a_documented_field_needs_no_advice(key: str) -> None:
    assert on_field(key) == []


def test_rules_for_finished_runs_need_no_advice() -> None:
    assert advice(rule(event_types=["RunCompleted", "RunStatusChanged"])) == []


@pytest.mark.parametrize(
    "content",
    [
        {"triggers": {"manual": {"type": "Request"}}},
        {"definition": {"triggers": {templates.TRIGGER: {"type": "Request"}}}},
    ],
    ids=["another trigger", "the portal's code view"],
)
def test_a_template_whose_trigger_is_not_found_is_refused(
    content: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert of_template(content, tmp_path, monkeypatch) == (
        "a workflow definition, without the `definition` that a portal's code view has around it,"
        " whose Request trigger is called When_a_resource_event_occurs"
    )


def test_a_template_that_answers_no_handshake_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {"triggers": {templates.TRIGGER: {"type": "Request"}}, "actions": {}}

    assert of_template(content, tmp_path, monkeypatch) == (
        "a workflow definition that answers Event Grid's handshake with a validationResponse,"
        " or calls its validationUrl (docs/workspace-events.md, A template of your own)"
    )


def test_a_template_that_consents_by_calling_the_address_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = "@{triggerBody()?[0]?['data']?['validationUrl']}"
    call = {"type": "Http", "inputs": {"method": "GET", "uri": uri}}
    content = {"triggers": {templates.TRIGGER: {"type": "Request"}}, "actions": {"Call": call}}

    read(BASE | sections(of_file(content, tmp_path, monkeypatch)))


def of_template(content: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is accepted in place of a template."""
    (problem,) = problems(of_file(content, folder, monkeypatch))
    return problem.accepted


def of_file(
    content: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """A rule whose template is the only one that there is."""
    (folder / "mine.json").write_text(json.dumps(content))
    monkeypatch.setattr(templates.load, "__defaults__", (folder,))
    return {"workspace_events.rules": to(kind="logic_app", template="mine")}


WEBHOOK = to(kind="webhook")
CODE = "https://h.example.com/?code=hunter2"


def dispatching(*more: str, **parameters: str) -> list[dict[str, Any]]:
    """A rule to a workflow whose template has a secure parameter, `token`."""
    there = dict.fromkeys(more, WORKFLOW)
    template = "send_repository_dispatch"
    return to(kind="logic_app", template=template, parameters=parameters, **there)


@pytest.mark.parametrize(
    ("changes", "secret"),
    [
        ({"workspace_events.rules": WEBHOOK, "event_secrets": {"on-model": "hunter2"}}, True),
        ({"workspace_events.rules": WEBHOOK, "event_secrets": {"on-model": "x://hunter2"}}, True),
        ({"workspace_events.rules": [rule()], "event_secrets": {"on-model": "hunter2"}}, True),
        ({"event_secrets": {"on-model": ["hunter2"]}}, True),
        ({"event_secrets": "hunter2"}, True),
        ({"event_secrets": {"on-model": "hunter2"}}, False),
        ({"workspace_events.rules": dispatching(token="hunter2")}, False),
        ({"workspace_events.rules": dispatching(tokn="hunter2")}, False),
        ({"workspace_events.rules": dispatching("workflow_id", token="hunter2")}, False),
        ({"workspace_events.rules": to(kind="azure_function", url=CODE)}, False),
        ({"workspace_events.rules": to(kind="webhook", key="hunter2")}, False),
    ],
)
def test_a_secret_is_never_told(changes: dict[str, Any], *, secret: bool) -> None:
    assert "hunter2" not in repr(problems(changes, secret=["event_secrets"] if secret else []))


@pytest.mark.parametrize(
    ("secrets", "found"),
    [({}, "no secrets"), ({"other": "hunter2"}, "secrets named other (not shown)")],
)
def test_a_missing_secret_is_told_beside_the_names_of_those_that_there_are(
    secrets: dict[str, str], found: str
) -> None:
    given = {"workspace_events.rules": WEBHOOK, "event_secrets": secrets}
    told = problems(given, secret=["event_secrets"] if secrets else [])

    assert told[0].found == found


def test_a_secret_inside_of_a_rule_is_refused_with_its_place() -> None:
    given = {"workspace_events.rules": to(kind="webhook", url="x")}
    (problem,) = problems(given, secret=["workspace_events"])

    assert problem.found == "a secret (not shown)"
    assert problem.accepted.endswith("(secrets of rules for events stand in event_secrets)")
