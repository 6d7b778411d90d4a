"""Dead letters sent to the workflow again, each event with its own id, so that one job comes of it.

The workflow's trigger gets what Event Grid would send. Whoever has its URL may start jobs, so that
is asked for when it is needed and shown to nobody. An event whose job is there is not sent: the
answer to its delivery was lost, or the file landed again since.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from batch_client import dead_letters, operating
from batch_client.answers import RefusedError
from batch_client.caller import Caller
from batch_client.dead_letters import Letter
from batch_client.errors import ClientError
from batch_client.jobs import COMPLETED, Job
from batch_client.rights import OPERATE, Need, needing
from batch_client.session import post_signed
from batch_client.verify.resources import Resources
from batch_client.verify.runs import REPLIES
from batch_client.verify.workflow import Workflow

TRIGGER = "When_a_resource_event_occurs"
REPLAYED, HAD_ITS_JOB, KEPT = "replayed", "had its job", "kept"

_SKEW = timedelta(minutes=5)
_MAY_CALL = f"{OPERATE}Logic App Contributor, of a Standard plan's Website Contributor"
_WHOLE = ("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobRenamed")
_ADVICE = {
    400: "The event itself is refused, and will be again: mend the cause first.",
    403: "Is your address in `workflows.allowed_caller_ip_ranges`? Add it, and run `make up`.",
    503: "Nothing was started: try it again later.",
}


@dataclass(frozen=True)
class Replayed:
    """What became of a letter.

    Attributes:
        letter: which.
        state: ``replayed``, ``had its job`` or ``kept``.
        started: the job, or the pipeline's run, that there is now.
        why: why the letter is still there; empty where it is gone.
    """

    letter: Letter
    state: str
    started: str = ""
    why: str = ""


class Replaying:
    """Sends dead letters to the workflow.

    Raises:
        ClientError: the stack has no workflow; its URL can't be read.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._account = f"/storageaccounts/{caller.environment.need('storage_account_name')}"
        self._url = _callback_url(caller)
        self._marker = str(Resources(caller).workflow_parameters().get("marker_name") or "")
        self._jobs: list[Job] = []
        self._started: dict[str, str] = {}

    def all(self, letters: Iterable[Letter]) -> Iterator[Replayed]:
        """Each letter's fate, once it is known; what fails stays where it is.

        Raises:
            ClientError: the endpoint's jobs can't be read.
        """
        letters = list(letters)
        self._jobs = list(self._caused(letters))
        for letter in letters:
            try:
                state, started = self._replayed(letter)
            except ClientError as error:
                yield Replayed(letter, KEPT, why=str(error))
                continue
            self._started[letter.id] = started
            try:
                dead_letters.remove(self._caller, letter)
            except ClientError as error:
                yield Replayed(letter, state, started, f"The letter is still there: {error}")
            else:
                yield Replayed(letter, state, started)

    def _caused(self, letters: list[Letter]) -> Iterator[Job]:
        """The jobs that may be of one of these events, but those that failed."""
        first = min((each.raised for each in letters), default=None)
        for job in operating.listed(self._caller, first - _SKEW) if first else ():
            if not job.ended or job.status == COMPLETED:
                yield job

    def _replayed(self, letter: Letter) -> tuple[str, str]:
        if not self._takes(letter):
            message = (
                f"It is {letter.kind or 'no event'} for the subscription {letter.subscription}, "
                "which goes to no workflow that scores files: `dead-letters show` prints it for "
                "whoever handles it; who sent an event of a domain sends it again."
            )
            raise ClientError(message)
        there = self._started.get(letter.id) or self._job_of(letter)
        if there:
            return HAD_ITS_JOB, there
        try:
            answer = post_signed(self._url, [letter.event])
        except RefusedError as refusal:
            advice = _ADVICE.get(refusal.status, "")
            raise ClientError(f"{refusal} {advice}".rstrip()) from None
        return REPLAYED, next((str(answer[key]) for key in REPLIES.values() if key in answer), "")

    def _takes(self, letter: Letter) -> bool:
        """Whether it is an event of the account that the workflow watches."""
        topic = str(letter.told.get("topic") or "").lower()
        return letter.kind in _WHOLE and topic.endswith(self._account)

    def _job_of(self, letter: Letter) -> str:
        """The event's job, or one that was made of the same input later; empty without one."""
        asked = letter.url[: len(letter.url) - len(self._marker)]
        return next((job.name for job in self._jobs if _scores(job, letter, asked)), "")


def _scores(job: Job, letter: Letter, asked: str) -> bool:
    later = bool(job.created) and datetime.fromisoformat(job.created) >= letter.raised
    return operating.is_of(job, letter.id) or (later and asked in job.inputs)


def _callback_url(caller: Caller) -> str:
    workflow = Workflow(caller.environment.need("workflow_id"))
    path = f"{workflow.runtime}/triggers/{TRIGGER}/listCallbackUrl"
    with needing(Need("call the workflow's trigger", _MAY_CALL, workflow.id, "operators")):
        told = caller.manager.query(path, {}, workflow.runtime_version)
    return str(told["value"])
