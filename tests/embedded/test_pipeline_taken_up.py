"""A run of a template whose process ends is taken up by another one, which creates no job twice."""

import pytest

from local_azure.runs.transport import HttpRequest
from local_azure.services.datafactory.records import Status
from local_azure_tests.datafactory.journals import Diary, ProcessEndedError
from local_azure_tests.datafactory.test_taking_up import process
from local_azure_tests.world import World, answer
from tests.templates.test_pipeline_types import load

HOST = "e.r.inference.ml.azure.com"
WRITES = 28
"""How often the journal of a run is written to that finds its job Running, then Completed."""
LOSING = 3
"""The write before the invocation, after those of the check of hosts: its answer may be lost."""
TEMPLATE = load("Run-BatchEndpoint-MI.json")["properties"]
PARAMETERS = {
    name: declared.get("defaultValue", f"https://{HOST}/jobs")
    for name, declared in TEMPLATE["parameters"].items()
}


def endpoint(statuses: list[str]) -> World:
    """An endpoint with one job, which is found in these statuses one after the other."""
    found = [answer(200, {"properties": {"status": each}}) for each in statuses]
    created = answer(201, {"name": "job-1"})
    checks = iter(found)
    return World({HOST: lambda asked: created if asked.method == "POST" else next(checks)})


def interrupted(diary: Diary, world: World, writes: int) -> None:
    """One process that ends once the diary has been written to so often."""
    diary.last_write = writes
    with pytest.raises(BaseExceptionGroup) as ended:
        process(diary, world, TEMPLATE, PARAMETERS)
    assert ended.group_contains(ProcessEndedError)
    diary.last_write = 0


@pytest.mark.parametrize("write", range(1, WRITES + 1))
def test_a_process_that_ends_at_any_write_starts_no_job_twice(write: int) -> None:
    diary, world = Diary(), endpoint(["Running", "Running", "Completed"])
    interrupted(diary, world, write)

    result = process(diary, world, TEMPLATE, PARAMETERS)

    posts = [each.method for each in world.requests].count("POST")
    lost_its_answer = write == LOSING
    assert posts == (0 if lost_its_answer else 1)
    assert result.status is (Status.FAILED if lost_its_answer else Status.SUCCEEDED)


def test_the_writes_above_are_all_that_there_are() -> None:
    diary = Diary()
    process(diary, endpoint(["Running", "Completed"]), TEMPLATE, PARAMETERS)
    assert diary.writes == WRITES


def test_a_job_whose_creation_lost_its_answer_is_not_created_again() -> None:
    def dies(_request: HttpRequest) -> None:
        raise ProcessEndedError

    diary, dying, world = Diary(), World({HOST: dies}), endpoint(["Completed"])
    with pytest.raises(BaseExceptionGroup):
        process(diary, dying, TEMPLATE, PARAMETERS)

    result = process(diary, world, TEMPLATE, PARAMETERS)

    assert (len(dying.requests), world.requests) == (1, [])
    assert "its answer is lost" in result.message
