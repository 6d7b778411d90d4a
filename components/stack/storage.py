"""From settings to where files are dropped."""

from functools import partial

import pulumi

from components.azure.placement import PlacementArgs
from components.settings import Settings, SettingsError
from components.settings.loops import Watched, last_name, meets, places, refusal, watched_of
from components.settings.problems import Problem
from components.settings.storage import NewStorage
from components.settings.watched import path_of
from components.stack.place import told
from components.storage.input_storage import (
    ContainersArgs,
    ExistingInputStorage,
    InputStorage,
    InputStorageArgs,
    InputStorageOutputs,
)


def input_storage(settings: Settings, place: PlacementArgs) -> InputStorageOutputs:
    """Where files are dropped: a new account, or one that is there already."""
    opts, wanted = pulumi.ResourceOptions(protect=settings.protect), settings.storage
    inputs: InputStorageOutputs
    if isinstance(wanted, NewStorage):
        inputs = InputStorage("inputs", {**place, **told(wanted, InputStorageArgs)}, opts)
    else:
        named = told(wanted, ContainersArgs)
        inputs = ExistingInputStorage(
            "inputs", {**place, **named, "account_id": wanted.existing}, opts
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
            line = f"nothing: put {misfit.key} right where it stands"
            problem = Problem(misfit.key, account_id, misfit.accepted, line)
            raise pulumi.RunError(str(SettingsError([problem], pulumi.get_stack())))


def input_scope(settings: Settings, inputs: InputStorageOutputs) -> pulumi.Output[str]:
    """What jobs may read: the container, or all of an account that is watched as a whole."""
    return inputs.container_id if settings.prefix_filter else inputs.account_id


def watched_url(settings: Settings, inputs: InputStorageOutputs) -> pulumi.Output[str]:
    """What the URLs of blobs that start a job begin with, as workflows compare them."""
    path = path_of(settings.prefix_filter).replace(".dfs.", ".blob.")
    return pulumi.Output.concat(inputs.blob_endpoint, path)
