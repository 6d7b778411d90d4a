"""Names for what must be unique in all of Azure, or in a region: a readable stem and a random end.

Pulumi's auto-naming would keep the logical name's hyphens, which storage accounts and registries
refuse. The random end is kept in the state, so the name stays the same.
"""

import pulumi
from pulumi_random import RandomString

from components.azure.options import also
from components.azure.placement import PlacementArgs

RANDOM_LENGTH = 10
STEM_LENGTH = 12
"""Together 22 characters at most: the shortest limit is the 24 of storage accounts and vaults."""


def unique_name(name: str, stem: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """A name of lower-case letters and digits that starts with the stem's.

    Args:
        name: logical name of the resource that is to be named.
        stem: what the name should tell; other characters than letters and digits are left out.
        opts: options of the random part, which is a resource of its own.
    """
    letters = "".join(c for c in stem.lower() if c.isascii() and c.isalnum())[:STEM_LENGTH]
    end = RandomString(f"{name}-name", length=RANDOM_LENGTH, special=False, upper=False, opts=opts)
    return pulumi.Output.concat(letters, end.result)


def unique_name_there(
    name: str, stem: str, args: PlacementArgs, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """A name of its own in each place: what moves is deleted first, and its name may stay taken.

    A group or a region that is an output counts for nothing. So a program in another language
    should not change one from a text to an output, or back, on a live stack without `protect`:
    what is named gets another name, and is deleted with what is in it.

    Args:
        name: logical name of the resource that is to be named.
        stem: what the name should tell.
        args: where it is, in Azure's spelling or people's: `West Europe` is `westeurope`.
        opts: options of the random part.
    """
    place = (args["resource_group_name"], args.get("location"))
    told = ("".join(each.lower().split()) for each in place if isinstance(each, str))
    named = "-".join((name, *told))
    # States of before have it without a place.
    return unique_name(named, stem, also(opts, aliases=[pulumi.Alias(name=f"{name}-name")]))
