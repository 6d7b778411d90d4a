"""What a registered name of data is made into."""

from typing import Any

import pytest

from batch_client import assets
from batch_client.answers import RefusedError
from batch_client.errors import ClientError, UsageError
from batch_client.invocation import Port
from tests.client.manager import WORKSPACE, Manager, asking, refused

HEART = f"{WORKSPACE}/data/heart/versions"


def version(name: str, created: str, kind: str = "uri_folder") -> dict[str, Any]:
    return {"name": name, "properties": {"dataType": kind}, "systemData": {"createdAt": created}}


ANSWERS: dict[str, dict[str, Any]] = {
    f"{HEART}/1": version("1", "2026-01-01", "uri_file"),
    f"{HEART}/a%3Fb": version("a?b", "2026-01-01", "uri_file"),
    f"{HEART}/5": version("5", "2026-01-01", "mltable"),
    HEART: {
        "value": [version("9", "2026-01-01"), version("2", "2026-03-01")],
        "nextLink": f"https://{HEART}?more",
    },
    f"https://{HEART}?more": {"value": [version("3", "2026-02-01", "uri_file")]},
    f"{WORKSPACE}/data/empty/versions": {"value": []},
}


class Refusing(Manager):
    """What is not there is answered 404, or as its path says."""

    def get(self, url: str, version: str = "", query: Any = None) -> dict[str, Any]:
        self.asked.append(url)
        if url in self.answers:
            return super().get(self.asked.pop(), version, query)
        raise refused(next((int(each) for each in ("403", "500") if each in url), 404))


def found(uri: str, kind: str | None = None) -> tuple[Port, int]:
    """What a job is given, and how often Resource Manager was asked."""
    manager = Refusing(ANSWERS)
    caller = asking({"workspace_id": WORKSPACE}, manager=manager)
    return assets.registered(caller, uri, kind), len(manager.asked)


FOUND: dict[str, tuple[tuple[str, ...], tuple[Port, int]]] = {
    "a version": (("azureml:heart:1",), (Port("UriFile", f"{HEART}/1"), 1)),
    "the latest": (("azureml:heart@latest",), (Port("UriFolder", f"{HEART}/2"), 2)),
    "the latest, unsaid": (("azureml:heart",), (Port("UriFolder", f"{HEART}/2"), 2)),
    "an id": ((f"{HEART}/1",), (Port("UriFile", f"{HEART}/1"), 1)),
    "an id with signs": ((f"{HEART}/a?b",), (Port("UriFile", f"{HEART}/a?b"), 1)),
    "a prefixed id": ((f"azureml:{HEART}/1",), (Port("UriFile", f"{HEART}/1"), 1)),
    "type and version": (("azureml:heart:7", "UriFolder"), (Port("UriFolder", f"{HEART}/7"), 0)),
}


@pytest.mark.parametrize(("given", "told"), FOUND.values(), ids=FOUND)
def test_a_job_is_given_the_id_and_the_type(given: tuple[str, ...], told: tuple[Port, int]) -> None:
    assert found(*given) == told


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "a table": (("azureml:heart:5",), "is of type mltable; accepted: uri_file and uri_folder"),
    "no version": (("azureml:empty",), "There is no data asset 'azureml:empty'"),
    "no such asset": (("azureml:nowhere:1",), "There is no data asset 'azureml:nowhere:1'"),
    "the latest of another type": (("azureml:heart", "UriFile"), "accepted: UriFile"),
    "another label": (("azureml:heart@newest",), "is no data asset; accepted"),
    "a model's id": ((f"{WORKSPACE}/models/m/versions/1",), "is no data asset; accepted"),
}


@pytest.mark.parametrize(("given", "why"), REFUSED.values(), ids=REFUSED)
def test_what_no_job_reads_is_refused(given: tuple[str, ...], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        found(*given)


def test_a_missing_role_is_named() -> None:
    with pytest.raises(ClientError, match="Needed: AzureML Data Scientist on the workspace"):
        found("azureml:is403:1")


def test_a_failure_is_not_told_as_a_missing_asset() -> None:
    with pytest.raises(RefusedError, match="500"):
        found("azureml:is500:1")
