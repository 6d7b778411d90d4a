"""What the SDK does in each run that this program has no need of (docs/speed.md)."""

import asyncio
import os

import pulumi
from pulumi.runtime import register_stack_transformation


def take_no_detours() -> None:
    """Leaves it out of the run that calls this, which has to be the program's first act.

    - The aliases that azure-native gives each resource, a dozen, one for each version of its API.
      The SDK computes a URN for each, and no stack of this program has had a resource of one.
    - Hundreds of lines that only `--debug` shows: the SDK waits for the engine to take each.
      PULUMI_OPTION_DEBUG, Pulumi's own variable for that flag, has them sent.
    - Looks at all that is under way each time that some of it is done. The SDK waits for one
      resource after the other where they have begun when the program ends, and these have.
    """
    register_stack_transformation(_without_versions)
    if "PULUMI_OPTION_DEBUG" not in os.environ:
        pulumi.log.debug = _unsent
    pulumi.run(_begin)


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


def _unsent(*_: object, **_named: object) -> None: ...


async def _begin() -> None:
    await asyncio.sleep(0)
