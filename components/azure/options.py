"""Options of a resource beside those that all of its component have."""

from typing import Any

import pulumi


def also(opts: pulumi.ResourceOptions, **more: Any) -> pulumi.ResourceOptions:
    """The options, and these, called as `pulumi.ResourceOptions` calls them."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(**more))
