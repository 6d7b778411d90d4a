"""Files that land while the server is killed and hosts fail: each is scored, and scored once."""

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from azure.core.exceptions import AzureError
from azure.storage.blob import ContainerClient

from local_azure.commands import process
from local_azure.commands.console_client import Console
from local_azure.home import Home
from local_azure_tests.conftest import kill
from tests.soak.figures import tell
from tests.stack.event_path.deployed import ALL, ENDS
from tests.stack.shell import Entry, Stack, sample

SEED = int(os.environ.get("SOAK_SEED", "2026"))
FILES = int(os.environ.get("SOAK_FILES", "200"))
KILLS = int(os.environ.get("SOAK_KILLS", "5"))
FAULTS = FILES // 5
AT_ONCE = 8
PATIENCE = 600.0
"""Seconds of the machine's time until what is still under way counts as stuck."""
STEP = 61
"""Seconds by which the clock is moved where all that is left waits for its redelivery."""
HOSTS = (
    ("*.logic.azure.com", "POST", "*"),
    ("*.inference.ml.azure.com", "POST", "/jobs"),
    ("*.blob.core.windows.net", "*", "*"),
)
FAILURES = ({"status": 503}, {"drop": "request"}, {"drop": "answer"})


def test_no_file_is_lost_and_none_is_scored_twice(home: Home) -> None:
    plan = planned(random.Random(SEED))  # noqa: S311 it has to be the same each time
    stack = Stack(home, process.start(home))
    stack.up()
    with stack.container() as container:
        acknowledged = drop_all(home, container, plan)
        told = settled(Console.of(home))
        names = container.list_blob_names(name_starts_with="incoming/")
        dropped = acknowledged | {f"{container.url}/{name}" for name in names}

    scored = Counter(job["input"] for job in told["jobs"] if job["status"] == "Completed")
    lost = sorted(dropped - set(scored))
    duplicated = sorted(url for url, jobs in scored.items() if jobs > 1)
    odd = unexplained(told, sum(each["path"] == "/jobs" for each in plan.values() if each))
    tell(
        files=FILES,
        dropped=len(dropped),
        kills=KILLS,
        faults=FAULTS,
        runs=len(told["workflow_runs"]),
        jobs=len(told["jobs"]),
        lost=len(lost),
        duplicated=len(duplicated),
        unexplained=len(odd),
    )
    assert (lost, duplicated, odd) == ([], [], [])


def drop_all(home: Home, container: ContainerClient, plan: dict[int, Entry | None]) -> set[str]:
    """Upload every file, some at once, while the plan happens; the URLs that were acknowledged.

    The SDK tries again; of what it gives up, or finds there already, the blob tells in the end.
    """
    acknowledged: set[str] = set()
    content = sample(7)
    free = threading.Semaphore(AT_ONCE)

    def drop(number: int) -> None:
        with suppress(AzureError):
            acknowledged.add(container.upload_blob(f"incoming/{number}.pgm", content).url)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(FILES):
            if number in plan:
                happen(home, plan[number])
            free.acquire()  # what happens before a file happens while those before it land
            pool.submit(drop, number).add_done_callback(lambda _: free.release())
    return acknowledged


def planned(rng: random.Random) -> dict[int, Entry | None]:
    """By the file before which it happens: a fault, or None for a kill."""
    happening: list[Entry | None] = [None] * KILLS
    for _ in range(FAULTS):
        host, method, path = rng.choice(HOSTS)
        happening.append({"host": host, "method": method, "path": path, **rng.choice(FAILURES)})
    return dict(zip(rng.sample(range(1, FILES), len(happening)), happening, strict=True))


def happen(home: Home, fault: Entry | None) -> None:
    """Ask for a fault, or kill the server and start it again."""
    if fault:
        Console.of(home).post("/faults", fault)
        return
    kill(home)
    process.start(home)


def settled(console: Console) -> dict[str, Any]:
    """Events, runs and jobs, once each has ended; the clock is moved on to what waits."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        told: dict[str, Any] = console.get(f"/runs?limit={ALL}")
        deliveries = [each for event in told["events"] for each in event["deliveries"]]
        if all(job["status"] in ENDS for job in told["jobs"]) and not any(
            run["status"] == "Running" for run in told["workflow_runs"]
        ):
            if not any(each["state"] in {"waiting", "dead-lettering"} for each in deliveries):
                return told
            console.post("/clock/advance", {"seconds": STEP})
        time.sleep(1)
    message = f"after {PATIENCE:.0f} s something is still under way"
    raise AssertionError(message)


def unexplained(told: dict[str, Any], endpoint_faults: int) -> list[Entry]:
    """Jobs and runs that ended otherwise than well, and for which no kill and no fault accounts."""
    tried = Counter(job["input"] for job in told["jobs"])
    odd = [
        job
        for job in told["jobs"]
        if job["status"] != "Completed"
        and not ("the path already exists" in job["error"] and tried[job["input"]] > 1)
    ]
    by_fault = []
    for run in told["workflow_runs"]:
        codes = {each["code"] for each in run["actions"] if each["name"] == "Invoke"}
        if codes & {"ServiceUnavailable", "BadGateway"}:
            by_fault.append(run)
        elif run["response_status"] != 200 and run["status"] != "Aborted":
            odd.append(run)
    return odd + by_fault[endpoint_faults:]
