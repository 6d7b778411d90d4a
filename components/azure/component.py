"""What every component of the package begins with: its type, and who owns what is in it."""

import pulumi

NAMESPACE = "azureml-batch-events"

Options = pulumi.ResourceOptions | None
"""Options that a component may be given."""


class Component(pulumi.ComponentResource):
    """A component whose type in states and packages is its class's name."""

    formerly = ""
    """The class that stacks have it as, with all that is in it."""

    def __init__(self, name: str, opts: Options) -> None:
        kind = f"{NAMESPACE}:index:"
        if self.formerly:
            before = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=kind + self.formerly)])
            opts = pulumi.ResourceOptions.merge(before, opts)
        super().__init__(kind + type(self).__name__, name, {}, opts)
        self.child = pulumi.ResourceOptions(parent=self)
