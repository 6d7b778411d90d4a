"""The rules as a pack of Pulumi's: `pulumi preview --policy-pack policy`.

The engine does not tell a pack which inputs are secrets: that rule is the tests' alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

# The engine runs this folder by itself, as no package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ResourceValidationPolicy,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from policy.made import UNKNOWN, Made
from policy.rules import OF_STACKS, RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_policy import (
        ReportViolation,
        ResourceValidationArgs,
        StackValidationArgs,
    )


def _known(value: Any) -> Any:
    """Inputs as plain data; the SDK raises where something is not known yet."""
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    return value


def _item(values: Any, key: Any) -> Any:
    try:
        return _known(values[key])
    except UnknownValueError:
        return UNKNOWN


def _of_resource(name: str, rule: Callable[[Made], Iterator[str]]) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        for broken in rule(Made(args.resource_type, args.name, _known(args.props))):
            report(broken)

    return ResourceValidationPolicy(name, str(rule.__doc__).partition("\n")[0], validate)


def _of_stack(
    rule: str, looks: Callable[[str, Sequence[Made]], Iterator[tuple[str, str]]]
) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        every = [Made(each.resource_type, each.name, _known(each.props)) for each in args.resources]
        urns = {each.name: each.urn for each in args.resources}
        stack = next(iter(urns.values()), "::").split(":")[2]
        for name, broken in looks(stack, every):
            report(broken, urns[name])

    return StackValidationPolicy(rule, str(looks.__doc__).partition("\n")[0], validate)


PolicyPack(
    name="azureml-batch-events",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        *(_of_resource(*each) for each in RULES.items() if each[0] != "secrets"),
        *(_of_stack(*each) for each in OF_STACKS.items()),
    ],
)
