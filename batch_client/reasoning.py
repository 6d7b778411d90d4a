"""Why a job failed, in words: from what its runs ended with, and from its logs.

A job's own answer does not tell it. Read are the error of each run (`details`, as azure-ai-ml's
``stream`` does) and the logs that D:machine-learning/how-to-troubleshoot-batch-endpoints names;
what they hold beyond a Python traceback is compared with messages that people have met.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from batch_client.caller import Caller
from batch_client.job_logs import Logs

_LOGS = ("user/error.txt", "user/stdout/", "user/stderr/", "job_error", "job_result", "overview")

_EXCEPTION = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception|Interrupt|Exit)(?:: .*)?")
"""How a traceback ends."""
MEANINGS = {
    r"TableNotFound|Failed to create table|exit code:? 42\b": (
        "The cluster's identity lacks queue or table rights on the account of the workspace or of "
        "the output (exit code 42 with an empty log); after `up` they can be minutes late."
    ),
    r"No module named '?pip\b": (
        "The environment's image lacks pip (exit code 42): take one that has it."
    ),
    "No module named": (
        "The deployment's environment lacks this package: add it and deploy a new version of it."
    ),
    r"Authorization(?:PermissionMismatch|Failure|Failed)|\b403 (?:Forbidden|This)": (
        "A right was refused: the cluster's identity and the invoker read the inputs (Storage Blob "
        "Data Reader), the cluster's identity writes predictions (Storage Blob Data Contributor)."
    ),
    "path already exists": (
        "Nothing is lost where this is an event's second job; else a named output has to be new."
    ),
    "error[_ ]threshold": "More files failed than `error_threshold` allows.",
    "total vCPU quota of 0|QuotaExceeded": (
        "The subscription has no quota for these nodes; low-priority nodes have one of their own."
    ),
}
"""What a message means; most from docs/troubleshooting.md, whose sources are live reports."""


@dataclass(frozen=True)
class Reason:
    """Something that tells why.

    Attributes:
        where: the run or the log that says so.
        said: its own words.
        meaning: what that means and what to do; empty where that is not known.
    """

    where: str
    said: str
    meaning: str

    @property
    def line(self) -> str:
        """For a person."""
        return f"{self.where}: {self.said}" + (f"\n  {self.meaning}" if self.meaning else "")


def why(caller: Caller, name: str) -> list[Reason]:
    """What is known of a job's failure, each thing once.

    Raises:
        ClientError: it can't be read; a missing role is named.
    """
    found: dict[str, Reason] = {}
    for where, said in _said(caller, name):
        found.setdefault(said, Reason(where, said, meaning(said)))
    return list(found.values())


def meaning(said: str) -> str:
    """What a message means; empty where that is not known."""
    return next(
        (words for known, words in MEANINGS.items() if re.search(known, said, re.IGNORECASE)), ""
    )


def telling(log: str) -> list[str]:
    """The lines of a log that say why: how exceptions end, and messages that are known."""
    lines = [line.strip() for line in log.splitlines()]
    return list(
        dict.fromkeys(line for line in lines if _EXCEPTION.fullmatch(line) or meaning(line))
    )


def _said(caller: Caller, name: str) -> Iterator[tuple[str, str]]:
    for run in (name, *(each.id for each in caller.history.children(name))):
        if error := caller.history.error(run):
            yield f"run {run}", error
    for log, text in Logs(caller, name).more(lambda each: any(part in each for part in _LOGS)):
        for line in telling(text):
            yield log, line
