"""The client's page over a stack, as a person has it."""

import re
from collections.abc import Iterator

import pytest

from batch_client.page.door import opened
from batch_client.page.site import Site
from tests.browser.chromium import Browser
from tests.browser.conftest import HOSTILE, visiting
from tests.stack.event_path.client import calling
from tests.stack.event_path.deployed import Deployed


@pytest.fixture(scope="module")
def seen(
    deployed: Deployed, files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """The list of a stack whose files were scored, or failed."""
    assert files
    with (
        calling(deployed) as caller,
        opened(Site(caller, 24).answer, 0) as url,
        visiting(url, tmp_path_factory.mktemp("profile")) as browser,
    ):
        yield browser


def test_the_files_are_seen_and_lead_to_what_came_of_them(seen: Browser) -> None:
    seen.open(f"{seen.run('location.origin')}/?text=img")
    listed = seen.text()

    seen.run("document.querySelector('#files a').focus()")
    seen.press("Enter")

    seen.wait_for("document.body.innerText.includes('What happened')")
    parts = ("workflow run", "verdict", "taken", "Invoke", "is Completed.")
    assert re.search(rf"{re.escape(f'incoming/{HOSTILE}')}\s+Completed", listed)
    assert seen.run("document.images.length") == 0
    assert [each for each in parts if each not in seen.text()] == [], seen.text()


def test_a_run_is_drawn_with_the_state_of_each_step(seen: Browser) -> None:
    seen.open(f"{seen.run('location.origin')}/?text=seven")
    for link in ("#files a", '.waterfall a[href^="/run"]'):
        seen.wait_for(f"document.querySelector('{link}')")
        seen.run(f"document.querySelector('{link}').click()")
    seen.wait_for("document.querySelector('svg.graph')")

    drawn = [name for role, name in seen.named() if role in {"image", "img"}]
    assert "Invoke (Http): Succeeded" in drawn


def test_a_job_that_failed_shows_its_log(seen: Browser) -> None:
    seen.open(f"{seen.run('location.origin')}/?state=Failed")
    for part in ("#files", ".waterfall"):
        selector = f'{part} a[href^="/{"file" if part == "#files" else "job"}"]'
        seen.run(f"document.querySelector('{selector}').click()")
        seen.wait_for("document.readyState === 'complete' && !document.querySelector('#files')")
        seen.wait_for("document.querySelector('.waterfall, pre')")

    assert "ValueError: broken.pgm is no plain PGM image" in seen.text()


def test_it_is_dark_where_one_wants_it_and_asks_nobody_else(seen: Browser) -> None:
    seen.open(f"{seen.run('location.origin')}/")
    paper = "getComputedStyle(document.body).backgroundColor"
    found = []
    for scheme in ("dark", "light"):
        seen.colours(scheme)
        found.append(seen.run(paper))

    assert found == ["rgb(20, 23, 27)", "rgb(255, 255, 255)"]
    assert {url.split("/")[2] for url in seen.asked if "://" in url} == {seen.run("location.host")}
    assert seen.said == []


def test_everything_that_can_be_used_has_a_name(seen: Browser) -> None:
    seen.open(f"{seen.run('location.origin')}/")

    used = [name for role, name in seen.named() if role in {"link", "button", "textbox"}]
    assert used
    assert "" not in used


def test_on_a_narrow_screen_nothing_sticks_out(seen: Browser) -> None:
    wide = []
    with seen.narrow():
        seen.open(f"{seen.run('location.origin')}/?text=seven")
        for link in ("#files a", '.waterfall a[href^="/run"]', "svg.graph"):
            there = f"document.querySelector('{link}') && document.readyState === 'complete'"
            seen.wait_for(there)
            wide.append(seen.too_wide())
            seen.run(f"document.querySelector('{link}').click?.()")

    assert max(wide) <= 0


def test_what_is_live_is_asked_for_again_and_keeps_the_focus(seen: Browser) -> None:
    seen.open(f"{seen.run('location.origin')}/")
    seen.run("document.querySelector('#files a').focus()")
    before = seen.run("document.activeElement.id")
    seen.run("document.querySelector('#files p').textContent = 'old'")

    seen.run("document.dispatchEvent(new Event('visibilitychange'))")

    seen.wait_for("document.querySelector('#files p').textContent !== 'old'")
    assert seen.run("document.activeElement.id") == before
