"""What stacks may have under another type of resource."""

import pulumi
from pulumi.runtime import register_stack_transformation


def forget_versioned_types() -> None:
    """Takes the aliases off resources that azure-native gives each: a dozen, one for each version.

    No stack of this program has had a resource of such a type, and the SDK computes a URN for each
    alias: half of all that it computes in a preview (docs/speed.md).
    """
    register_stack_transformation(_without_versions)


def _without_versions(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult | None:
    if not args.opts.aliases:
        return None
    args.opts.aliases = [each for each in args.opts.aliases if not _is_versioned(each)]
    return pulumi.ResourceTransformationResult(args.props, args.opts)


def _is_versioned(alias: object) -> bool:
    kind = getattr(alias, "type_", None)
    return isinstance(kind, str) and kind.startswith("azure-native:")
