"""Rules that join several keys: what does not go together, and what is told about it."""

import json
import re
from contextlib import suppress
from copy import deepcopy
from typing import Any
from unittest import mock

import pytest

from components.settings import Settings, SettingsError, deployment_rules, read, retraining, rules
from components.settings.rules import RULES
from components.settings.telling import REMOVE
from tests.unit import loop_settings
from tests.unit.sample_ids import HUB_GROUP, LONG, PIPELINE, PRIVATE
from tests.unit.sample_settings import BASE, cases, line_of, sections

NAMESPACE = "azureml-batch-events:"
A_SECRET = f"{NAMESPACE}event_secrets: by pulumi config set --secret --path event_secrets.NAME"
ONLY_A_DEFAULT = ("an output of the pipeline", "the type of the pipeline's output")
"""What is accepted where the line to add is the field's default, which does not do."""

TOPICS = [cases(topic) for topic in ("sections", "event_rules", "switches", "private_stacks")]
TAGS = {f"tag{number}": "told" for number in range(13)}
"""One more than zones take."""

TAGGED = {"tags": {"up to 12 tags: the stack's private DNS zones": [{**PRIVATE, "tags": TAGS}]}}
TOGETHER: list[dict[str, Any]] = [
    *(together for topic in TOPICS for together in topic.get("together", ())),
    *loop_settings.TOGETHER,
    {**PRIVATE, "network.existing_zones": HUB_GROUP, "tags": TAGS},
    {**PRIVATE, "network.zone_groups": False, "tags": TAGS},
    {**PRIVATE, "tags": dict(list(TAGS.items())[1:])},
]


def configured(changes: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(BASE | sections(deepcopy(changes)))


def accept(config: dict[str, Any]) -> Settings:
    """Settings of a stack whose providers are set to its cloud."""
    providers = ("azure-native:environment", "azuread:environment")
    environments = dict.fromkeys(providers, config["cloud"]) if "cloud" in config else {}
    return read(config, environments=environments, stack="dev")


def said(changes: dict[str, Any]) -> Settings:
    return accept(configured(changes))


def told(config: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Key, accepted and line to add of each problem."""
    try:
        accept(config)
    except SettingsError as error:
        return [(each.key, each.accepted, each.line) for each in error.problems]
    return []


def mend(config: dict[str, Any], key: str, line: str) -> None:
    """Writes the line to add where it is told to stand."""
    place: Any = config
    *above, name = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", key)]
    for part in above:
        place = place[part] if isinstance(part, int) else place.setdefault(part, {})
    if line == REMOVE:
        del place[name]
    elif value := re.fullmatch(rf"(?:{NAMESPACE})?{name}: (.+?)(?:, below {NAMESPACE}.+)?", line):
        place[name] = json.loads(value[1])


EACH_BROKEN = [
    (key, accepted, changes)
    for table in (*(topic["broken"] for topic in TOPICS), loop_settings.BROKEN, TAGGED)
    for key, told in table.items()
    for accepted, all_of_them in told.items()
    for changes in all_of_them
]


@pytest.mark.parametrize(("key", "accepted", "changes"), EACH_BROKEN)
def test_what_does_not_go_together_is_refused_and_the_line_to_add_mends_it(
    key: str, accepted: str, changes: dict[str, Any]
) -> None:
    config = configured(changes)
    ((found, because, line),) = told(config)

    assert (found, because[: len(accepted)]) == (key, accepted)
    if "(as accepted)" in line or line == A_SECRET:
        return
    mend(config, key, line)
    still = accepted in [because[: len(accepted)] for _, because, _ in told(config)]
    assert still is accepted.startswith(ONLY_A_DEFAULT)


A_FILE, A_FOLDER = {"type": "uri_file"}, {"type": "uri_folder"}
BY_FACTORY = {
    "blob_events.enabled": False,
    "blob_events.marker_name": None,
    "data_factory.output_name": "predictions",
    "data_factory.output_type": "UriFolder",
}
FURTHER = {"blob_events.job_inputs": {"x": {"type": "UriFolder", "uri": f"{LONG}/d/paths/x/"}}}
LITERAL = {"blob_events.job_inputs": {"x": {"type": "Literal", "value": "1"}}}


@pytest.mark.parametrize(
    ("takes", "changes", "lines"),
    [
        ({"data": A_FILE}, {}, {"blob_events.marker_name": REMOVE}),
        ({"data": A_FILE, "x": A_FOLDER}, FURTHER, {"blob_events.marker_name": REMOVE}),
        (
            {"scored": A_FILE},
            {},
            {"blob_events.marker_name": REMOVE, "endpoint.input_name": '"scored"'},
        ),
        ({"data": A_FILE}, BY_FACTORY, {"data_factory.input_type": '"UriFile"'}),
        (
            {"data": A_FOLDER},
            {**BY_FACTORY, "data_factory.input_type": "UriFile"},
            {"data_factory.input_type": '"UriFolder"'},
        ),
        ({"x": A_FOLDER, "scored": A_FOLDER}, FURTHER, {"endpoint.input_name": '"scored"'}),
        ({"data": A_FOLDER, "x": {"type": "integer"}}, LITERAL, {}),
    ],
)
def test_what_a_pipeline_does_not_take_is_mended_by_the_key_that_sends_it(
    takes: Any, changes: Any, lines: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = mock.Mock(inputs=takes, outputs={"predictions": A_FOLDER})
    monkeypatch.setattr(deployment_rules, "read_pipeline", lambda _: file)

    found = {key: line for key, _, line in told(configured(PIPELINE | changes))}

    assert found == {key: line_of(key, value) for key, value in lines.items()}


def test_no_switch_is_found_as_it_should_be() -> None:
    """A section that is left out is off, though what it has is on by default."""
    on = [changes for key, accepted, changes in EACH_BROKEN if accepted.startswith("true")]
    found: set[str] = set()
    for changes in on:
        with pytest.raises(SettingsError) as caught:
            accept(configured(changes))
        found |= {problem.found for problem in caught.value.problems}
    assert found == {"false"}


def test_every_place_and_rule_that_would_start_jobs_for_ever_is_told() -> None:
    (looping,) = loop_settings.to_pipeline()["workspace_events.rules"]
    both = [{**looping, "name": name} for name in ("on-failure", "on-success")]
    with pytest.raises(SettingsError) as caught:
        said({**loop_settings.copied("incoming/eu/"), "workspace_events.rules": both})

    assert [(problem.key, problem.accepted) for problem in caught.value.problems] == [
        ("data_factory.copy_after", loop_settings.apart("what copy_after copies")),
        *(
            (f"workspace_events.rules[{at}].advanced_filters", retraining.ACCEPTED)
            for at, _ in enumerate(both)
        ),
    ]


def test_what_goes_together_is_accepted() -> None:
    refused = [(each, found) for each in TOGETHER if (found := told(configured(each)))]
    assert refused == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"cluster.min_nodes": 5, "cluster.max_nodes": "many"}, "cluster.max_nodes"),
        ({"workspace.existing": "x", "publishers": []}, "workspace.existing"),
        (
            {"data_factory.authentication": "x", "blob_events.enabled": False}
            | {"invoker.secret_rotation": "2"},
            "data_factory.authentication",
        ),
    ],
)
def test_a_rule_says_nothing_about_a_value_that_is_wrong_by_itself(
    changes: dict[str, Any], wrong: str
) -> None:
    assert [key for key, *_ in told(configured(changes))] == [wrong]


def test_every_rule_has_a_case_that_breaks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "RULES", ())
    untried = list(RULES)
    for *_, changes in EACH_BROKEN:
        with suppress(SettingsError):  # refused inside of a section already
            settings = said(changes)
            untried = [rule for rule in untried if not list(rule(settings))]
    assert untried == []


@pytest.mark.parametrize("section", ["blob_events", "data_factory"])
def test_nothing_that_a_section_says_counts_while_it_is_off(
    section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "RULES", ())
    off = {f"{section}.enabled": False}
    others = [
        told
        for *_, changes in EACH_BROKEN
        if (told := {key: value for key, value in changes.items() if key.startswith(section)})
    ]
    assert others
    alone = said(off)
    assert [told for told in others if said(told | off) != alone] == []


NATIVE, AZUREAD = "azure-native:environment", "azuread:environment"


@pytest.mark.parametrize(
    ("cloud", "location", "environments"),
    [
        ("public", "westeurope", {}),
        ("public", "westeurope", {NATIVE: "public"}),
        ("public", "westeurope", {AZUREAD: "public"}),
        ("china", "chinanorth3", {NATIVE: "china", AZUREAD: "china"}),
        ("usgovernment", "usdodeast", {NATIVE: "usgovernment", AZUREAD: "usgovernment"}),
    ],
)
def test_providers_of_the_same_cloud_are_accepted(
    cloud: str, location: str, environments: dict[str, str]
) -> None:
    settings = read(BASE | {"cloud": cloud, "location": location}, environments=environments)

    assert settings.azure.name == cloud


def test_providers_of_another_cloud_are_refused_with_the_lines_to_add() -> None:
    with pytest.raises(SettingsError) as caught:
        read(
            BASE | {"cloud": "china", "location": "chinaeast2"},
            environments={"azuread:environment": "usgovernment"},
        )

    told = [(problem.key, problem.found, problem.line) for problem in caught.value.problems]
    assert told == [
        (
            "azure-native:environment",
            "nothing, which stands for public",
            "azure-native:environment: china",
        ),
        ("azuread:environment", '"usgovernment"', "azuread:environment: china"),
    ]


def test_the_source_documents_china_hosts_are_accepted_as_overrides() -> None:
    settings = said(
        {
            "cloud": "china",
            "location": "chinaeast2",
            "data_factory.enabled": True,
            "cloud_overrides": {
                "login_host": "login.partner.microsoftonline.cn",
                "ml_audience": "https://studio.ml.azure.cn",
                "inference_suffix": "inference.studio.ml.azure.cn",
            },
        }
    )

    assert settings.azure.login_host == "login.partner.microsoftonline.cn"
