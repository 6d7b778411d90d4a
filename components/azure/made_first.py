"""Resources with a name of their own choice, of which the new one is made before the old one goes.

azure-native deletes first what it is to replace and has not named itself: an `up` that failed then
would have deleted what runs. Replacing last (`delete_before_replace=False`) is not enough: after
such an `up` the former name, put back, would meet the resource that still waits for its deletion.
"""

import pulumi

from components.azure.options import also


def made_first(
    name: str, chosen: str, opts: pulumi.ResourceOptions
) -> tuple[str, pulumi.ResourceOptions]:
    """The logical name of a resource for its chosen name, and its options.

    Each chosen name is a resource of its own: made when it is new, deleted at the end when nothing
    asks for it any more, and the same one when it comes back before that.

    Args:
        name: what the resource is for.
        chosen: its physical name, or the part of it that changes.
        opts: its options otherwise.
    """
    # States of before have the resource under the name alone.
    kept = also(opts, aliases=[pulumi.Alias(name=name)], delete_before_replace=False)
    return f"{name}-{chosen}", kept
