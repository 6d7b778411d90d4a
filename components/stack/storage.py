"""From settings to where files are dropped."""

from functools import partial

import pulumi

from components.settings import Settings, SettingsError
from components.settings.loops import Watched, last_name, meets, places, refusal, watched_of
from components.settings.problems import Problem, loc_of, unwritten
from components.settings.storage import NewStorage
from components.stack.stack import Stack, told
from components.storage.input_storage import (
    ContainersArgs,
    ExistingInputStorage,
    InputStorage,
    InputStorageArgs,
    InputStorageOutputs,
)


def input_storage(stack: Stack) -> InputStorageOutputs:
    """Where files are dropped: a new account, or one that is there already."""
    settings, wanted = stack.settings, stack.settings.storage
    opts = pulumi.ResourceOptions(protect=settings.protect)
    inputs: InputStorageOutputs
    if isinstance(wanted, NewStorage):
        inputs = InputStorage("inputs", {**stack.place, **told(wanted, InputStorageArgs)}, opts)
    else:
        named = told(wanted, ContainersArgs)
        inputs = ExistingInputStorage(
            "inputs", {**stack.place, **named, "account_id": wanted.existing}, opts
        )
    if watched := watched_of(settings):
        inputs.account_id.apply(partial(_write_elsewhere, settings, watched))
    return inputs


def _write_elsewhere(settings: Settings, watched: Watched, account_id: str) -> None:
    """A stack file can name the account that an earlier `up` made, as one that is there."""
    seen = watched._replace(account=last_name(account_id))
    for place in places(settings):
        if meets(place, seen):
            misfit = refusal(place, seen)
            line = unwritten(pulumi.get_project(), loc_of(misfit.path))
            problem = Problem(misfit.key, account_id, misfit.accepted, line)
            raise pulumi.RunError(str(SettingsError([problem], pulumi.get_stack())))
