"""The page as a person has it: what is seen, what is heard of it, what the keyboard does."""

import time
from urllib.parse import quote, urlsplit

import pytest

from tests.browser.chromium import Browser
from tests.browser.conftest import HOSTILE, Visit
from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import sample

LIVE = "document.getElementById('connection').textContent === 'live'"
VIEWS = {
    "/": "Files",
    "/dead-letters": "Dead letters",
    "/resources": "Resources",
    "/mail": "Mail that workflows sent",
    "/dispatches": "CI workflows that workflows started",
    "/messages": "Messages",
    "/faults": "Clock and faults",
    "/act/sample": "Drop the file?",
    "/act/again-all": "Send them again?",
}


@pytest.mark.parametrize(("path", "heading"), VIEWS.items())
def test_each_view_has_its_heading_and_is_live(visit: Visit, path: str, heading: str) -> None:
    browser = visit(path)

    browser.wait_for(LIVE)
    assert browser.run("document.querySelector('h1').textContent") == heading


@pytest.mark.parametrize(
    "told",
    [
        *("attempt 1", "Authorize", "Invoke", "Completed", "1 of 1 files"),
        *("blob-created-subscription", "takes it"),
        *("Predictions", "confidence", "Log of the job", "files: 1, failed: 0"),
    ],
)
def test_a_scored_file_tells_all_that_came_of_it(
    visit: Visit, files: dict[str, str], told: str
) -> None:
    assert told in visit(f"/files/{files['seven']}").text()


def test_the_workflow_is_drawn_with_each_step_s_state(visit: Visit, files: dict[str, str]) -> None:
    browser = visit(f"/files/{files['seven']}")

    (name,) = [name for role, name in browser.named() if role in {"image", "img"}]
    assert name.startswith("workflow run on-blob-workflow")
    assert "Invoke Succeeded" in name
    assert "Reply_with_reason Skipped" in name


def test_a_failure_says_why_in_one_sentence(visit: Visit) -> None:
    assert "ValueError: broken.pgm is no plain PGM image of 8 by 8 pixels" in (
        visit("/?state=failed").text()
    )


def test_secured_inputs_are_hidden(visit: Visit, files: dict[str, str]) -> None:
    browser = visit(f"/files/{files['seven']}")

    assert "*** hidden: secured by the workflow definition ***" in browser.run(
        "document.body.textContent"
    )
    assert "client_secret=" not in browser.run("document.documentElement.outerHTML")


def test_a_file_that_lands_is_seen_within_a_second(visit: Visit, deployed: Deployed) -> None:
    browser = visit("/")
    browser.wait_for(LIVE)
    took = []
    for name in ("landing-1.pgm", "landing-2.pgm", "landing-3.pgm"):
        deployed.drop(f"incoming/{name}", content=sample(7))
        took.append(browser.wait_for(f"document.body.innerText.includes('{name}')"))
        browser.wait_for(f"/{name}\\s+done/.test(document.body.innerText)")

    assert min(took) < 1.0, "the machine may be busy, but not each time"


def test_a_tab_that_nobody_sees_is_not_live(visit: Visit, deployed: Deployed) -> None:
    browser = visit("/")
    browser.wait_for(LIVE)
    hide = "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
    tell = "document.dispatchEvent(new Event('visibilitychange'))"
    browser.run(hide + tell)
    deployed.drop("incoming/unseen.pgm", content=sample(7))
    time.sleep(1)
    before = "unseen.pgm" in browser.text()
    browser.run(f"delete document.hidden; {tell}")

    browser.wait_for("document.body.innerText.includes('unseen.pgm')")
    assert not before


def test_a_hostile_name_is_text(visit: Visit, files: dict[str, str]) -> None:
    browser = visit(f"/files/{quote(files['hostile'])}")

    assert browser.run("document.querySelector('h1').textContent") == f"incoming/{HOSTILE}"
    assert browser.run("document.images.length") == 0


def test_what_is_opened_stays_open_when_something_changes(
    visit: Visit, files: dict[str, str], deployed: Deployed
) -> None:
    browser = visit(f"/files/{files['seven']}")
    browser.wait_for(LIVE)
    first = "document.querySelector('details')"
    browser.run(f"{first}.open = true; {first}.querySelector('summary').focus()")
    deployed.drop("incoming/meanwhile.pgm", content=sample(7))
    time.sleep(0.5)

    assert browser.run(f"{first}.open")


def test_everything_that_can_be_used_has_a_name(visit: Visit, files: dict[str, str]) -> None:
    nameless = {}
    for path in [*VIEWS, f"/files/{files['seven']}", "/act/fault", "/act/clock"]:
        browser = visit(path)
        used = {"link", "button", "textbox", "searchbox", "combobox", "spinbutton", "image"}
        nameless[path] = [role for role, name in browser.named() if role in used and not name]

    assert not any(nameless.values()), nameless


def test_the_keyboard_is_enough(visit: Visit, deployed: Deployed) -> None:
    browser = visit("/faults")
    browser.run("document.querySelector('a[href=\"/act/fault\"]').focus()")
    browser.press("Enter")
    browser.wait_for("location.pathname === '/act/fault' && document.readyState === 'complete'")
    browser.run("document.querySelector('button.sure').focus()")
    browser.press("Enter")
    browser.wait_for("location.pathname === '/faults' && document.readyState === 'complete'")

    told = deployed.running.call(deployed.running.azure.faults.told)
    deployed.running.call(deployed.running.azure.faults.clear)
    assert [(each["host"], each["status"]) for each in told] == [("*.inference.ml.azure.com", 503)]


def test_the_first_tab_stop_leads_to_the_content(visit: Visit) -> None:
    browser = visit("/")
    browser.press("Tab")

    assert browser.run("document.activeElement.textContent") == "To the content"


@pytest.mark.parametrize(("scheme", "darker"), [("light", False), ("dark", True)])
def test_it_is_as_dark_as_the_reader_wants(
    browser: Browser, visit: Visit, scheme: str, *, darker: bool
) -> None:
    browser.colours(scheme)
    visit("/")
    paper, ink = (
        browser.run(f"getComputedStyle(document.body).{each}")
        for each in ("backgroundColor", "color")
    )

    assert (_light(paper) < _light(ink)) is darker


def _light(colour: str) -> int:
    return sum(int(each) for each in colour.strip("rgb()").split(",")[:3])


def test_on_a_narrow_screen_nothing_sticks_out(
    browser: Browser, visit: Visit, files: dict[str, str]
) -> None:
    of_files = [f"/files/{quote(each)}" for each in files.values()]
    with browser.narrow():
        wide = {path: visit(path).too_wide() for path in [*VIEWS, "/?state=failed", *of_files]}

    assert {path: more for path, more in wide.items() if more > 0} == {}


def test_ten_thousand_files_are_shown_and_found(visit: Visit, deployed: Deployed) -> None:
    azure = deployed.running.azure
    [event] = deployed.running.call(azure.eventgrid.history, 1)

    def publish() -> None:
        with azure.state.transaction():
            for number in range(10_000):
                told = {**event["event"], "id": f"many-{number}"}
                told["data"] = {"url": f"https://many.blob.core.windows.net/in/{number}.pgm"}
                azure.eventgrid._deliveries.take("/many", told, (), azure.clock.timestamp())

    deployed.running.call(publish)
    browser = visit("/?text=many.blob")
    browser.wait_for("document.querySelector('a[rel=next]')")
    browser = visit("/?text=in/9876.pgm")

    assert browser.run("document.querySelectorAll('tbody tr').length") == 1


def test_nothing_was_asked_of_any_other_machine(browser: Browser) -> None:
    assert {urlsplit(each).hostname for each in browser.asked} == {"127.0.0.1"}
    assert browser.said == []
