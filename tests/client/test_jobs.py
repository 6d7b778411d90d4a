"""A job is started once, whatever happens to the answer, and followed to its end."""

from typing import Any
from uuid import UUID

import pytest

from batch_client import commands, said
from batch_client.answers import NotSentError, RefusedError
from batch_client.errors import ClientError, Exit, TimedOutError, UnknownOutcomeError
from batch_client.invocation import FILE, Invocation, Port
from batch_client.jobs import Job, Jobs
from batch_client.progress import Progress
from batch_client.session import RETRIES
from batch_client.waiting import Clock, followed
from tests.client.manager import asking
from tests.client.scripted import Answer, Scripted, job, refusal, session

ASKED = Invocation({"in": Port(FILE, "https://a/b")}, name="asked", deployment="blue")
NOT_FOUND = refusal(404)
LOST = Answer(200, cut=True)


class Time:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def clock(self) -> Clock:
        return Clock(now=lambda: sum(self.slept), sleep=self.slept.append)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def jobs(scripted: Scripted, time: Time) -> Jobs:
    return Jobs(session(), scripted.uri, time.clock())


def follow(jobs: Jobs, seconds: float | None = None) -> Job:
    return followed("job asked", lambda: jobs.get("asked"), seconds, jobs._clock, Progress())


def test_the_request_names_its_job_and_the_deployment(scripted: Scripted, jobs: Jobs) -> None:
    scripted.posts = [job("Preparing")]

    started = jobs.start(ASKED)

    assert (started.name, started.status) == ("asked", "Preparing")
    assert scripted.asked[0]["name"] == "asked"
    assert scripted.headers[0]["azureml-model-deployment"] == "blue"


def test_a_request_s_id_is_a_uuid_and_the_same_for_the_same_job(
    scripted: Scripted, jobs: Jobs
) -> None:
    scripted.posts = [job("Preparing"), job("Preparing")]

    for _ in range(2):
        jobs.start(ASKED)

    first, again = (UUID(each["repeatability_request-id"]) for each in scripted.headers)
    assert first == again


def test_a_name_that_the_endpoint_chose_is_the_jobs(scripted: Scripted, jobs: Jobs) -> None:
    scripted.posts = [job("Preparing", "its-own")]

    assert jobs.start(ASKED).name == "its-own"


@pytest.mark.parametrize("status", [429, 503])
def test_an_endpoint_that_asks_to_wait_is_asked_again_when_it_says(
    scripted: Scripted, jobs: Jobs, time: Time, status: int
) -> None:
    later = refusal(status, **{"Retry-After": "7"})
    scripted.posts = [later, later, job("Preparing")]

    jobs.start(ASKED)

    assert time.slept == [7, 7]
    assert [asked["name"] for asked in scripted.asked] == ["asked", "asked", "asked"]


def test_an_endpoint_that_only_asks_to_wait_is_given_up(
    scripted: Scripted, jobs: Jobs, time: Time
) -> None:
    scripted.posts = [refusal(429)] * 6

    with pytest.raises(RefusedError, match="scripted 429"):
        jobs.start(ASKED)

    assert time.slept == [1, 2, 5, 10, 30]


@pytest.mark.parametrize("answer", [LOST, *map(refusal, (408, 500, 502, 503, 504))])
def test_a_job_whose_answer_was_lost_is_looked_up_and_not_started_again(
    scripted: Scripted, jobs: Jobs, answer: Answer
) -> None:
    scripted.posts = [answer]
    scripted.gets = [NOT_FOUND, job("Running")]

    assert jobs.start(ASKED).status == "Running"

    assert len(scripted.asked) == 1
    assert scripted.looks == ["asked", "asked"]


@pytest.mark.parametrize("answer", [LOST, refusal(500)])
def test_a_job_that_is_not_found_then_stays_unknown(
    scripted: Scripted, jobs: Jobs, answer: Answer
) -> None:
    scripted.posts = [answer]
    scripted.gets = [NOT_FOUND]

    with pytest.raises(UnknownOutcomeError, match="Whether the job asked was started") as unknown:
        jobs.start(ASKED)

    assert unknown.value.exit == Exit.UNKNOWN
    assert len(scripted.asked) == 1


IN_AZURES_WORDS = {
    "code": "UserError",
    "message": "A job with this name already exists. If you are trying to create a new job, use a "
    "different name.",
}


@pytest.mark.parametrize("taken", [refusal(409), Answer(400, {"error": IN_AZURES_WORDS})])
def test_a_name_that_is_taken_starts_no_second_job(
    scripted: Scripted, jobs: Jobs, taken: Answer
) -> None:
    scripted.posts = [taken]

    with pytest.raises(ClientError, match="no second one was started"):
        jobs.start(ASKED)


def test_a_host_that_can_not_be_reached_is_tried_again(
    jobs: Jobs, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing listens on port 1.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")

    with pytest.raises(NotSentError, match=r"scripted\.westeurope.*HTTPS_PROXY"):
        jobs.start(ASKED)

    assert time.slept == [1, 2, 5, 10, 30]


@pytest.mark.parametrize(
    ("end", "code"),
    [("Completed", Exit.DONE), ("Failed", Exit.FAILED), ("Canceled", Exit.CANCELED)],
)
def test_each_end_has_its_exit_code(scripted: Scripted, jobs: Jobs, end: str, code: Exit) -> None:
    states = ["NotStarted", "Paused", "NotResponding", "Finalizing", "CancelRequested"]
    scripted.gets = [*map(job, states), job(end)]

    ended = follow(jobs)

    assert ended.exit == code
    assert len(scripted.looks) == len([*states, end])


def test_a_job_that_takes_longer_goes_on_and_is_told_so(
    scripted: Scripted, jobs: Jobs, time: Time
) -> None:
    scripted.gets = [job("Running")]

    with pytest.raises(TimedOutError, match="Running after 600 s and goes on") as late:
        follow(jobs, 600)

    assert late.value.exit == Exit.TIMEOUT
    assert sum(time.slept) == pytest.approx(600)
    assert max(time.slept) == 30


BUSY = refusal(503, **{"Retry-After": "0.01"})


@pytest.mark.parametrize("trouble", [[LOST], [BUSY] * RETRIES], ids=["lost", "busy for longer"])
def test_trouble_while_polling_is_no_end(
    scripted: Scripted, jobs: Jobs, trouble: list[Answer]
) -> None:
    scripted.gets = [job("Running"), *trouble, job("Completed")]

    assert follow(jobs).status == "Completed"


def test_a_job_that_has_ended_is_not_asked_for_again(scripted: Scripted, jobs: Jobs) -> None:
    scripted.gets = [job("Running"), job("Completed")]

    assert [jobs.get("asked").status for _ in range(3)] == ["Running", "Completed", "Completed"]
    assert len(scripted.looks) == 2


def test_a_jobs_name_is_one_segment_of_the_path(scripted: Scripted, jobs: Jobs) -> None:
    error = {"code": "NotFound", "message": "There is none."}
    scripted.gets = [Answer(404, {"error": error})]

    with pytest.raises(
        RefusedError,
        match=r"'a b\?x=1#y' is not found: 404 NotFound: There is none\. `batch-events jo",
    ):
        jobs.get("a b?x=1#y")

    assert scripted.looks == ["a b?x=1#y"]


def test_logs_are_asked_for_of_a_job_that_there_is(scripted: Scripted, jobs: Jobs) -> None:
    scripted.gets = [NOT_FOUND]

    with pytest.raises(RefusedError, match="The job 'nojob' is not found: 404"):
        commands.download(said.Download(job="nojob", logs=True), asking({}, jobs=jobs))


def test_who_may_not_read_a_job_is_not_told_to_list_them(scripted: Scripted, jobs: Jobs) -> None:
    scripted.gets = [refusal(403)]

    with pytest.raises(RefusedError, match=r"^403 Scripted: scripted 403$"):
        jobs.get("a")


def test_a_jobs_page_is_the_studios() -> None:
    endpoints = {
        "Tracking": {"endpoint": "azureml://westeurope.api.azureml.ms/mlflow/v1.0?"},
        "Studio": {"endpoint": "https://ml.azure.com/runs/asked"},
    }

    shown = Job("asked", "Completed", {"interactionEndpoints": endpoints})

    assert shown.page == "https://ml.azure.com/runs/asked"


INNER = {"code": "NotFound", "innerError": {"code": "EndpointNotFound", "innerError": None}}


def gone(**more: Any) -> Answer:
    """Machine learning's own error, whose code is further in."""
    return Answer(404, {"error": {"code": "UserError", "message": "It is gone.", **more}})


SAID: dict[str, tuple[Answer, str]] = {
    "as documented": (refusal(400), "400 Scripted: scripted 400"),
    "another shape": (Answer(418, {"Message": "odd"}), '418 I\'m a Teapot: {"Message":"odd"}'),
    "its code innermost": (
        gone(additionalInfo=[{"type": "InnerError", "info": {"value": INNER}}]),
        "404 EndpointNotFound: It is gone",
    ),
    "its code in the details": (
        gone(details=[{"code": "NoSuchModelRegistered", "details": []}]),
        "404 NoSuchModelRegistered: It is gone",
    ),
}


@pytest.mark.parametrize(("answer", "said"), SAID.values(), ids=SAID)
def test_a_refusal_is_told_in_its_words_by_the_code_that_tells_something(
    scripted: Scripted, jobs: Jobs, answer: Answer, said: str
) -> None:
    scripted.posts = [answer]

    with pytest.raises(RefusedError) as told:
        jobs.start(ASKED)

    assert str(told.value) == said
    assert scripted.looks == []
