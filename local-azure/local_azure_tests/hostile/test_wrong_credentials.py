"""Each service and each credential that is not the right one: refused in the service's own form."""

import re
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from local_azure_tests.conftest import Running
from local_azure_tests.hostile import world
from local_azure_tests.hostile.wire import Answer, Wire
from local_azure_tests.hostile.world import Family

Credentials = dict[str, str | bytes | None]

OTHER_TENANT = "https://sts.windows.net/99999999-0000-4000-8000-000000000009/"
_STRANGERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def token(server: Running, family: Family, key: Any = None, **claims: Any) -> str:
    """What the caller would show, with other claims or of another key."""
    issued = server.call(server.azure.tokens.issue, world.CALLER, family.audience).value
    told = {**jwt.decode(issued, options={"verify_signature": False}), **claims}
    signed = jwt.encode(told, key or server.azure.tokens._key, "RS256", {"kid": "embedded-azure"})
    return f"Bearer {signed}"


def wrong_tokens(server: Running, family: Family) -> Credentials:
    """By what is wrong with them."""
    good = token(server, family)
    stranger = server.call(server.azure.tokens.issue, world.STRANGER, family.audience).value
    claims = jwt.decode(good.partition(" ")[2], options={"verify_signature": False})
    return {
        "none": None,
        "empty": "Bearer ",
        "garbage": "Bearer ~.e30.*",
        "another scheme": good.replace("Bearer", "Basic"),
        "expired": token(server, family, exp=int(time.time()) - 1),
        "of another audience": token(server, family, aud="https://elsewhere.example"),
        "of another tenant": token(server, family, iss=OTHER_TENANT),
        "signed by another": token(server, family, _STRANGERS_KEY),
        "unsigned": f"Bearer {jwt.encode(claims, '', 'none')}",
        "without a role": f"Bearer {stranger}",
    }


def wrong_secrets(server: Running, family: Family) -> Credentials:
    """By what is wrong with them."""
    scheme, space, key = family.secret.rpartition(" ")
    few: Credentials = {"none": None, "empty": "", "another scheme": "Basic YQ=="}
    if family.accepts_any:
        return few
    caller = server.call(server.azure.tokens.issue, world.CALLER, world.ARM).value
    return {
        **few,
        "garbage": b"\xff\xfe\xc3\xa4",
        "cut off": f"{scheme}{space}{key[:-1]}",
        "too long": f"{scheme}{space}{key}A",
        "in other letters": family.secret.swapcase(),
        "of somebody else": server.home.secret("sealing"),
        "a token": f"Bearer {caller}",
    }


def wrong(server: Running, family: Family) -> Credentials:
    """What must not let in."""
    return wrong_tokens(server, family) if family.audience else wrong_secrets(server, family)


NOTHING_THERE = {
    *("a pipeline run", "a job", "a job's end", "no blob"),
    *("an endpoint's job", "a run", "run data"),
}
"""The families whose example asks for what is not there."""


def test_the_right_credential_lets_in_everywhere(built: Running, wire: Wire) -> None:
    answers = {
        family.name: _answer(wire, family, family.secret or token(built, family)).status
        for family in world.families(built)
    }

    assert {name: status for name, status in answers.items() if status in {0, 401, 403}} == {}
    assert {name for name, status in answers.items() if status >= 400} == NOTHING_THERE


def test_no_other_credential_lets_in_anywhere(built: Running, wire: Wire) -> None:
    let: list[tuple[str, str, int, bytes]] = []
    for family in world.families(built):
        for what, credential in wrong(built, family).items():
            answer = _answer(wire, family, credential)
            said = re.search(family.refusal, answer.body.decode())
            if answer.status not in {401, 403} or not said:
                let.append((family.name, what, answer.status, answer.body[:200]))

    assert let == []


def _answer(wire: Wire, family: Family, credential: str | bytes | None) -> Answer:
    url, headers, body = family.asked(credential)
    return wire.ask(family.method, url, body, headers)
