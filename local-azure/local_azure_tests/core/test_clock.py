"""The clock: it moves when it is told to, and wakes whoever waited for that time."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from local_azure.control_plane.clock import Clock, iso
from local_azure_tests.conftest import NOON


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_day_passes_in_no_time() -> None:
    async def day() -> list[str]:
        clock, log = Clock(NOON), []
        sleeper = asyncio.ensure_future(clock.sleep(24 * 3600))
        await _settled()
        clock.advance(timedelta(hours=23, minutes=59))
        await _settled()
        log.append("awake" if sleeper.done() else "asleep")
        clock.advance(timedelta(minutes=1))
        await _settled()
        log.append("awake" if sleeper.done() else "asleep")
        return log

    assert asyncio.run(day()) == ["asleep", "awake"]


def test_a_machines_clock_that_is_set_back_delays_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, began = Clock(), 1_000_000.0
    machine = {"time": began, "monotonic": 50.0}
    for name in machine:
        monkeypatch.setattr(
            f"local_azure.control_plane.clock.time.{name}", partial(machine.__getitem__, name)
        )

    told = [clock.timestamp()]
    for step in (
        {"time": began - 3600, "monotonic": 60.0},
        {"time": began + 90, "monotonic": 70.0},
    ):
        machine |= step
        told.append(clock.timestamp())

    assert [each - began for each in told] == [0, 10, 90]


def test_sleepers_wake_in_the_order_of_their_times() -> None:
    async def race() -> list[int]:
        clock, woken = Clock(NOON), []

        async def sleep(seconds: int) -> None:
            await clock.sleep(seconds)
            woken.append(seconds)

        sleepers = [asyncio.ensure_future(sleep(seconds)) for seconds in (30, 10, 20)]
        await _settled()
        clock.advance(timedelta(minutes=1))
        await asyncio.gather(*sleepers)
        return woken

    assert asyncio.run(race()) == [10, 20, 30]


def test_a_timeout_counts_the_clocks_time() -> None:
    async def late() -> None:
        clock = Clock(NOON)

        async def limited() -> None:
            async with clock.timeout(30):
                await asyncio.Event().wait()

        waiting = asyncio.ensure_future(limited())
        await _settled()
        clock.advance(timedelta(seconds=30))
        await waiting

    with pytest.raises(TimeoutError):
        asyncio.run(late())


def test_a_block_that_ends_in_time_is_not_cancelled() -> None:
    async def quick() -> str:
        async with Clock(NOON).timeout(1):
            return "done"

    assert asyncio.run(quick()) == "done"


def test_a_block_that_ends_as_its_time_comes_breaks_nothing() -> None:
    async def at_once() -> list[object]:
        clock, told = Clock(NOON), list[object]()
        asyncio.get_running_loop().set_exception_handler(lambda _, what: told.append(what))
        async with clock.timeout(1):
            clock.advance(timedelta(seconds=1))
        await _settled()
        return told

    assert asyncio.run(at_once()) == []


def test_a_running_clock_wakes_by_itself_and_can_be_moved() -> None:
    async def both() -> bool:
        clock = Clock()
        await clock.sleep(0.01)
        far = asyncio.ensure_future(clock.sleep(3600))
        await _settled()
        clock.advance(timedelta(hours=1))
        await asyncio.wait_for(far, 5)
        return True

    assert asyncio.run(both())


def test_a_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="only moves forward"):
        Clock(NOON).advance(timedelta(seconds=-1))


def test_a_clock_does_not_go_where_no_calendar_goes() -> None:
    clock = Clock(NOON)
    with pytest.raises(OverflowError):
        clock.advance(timedelta(days=3_000_000))

    assert clock.now() == NOON


def test_times_are_written_as_azure_writes_them() -> None:
    assert iso(NOON) == "2026-06-01T12:00:00.0000000Z"
