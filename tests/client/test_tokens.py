"""When whoever is signed in is asked for a token again."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest
from azure.core.credentials import AccessToken

from batch_client.caller import Caller
from batch_client.environment import Environment
from batch_client.progress import Progress
from batch_client.tokens import RememberedTokens

BLOBS, MANAGER = "https://storage.azure.com/.default", "https://management.azure.com/.default"


class SignedIn:
    """Gives tokens that live so long, and counts them."""

    def __init__(self, seconds: int) -> None:
        self.seconds, self.given, self.pause = seconds, 0, 0.0

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        time.sleep(self.pause)
        self.given += 1
        return AccessToken("a-token", int(time.time()) + self.seconds)


@pytest.mark.parametrize(
    ("seconds", "scope", "options", "given"),
    [
        (3600, BLOBS, {}, 1),
        (3600, MANAGER, {}, 2),
        (3600, BLOBS, {"tenant_id": "another"}, 2),
        (3600, BLOBS, {"claims": "challenged"}, 2),
        (200, BLOBS, {}, 2),
    ],
    ids=["the same", "another audience", "another tenant", "challenged", "about to end"],
)
def test_a_token_is_asked_for_again_where_the_first_one_will_not_do(
    monkeypatch: pytest.MonkeyPatch, seconds: int, scope: str, options: dict[str, Any], given: int
) -> None:
    signed_in = SignedIn(seconds)
    monkeypatch.setattr(Environment, "credential", lambda _: nullcontext(signed_in))
    tokens = Caller(Environment(), Progress()).credential

    tokens.get_token(BLOBS)
    tokens.get_token(scope, **options)

    assert signed_in.given == given


def test_who_asks_at_one_moment_shares_a_token() -> None:
    signed_in = SignedIn(3600)
    signed_in.pause = 0.05
    remembered = RememberedTokens(signed_in)

    with ThreadPoolExecutor(4) as threads:
        assert len(list(threads.map(remembered.get_token, [BLOBS] * 4))) == 4

    assert signed_in.given == 1


def test_who_signs_in_anew_is_heard_in_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in, now = SignedIn(3600), time.time()
    remembered = RememberedTokens(signed_in)

    for seconds in (0, 299, 301):
        monkeypatch.setattr(time, "time", lambda passed=seconds: now + passed)
        remembered.get_token(BLOBS)
    assert signed_in.given == 2
