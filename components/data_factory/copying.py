"""Copies before and after a job, by Data Factory's Copy activity, as the factory's identity.

Before: from an account that batch endpoints can't read, to a folder of the input container that is
new in each run. After: from where predictions are written, to an account that they can't write to.
"""

from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi

from components.azure.options import also
from components.azure.ordering import after
from components.data_factory.documents import FactoryPlace, pipeline
from components.data_factory.files import BlobPlaceArgs, Side, copied, elsewhere, here
from components.identity import access

if TYPE_CHECKING:
    from pulumi_azure_native import datafactory

_TEMPLATES = {
    ("source", "input"): "Copy-Then-Score",
    ("output", "destination"): "Score-Then-Copy",
    ("source", "input", "output", "destination"): "Copy-Score-Copy",
}
"""The pipeline that copies between these, in this order."""


class CopyingArgs(TypedDict):
    """What is copied: source and input, or output and destination, or all four."""

    source: NotRequired[BlobPlaceArgs | None]
    """Folder that inputs are copied from."""

    input: BlobPlaceArgs
    """Where they are copied to."""

    output: BlobPlaceArgs
    """Where predictions are written, and copied from."""

    destination: NotRequired[BlobPlaceArgs | None]
    """Folder that they are copied to."""

    output_type: NotRequired[str]
    """UriFile, the default, or UriFolder: what the job writes."""

    blob_suffix: pulumi.Input[str]
    """What follows an account's name in the host of its blobs in this cloud."""


def copying(
    name: str,
    args: CopyingArgs,
    place: FactoryPlace,
    who: access.Principal,
    score: "datafactory.Pipeline",
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """The name of the pipeline that copies and scores, known once it may.

    Args:
        name: logical name that the parts' names begin with.
        args: what is copied.
        place: the factory.
        who: its identity.
        score: the pipeline that scores.
        opts: options of each part.

    Raises:
        ValueError: neither source nor destination is given.
    """
    sides = _sides(args)
    template = _TEMPLATES[tuple(side.role for side in sides)]
    made = copied(name, sides, args["blob_suffix"], place, who, opts)
    needed = also(opts, depends_on=[score, *made.datasets])
    copies = pipeline(f"{name}-copies", template, made.values, place, needed)
    return after(copies.name, *made.grants)


def _sides(args: CopyingArgs) -> list[Side]:
    source, destination = args.get("source"), args.get("destination")
    sides = []
    if source:
        sides += [elsewhere("source", source, may_write=False), here("input", args["input"])]
    if destination:
        written = here("output", args["output"])
        written.values["endpoint_output_type"] = args.get("output_type", "UriFile")
        sides += [written, elsewhere("destination", destination, may_write=True)]
    if not sides:
        raise ValueError("Give source or destination: without either there is nothing to copy")
    return sides
