"""Where a workflow is asked about, in each plan, and what a site tells otherwise."""

from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest

from batch_client.errors import ClientError
from batch_client.uris import BlobPlace
from batch_client.verify import runs
from batch_client.verify.workflow import Workflow
from tests.client.manager import GROUP, Manager, asking, in_two_pages, refused

LOGIC, SITE = f"{GROUP}/Microsoft.Logic/workflows/l", f"{GROUP}/Microsoft.Web/sites/s"
FILE = BlobPlace("https://a.blob.core.windows.net/in", "mine")
RUNTIME = "hostruntime/runtime/webhooks/workflow/api/management/workflows"


@pytest.mark.parametrize(
    ("workflow_id", "runtime", "versions"),
    [
        (LOGIC, LOGIC, ("2019-05-01", "2019-05-01")),
        (f"{SITE}/workflows/w", f"{SITE}/{RUNTIME}/w", ("2025-05-01", "2018-11-01")),
    ],
)
def test_runs_are_asked_of_the_workflow_or_of_its_site_s_host(
    workflow_id: str, runtime: str, versions: tuple[str, str]
) -> None:
    workflow = Workflow(workflow_id)
    asked = (workflow.runtime, workflow.version, workflow.runtime_version)
    assert asked == (runtime, *versions)


UNHEALTHY = {"state": "Unhealthy", "error": {"message": "no such setting"}}


@pytest.mark.parametrize(
    ("workflow_id", "told", "state"),
    [
        (LOGIC, {"state": "Disabled"}, "Disabled"),
        (
            f"{SITE}/workflows/w",
            {"flowState": "Enabled", "health": {"state": "Healthy"}},
            "Enabled",
        ),
        (
            f"{SITE}/workflows/w",
            {"flowState": "Enabled", "health": UNHEALTHY},
            "Unhealthy (no such setting)",
        ),
    ],
)
def test_a_workflow_that_can_t_run_says_why(
    workflow_id: str, told: dict[str, Any], state: str
) -> None:
    assert Workflow(workflow_id).state(told) == state


@pytest.mark.parametrize(
    ("workflow_id", "told"),
    [
        (LOGIC, {"definition": {"actions": {}}}),
        (f"{SITE}/workflows/w", {"files": {"workflow.json": {"definition": {"actions": {}}}}}),
    ],
)
def test_its_definition_is_its_own_or_in_its_file(workflow_id: str, told: dict[str, Any]) -> None:
    assert Workflow(workflow_id).definition(told) == {"actions": {}}


def test_of_a_site_s_parameters_those_are_told_that_are_no_secrets() -> None:
    listed = {"a": {"type": "String", "value": "x"}, "b": {"value": "@appsetting('b')"}}
    told = {"files": {"parameters.json": listed}}
    assert Workflow(f"{SITE}/workflows/w").parameters(told) == {"a": "x"}


def test_whoever_the_site_lets_not_in_is_told_how_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "fetch", mock.Mock(side_effect=refused(403, "Ip Forbidden")))
    linked = {"name": "Reply_with_job", "properties": {"outputsLink": {"uri": "https://s/x"}}}

    with pytest.raises(ClientError, match=r"workflows\.allowed_caller_ip_ranges"):
        runs.replied([linked])


def test_a_run_s_actions_are_those_of_all_pages() -> None:
    told = in_two_pages(f"{LOGIC}/runs/r/actions", {"name": "a"}, {"name": "b"})
    caller = asking({"workflow_id": LOGIC}, manager=Manager(told))

    assert runs.Runs(caller).actions("r") == [{"name": "a"}, {"name": "b"}]


def test_the_run_of_a_dropped_file_is_found_behind_a_page_of_others_that_are_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = list[str]()

    def content(url: str) -> Any:
        read.append(url)
        return {"body": [{"data": {"url": url}}]}

    def started(by: str) -> dict[str, Any]:
        return {"name": by, "properties": {"trigger": {"outputsLink": {"uri": by}}}}

    monkeypatch.setattr(runs, "fetch", content)
    manager = Manager(in_two_pages(f"{LOGIC}/runs", started("other"), started(FILE.url)))
    caller = asking({"workflow_id": LOGIC}, manager=manager)

    looking, dropped = runs.Runs(caller), runs.Dropped(FILE, datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert [looking.first(dropped, 0).name for _ in range(2)] == [FILE.url, FILE.url]
    assert read.count("other") == 1
    assert manager.queries[0]["$filter"] == "startTime ge 2026-11-30T11:59:00Z"
