"""One run: make, ask, write, remove; and what a run that was broken off has left."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID, uuid5

import grpc
import requests

from local_azure_tests.recorded.asking import ARM, GRAPH, Asker
from local_azure_tests.recorded.judging import FACTS, disagreements, found
from local_azure_tests.recorded.world import World
from tests import PROJECT
from tests.conformance.assets import upload
from tests.conformance.provider import azure_native
from tests.conformance.recording import Recording
from tests.conformance.report import Outcome, as_found, page
from tests.conformance.signed_in import SignedIn
from tests.conformance.stack import DevStack

HOME = PROJECT / "build" / "conformance"
_ROLES, _GROUPS = "?api-version=2022-04-01", "?api-version=2024-11-01"
_SECONDS = 45 * 60
"""How long a group may take to go."""


@dataclass(frozen=True)
class Run:
    """What a run is called, and where.

    Attributes:
        stem: begins the names of all that it makes.
    """

    subscription: str
    location: str
    stem: str

    @staticmethod
    def fresh(subscription: str, location: str) -> Run:
        """A run with a name that nothing has."""
        return Run(subscription, location, f"cf{secrets.token_hex(3)}")

    @staticmethod
    def left() -> list[Run]:
        """The runs that have not removed what they made."""
        return [Run(**json.loads(each.read_text())) for each in sorted(HOME.glob("*/run.json"))]

    @property
    def folder(self) -> Path:
        """For what it writes."""
        return HOME / self.stem

    @property
    def group(self) -> str:
        """Its resource group, as the world names it."""
        return f"{self.stem}-group"

    @property
    def stack(self) -> DevStack:
        """The dev stack in it."""
        return DevStack(self.folder, self.stem)

    @property
    def recording(self) -> Recording:
        """An empty one, that knows the run's names."""
        return Recording(
            {
                self.subscription: "{subscriptionId}",
                self.group: "{resourceGroup}",
                self.stem: "example",
            }
        )

    def ask(self, who: SignedIn, say: Callable[[str], None]) -> Path:
        """Make everything, ask all facts, and write what came of it.

        Returns:
            The report.
        """
        self.folder.mkdir(parents=True)
        self._write("run.json", json.dumps(asdict(self)))
        recording = self.recording
        with azure_native() as native:
            asker = Asker(who.caller, self.subscription, who.tenant_id, self.stem, recording.hear)
            world = World(native, asker, self.stem, self.location)
            trouble = self._make(world, who, say)
            outcomes = list(_outcomes(world, say))
            facts = [
                as_found(each, world.filled, recording.clean)
                for each in outcomes
                if each.unexpected and each.answer
            ]
        title = f"Azure asked, {time.strftime('%Y-%m-%d')}, {self.location}"
        self._write("exchanges.jsonl", "\n".join([*recording.lines, ""]))
        self._write("facts.json", json.dumps(facts, indent=2, ensure_ascii=False))
        return self._write("report.md", page(title, outcomes, trouble, recording.clean))

    def _make(self, world: World, who: SignedIn, say: Callable[[str], None]) -> list[str]:
        """The dev stack, and what the world's assets are registered from; what went wrong."""
        say(f"Resource group {world.value('rg')}: pulumi up")
        trouble = [self.stack.up(self.group, self.location, who.publisher)]
        try:
            upload(world, who)
        except (grpc.RpcError, requests.RequestException) as error:
            trouble.append(f"Model and code could not be uploaded: {_said(error)}")
        trouble = [each for each in trouble if each]
        say("\n".join(trouble) or f"The dev stack is up. {len(FACTS)} facts")
        return trouble

    def _write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text, "utf-8")
        return file

    def remove(self, who: SignedIn) -> None:
        """Remove all that it made; what it wrote stays.

        Raises:
            RuntimeError: something of it is still there.
        """
        trouble = self.stack.destroy()
        call, told = who.caller.call, who.caller.told
        named = f"{GRAPH}/v1.0/applications?$filter=displayName eq '{self.stem}-stranger'"
        for each in told("GET", named)["value"]:
            call("DELETE", f"{GRAPH}/v1.0/applications/{each['id']}")
        place = f"{ARM}/subscriptions/{self.subscription}"
        role = f"roleDefinitions/{uuid5(UUID(self.subscription), self.stem)}"
        call("DELETE", f"{place}/providers/Microsoft.Authorization/{role}{_ROLES}")
        group = f"{place}/resourceGroups/{self.group}{_GROUPS}"
        call("DELETE", group)
        deadline = time.monotonic() + _SECONDS
        while call("GET", group).status_code != requests.codes.not_found:
            if time.monotonic() > deadline:
                message = f"Resource group {self.group} is still there."
                raise RuntimeError(message)
            time.sleep(1)
        if trouble:
            message = f"its group is gone, but pulumi destroy says: {trouble}"
            raise RuntimeError(message)
        for each in ("state", "Pulumi.yaml", f"Pulumi.{self.stem}.yaml", "passphrase", "run.json"):
            _gone(self.folder / each)


def _gone(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _outcomes(world: World, say: Callable[[str], None]) -> Iterator[Outcome]:
    for number, fact in enumerate(FACTS, 1):
        try:
            answer = found(world, fact)
            outcome = Outcome(fact, answer, disagreements(world, fact, answer))
        except (grpc.RpcError, requests.RequestException, AssertionError, LookupError) as error:
            outcome = Outcome(fact, None, {"": f"could not be asked: {_said(error)}"})
        if outcome.unexpected:
            say(f"  {number}. {fact['fact']}: otherwise")
        yield outcome


def _said(error: Exception) -> str:
    return str(error.details()) if isinstance(error, grpc.RpcError) else repr(error)
