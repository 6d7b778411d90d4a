"""``try-event``: who would get an event, and what refuses it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from local_azure_tests.conftest import Invoke, Printed, Running, known, saved
from local_azure_tests.storage import world

ML = "Microsoft.MachineLearningServices"
WORKSPACE = f"{world.GROUP}/providers/{ML}/workspaces/ws"
TOPIC = f"{world.GROUP}/providers/Microsoft.EventGrid/systemTopics/ws-topic"
REGISTERED: dict[str, Any] = {
    "topic": WORKSPACE,
    "subject": "models/sklearn_regression_model:20",
    "eventType": f"{ML}.ModelRegistered",
    "eventTime": "2017-06-26T18:41:00.9584103Z",
    "id": "831e1650-001e-001b-66ab-eeb76e069631",
    "data": {"ModelName": "sklearn_regression_model", "ModelTags": {"key1": "value2"}},
    "dataVersion": "",
    "metadataVersion": "1",
}
TAGGED = {"operatorType": "StringIn", "key": "data.ModelTags.key1", "values": ["value1"]}


@pytest.fixture(scope="module")
def subscribed(running: Running) -> Running:
    """A storage account and a workspace, each with a topic and a subscription."""
    running.call(world.account, running.azure)
    running.call(world.topic, running.azure)
    running.call(world.subscribe, running.azure, "to-workflow")
    running.call(known, running.azure, WORKSPACE)
    body: dict[str, Any] = {"source": WORKSPACE, "topicType": f"{ML}.Workspaces"}
    running.call(known, running.azure, TOPIC, body)
    for name, wanted in (("all", {}), ("tagged", {"advancedFilters": [TAGGED]})):
        body = {"destination": world.webhook(), "filter": wanted}
        running.call(known, running.azure, f"{TOPIC}/eventSubscriptions/{name}", body)
    return running


@pytest.fixture
def console(subscribed: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds this server."""
    subscribed.answer(monkeypatch)


@pytest.fixture
def run(tmp_path: Path, invoke: Invoke) -> Any:
    """Runs the command on files that hold these."""

    def command(event: object, *options: str, rules: object = None) -> Printed:
        file = saved(tmp_path, event, "event.json")
        chosen = [] if rules is None else ["--rules", saved(tmp_path, rules, "rules.json")]
        code, out, err = invoke("try", "event", file, *chosen, *options)
        return Printed(code, out, err.replace(f"{tmp_path}/", ""))

    return command


@pytest.mark.usefixtures("console")
@pytest.mark.parametrize(
    ("topic", "unknown", "why"),
    [
        (WORKSPACE, "", f'topic is "{WORKSPACE}"; the subscription is to "{world.ACCOUNT}"'),
        (
            "/other",
            '  Its topic "/other" is unknown here: tried as if from each.\n',
            f'eventType is "{ML}.ModelRegistered", which its source never raises',
        ),
        (None, "", f'eventType is "{ML}.ModelRegistered", which its source never raises'),
    ],
    ids=["told apart", "of another place: tried where such events are raised", "of no place"],
)
def test_an_event_is_tried_at_the_subscriptions_of_its_topic(
    topic: str | None, unknown: str, why: str, run: Any
) -> None:
    code, out, _ = run([{**REGISTERED, "topic": topic}])

    assert code == 0
    assert out == (
        f'{ML}.ModelRegistered "models/sklearn_regression_model:20"\n{unknown}'
        "  to-workflow (events of drops): does not get it\n"
        f"    topic: {why}\n"
        "  all (events of ws): gets it\n"
        "  tagged (events of ws): does not get it\n"
        '    advancedFilters[0]: data.ModelTags.key1 is "value2"; StringIn wants "value1"\n'
    )


@pytest.mark.usefixtures("console")
def test_an_event_for_a_domain_is_tried_at_the_topic_that_it_names(
    run: Any, subscribed: Running
) -> None:
    domain = f"{world.GROUP}/providers/Microsoft.EventGrid/domains/fleet"
    subscribed.call(known, subscribed.azure, domain)
    for name in ("foo", "bar"):
        topic, body = f"{domain}/topics/{name}", {"destination": world.webhook()}
        subscribed.call(known, subscribed.azure, topic)
        subscribed.call(known, subscribed.azure, f"{topic}/eventSubscriptions/to-{name}", body)

    _, out, _ = run({"topic": "foo", "eventType": "maintenanceRequested", "subject": "diggers"})
    for name in ("foo", "bar"):
        subscribed.call(subscribed.azure.resources.delete, f"{domain}/topics/{name}")

    assert "  to-foo (events of foo): gets it\n" in out
    assert out.count("gets it") == 1


@pytest.mark.usefixtures("console")
def test_trying_publishes_nothing(run: Any, subscribed: Running) -> None:
    run(REGISTERED)

    assert subscribed.call(subscribed.azure.eventgrid.history, 9) == []


@pytest.mark.usefixtures("console")
def test_an_event_that_nobody_gets_is_told_by_the_exit_code(run: Any) -> None:
    code, out, _ = run({**REGISTERED, "eventType": "Contoso.Other"})

    assert code == 1
    assert "gets it" not in out


@pytest.mark.usefixtures("console")
def test_what_the_server_refuses_is_told_in_one_sentence(run: Any) -> None:
    code, _, err = run({"eventType": 5})

    assert err.startswith("error: eventType: found 5; accepted is an event of Event Grid")
    assert (code, err.count("\n")) == (1, 1)


def test_without_a_server_the_command_says_how_to_start_one(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_AZURE_HOME", str(tmp_path / "none"))

    told = "error: The embedded Azure is not running: `local-azure start` starts it.\n"
    assert run(REGISTERED) == (1, "", told)


def test_rules_are_tried_before_they_are_deployed(run: Any) -> None:
    rules = {"tagged": {"advancedFilters": [TAGGED]}, "mine": {"subjectBeginsWith": "models/my"}}
    other = {**REGISTERED, "subject": "models/mymodel:1", "data": {"ModelTags": {"key1": "VALUE1"}}}

    told = run([REGISTERED, other], "--json", rules=rules).json

    gets = [[each["gets"] for each in event["subscriptions"]] for event in told]
    assert gets == [[False, False], [True, True]]
    assert told[0]["subscriptions"][0]["refusals"] == [
        {
            "part": "advancedFilters[0]",
            "operator": "StringIn",
            "key": "data.ModelTags.key1",
            "found": "value2",
            "wanted": ["value1"],
            "reason": 'data.ModelTags.key1 is "value2"; StringIn wants "value1"',
        }
    ]


def test_cloud_events_are_tried_by_the_same_rules(run: Any) -> None:
    renamed = {"topic": "source", "eventType": "type", "eventTime": "time"}
    event = {renamed.get(key, key): value for key, value in REGISTERED.items()}
    event |= {"specversion": "1.0", "subject": None}

    _, out, _ = run(event, rules={"typed": {"includedEventTypes": [f"{ML}.ModelRegistered"]}})

    assert "  typed: gets it\n" in out


@pytest.mark.parametrize(
    ("key", "value"), [("type", f"{ML}.ModelRegistered"), ("source", WORKSPACE)]
)
def test_a_rule_for_a_topic_that_takes_cloud_events_is_known_by_its_keys(
    key: str, value: str, run: Any
) -> None:
    event = {"specversion": "1.0", "id": "1", "type": f"{ML}.ModelRegistered", "source": WORKSPACE}
    wanted = {"operatorType": "StringIn", "key": key, "values": [value]}
    mixed = [wanted, {**wanted, "key": "dataVersion"}]

    _, out, _ = run(event, rules={"by-type": {"advancedFilters": [wanted]}})
    code, _, err = run(event, rules={"mixed": {"advancedFilters": mixed}})

    assert "  by-type: gets it\n" in out
    assert (code, f"filter.advancedFilters[0]: key: found '{key}'" in err) == (1, True)


def test_names_that_are_not_printable_move_no_cursor(run: Any) -> None:
    event = {**REGISTERED, "eventType": "type\x1b[2J", "topic": ""}

    _, out, _ = run(event, rules={"rule\n": {}})

    assert out.splitlines() == [
        '"type\\u001b[2J" "models/sklearn_regression_model:20"',
        '  "rule\\n": gets it',
    ]


def test_an_event_comes_from_standard_input_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, invoke: Invoke
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(REGISTERED)))

    told = invoke("try", "event", "-", "--rules", saved(tmp_path, {"all": {}}))

    assert told.code == 0
    assert "  all: gets it\n" in told.out


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"key": "data.modeltags.key1"}, "is missing (there is data.ModelTags.key1: the case of"),
        ({"key": "data.gone"}, "data.gone is missing; StringIn wants"),
        ({"key": "data.ModelTags"}, 'is {"key1": "value2"}, not a string; StringIn'),
        ({"operatorType": "StringNotIn", "values": ["value2"]}, 'wants none of "value2"'),
        ({"values": ["a", "b"]}, 'wants "a" or "b"'),
        ({"operatorType": "NumberIn", "values": [1]}, '"value2", not a number; NumberIn wants 1'),
    ],
)
def test_a_reason_names_field_value_and_what_was_wanted(
    wanted: dict[str, Any], reason: str, run: Any
) -> None:
    _, out, _ = run(REGISTERED, rules={"r": {"advancedFilters": [{**TAGGED, **wanted}]}})

    assert reason in out


@pytest.mark.parametrize(
    ("data", "arrays", "reason"),
    [
        ({"a": ["x"]}, False, "an array, and enableAdvancedFilteringOnArrays is off"),
        ({"a": [1]}, True, "is [1], without a string in it"),
        ({"a": ["x\x1b[2J\n"]}, True, 'is ["x\\u001b[2J\\n"]; StringIn'),
        ({"a": "ö" * 500}, False, "ö…; StringIn"),
        ({"a": "\x9b2J"}, False, 'is "\\u009b2J"'),
    ],
)
def test_values_are_shown_on_one_line(
    data: dict[str, Any], *, arrays: bool, reason: str, run: Any
) -> None:
    wanted = {"operatorType": "StringIn", "key": "data.a", "values": ["y"]}
    rule = {"advancedFilters": [wanted], "enableAdvancedFilteringOnArrays": arrays}

    _, out, _ = run({**REGISTERED, "topic": "", "data": data}, rules={"r": rule})

    assert reason in out
    assert out.count("\n") == 3


ALL: dict[str, Any] = {"all": {}}
NO_RULES: list[tuple[object, str]] = [
    ([], "accepted is"),
    ({}, "accepted is"),
    ({"a'\"%\n": 5}, '"a\'\\"%\\n": filter: found 5, accepted: an object.'),
    ({"a": {"includedEventTypes": "x"}}, '"a": filter.includedEventTypes: found'),
    ({"a": {"subjectStartsWith": "x"}}, '"a": filter.subjectStartsWith: '),
    ({"a": {"advancedFilters": [5]}}, '"a": filter.advancedFilters[0]: found 5'),
    (
        {"a": {"advancedFilters": [{**TAGGED, "operatorType": "StringLike"}]}},
        "\"a\": filter.advancedFilters[0].operatorType: found 'StringLike'",
    ),
    (
        {"a": {"advancedFilters": [{**TAGGED, "key": "dat.a"}]}},
        "\"a\": filter.advancedFilters[0]: key: found 'dat.a', accepted: id,",
    ),
    (
        {"a": {"advancedFilters": [TAGGED] * 26}},
        '"a": filter.advancedFilters: found 26 filters with 26 values',
    ),
]


@pytest.mark.parametrize(
    ("event", "rules", "told"),
    [
        ("no JSON", ALL, "event.json: Expecting value"),
        ("[" * 100_000, ALL, "event.json: it is nested more than 100 deep"),
        ([], ALL, "event.json: There is no event in it; accepted is"),
        ([REGISTERED, "text"], ALL, 'event.json: found "text"; accepted is'),
        ({}, ALL, "event.json: eventType: found nothing"),
        ({**REGISTERED, "subject": None}, ALL, "event.json: subject: found null"),
        ({"specversion": "1.0", "type": "a"}, ALL, "event.json: source: found nothing"),
        *((REGISTERED, rules, f"rules.json: {told}") for rules, told in NO_RULES),
    ],
)
def test_what_is_no_event_or_no_rule_is_refused_in_one_sentence(
    event: object, rules: object, told: str, run: Any
) -> None:
    code, _, err = run(event, rules=rules)

    assert err.startswith(f"error: {told}")
    assert (code, err.count("\n")) == (1, 1)
