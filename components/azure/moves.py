"""What is told to be in another region is made anew there, because Azure moves nothing.

azure-native does so by itself only where a type's specification says that its location never
changes, or its own list does (provider/pkg/gen/replacement.go); for any other it sends a change,
which Azure refuses as `InvalidResourceLocation`.
"""

import pulumi

ANEW = ["location"]


def made_anew_elsewhere(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult | None:
    """Has a resource that is in a region replaced where that is another one: a transformation."""
    if not args.type_.startswith("azure-native:") or "location" not in args.props:
        return None
    args.opts.replace_on_changes = [*(args.opts.replace_on_changes or []), *ANEW]
    return pulumi.ResourceTransformationResult(args.props, args.opts)
