"""Where things stand in a picture, on a scale, and in a table; without a server."""

from typing import Any

import pytest

from local_azure.page import graph, predictions, rendering, waterfall

WORKFLOW = {
    "actions": {
        "First": {"type": "Compose"},
        "Is_it": {
            "type": "If",
            "runAfter": {"First": ["Succeeded"]},
            "actions": {"Yes": {"type": "Response"}},
            "else": {"actions": {"No": {"type": "Response"}}},
        },
        "Choice": {
            "type": "Switch",
            "runAfter": {"First": ["Failed"]},
            "cases": {"One": {"actions": {"In_one": {"type": "Compose"}}}},
            "default": {"actions": {"Otherwise": {"type": "Compose"}}},
        },
    }
}
PIPELINE = {
    "activities": [
        {"name": "Start", "type": "WebActivity"},
        {
            "name": "Wait",
            "type": "Until",
            "dependsOn": [{"activity": "Start", "dependencyConditions": ["Succeeded"]}],
            "typeProperties": {"activities": [{"name": "Ask", "type": "WebActivity"}]},
        },
        {
            "name": "Which",
            "type": "IfCondition",
            "dependsOn": [{"activity": "Wait"}],
            "ifTrueActivities": [{"name": "Good", "type": "Fail"}],
        },
    ]
}


def is_inside(part: graph.Step, scope: graph.Step) -> bool:
    across = scope.x < part.x and part.x + part.width < scope.x + scope.width
    return across and scope.y < part.y and part.y + part.height < scope.y + scope.height


@pytest.mark.parametrize(
    ("picture", "names"),
    [
        (
            graph.of_workflow(WORKFLOW, {}),
            ["First", "Is_it", "Yes", "No", "Choice", "Otherwise", "In_one"],
        ),
        (graph.of_pipeline(PIPELINE, {}), ["Start", "Wait", "Ask", "Which", "Good"]),
    ],
    ids=["workflow", "pipeline"],
)
def test_each_step_is_drawn_below_what_it_waits_for_and_inside_its_scope(
    picture: graph.Picture, names: list[str]
) -> None:
    upward = [edge for edge in picture.edges if edge[1] >= edge[3]]
    outside = [
        (part, scope)
        for scope in picture.boxes
        for part in scope.parts
        if not is_inside(part, scope)
    ]

    assert [each.name for each in picture.boxes] == names
    assert (upward, outside) == ([], [])


def test_no_two_steps_of_a_level_lie_on_each_other() -> None:
    first, choice = (
        each for each in graph.of_workflow(WORKFLOW, {}).boxes if each.name in {"Is_it", "Choice"}
    )

    assert first.x + first.width < choice.x


def test_a_step_has_the_state_of_its_run() -> None:
    drawn = graph.of_workflow(WORKFLOW, {"Yes": "Succeeded"})

    assert {each.name: each.state for each in drawn.boxes if each.state} == {"Yes": "Succeeded"}


def test_what_waits_in_a_circle_is_drawn_all_the_same() -> None:
    circle: dict[str, Any] = {
        "actions": {"A": {"runAfter": {"B": []}}, "B": {"runAfter": {"A": []}}}
    }

    assert len(graph.of_workflow(circle, {}).boxes) == 2


def span(key: str, parent: str, start: int, end: int | None, kind: str = "action") -> Any:
    """A span whose times are seconds after noon."""
    times = [
        f"2026-06-01T12:00:{each:02}.0000000Z" if each is not None else "" for each in (start, end)
    ]
    return {"id": key, "parent": parent, "kind": kind, "start": times[0], "end": times[1]}


def test_bars_stand_on_one_scale_below_what_caused_them() -> None:
    spans = [
        span("run", "", 0, 10),
        span("goes on", "", 5, None),
        span("action", "run", 2, 4),
        span("at once", "gone", 8, 8),
        span("log", "run", 0, 10, "log"),
        span("refused", "", 0, 0, "verdict"),
    ]

    told = [
        (each.span["id"], each.depth, each.start, each.width, each.seconds)
        for each in waterfall.bars(spans)
    ]

    assert told == [
        ("run", 0, 0.0, 1000.0, 10.0),
        ("action", 1, 200.0, 200.0, 2.0),
        ("goes on", 0, 500.0, 500.0, None),
        ("at once", 0, 800.0, 4.0, 0.0),
    ]


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        ('{"file": "a", "digit": 7}\n{"file": "b"}', ["file", "digit"], [["a", "7"], ["b", ""]]),
        (
            '0,"[1, 2]",a.csv\n1,x,b.csv',
            ["1", "2", "3"],
            [["0", "[1, 2]", "a.csv"], ["1", "x", "b.csv"]],
        ),
        ("all is well\nreally, it is", [], []),
        ("", [], []),
    ],
    ids=["objects", "values", "text", "nothing"],
)
def test_predictions_are_a_table_where_they_are_one(
    text: str, columns: list[str], rows: list[list[str]]
) -> None:
    read = predictions.read({"attributes": {"url": "u", "text": text}})

    assert (read.columns, read.rows) == (columns, rows)


@pytest.mark.parametrize(
    ("url", "name", "copy"),
    [
        ("https://a.blob.core.windows.net/in/x/%3Cb%3E.pgm", "x/<b>.pgm", "x/copy-<b>.pgm"),
        ("https://a.blob.core.windows.net/in/b.pgm", "b.pgm", "copy-b.pgm"),
        ("", "the run", "copy-the run"),
    ],
)
def test_a_file_is_called_as_its_container_has_it(url: str, name: str, copy: str) -> None:
    trace = {"file": url, "name": "the run"}

    assert (rendering.named(trace), rendering.copied(trace)) == (name, copy)


def test_what_is_long_is_cut() -> None:
    assert rendering.pretty("x" * 5000) == "x" * 4000 + "…"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(None, "—"), (0.0421, "42 ms"), (1.25, "1.2 s"), (61, "1 min 1 s"), (7260, "2 h 1 min")],
)
def test_a_duration_is_told_as_a_person_reads_it(seconds: float | None, told: str) -> None:
    assert rendering.duration(seconds) == told
