"""What the judge did with each scenario, compared with what our engine does, and written down.

A scenario with the key ``differs`` must take other steps there; any other must take the same.
"""

import json
from typing import Any

from tools.oracle import scenarios

RECORDED = scenarios.FOLDER.parent / "judged_pipelines.json"


def compare(stepped: list[dict[str, Any]]) -> int:
    """Tell what differs.

    Returns:
        How many scenarios differ that should not, or do not that should.
    """
    unexpected = listed = 0
    for name, judged in zip(scenarios.names(), stepped, strict=True):
        scenario = scenarios.load(name)
        ours, theirs = scenarios.ours(scenario), told(judged)
        listed += "differs" in scenario
        if (ours == theirs) == ("differs" in scenario):
            unexpected += 1
            print(f"  {name}\n    ours  {json.dumps(ours)}\n    judge {json.dumps(theirs)}")
    print(f"pipelines: {len(stepped)}, {listed} listed differences, {unexpected} unexpected")
    return unexpected


def told(judged: dict[str, Any]) -> Any:
    """What the judge did: inputs by activity, or its error."""
    return scenarios.told(judged["steps"]) if "steps" in judged else judged


def write(judge: dict[str, str], stepped: list[dict[str, Any]]) -> None:
    """Write the judge's steps down; where it is known to differ, that it was asked."""
    found = {}
    for name, judged in zip(scenarios.names(), stepped, strict=True):
        scenario = scenarios.load(name)
        found[name] = {"sha256": scenarios.fingerprint(scenario)}
        if "differs" not in scenario:
            found[name]["told"] = told(judged)
    document = {**judge, "scenarios": found}
    RECORDED.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
