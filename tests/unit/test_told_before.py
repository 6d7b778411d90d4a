"""What only Azure found out before, and what the one message left out: told in the preview now."""

import re
from pathlib import Path
from typing import Any

import pulumi
import pulumi_azure_native
import pulumi_azuread
import pytest
from pulumi.runtime.config import set_all_config

from components.settings import azure_lists, load, read
from components.settings.advice import advice
from tests.unit.rule_settings import rule
from tests.unit.sample_ids import GUID
from tests.unit.sample_settings import BASE, problems, sections


def told(config: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    """Key and accepted of each problem."""
    return [(problem.key, problem.accepted) for problem in problems(config, **more)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"location": "westeuropa"}, "location: westeuropa is none of the regions"),
        ({"location": "westeuropa"}, "did you mean westeurope?"),
        ({"cluster.vm_size": "Standard_DS3_v22"}, "did you mean Standard_DS3_v2?"),
        ({"cluster.vm_size": "Standard_Q9"}, "Standard_Q9 is none of the sizes of machine"),
    ],
)
def test_what_azure_did_not_have_is_warned_of_and_not_refused(
    changes: dict[str, Any], sentence: str
) -> None:
    assert any(sentence in each for each in advice(read(BASE | sections(changes))))


@pytest.mark.parametrize(
    "changes", [{}, {"cluster.vm_size": "Standard_nc24ads_a100_v4"}, {"location": "uksouth"}]
)
def test_what_azure_has_is_not_warned_of(changes: dict[str, Any]) -> None:
    assert list(advice(read(BASE | sections(changes)))) == []


def test_a_filter_for_a_status_that_no_run_has_is_warned_of() -> None:
    looking = {"operator": "StringIn", "key": "data.runStatus", "values": ["failed", "Broken"]}
    given = rule(event_types=["RunStatusChanged"], advanced_filters=[looking])

    (sentence,) = advice(read(BASE | {"workspace_events": {"rules": [given]}}))
    assert "rule on-model: its filter looks for Broken; statuses of runs are NotStarted" in sentence


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("azureml-batch-event:max_nodes", "azureml-batch-events:max_nodes"),
        ("anything:blob_events", "azureml-batch-events:blob_events"),
        ("azureml-batch-event:max_node", "azureml-batch-events:max_node"),
        ("azure_native:environment", "azure-native:environment"),
        ("azure-native:subscriptionID", "azure-native:subscriptionId"),
        ("azuread:tenant", "azuread:tenantId"),
    ],
)
def test_a_slip_in_a_namespace_or_a_providers_key_is_refused(name: str, meant: str) -> None:
    ((key, accepted),) = told({}, others=[name])
    assert (key, accepted.rpartition("mean ")[2]) == (name, f"{meant}?")


def test_a_project_of_another_name_is_told_of_the_stack_files_that_came_with_it() -> None:
    name = "azureml-batch-events:location"
    ((key, accepted),) = told({}, others=[name], namespace="scoring")
    assert (key, accepted.rpartition("mean ")[2]) == (name, "scoring:location?")


def test_keys_that_somebody_reads_are_accepted() -> None:
    others = [
        "azure-native:location",
        "azuread:useCli",
        "random:x",
        "pulumi:tags",
        "azure:location",
    ]
    assert read(BASE, others=others).location == "westeurope"


def test_a_key_that_nobody_reads_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi, "warn", warned.append)
    namespace = pulumi.get_project()
    set_all_config(
        {
            f"{namespace}:location": "westeurope",
            f"{namespace}:publishers": f'[{{"object_id":"{GUID}","type":"Group"}}]',
            "docker:host": "unix://",
        },
        [],
    )
    load()
    set_all_config({}, [])

    assert [each.partition(",")[0] for each in warned] == [
        "docker:host: nothing reads this key; the namespaces of the providers are azure-native"
    ]


@pytest.mark.parametrize(
    ("name", "package"), [("azure-native", pulumi_azure_native), ("azuread", pulumi_azuread)]
)
def test_the_providers_keys_are_those_of_their_sdk(name: str, package: Any) -> None:
    variables = (Path(package.__file__).parent / "config" / "vars.py").read_text()
    assert set(azure_lists.of(name)) == set(re.findall(r"__config__\.get\w*\('(\w+)'\)", variables))


def test_everything_that_is_wrong_in_rules_is_told_at_once() -> None:
    config = {
        "workspace_events.rules": [
            rule(
                advanced_filters=[
                    {"operator": "Like", "key": "runType", "value": 1},
                    {"operator": "StringIn", "key": "runType", "value": "a", "values": [1]},
                ],
                max_events_per_batch=2,
                time_to_live_minutes=0,
            ),
            rule(event_types=["Nothing"]),
            rule(name="misshapen", destination={"kind": "webhook", "url": 7}),
            "no rule",
        ],
        "event_domain": {"topics": ["models"], "subscriptions": "none"},
    }

    assert [key.removeprefix("workspace_events.rules") for key, _ in told(config)] == [
        "[0].advanced_filters[0].operator",
        "[0].advanced_filters[0].key",
        "[0].advanced_filters[1].key",
        "[0].time_to_live_minutes",
        "[1].event_types",
        "[2].destination.url",
        "[3]",
        "event_domain.subscriptions",
    ]


def test_no_line_takes_the_place_of_what_is_right_in_a_value() -> None:
    publishers = [*BASE["publishers"], {"object_id": "me", "type": "User"}]
    found = problems({"publishers": publishers, "event_domain": {"topics": ["a"]}})

    assert [problem.line for problem in found] == [
        "object_id: (as accepted), below azureml-batch-events:publishers[1]",
        "(as accepted) in azureml-batch-events:event_domain.topics",
    ]
