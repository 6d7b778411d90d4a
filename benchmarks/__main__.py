"""``python -m benchmarks [--only NAME]``: measure, print, write ``RESULTS.md``."""

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import blob_to_job, event_rate, expressions, figures, rest, stack
from benchmarks.figures import Figure
from benchmarks.workspace import workspace

_RESULTS = Path(__file__).with_name("RESULTS.md")
_NAMES = ("stack", "blob-to-job", "rest", "event-rate", "expressions")


def main() -> None:
    """Measure what was asked for; only a whole run is written down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=_NAMES, help="measure one thing, write nothing")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    measured = _measure(options.only)
    sys.stdout.write(f"{figures.plain(measured)}\n")
    if options.only is None:
        _RESULTS.write_text(_document(measured, load))
        sys.stdout.write(f"Written to {_RESULTS}.\n")


def _measure(only: str | None) -> list[Figure]:
    measured: list[Figure] = []
    if only not in ("event-rate", "expressions"):
        with workspace() as on:
            if only == "blob-to-job":
                on.pulumi("up", "--yes", "--skip-preview", "--stack", "dev")
            elif only != "rest":
                measured += stack.measure(on)
            if only not in ("stack", "rest"):
                measured += blob_to_job.measure(on)
            if only in (None, "rest"):
                measured += rest.measure(on)
    if only in (None, "event-rate"):
        measured += event_rate.measure()
    if only in (None, "expressions"):
        measured += expressions.measure()
    return measured


def _document(measured: list[Figure], load: float) -> str:
    return (
        "# Benchmarks\n\n"
        f"Measured in one run by `make bench` on {datetime.now(UTC):%Y-%m-%d}: "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, load average {load:.1f} at "
        "the beginning (more than nothing means that others used the cores). "
        "Ratios are of medians; absolute times are this machine's.\n\n"
        f"{figures.markdown(measured)}\n"
    )


if __name__ == "__main__":
    main()
