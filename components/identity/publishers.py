"""People and pipelines that may upload models and code.

They are configured, and not whoever happens to run `up`: docs/decisions/uploads-without-keys.md.
"""

from typing import TypedDict

import pulumi

from components.azure.component import Component, Options
from components.azure.ordering import after
from components.identity import access


class PublishersArgs(TypedDict):
    """Arguments of Publishers."""

    publishers: list[access.PrincipalArgs]
    """Who uploads: whoever runs `up`, people and pipelines, must be one of them."""

    artifacts_url: pulumi.Input[str]
    """URL of the container behind `workspaceblobstore`, without a slash at its end."""

    artifacts_container_id: pulumi.Input[str]
    """Resource id of the same container; publishers may write there."""


class Publishers(Component):
    """Storage Blob Data Contributor on the workspace's container, for each publisher."""

    artifacts_url: pulumi.Output[str]
    """The container's URL, known once everybody may write there."""

    def __init__(self, name: str, args: PublishersArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        container_id = args["artifacts_container_id"]
        grants = [
            access.may_write_blobs(
                f"{name}-{each['object_id']}", access.Principal(**each), container_id, self.child
            )
            for each in args["publishers"]
        ]
        self.artifacts_url = after(args["artifacts_url"], *grants)
        self.register_outputs({"artifacts_url": self.artifacts_url})
