"""A file lands, a batch job scores it; hostile names and crowds included."""

import pytest

from tests.stack.event_path.deployed import Deployed, until
from tests.stack.shell import digits_in

HOSTILE = [
    "it's.pgm",
    'a "quoted" name.pgm',
    "100%.pgm",
    "%41%2F.pgm",
    "a#b?c&d=e.pgm",
    "a+b c.pgm",
    "Größe-数字-🔢.pgm",
    "{curly}@[square].pgm",
    "@concat('a').pgm",
]


def test_the_run_history_shows_both_actions_and_the_answer(
    deployed: Deployed, digit: bytes
) -> None:
    (url,) = deployed.drop("incoming/history.pgm", content=digit)
    (job,) = deployed.await_jobs([url])
    (run,) = until(lambda: deployed.runs_for(url), "the run")
    [event] = deployed.events_for(url)
    statuses = {action["name"]: action["status"] for action in run["actions"]}
    assert statuses["Authorize"] == statuses["Invoke"] == "Succeeded"
    assert run["response_status"] == 200
    sequencer = event["data"]["sequencer"]
    assert job["tags"] == {"event_id": event["id"], "event_sequencer": sequencer}


def test_an_empty_file_and_the_stub_of_a_folder_start_nothing(
    deployed: Deployed, digit: bytes
) -> None:
    (empty,) = deployed.drop("incoming/empty.pgm", content=b"")
    with deployed.container() as container:
        stub = container.upload_blob("incoming/eu", b"", metadata={"hdi_isfolder": "true"})
    deployed.await_jobs(deployed.drop("incoming/eu/full.pgm", content=digit))

    assert [len(deployed.events_for(url)) for url in (empty, stub.url)] == [1, 1], "storage tells"
    assert [deployed.runs_for(url) for url in (empty, stub.url)] == [[], []]


def test_hostile_names_reach_the_scoring_script_as_they_were(
    deployed: Deployed, digit: bytes
) -> None:
    urls = deployed.drop(*(f"incoming/{name}" for name in HOSTILE), content=digit)
    jobs = deployed.await_jobs(urls)
    assert [job["error"] for job in jobs] == [""] * len(HOSTILE)
    scored = [row for job in jobs for row in digits_in(deployed.predictions(job["name"]))]
    assert sorted(scored) == [(name, 7) for name in sorted(HOSTILE)]


def test_the_longest_name_reaches_the_scoring_script(deployed: Deployed, digit: bytes) -> None:
    folders = "/".join("f" * 200 for _ in range(4))
    name = f"incoming/{folders}/{'n' * (1024 - 10 - len(folders) - 4)}.pgm"
    job = deployed.job_of(name, digit)
    assert (len(name), job["status"], job["error"]) == (1024, "Completed", "")


@pytest.mark.parametrize("crowd", [10, pytest.param(200, marks=pytest.mark.long)])
def test_a_crowd_of_files_gets_one_job_each_and_one_beside_the_prefix_none(
    deployed: Deployed, digit: bytes, crowd: int
) -> None:
    names = [f"{number}-of-{crowd}.pgm" for number in range(crowd)]
    beside = deployed.drop(*(f"incoming2/{name}" for name in names), content=digit)
    urls = deployed.drop(*(f"incoming/{name}" for name in names), content=digit)
    jobs = deployed.await_jobs(urls)
    assert sorted(job["input"] for job in jobs) == sorted(urls)
    assert {job["status"] for job in jobs} == {"Completed"}
    assert deployed.jobs_for(beside) == []
