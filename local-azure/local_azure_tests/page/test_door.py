"""Nobody gets to the page by its address alone, by another name of it, or from another page."""

import re

import pytest
import requests

from local_azure_tests.page.conftest import Reader


def test_the_cookie_is_no_other_site_s_and_no_script_s(reader: Reader) -> None:
    answer = requests.get(reader.address, timeout=10)

    told = answer.headers["set-cookie"].split("; ")[1:]
    assert (told, answer.headers["refresh"]) == (
        ["HttpOnly", "Path=/", "SameSite=strict"],
        "0; url=/",
    )
    assert reader.address.partition("token=")[2] not in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"host": "localhost:PORT"}, 200),
        ("/", {"cookie": ""}, 403),
        ("/static/page.js", {"cookie": ""}, 403),
        ("/changes", {"cookie": ""}, 403),
        ("/?token=another", {"cookie": ""}, 403),
        ("/?token=ü", {"cookie": ""}, 403),
        ("/", {"host": "rebound.example:PORT"}, 421),
        ("/", {"host": "127.0.0.1"}, 421),
    ],
)
def test_who_gets_in(reader: Reader, path: str, headers: dict[str, str], status: int) -> None:
    port = reader.base.rpartition(":")[2]
    sent = {name: value.replace("PORT", port) for name, value in headers.items()}
    [(name, value)] = reader.session.cookies.items()
    sent.setdefault("cookie", f"{name}={value}")
    answer = requests.get(f"{reader.base}{path}", headers=sent, timeout=10)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "origin", [None, "null", "http://127.0.0.1:1", "http://evil.example", "https://BASE"]
)
def test_a_form_of_another_page_does_nothing(reader: Reader, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin.replace("BASE", reader.base[7:])}

    url = f"{reader.base}/act/clock"
    answer = reader.session.post(url, {"seconds": "60"}, headers=headers, timeout=10)

    assert (answer.status_code, answer.text) == (403, "Only the page itself may ask for that.")


@pytest.mark.parametrize("path", ["/", "/static/page.css", "/no-such-view"])
def test_nothing_of_a_page_comes_from_elsewhere(reader: Reader, path: str) -> None:
    answer = reader.get(path)

    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    named = set(re.findall(r"https?://[^\"' ]*", answer.text))
    assert named - {"http://www.w3.org/2000/svg"} == set()
