"""Order among components, carried by values.

Children do not inherit their component's `depends_on`, and a program in another language passes
no resources at all. So what must exist before a value may be used is put into the value.
"""

from typing import TypeVar

import pulumi

T = TypeVar("T")


def after(value: pulumi.Input[T], *resources: pulumi.CustomResource) -> pulumi.Output[T]:
    """The value, which in an `up` comes only once each of the resources exists.

    A URN comes then as well. An id would be unknown in a preview of a live stack that gets one of
    the resources: the preview would tell of what has the value that it may be replaced.
    """
    urns = [resource.urn for resource in resources]
    return pulumi.Output.all(value, *urns).apply(_first)


def _first(values: list[T]) -> T:
    return values[0]
