"""A workflow definition, read once per version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.services.logic.action import Action, read_actions
from local_azure.services.logic.secure import Hidden, Hiding


@dataclass(frozen=True)
class Definition:
    """A workflow definition.

    Attributes:
        trigger_name: its one trigger's name.
        trigger: that trigger as the definition has it.
        parameters: the declarations, by name.
        actions: the outermost actions.
        outputs: the declared outputs.
        responds: whether an action answers the caller.
        hidden: what of each action, by name, the run history does not show.
    """

    trigger_name: str
    trigger: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]]
    actions: tuple[Action, ...]
    outputs: Mapping[str, Any]
    responds: bool
    hidden: Mapping[str, Hidden]
    trigger_hidden: Hidden

    def find(self, name: str) -> Action | None:
        """The action of that name, whatever its case."""
        for action in self.all_actions():
            if action.name.lower() == name.lower():
                return action
        return None

    def all_actions(self) -> Iterator[Action]:
        """Every action, each before those in it."""
        for action in self.actions:
            yield from action.descendants()


def read(document: Mapping[str, Any]) -> Definition:
    """The definition that a document holds; ``check_definition`` has found nothing wrong in it."""
    name, trigger = next(iter(document["triggers"].items()))
    parameters = document.get("parameters", {})
    actions = read_actions(document["actions"])
    everything = [each for action in actions for each in action.descendants()]
    hiding = Hiding(everything, parameters, trigger)
    return Definition(
        trigger_name=name,
        trigger=trigger,
        parameters=parameters,
        actions=actions,
        outputs=document.get("outputs", {}),
        responds=any(action.type == "Response" for action in everything),
        hidden=hiding.actions(),
        trigger_hidden=hiding.trigger,
    )
