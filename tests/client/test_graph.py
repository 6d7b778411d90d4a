"""Definitions as graphs: which step stands where, and how it ended."""

import re
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import tostring

import pytest

from batch_client.errors import ClientError
from batch_client.page import graph, run_views
from batch_client.page.elements import document
from batch_client.page.graph import Step
from batch_client.rights import READ, Need
from batch_client.verify.resources import Resources
from batch_client.verify.runs import Runs
from tests.cases import cases_beside
from tests.client.manager import asking, refused

DEFINITIONS = cases_beside(__file__, "definitions")


def outline(steps: list[Step]) -> list[Any]:
    """Names, what they wait for, and what is inside of them."""
    return [(each.name, each.after, outline(each.parts)) for each in steps]


def leaves(*names: str) -> list[Any]:
    return [(name, (), []) for name in names]


def test_the_steps_of_a_workflow_are_those_of_all_its_branches() -> None:
    assert outline(graph.of_workflow(DEFINITIONS["actions"])) == [
        ("Fork", (), leaves("Yes", "No")),
        ("Switch", ("Fork",), leaves("First", "Other")),
        ("Invoke", ("Fork",), []),
    ]


def test_the_steps_of_a_pipeline_are_those_of_all_its_branches() -> None:
    assert outline(graph.of_pipeline(DEFINITIONS["activities"])) == [
        ("Until", (), leaves("Wait")),
        ("Fork", ("Until",), leaves("Yes", "No")),
        ("Switch", ("Until",), leaves("Other", "First")),
    ]


def test_a_step_stands_below_what_it_waits_for_and_around_what_is_inside() -> None:
    steps = [
        Step("first", "If", (), [Step("inside", "Http", (), [])]),
        Step("left", "Http", ("first",), []),
        Step("right", "Http", ("first",), []),
        Step("last", "Http", ("left", "right"), []),
    ]

    told = tostring(graph.drawn("It", steps, {}), "unicode")

    assert 'viewBox="-231 -1 462 254"' in told
    assert re.findall(r"translate\((\S+ \S+)\)", told) == [
        "0 0", "0 44", "0 0", "0 44",
        "-120 132", "0 44", "120 132", "0 44", "0 208", "0 44",
    ]  # fmt: skip
    assert ' d="M0 100C0 116 -120 116 -120 132"' in told


def test_each_step_tells_its_state_and_a_hostile_name_is_text() -> None:
    name = "<script>alert(1)</script> and a very long name"
    steps = [Step(name, "Http", (), []), Step("Reply", "Response", (name,), [])]

    told = document("Run", graph.drawn("It", steps, {name: "Failed"})).decode()

    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert re.findall(r'<g class="(.*?)" role="img"><title>(.*?)</title>', told) == [
        ("bad", f"{hostile} and a very long name (Http): Failed"),
        ("still", "Reply (Response): not reached"),
    ]
    assert re.findall(r"<text.*?>(.*?)</text>", told) == [
        *(f"{hostile} a…", "Http, Failed", "Reply", "Response, not reached")
    ]


@pytest.mark.parametrize(
    ("gone", "drawn", "when"),
    [(False, "Former", "As it was defined when the run began"), (True, "New", "As it is defined")],
    ids=["as the run began", "as it is, where that is gone"],
)
def test_a_run_is_drawn_on_the_definition_that_it_began_with(
    monkeypatch: pytest.MonkeyPatch, drawn: str, when: str, *, gone: bool
) -> None:
    workflow = "/g/Microsoft.Logic/workflows/l"

    def answer(_: Resources, path: str, *_more: object) -> Any:
        if gone and path.endswith("/versions/1"):
            raise refused(404)
        step = {"New" if path == workflow else "Former": {"type": "Http"}}
        version = {"workflow": {"id": f"{workflow}/versions/1"}, "definition": {"actions": step}}
        return {"properties": version}

    monkeypatch.setattr(Resources, "answer", answer)
    monkeypatch.setattr(Runs, "actions", lambda *_: [])

    told = document("Run", *run_views.workflow_run(asking({"workflow_id": workflow}), "run"))

    assert f"<title>{drawn} (Http): not reached</title>" in told.decode()
    assert when in told.decode()


def test_a_definition_that_can_t_be_read_leaves_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object) -> Any:
        raise ClientError("It is gone.")

    action = {"name": "Invoke", "properties": {"status": "Succeeded"}}
    monkeypatch.setattr(Resources, "answer", answer)
    monkeypatch.setattr(Runs, "actions", lambda *_: [action])
    caller = asking({"workflow_id": "/g/Microsoft.Logic/workflows/l"})

    told = document("Run", *run_views.workflow_run(caller, "run")).decode()

    assert "Its definition can't be shown. It is gone." in told
    assert "<h2>Invoke</h2>" in told


def test_of_a_pipeline_each_that_it_called_is_drawn_with_its_last_states(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def activity(pipeline: str, name: str, status: str, second: int) -> dict[str, Any]:
        start = f"2026-06-01T12:00:0{second}Z"
        what = {"pipelineName": pipeline, "activityName": name, "status": status}
        return {**what, "activityRunStart": start}

    def answer(_: Resources, path: str, *_more: object) -> Any:
        asked.append(path)
        return {"properties": {"activities": [{"name": "Wait", "type": "Wait"}]}}

    asked: list[str] = []
    monkeypatch.setattr(Resources, "answer", answer)
    found = [
        activity("Outer", "Wait", "Succeeded", 1),
        activity("In ner", "Wait", "InProgress", 3),
        activity("In ner", "Wait", "Failed", 2),
    ]
    pipelines = SimpleNamespace(
        activities=lambda _: found, need=lambda step: Need(step, READ, "the factory")
    )
    caller = asking({"factory_id": "/f"}, pipelines=pipelines)

    told = document("Run", *run_views.pipeline_run(caller, "run")).decode()

    assert asked == ["/f/pipelines/Outer", "/f/pipelines/In%20ner"]
    assert re.findall(r"Wait \(Wait\): \w+", told) == [
        "Wait (Wait): Succeeded",
        "Wait (Wait): InProgress",
    ]
