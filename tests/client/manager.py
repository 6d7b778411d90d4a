"""Resource Manager as a test writes it down, and who asks it."""

from collections.abc import Mapping
from typing import Any
from unittest import mock

from batch_client import answers
from batch_client.answers import RefusedError
from batch_client.caller import Caller
from batch_client.environment import Environment
from batch_client.progress import Progress
from batch_client.session import Session
from tests.client.scripted import Signed

GROUP = "/subscriptions/s/resourceGroups/g/providers"
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/w"


class Manager(Session):
    """Answers GETs by path.

    Attributes:
        answers: by path, or by the URL of a further page.
        asked: paths, in their order.
        queries: what was asked with, where something was.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__(Signed(), "https://management.azure.com")
        self.answers = answers
        self.asked: list[str] = []
        self.queries: list[Mapping[str, str]] = []

    def get(
        self, url: str, version: str = "", query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """What is written down."""
        assert bool(version) == url.startswith("/"), "a further page has its version in its URL"
        self.asked.append(url)
        self.queries += [query] if query else []
        return dict(self.answers[url])


def in_two_pages(url: str, first: Any, second: Any) -> dict[str, Any]:
    """Answers of a list whose first page has one item, and links to a second one."""
    further = "https://management.azure.com/further"
    return {url: {"value": [first], "nextLink": further}, further: {"value": [second]}}


def refused(status: int, said: str = "{}") -> RefusedError:
    """What a session makes of an answer that refuses."""
    return answers.refused(mock.Mock(status_code=status, headers={}, reason="", text=lambda: said))


def asking(outputs: Mapping[str, Any], **parts: Any) -> Caller:
    """A caller in an environment, some of whose parts are the test's."""
    caller = Caller(Environment(outputs), Progress())
    caller.__dict__ |= {"credential": Signed(), **parts}
    return caller
