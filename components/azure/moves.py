"""What Azure does not change: a region, for which all is made anew, and what is refused instead.

azure-native does so by itself only where a type's specification says that its location never
changes, or its own list does (provider/pkg/gen/replacement.go); for any other it sends a change,
which Azure refuses as `InvalidResourceLocation`.
"""

from collections.abc import Callable, Mapping
from typing import Any

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


def stays(
    name: str, told: Callable[[Mapping[str, Any]], Any], sentence: str
) -> pulumi.ResourceHookBinding:
    """Refuses, in the preview already, to change what Azure would refuse to change.

    What the preview does not know yet, or what is secret, it does not refuse.

    Args:
        name: of the hook; hooks are told apart by theirs.
        told: what stays, of a resource's inputs: a text.
        sentence: what to say, with `{before}` and `{after}` in it.
    """

    def refuse(changed: pulumi.ResourceHookArgs) -> None:
        before, after = told(changed.old_inputs or {}), told(changed.new_inputs or {})
        if isinstance(before, str) and isinstance(after, str) and before != after:
            raise ValueError(sentence.format(before=before, after=after))

    hook = pulumi.ResourceHook(name, refuse, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_update=[hook])
