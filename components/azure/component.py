"""What every component of the package begins with: its type, and who owns what is in it."""

import pulumi

from components.azure.moves import made_anew_elsewhere

PACKAGE = "azureml-batch-events"
"""Name of the components as a Pulumi package, and whose it is."""

Options = pulumi.ResourceOptions | None
"""Options that a component may be given."""


class Component(pulumi.ComponentResource):
    """A component whose type in states and packages is its class's name.

    What is in it is made anew where it is told to be in another region.
    """

    formerly = ""
    """The class that stacks have it as, with all that is in it."""

    def __init__(self, name: str, opts: Options) -> None:
        kind = f"{PACKAGE}:index:"
        own = pulumi.ResourceOptions(transformations=[made_anew_elsewhere])
        if self.formerly:
            own.aliases = [pulumi.Alias(type_=kind + self.formerly)]
        opts = pulumi.ResourceOptions.merge(own, opts)
        super().__init__(kind + type(self).__name__, name, {}, opts)
        self.child = pulumi.ResourceOptions(parent=self)
