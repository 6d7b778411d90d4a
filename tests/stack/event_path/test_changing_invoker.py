"""A live stack changes who invokes, there and back, while files land: each gets its one job."""

from functools import partial

import pytest

from tests.stack.event_path.deployed import Deployed, until
from tests.stack.event_path.test_roles import delivered_again

pytestmark = pytest.mark.long


def test_files_that_land_while_another_begins_to_invoke_are_all_scored(
    stack: Deployed, digit: bytes
) -> None:
    urls = stack.drop("incoming/before.pgm", content=digit)
    for kind in ("managed_identity", "service_principal"):
        for changing in (True, False):
            stack.configure({"invoker": {"kind": kind, "changing": changing}})
            with stack.landing(f"{kind}-{changing}", digit) as landed:
                stack.up()
            for url in landed:
                until(partial(delivered_again, stack, url), "the delivery")
            stack.await_jobs(landed)
            urls += landed

    scored = [job["input"] for job in stack.await_jobs(urls) if job["status"] == "Completed"]
    assert sorted(scored) == sorted(urls)
