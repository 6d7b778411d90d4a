"""Repository dispatches: what api.github.com takes here, and what it refuses."""

import json
from typing import Any

import pytest
import requests

from local_azure_tests.conftest import Invoke
from local_azure_tests.logic.conftest import Cloud

pytestmark = pytest.mark.usefixtures("outside")

URL = "https://api.github.com/repos/team/models/dispatches"
HEADERS: dict[str, str | None] = {"authorization": "Bearer t-secret", "user-agent": "a-test"}
DISPATCH: dict[str, Any] = {"event_type": "trained", "client_payload": {"model": "digits"}}


def ask(body: Any = DISPATCH, url: str = URL, **headers: str | None) -> requests.Response:
    """POST a dispatch, through the proxy as any client does; a header of None is left out."""
    given = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in given.items() if value is not None}
    data = body if isinstance(body, str) else json.dumps(body)
    return requests.post(url, data, headers=sent, timeout=10)


def kept(cloud: Cloud) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cloud.call(cloud.azure.github.dispatched, 100)
    return [{key: each[key] for key in each if key != "asked"} for each in found]


def test_a_dispatch_is_kept_without_its_token(cloud: Cloud) -> None:
    answered = ask()

    assert (answered.status_code, answered.content) == (204, b"")
    assert kept(cloud)[-1] == {"repository": "team/models", **DISPATCH}
    assert "t-secret" not in str(kept(cloud))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": None}, 401),
        ({"authorization": "Bearer "}, 401),
        ({"authorization": "Basic dDp0"}, 401),
        ({"user_agent": ""}, 403),
    ],
)
def test_a_caller_says_who_it_is_and_has_a_token(
    cloud: Cloud, headers: dict[str, Any], status: int
) -> None:
    before = kept(cloud)

    assert ask(**headers).status_code == status
    assert kept(cloud) == before


WRONG = {
    "no type": {"client_payload": {}},
    "an empty type": {"event_type": ""},
    "a long type": {"event_type": "x" * 101},
    "a type that is no text": {"event_type": 7},
    "another key": {**DISPATCH, "ref": "main"},
    "a list": [DISPATCH],
    "too many properties": {**DISPATCH, "client_payload": {str(n): n for n in range(11)}},
    "too long": {**DISPATCH, "client_payload": {"x": "x" * 65_536}},
    "a payload that is no object": {**DISPATCH, "client_payload": "x"},
    # What no client could read again.
    **{
        value[:8]: f'{{"event_type": "t", "client_payload": {{"a": {value}}}}}'
        for value in ("NaN", "1e999", r'"\ud800"', "[" * 100_000)
    },
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_dispatch_is_refused(cloud: Cloud, body: Any) -> None:
    before = kept(cloud)

    assert ask(body).status_code == 422
    assert kept(cloud) == before


def test_everything_else_of_github_is_declined_by_name() -> None:
    answered = ask(url="https://api.github.com/repos/team/models/issues")

    message = answered.json()["error"]["message"]
    assert "does not answer POST /repos/team/models/issues" in message
    assert answered.status_code == 501


@pytest.mark.usefixtures("console")
def test_a_person_sees_the_dispatches(invoke: Invoke) -> None:
    ask({"event_type": "shown", "client_payload": {"name": "\x1b[31m"}})

    code, out, _ = invoke("show", "dispatches", "--limit", "1")

    first, second = out.splitlines()
    assert first.endswith(" team/models: shown")
    assert (code, second) == (0, r'    name: "\u001b[31m"')
