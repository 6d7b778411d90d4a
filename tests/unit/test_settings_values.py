"""Each configuration key: what is refused, and what is told about it."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from components.settings import read
from components.settings.ports import sent
from components.settings.problems import UNSAID
from components.settings.section import Section
from components.settings.telling import REMOVE, example_of
from tests.unit.rule_settings import filtered, rule
from tests.unit.sample_ids import BLOBS, DISPATCH, ENDPOINT, GUID, LONG, WORKSPACE
from tests.unit.sample_settings import BASE, cases, line_of, problems, sections

KEYS = cases("keys")
TOPICS = [KEYS["values"], *(cases(topic)["values"] for topic in ("event_rules", "switches"))]
TOO_MUCH: dict[str, dict[str, list[Any]]] = {
    "cloud_overrides": {"a host name in lower case": [{"login_host": "a." * 127 + "com"}]},
    "tags": {
        "up to 46 tags": [
            {"owner": "x" * 257},
            {"x" * 129: "owner"},
            {str(number): "x" for number in range(47)},
        ]
    },
    "storage.folder": {"a folder of at most 1000 characters": ["x" * 1001]},
    "deployments[0].model": {"a folder of this project with files in it": ["x" * 5000]},
    "deployments[0].environment_variables": {
        "text of at most 32768 characters": [{"LONG": "x" * 32769}]
    },
    "data_factory.input_uri": {
        "of a registered datastore": [f"azureml://datastores/d/paths/{'x' * 2001}"]
    },
    "workspace_events.rules": {
        "text of at most 1000 characters": [[rule(subject_ends_with="x" * 1001)]],
        "a list of texts of at most 512 characters": [
            filtered("StringContains", values=["x" * 513])
        ],
        "at most 25 filters with 25": [
            filtered("NumberIn", values=[*range(26)]),
            [rule(advanced_filters=[{"operator": "IsNotNull", "key": "data.x"}] * 26)],
        ],
    },
    "workspace_events.notify_by_email": {
        "1 to 500 e-mail addresses": [{"recipients": ["a@example.com"] * 501}]
    },
    "workspace_events.dispatch_on_model": {
        "1 to 100 letters": [{**DISPATCH, "event_type": "x" * 101}]
    },
}
"""What is longer than anybody would write down."""


@pytest.mark.parametrize(
    ("key", "accepted", "values"),
    [
        (key, accepted, values)
        for table in (*TOPICS, TOO_MUCH)
        for key, told in table.items()
        for accepted, values in told.items()
    ],
)
def test_values_outside_of_the_rules_are_refused(
    key: str, accepted: str, values: list[Any]
) -> None:
    section = key.partition(".")[0].partition("[")[0]
    lines = (REMOVE, "by pulumi config set --secret --path event_secrets.NAME")
    for value in values:
        (problem,) = [each for each in problems({key: value}) if accepted in each.accepted]
        assert problem.key.startswith(key)
        assert f"azureml-batch-events:{section}" in problem.line or problem.line in lines


@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [
        ("location", 5, "text"),
        ("protect", "yes", "true or false"),
        ("protect", 1, "true or false"),
        ("blob_events.watch_whole_account", "True", "true or false"),
        ("cluster.max_nodes", "many", "a whole number"),
        ("cluster.max_nodes", "2.5", "a whole number"),
        ("cluster.max_nodes", True, "a whole number"),
        ("cluster.max_nodes", "9" * 10_000, "a whole number"),
        ("cluster.max_nodes", "٣", "a whole number"),
        ("tags", "owner", "an object"),
        ("tags", ["owner"], "an object"),
        ("tags", "[" * 100_000, "an object"),
        ("publishers", "x", "a list"),
    ],
)
def test_a_value_of_another_type_is_refused(key: str, value: Any, accepted: str) -> None:
    (problem,) = problems({key: value})

    assert (problem.key, problem.accepted) == (key, accepted)


@pytest.mark.parametrize(
    ("key", "text", "read_as"),
    [
        ("cluster", '{"max_nodes": 7}', {"max_nodes": 7}),
        ("deployments", '[{"name": "a-1"}]', [{"name": "a-1"}]),
        ("location", "uksouth", "uksouth"),
        ("protect", "true", True),
        ("tags", '{"owner": "me"}', {"owner": "me"}),
    ],
)
def test_text_of_the_engine_is_read_as_the_value_that_it_stands_for(
    key: str, text: str, read_as: Any
) -> None:
    assert read(BASE | {key: text}) == read(BASE | {key: read_as})


@pytest.mark.parametrize(("key", "values"), KEYS["accepted"].items())
def test_values_within_the_rules_are_accepted(key: str, values: list[Any]) -> None:
    for value in values:
        assert read(BASE | sections({"data_factory.enabled": True, key: value})) is not None


def test_further_inputs_and_outputs_are_read_in_the_payloads_form() -> None:
    told = {
        "job_inputs": {
            "mode": {"type": "Literal", "value": "append"},
            "more": {"type": "UriFolder", "uri": "azureml://datastores/d/paths/x/"},
        },
        "job_outputs": {
            "out": {"type": "UriFile", "uri": "azureml://datastores/d/paths/{event_id}/o.csv"}
        },
    }
    events = read(BASE | {"endpoint": {"existing": ENDPOINT}, "blob_events": told}).blob_events

    assert sent(events.job_inputs) == {
        "mode": {"JobInputType": "Literal", "Value": "append"},
        "more": {"JobInputType": "UriFolder", "Uri": "azureml://datastores/d/paths/x/"},
    }
    assert sent(events.job_outputs) == {
        "out": {"JobOutputType": "UriFile", "Uri": "azureml://datastores/d/paths/{event_id}/o.csv"}
    }


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("location", "West Europe", '"westeurope"'),
        (
            "data_factory.input_uri",
            f"azureml:{WORKSPACE}/datastores/my_store/paths/in/",
            f'"{LONG}/my_store/paths/in/"',
        ),
        (
            "data_factory.output_folder",
            "azureml://datastores/d/paths/out",
            '"azureml://datastores/d/paths/out/"',
        ),
        ("blob_events.prefix_filter", "inputs/incoming", f'"{BLOBS}/incoming/"'),
        ("blob_events.prefix_filter", "/inputs/blobs/incoming/", f'"{BLOBS}/incoming/"'),
        (
            "blob_events.prefix_filter",
            "/blobservices/default/inputs/incoming/",
            f'"{BLOBS}/incoming/"',
        ),
        (
            "blob_events.prefix_filter",
            "https://account.blob.core.windows.net/inputs/incoming",
            f'"{BLOBS}/incoming/"',
        ),
        ("blob_events.prefix_filter", f"{BLOBS}/incoming", f'"{BLOBS}/incoming/"'),
        ("cluster.max_nodes", 0, "2"),
        ("workflows.allowed_caller_ip_ranges", "all", '["203.0.113.0/24"]'),
    ],
)
def test_the_line_to_add_says_what_was_meant_where_that_can_be_told(
    key: str, value: Any, line: str
) -> None:
    (problem,) = problems({key: value})

    assert problem.line == line_of(key, line)


ZEROS = "00000000-0000-0000-0000-000000000000"


def every_section(above: type[Section] = Section) -> Iterator[type[Section]]:
    """Each model of a part of a stack file."""
    for each in above.__subclasses__():
        yield each
        yield from every_section(each)


def accepted(field: FieldInfo, text: str) -> bool:
    """Whether a field takes a value, alone."""
    try:
        declared: Any = Annotated[field.annotation, "", *field.metadata]
        TypeAdapter(declared).validate_json(text)
    except ValidationError:
        return False
    return True


def test_the_example_of_every_field_is_accepted_once_its_zeros_are_an_id() -> None:
    wrong = [
        f"{section.__name__}.{name}"
        for section in every_section()
        for name, field in section.model_fields.items()
        if (example := example_of(field)) is not UNSAID
        for text in [json.dumps(example)]
        if not accepted(field, text.replace(ZEROS, GUID))
        or accepted(field, text) is (ZEROS in text)
    ]
    assert wrong == []


def test_the_part_of_a_list_that_is_wrong_is_named() -> None:
    good = BASE["publishers"][0]
    (problem,) = problems({"publishers": [good, {"object_id": GUID, "type": "Robot"}]})

    assert (problem.key, problem.found) == ("publishers[1].type", '"Robot"')


def test_a_long_value_is_told_in_part() -> None:
    (problem,) = problems({"endpoint.name": "x" * 10_000})

    assert problem.found == f'"{"x" * 79}… (10002 long)'


def test_line_breaks_in_a_value_cannot_forge_lines_of_the_message() -> None:
    (problem,) = problems({"endpoint.name": "x\n  2. location\n     found: nothing"})

    assert "\n" not in problem.found
