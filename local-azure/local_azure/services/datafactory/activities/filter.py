"""Filter: the items of an array for which a condition is true.

Its output is ``{"ItemsCount", "FilteredItemsCount", "Value"}``; ``output.value`` finds the last,
whatever its case. Source: D:data-factory/control-flow-filter-activity; the counts are UNVERIFIED.
"""

from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import array, truth
from local_azure.services.datafactory.step import Step


class Filter(ActivityType):
    """Keeps some items."""

    type = "Filter"
    required = frozenset({"items", "condition"})

    def inputs(self, step: Step) -> Any:
        """The items, each with what its condition is."""
        items = array(step.evaluate(step.own["items"]), "A Filter's items")
        what = f"The condition of '{step.record.name}'"
        kept = [
            truth(step.inner(index, item).evaluate(step.own["condition"]), what)
            for index, item in enumerate(items)
        ]
        return {"items": items, "conditions": kept}

    async def run(self, step: Step) -> Any:
        """Keep those whose condition is true."""
        pairs = zip(step.record.inputs["items"], step.record.inputs["conditions"], strict=True)
        kept = [item for item, is_kept in pairs if is_kept]
        whole = len(step.record.inputs["items"])
        return {"ItemsCount": whole, "FilteredItemsCount": len(kept), "Value": kept}
