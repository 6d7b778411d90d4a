"""From settings to where files are dropped."""

import pulumi

from components.azure.placement import PlacementArgs
from components.settings.model import Settings
from components.settings.watched import path_of
from components.storage.input_storage import InputStorage


def input_storage(settings: Settings, place: PlacementArgs) -> InputStorage:
    """Where files are dropped."""
    return InputStorage(
        "inputs",
        {
            **place,
            "container": settings.storage.container,
            "dead_letter_container": settings.storage.dead_letter_container,
            "delete_inputs_after_days": settings.storage.delete_inputs_after_days,
            "existing_account_id": settings.storage.existing_account_id,
        },
        pulumi.ResourceOptions(protect=settings.protect),
    )


def input_scope(settings: Settings, inputs: InputStorage) -> pulumi.Output[str]:
    """What jobs may read: the container, or all of an account that is watched as a whole."""
    return inputs.container_id if settings.events.prefix_filter else inputs.account_id


def watched_url(settings: Settings, inputs: InputStorage) -> pulumi.Output[str]:
    """What the URLs of blobs that start a job begin with, as workflows compare them."""
    path = path_of(settings.events.prefix_filter).replace(".dfs.", ".blob.")
    return pulumi.Output.concat(inputs.blob_endpoint, path)
