"""Azure's built-in roles, as far as the program and its users assign them.

Source: D:role-based-access-control/built-in-roles. A role that is not in `built_in_roles.json`
can't be assigned here: add it with its documented actions. Of the 88 actions of 'Azure AI
Enterprise Network Connection Approver' it has those on what has private endpoints here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
_BUILT_IN = Path(__file__).with_name("built_in_roles.json")
"""What the role with the id permits; what it doesn't name is empty."""


@dataclass(frozen=True)
class Role:
    """A role definition: control-plane actions, and data actions on what resources hold."""

    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, told: Mapping[str, Sequence[str]]) -> "Role":
        """The role of this name that permits what Resource Manager tells so."""
        keys = ("actions", "notActions", "dataActions", "notDataActions")
        return cls(name, *(tuple(told.get(key, ())) for key in keys))

    def told(self) -> dict[str, tuple[str, ...]]:
        """What it permits, as Resource Manager tells it."""
        return {
            "actions": self.actions,
            "notActions": self.not_actions,
            "dataActions": self.data_actions,
            "notDataActions": self.not_data_actions,
        }


@cache
def built_in() -> dict[str, Role]:
    """Azure's own roles by their ids."""
    read = json.loads(_BUILT_IN.read_text("utf-8"))
    return {guid: Role.of(told["roleName"], told) for guid, told in read.items()}


@cache
def by_name() -> dict[str, str]:
    """The ids of Azure's own roles."""
    return {role.name: guid for guid, role in built_in().items()}
