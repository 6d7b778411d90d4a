"""What a restart finds of runs that had not ended."""

from pathlib import Path

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure.services.logic.history import History
from local_azure_tests.conftest import NOON
from local_azure_tests.logic.conftest import Cloud
from local_azure_tests.logic.definitions import definition, wait


def test_a_run_that_was_broken_off_is_marked_aborted_and_its_callback_url_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    first = Cloud(home, Clock(NOON))
    workflow = first.put_workflow("long", definition({"W": wait(1, "Day")}))
    url = first.url(workflow)
    first.post(url, 1)
    # As after a kill: the run stays as it was written when it started.
    monkeypatch.setattr(History, "abort_unfinished", lambda _self, _now: 0)
    first.stop()
    monkeypatch.undo()

    second = Cloud(home, Clock(NOON))
    [run] = second.history(workflow)
    answer = second.post(url, 1)
    second.stop()

    assert (run["status"], run["error"]["code"]) == ("Aborted", "WorkflowRunAborted")
    assert answer.status == 202
