"""Sends each trace to an OpenTelemetry collector once it has ended, where one is named.

That is ``OTEL_EXPORTER_OTLP_ENDPOINT`` in the server's environment; without it nothing is loaded.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from local_azure.control_plane.clock import iso
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.service import Service
from local_azure.control_plane.state import KEPT
from local_azure.tracing.model import UNDER_WAY, Span, Trace
from local_azure.tracing.query import Traces, Wanted

if TYPE_CHECKING:  # without a collector it is not loaded
    from local_azure.tracing.otlp import Exporter

_log = logging.getLogger(__name__)
_VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PAUSE = 0.5
"""Seconds of the machine between two looks; where looking takes long, ten times as long as that."""
_LAST = 3.0
"""Seconds that the last look may take, when the server stops."""
_AGAIN = -1
"""As what was seen: all that there is is looked at."""
_AT_ONCE = 2000
"""Spans of one request."""
_LONGEST = timedelta(days=1)
"""How long Event Grid tries, so that what began earlier has ended."""


class Export(Service):
    """The loop that exports.

    Args:
        control: clock and state.
        traces: what is exported.
    """

    def __init__(self, control: ControlPlane, traces: Traces) -> None:
        self._control = control
        self._traces = traces
        self._exporter: Exporter | None = None
        self._loop: asyncio.Task[None] | None = None
        self._seen = _AGAIN
        self._begun = ""
        self._since = ""
        self._sent: dict[str, set[str]] = {}

    async def start(self) -> None:
        """Begin to look, if somebody is to be told."""
        if any(map(os.environ.get, _VARIABLES)):
            now = self._control.clock.now()
            self._begun, self._since = iso(now), iso(now - _LONGEST)
            self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Send what has ended meanwhile, if that is soon done."""
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        if self._exporter:
            try:
                async with asyncio.timeout(_LAST):
                    await self._look(self._exporter)
            except TimeoutError:
                _log.warning("The collector did not take the last traces in time.")
            self._exporter.close()

    async def _run(self) -> None:
        try:
            self._exporter = await asyncio.to_thread(_exporter)
        except ImportError as error:
            _log.warning("No trace is exported: %s; pip install 'local-azure[otlp]'.", error)
            return
        while True:
            before = time.monotonic()
            try:
                await self._look(self._exporter)
            except Exception:  # noqa: BLE001 no trace may keep others from being sent
                _log.exception("Traces could not be exported; it is tried again.")
            await asyncio.sleep(max(_PAUSE, 10 * (time.monotonic() - before)))

    async def _look(self, exporter: Exporter) -> None:
        if self._seen == self._control.state.changes:
            return
        self._seen = self._control.state.changes
        found = await self._traces.latest(Wanted(KEPT, since=self._since))
        new = [(trace, span) for trace in found for span in self._unsent(trace)]
        for start in range(0, len(new), _AT_ONCE):
            await self._send(exporter, new[start : start + _AT_ONCE])
        if self._seen == _AGAIN:
            return
        going = [each.spans[0].start for each in found if each.state == UNDER_WAY]
        self._since = min(
            [*going, *(each.spans[0].start for each in found[:1])], default=self._since
        )
        self._sent = {each.id: self._sent.get(each.id, set()) for each in found}

    async def _send(self, exporter: Exporter, spans: list[tuple[Trace, Span]]) -> None:
        if not await asyncio.to_thread(exporter.send, spans):
            self._seen = _AGAIN
            return
        for trace, span in spans:
            self._sent.setdefault(trace.id, set()).add(span.id)

    def _unsent(self, trace: Trace) -> list[Span]:
        """What of a trace that has ended since the server began is not with the collector yet."""
        if trace.row()["ended"] < self._begun:  # or goes on: then it is empty
            return []
        sent = self._sent.get(trace.id, set())
        return [each for each in trace.spans if each.id not in sent]


def _exporter() -> Exporter:
    from local_azure.tracing.otlp import Exporter  # noqa: PLC0415 only where it is needed

    return Exporter()
