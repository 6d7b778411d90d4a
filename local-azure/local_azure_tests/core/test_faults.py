"""Failures on request hit the requests that they name, as often as they say."""

import pytest
import requests
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local_azure.control_plane.faults import Fault
from local_azure_tests.conftest import Running

pytestmark = pytest.mark.usefixtures("client_environment")

URL = "https://login.microsoftonline.com/common/discovery/instance"


@pytest.fixture(autouse=True)
def none_pending(running: Running) -> None:
    running.call(running.azure.faults.clear)


def test_a_fault_hits_as_often_as_it_says(running: Running) -> None:
    running.call(running.azure.faults.add, Fault("Login.*", "get", status=503, times=2))
    assert [requests.get(URL, timeout=5).status_code for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("*.blob.core.windows.net", status=503),
        Fault("login.*", method="POST", status=503),
        Fault("login.*", path="/other/*", status=503),
    ],
)
def test_a_fault_hits_nothing_else(running: Running, fault: Fault) -> None:
    running.call(running.azure.faults.add, fault)
    assert requests.get(URL, timeout=5).status_code == 200


def test_a_request_is_handled_though_its_answer_is_dropped(running: Running) -> None:
    handled = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        handled.append(scope["path"])
        await PlainTextResponse("done")(scope, receive, send)

    running.call(running.azure.hosts.register, ["dropped.example.test"], application)
    for drop, path in (("request", "/never"), ("answer", "/once")):
        running.call(running.azure.faults.add, Fault("dropped.*", drop=drop))
        with pytest.raises(requests.ConnectionError):
            requests.post(f"https://dropped.example.test{path}", "body", timeout=5)
    assert handled == ["/once"]


def test_a_fault_drops_requests_or_answers_only() -> None:
    with pytest.raises(ValueError, match="drop: found 'both', accepted: '', 'request', 'answer'"):
        Fault("*", drop="both")


def test_the_console_needs_its_key(running: Running) -> None:
    port = running.azure.ports.now["console"]
    answer = requests.post(f"http://127.0.0.1:{port}/faults", json={"host": "*"}, timeout=5)
    assert answer.status_code == 403
    assert requests.get(URL, timeout=5).status_code == 200
