"""Somebody who has opened the page, without a browser."""

import html
import re
from collections.abc import Iterator

import pytest
import requests

from local_azure.commands import page
from local_azure_tests.conftest import Running


class Reader:
    """A visitor of the page.

    Args:
        server: whose page.
    """

    def __init__(self, server: Running) -> None:
        self.address = page.address(server.home, {"ports": server.azure.ports.now})
        self.base = self.address.partition("/?")[0]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.get(self.address, timeout=10)

    def get(self, path: str) -> requests.Response:
        """What a view answers."""
        return self.session.get(f"{self.base}{path}", timeout=20)

    def read(self, path: str) -> str:
        """The text of a view, without its markup."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        main = answer.text.partition("<main")[2].partition(">")[2]
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())

    def untold(self, told: dict[str, str]) -> dict[str, str]:
        """By path, the views whose text is without what they are to tell."""
        read = {path: self.read(path) for path in told}
        return {path: text for path, text in read.items() if told[path] not in text}

    def do(self, act: str, **given: str) -> requests.Response:
        """Send the form of an act, as the page does, and go where it leads."""
        return self.session.post(
            f"{self.base}/act/{act}", given, headers={"origin": self.base}, timeout=20
        )


@pytest.fixture(scope="module")
def reader(running: Running) -> Iterator[Reader]:
    visitor = Reader(running)
    yield visitor
    visitor.session.close()
