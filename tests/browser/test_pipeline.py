"""A folder that a pipeline scores, as the page has it."""

from collections.abc import Iterator

import pytest

from tests.browser.chromium import Browser
from tests.browser.conftest import address, visiting
from tests.stack.event_path.deployed import brought_up
from tests.stack.pipeline.piped import Piped
from tests.stack.shell import sample

piped = brought_up(
    Piped, data_factory={"poll_interval_seconds": 1}, blob_events={"marker_name": "_SUCCESS"}
)


@pytest.fixture(scope="module")
def seen(piped: Piped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The page of a marker file, once what it started has ended."""
    piped.drop("incoming/monday/3.pgm", content=sample(3))
    [marker] = piped.drop("incoming/monday/_SUCCESS", content=b"")
    piped.ended_of("Score-Folder")
    url, event = address(piped), piped.events_for(marker)[0]["id"]
    with visiting(url, tmp_path_factory.mktemp("profile")) as browser:
        browser.open(f"{url.partition('/?')[0]}/files/{event}")
        yield browser


@pytest.mark.parametrize(
    "told", ["pipeline run Run-BatchEndpoint", "activity Check status", "3.pgm\t3\t"]
)
def test_what_the_pipelines_did_is_told(seen: Browser, told: str) -> None:
    assert told in seen.text()


@pytest.mark.parametrize(
    ("pipeline", "step"),
    [
        ("Score-Folder", "Run batch job Succeeded"),
        ("Run-BatchEndpoint", "Wait for job Succeeded"),
        ("Run-BatchEndpoint", "Keep failed checks Skipped"),
        ("Run-BatchEndpoint", "Fail not reached"),
    ],
)
def test_each_pipeline_is_drawn_with_the_state_of_its_steps(
    seen: Browser, pipeline: str, step: str
) -> None:
    drawn = [name for role, name in seen.named() if role in {"image", "img"}]

    [picture] = [each for each in drawn if each.startswith(f"pipeline run {pipeline}:")]
    assert step in picture
