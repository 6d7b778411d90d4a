"""The client's page over the deployed stack, from what Azure tells to whoever looks."""

import re
from collections.abc import Callable
from functools import partial

import pytest

from tests.stack.event_path.client import page_of
from tests.stack.event_path.deployed import Deployed
from tests.stack.event_path.test_client_dead_letters import given_up

HOSTILE = "<img src=x onerror=alert(1)>.pgm"
BROKEN, GIVEN_UP = "incoming/row broken.pgm", "incoming/row given up.pgm"


@pytest.fixture
def page(deployed: Deployed) -> Callable[..., str]:
    """What the page has at a path, for an operator."""
    return partial(page_of, deployed)


def run_of(shown: str) -> str:
    """The name of the workflow's run that a file's page leads to."""
    return shown.partition('href="/run?name=')[2].partition('"')[0]


def test_each_file_has_a_row_with_its_state(
    deployed: Deployed, page: Callable[..., str], digit: bytes
) -> None:
    given_up(deployed, "row given up.pgm", digit)
    done = deployed.drop(f"incoming/row {HOSTILE}", content=digit)
    deployed.await_jobs([*done, *deployed.drop(BROKEN, content=b"no picture")])

    shown = {
        state: page("/", text="incoming/row", state=state) for state in ("", "Failed", "given up")
    }

    rows = {state: sorted(re.findall(">(incoming/[^<]*)</a>", shown[state])) for state in shown}
    hostile = "incoming/row &lt;img src=x onerror=alert(1)&gt;.pgm"
    every = [hostile, BROKEN, GIVEN_UP]
    assert rows == {"": every, "Failed": [BROKEN], "given up": [GIVEN_UP]}
    assert "row broken.pgm is no plain PGM image" in shown[""]
    assert "could not be read" not in shown[""]


def test_a_file_leads_to_its_run_its_job_and_its_predictions(
    deployed: Deployed, page: Callable[..., str], digit: bytes
) -> None:
    job = deployed.job_of("incoming/on the page.pgm", digit)

    told = page("/file", url=job["input"])
    further = page("/run", name=run_of(told)) + page("/job", name=job["name"])

    parts = {
        "<title>Invoke (Http): Succeeded<",
        "<h2>Invoke<",
        '<th scope="col">digit<',
        "<h2>Log ",
    }
    assert f"The job {job['name']} is Completed." in told
    assert {part for part in parts if part not in further} == set(), further


def test_what_a_run_secures_is_not_shown(
    deployed: Deployed, page: Callable[..., str], digit: bytes
) -> None:
    job = deployed.job_of("incoming/secured.pgm", digit)

    told = page("/run", name=run_of(page("/file", url=job["input"])))

    assert "client_secret=" not in told
    assert "sig=" not in told
