"""A pipeline run is started once; what it called is looked through for its job."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from batch_client.answers import LostAnswerError
from batch_client.errors import ClientError, Exit, UnknownOutcomeError
from batch_client.pipelines import Pipelines
from batch_client.progress import Progress
from batch_client.rights import MissingRoleError
from batch_client.waiting import Clock, followed
from tests.client.manager import refused

CLOCK = Clock(now=lambda: 0, sleep=lambda _: None)


class Manager:
    """Resource Manager, as a test writes it down."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.posts = 0

    def post(self, *sent: Any) -> Any:
        self.posts += 1
        self.own = sent[-1]["x-ms-client-request-id"]
        raise LostAnswerError("The connection was lost.")

    def get(self, *_: Any) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def query(self, url: str, asked: Any, _: str) -> Any:
        run = url.split("/")[-2] + asked.get("continuationToken", "")
        further = "+" if f"{run}+" in self.answers[0] else ""
        return {"value": self.answers[0].pop(run), "continuationToken": further}


def pipelines(manager: Manager) -> Pipelines:
    return Pipelines(manager, "/factory", CLOCK)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "looks",
    [[refused(404)] * 4, [refused(403)], [LostAnswerError("Again.")]],
    ids=["missing", "forbidden", "lost"],
)
def test_a_run_whose_answer_was_lost_is_not_started_again(looks: list[Exception]) -> None:
    manager = Manager(*looks)

    with pytest.raises(UnknownOutcomeError, match="Whether a run of Score was started"):
        pipelines(manager).start("Score", {})

    assert manager.posts == 1


def test_a_run_whose_answer_was_lost_is_found_by_the_id_that_was_sent() -> None:
    manager = Manager(refused(404), {"status": "Queued"})

    assert pipelines(manager).start("Score", {}) == manager.own


@pytest.mark.parametrize(
    ("ask", "step"),
    [
        (lambda there: there.start("Score", {}), "run the pipeline"),
        (lambda there: there.get("r"), "follow the pipeline run"),
        (lambda there: there.job_name("r"), "read the pipeline run"),
    ],
)
def test_whoever_is_refused_is_told_which_role_is_missing(
    ask: Callable[[Pipelines], Any], step: str
) -> None:
    manager = mock.Mock(
        **{f"{each}.side_effect": refused(403) for each in ("post", "get", "query")}
    )

    with pytest.raises(MissingRoleError, match=f"You may not {step}: .*pipeline runner"):
        ask(pipelines(manager))


@pytest.mark.parametrize(
    ("end", "code"),
    [("Succeeded", Exit.DONE), ("Failed", Exit.FAILED), ("Cancelled", Exit.CANCELED)],
)
def test_each_end_has_its_exit_code(end: str, code: Exit) -> None:
    states = ["Queued", "InProgress", "Canceling", end]
    there = pipelines(Manager(*({"status": state, "message": None} for state in states)))

    assert followed("run", lambda: there.get("r"), None, CLOCK, Progress()).exit == code


def test_the_job_is_found_beside_activities_whose_output_is_hidden() -> None:
    hidden = {"activityName": "Authorize", "activityType": "WebActivity", "output": "***"}
    invoked = {"activityName": "Run Batch-Endpoint", "output": {"name": "job-1"}}

    assert pipelines(Manager({"run": [hidden, invoked]})).job_name("run") == "job-1"


def test_the_job_is_found_in_the_pipeline_that_was_called() -> None:
    called = {"activityType": "ExecutePipeline", "output": {"pipelineRunId": "inner"}}
    invoked = {"activityName": "Run Batch-Endpoint", "output": {"name": "job-1"}}
    manager = Manager({"outer": [called], "inner": [invoked]})

    assert pipelines(manager).job_name("outer") == "job-1"


def test_the_job_is_found_behind_a_hundred_looks_at_it() -> None:
    looks = [{"activityName": "Check status", "activityType": "WebActivity"}] * 100
    invoked = {"activityName": "Run Batch-Endpoint", "output": {"name": "job-1"}}

    assert pipelines(Manager({"run": looks, "run+": [invoked]})).job_name("run") == "job-1"


def test_a_run_without_a_job_is_told_so() -> None:
    with pytest.raises(ClientError, match="has started no batch job"):
        pipelines(Manager({"outer": []})).job_name("outer")
