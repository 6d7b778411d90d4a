"""A body without end fills no memory: it is refused by its length, or on the way."""

from collections.abc import Iterator

import pytest
import requests

from local_azure.control_plane.tenant import TENANT_ID

pytestmark = pytest.mark.usefixtures("client_environment", "running")

MEBIBYTE = 1024 * 1024
LOGIN = f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/v2.0/token"
VAULT = "https://vault.vault.azure.net/secrets/one?api-version=7.4"


TRIGGER = "https://prod-01.westeurope.logic.azure.com/workflows/w/triggers/t/paths/invoke"


def chunks(size: int) -> Iterator[bytes]:
    """A body whose length is told nowhere."""
    for _ in range(0, size, MEBIBYTE):
        yield b"x" * MEBIBYTE


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", LOGIN, b"x" * MEBIBYTE),
        ("POST", LOGIN, chunks(2 * MEBIBYTE)),
        ("PUT", VAULT, b"x" * 5 * MEBIBYTE),
    ],
    ids=["a form", "a form of unknown length", "a secret"],
)
def test_a_body_that_is_too_large_is_refused(
    method: str, url: str, body: bytes | Iterator[bytes]
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    try:
        answer = requests.request(method, url, data=body, headers=form, timeout=20)
    except requests.ConnectionError:
        return  # cut off while it was still sending

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "RequestEntityTooLarge"


@pytest.mark.parametrize(("size", "refused"), [(104_857_600, False), (104_857_601, True)])
def test_a_workflow_is_sent_as_much_as_a_message_may_have(size: int, *, refused: bool) -> None:
    told = {"Content-Length": str(size)}
    with requests.Session() as session:
        prepared = session.prepare_request(requests.Request("HEAD", TRIGGER, headers=told))
        settings = session.merge_environment_settings(TRIGGER, {}, None, None, None)
        answer = session.send(prepared, timeout=20, **settings)

    assert (answer.status_code == 413) is refused
