"""``python -m tests.conformance --subscription GUID``."""

import argparse
import os
import signal
import sys
from uuid import UUID

from azure.core.exceptions import ClientAuthenticationError

from tests import conformance
from tests.conformance.run import Run
from tests.conformance.signed_in import SignedIn, whoever
from tests.conformance.terms import TERMS


def main(arguments: list[str]) -> int:
    """Ask for a yes, then ask Azure; 1 where something is still there, 2 where nothing was done."""
    parser = argparse.ArgumentParser(prog="make conformance", description=conformance.__doc__)
    parser.add_argument("--subscription", type=UUID, required=True, help="id of a subscription")
    parser.add_argument("--location", default="westeurope", help="region (default: westeurope)")
    parser.add_argument("--remove", action="store_true", help="only remove what is left of runs")
    given = parser.parse_args(arguments)
    left = [run for run in Run.left() if run.subscription == str(given.subscription)]
    run = None if given.remove else Run.fresh(str(given.subscription), given.location)
    if not left and not run:
        print("Nothing is left of any run.")
        return 0
    if not _agreed(left, run):
        print("Nothing was done.")
        return 2
    try:
        who = whoever()
    except ClientAuthenticationError as error:
        print(f"Nothing was done: nobody is signed in (`az login`). {error.message}")
        return 2
    os.environ["ARM_SUBSCRIPTION_ID"] = str(given.subscription)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    for each in left:
        _removed(each, who)
    return _done(run, who) if run else 0


def _agreed(left: list[Run], run: Run | None) -> bool:
    """Whether somebody at a terminal has typed yes, told what is going to be done."""
    for each in left:
        print(f"Of an earlier run: group {each.group}, its stack and applications are removed.")
    if run:
        given = {"subscription": run.subscription, "location": run.location}
        print(TERMS.format(group=run.group, folder=run.folder, **given))
    if not sys.stdin.isatty():
        print("This is no terminal, and it goes on only after a yes that somebody types.")
        return False
    return input("Type yes to go on: ").strip() == "yes"


def _done(run: Run, who: SignedIn) -> int:
    try:
        print(f"The report: {run.ask(who, print)}", flush=True)
    finally:
        remedy = f"make conformance SUBSCRIPTION={run.subscription} REMOVE=1"
        print(f"Removing what it made. If this is broken off: {remedy}", flush=True)
        removed = _removed(run, who)
    return 0 if removed else 1


def _removed(run: Run, who: SignedIn) -> bool:
    try:
        run.remove(who)
    except RuntimeError as error:
        print(f"Something is left of {run.group}: {error}")
        return False
    print(f"Group {run.group} and all that belonged to it are removed.", flush=True)
    return True


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
