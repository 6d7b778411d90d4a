"""An endpoint, or a login host, that fails once: the event is delivered again, one job is made."""

import pytest

from local_azure.control_plane.faults import Fault
from tests.stack.event_path.deployed import Deployed, until
from tests.stack.event_path.test_roles import delivered_again

ENDPOINT = ("*.inference.ml.azure.com", "/jobs")
LOGIN = ("login.microsoftonline.com", "*/oauth2/token")


@pytest.mark.parametrize(
    ("failing", "status"), [(ENDPOINT, 503), (LOGIN, 401)], ids=["endpoint", "login host"]
)
def test_a_failure_delays_the_job_and_neither_loses_nor_doubles_it(
    deployed: Deployed, digit: bytes, failing: tuple[str, str], status: int
) -> None:
    host, path = failing
    name = f"incoming/{host.split('.')[-3]}-{status}.pgm"
    azure = deployed.running.azure
    deployed.running.call(azure.faults.add, Fault(host, "POST", path, status=status))

    (url,) = deployed.drop(name, content=digit)

    until(lambda: delivered_again(deployed, url), "the redelivery")
    (job,) = deployed.await_jobs([url])
    assert job["status"] == "Completed", job["error"]
    assert {run["response_status"] for run in deployed.runs_for(url)} == {503, 200}
