"""`hardening`: how what holds data is kept from being lost."""

from collections.abc import Iterator
from typing import Annotated

from components.settings.problems import Misfit
from components.settings.section import Section, between


class Hardening(Section):
    """How what the stack makes to hold data is kept from being lost (docs/hardening.md)."""

    enabled: bool = True
    """Whether all of it holds that is not switched off; needed where the section only switches
    off, and true in any other that leaves it out."""

    zone_redundant: bool = True
    """Whether storage accounts lie in three zones of the region, which has to have zones, at a
    higher price. An account of before has to be converted first (docs/hardening.md)."""

    soft_delete_days: Annotated[int, between(0, 365, "days, 0 for none")] = 14
    """Days for which deleted blobs and containers can be had back, and are paid for; 0 for none."""

    versioning: bool = True
    """Whether an input that is overwritten or deleted stays as a version, for soft_delete_days
    after it was written. Predictions are not versioned."""

    locks: bool = True
    """Whether Azure refuses to delete storage accounts, and roles at them: whoever takes one away,
    or destroys the stack, sets this to false first. Needs protect; refused in private stacks."""

    def misfits(self) -> Iterator[Misfit]:
        """Versions end, and who switches parts off says of the others whether they hold."""
        said = self.model_fields_set
        if said and "enabled" not in said and not any(getattr(self, each) for each in said):
            accepted = (
                "one of true, false: what is switched off here says nothing of the other parts"
            )
            yield Misfit("enabled", accepted, write=True, found=None)
        if self.versioning and not self.soft_delete_days:
            accepted = (
                "1 or more days: versions are deleted after as many, or set versioning: false"
            )
            yield Misfit("soft_delete_days", accepted, 14)
