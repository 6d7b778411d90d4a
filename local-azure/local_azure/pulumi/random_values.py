"""The provider random: values that are drawn once and then kept in Pulumi's state."""

import base64
import secrets
import string
from abc import abstractmethod
from collections.abc import Iterator
from uuid import uuid4

from local_azure.control_plane.resource_manager import sdk
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.pulumi.kind import Caller, Json, Kind, Made

_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
_CLASSES = {"upper": string.ascii_uppercase, "lower": string.ascii_lowercase}
_CLASSES |= {"numeric": string.digits, "special": _SPECIAL}


def kinds() -> dict[str, Kind]:
    """All types of this provider, by Pulumi's name."""
    made = (RandomString(), RandomUuid(), RandomId())
    return {one.pulumi_type: one for one in made}


class RandomKind(Kind):
    """One type of random value; any other input draws a new one."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """Every input."""
        return tuple(sdk.resource(self.pulumi_type).inputs)

    @abstractmethod
    def draw(self, inputs: Json) -> tuple[str, Json]:
        """A new value: its id, and what it has."""

    async def create(self, inputs: Json, _caller: Caller) -> Made:
        """Draw."""
        made_id, drawn = self.draw(inputs)
        return Made(made_id, {**inputs, **drawn})

    async def update(self, resource_id: str, inputs: Json, outputs: Json, _caller: Caller) -> Made:
        """The value stays."""
        return Made(resource_id, {**outputs, **inputs})

    async def read(self, resource_id: str, outputs: Json, _caller: Caller) -> Made | None:
        """The value as Pulumi's state has it; there is no other place.

        Raises:
            ValueError: a value that is not in the state.
        """
        if not outputs:
            raise ValueError(f"Importing {self.pulumi_type} is not emulated.")
        return Made(resource_id, outputs)

    async def delete(self, resource_id: str, outputs: Json, caller: Caller) -> None:
        """Nothing lies anywhere else."""


class RandomString(RandomKind):
    """A string of letters, digits and special characters."""

    pulumi_type = "random:index/randomString:RandomString"

    def rules(self, inputs: Json) -> Iterator[Problem]:
        """There are characters to choose from, and room for those that are demanded."""
        length = inputs["length"]
        if not _allowed(inputs):
            yield Problem("upper", "no character is left to choose from")
        if length is not UNKNOWN and length < max(1, sum(_demanded(inputs).values())):
            yield Problem("length", f"found {length}, which is too short for what is demanded")
        if "number" in inputs:
            yield Problem("number", "deprecated and not emulated; use 'numeric'")

    def draw(self, inputs: Json) -> tuple[str, Json]:
        """Each demanded character, the rest of any allowed class, in random order."""
        allowed, demanded = _allowed(inputs), _demanded(inputs)
        drawn = [
            secrets.choice(_characters(inputs, name))
            for name, n in demanded.items()
            for _ in range(n)
        ]
        drawn += [secrets.choice(allowed) for _ in range(inputs["length"] - len(drawn))]
        secrets.SystemRandom().shuffle(drawn)
        result = "".join(drawn)
        defaults = {name: inputs.get(name, True) for name in _CLASSES}
        minima = {f"min{name.title()}": demanded[name] for name in _CLASSES}
        return result, {**defaults, **minima, "number": defaults["numeric"], "result": result}


class RandomUuid(RandomKind):
    """A GUID."""

    pulumi_type = "random:index/randomUuid:RandomUuid"

    def draw(self, _inputs: Json) -> tuple[str, Json]:
        """A GUID of version 4."""
        result = str(uuid4())
        return result, {"result": result}


class RandomId(RandomKind):
    """Random bytes in several spellings."""

    pulumi_type = "random:index/randomId:RandomId"

    def draw(self, inputs: Json) -> tuple[str, Json]:
        """That many bytes."""
        drawn = secrets.token_bytes(inputs["byteLength"])
        prefix = inputs.get("prefix", "")
        url = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
        return url, {
            "b64Std": prefix + base64.b64encode(drawn).decode(),
            "b64Url": prefix + url,
            "dec": prefix + str(int.from_bytes(drawn)),
            "hex": prefix + drawn.hex(),
        }


def _characters(inputs: Json, name: str) -> str:
    if name == "special" and isinstance(given := inputs.get("overrideSpecial"), str):
        return given
    return _CLASSES[name]


def _allowed(inputs: Json) -> str:
    return "".join(_characters(inputs, name) for name in _CLASSES if inputs.get(name, True))


def _demanded(inputs: Json) -> dict[str, int]:
    minima = {name: inputs.get(f"min{name.title()}", 0) for name in _CLASSES}
    return {name: 0 if least is UNKNOWN else least for name, least in minima.items()}
