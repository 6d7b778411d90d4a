"""The client's page over the deployed stack, from what Azure tells to whoever looks."""

from collections.abc import Callable

import pytest

from batch_client.caller import Caller
from batch_client.environment import Environment
from batch_client.page.site import Site
from batch_client.progress import Progress
from tests.stack.event_path.deployed import Deployed
from tests.stack.event_path.test_client_dead_letters import given_up

HOSTILE = "<img src=x onerror=alert(1)>.pgm"


@pytest.fixture
def page(deployed: Deployed) -> Callable[..., str]:
    """What the page has at a path, for an operator."""

    def shown(path: str, **query: str) -> str:
        with (
            deployed.signed_in(deployed.rights_of_operators.values()),
            deployed.shell(),
            Caller(Environment(deployed.outputs), Progress()) as caller,
        ):
            answer = Site(caller, 24).answer(path, query)
        assert answer.status == 200, answer.body
        return answer.body.decode()

    return shown


def run_of(shown: str) -> str:
    """The name of the workflow's run that a file's page leads to."""
    return shown.partition('href="/run?name=')[2].partition('"')[0]


def test_each_file_has_a_row_with_its_state(
    deployed: Deployed, page: Callable[..., str], digit: bytes
) -> None:
    given_up(deployed, "given up on page.pgm", digit)
    done = deployed.drop(f"incoming/{HOSTILE}", content=digit)
    broken = deployed.drop("incoming/broken-page.pgm", content=b"no picture")
    deployed.await_jobs([*done, *broken])

    told = page("/")

    assert "incoming/&lt;img src=x onerror=alert(1)&gt;.pgm</a>" in told
    assert ">incoming/broken-page.pgm</a>" in page("/", state="Failed")
    assert ">incoming/given up on page.pgm</a>" in page("/", state="given up")
    assert "broken-page.pgm is no plain PGM image" in told
    assert "could not be read" not in told


def test_a_file_leads_to_its_run_its_job_and_its_predictions(
    deployed: Deployed, page: Callable[..., str], digit: bytes
) -> None:
    [url] = deployed.drop("incoming/on the page.pgm", content=digit)
    [job] = deployed.await_jobs([url])

    told = page("/file", url=url)

    assert f"The job {job['name']} is Completed." in told
    of_run = page("/run", name=run_of(told))
    assert "<title>Invoke (Http): Succeeded</title>" in of_run
    assert "<h2>Invoke</h2>" in of_run
    of_job = page("/job", name=job["name"])
    assert '<th scope="col">digit</th>' in of_job
    assert "<h2>Log " in of_job


def test_what_a_run_secures_is_not_shown(
    deployed: Deployed, page: Callable[..., str], digit: bytes
) -> None:
    [url] = deployed.drop("incoming/secured.pgm", content=digit)
    deployed.await_jobs([url])

    told = page("/run", name=run_of(page("/file", url=url)))

    assert "client_secret=" not in told
    assert "sig=" not in told
