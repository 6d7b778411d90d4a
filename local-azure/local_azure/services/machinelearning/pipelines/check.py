"""What must hold of a literal, of a component, and between a pipeline and its steps' commands."""

import math
import re
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from local_azure.services.machinelearning.pipelines.bindings import (
    Bound,
    binding,
    names_in,
    without_optional,
)
from local_azure.services.machinelearning.pipelines.component import (
    LITERALS,
    Command,
    ComponentError,
    Declared,
    Pipeline,
    Step,
)

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {"true": "True", "false": "False"}


def check_command(command: Command) -> None:
    """Let a command's line name what it declares, and nothing else.

    Raises:
        ComponentError: it does not.
    """
    if not command.command.strip():
        raise ComponentError("command", "empty; it is what the component runs")
    for side, name in names_in(command.command):
        if name not in (command.inputs if side == "inputs" else command.outputs):
            raise ComponentError("command", f"${{{{{side}.{name}}}}} is not declared in {side}")
    for side, name in names_in(without_optional(command.command)):
        if side == "inputs" and _may_be_missing(command.inputs[name]):
            raise ComponentError("command", f"{name} is optional; accepted: it in $[[…]]")


def check_pipeline(pipeline: Pipeline, commands: Mapping[str, Command]) -> None:
    """Let every binding lead from something declared to something of the same type.

    Args:
        pipeline: the pipeline.
        commands: the component of each step, by the step's name.

    Raises:
        ComponentError: the first thing that does not fit.
    """
    for step in pipeline.steps.values():
        _check_inputs(step, pipeline, commands)
        _check_outputs(step, pipeline, commands[step.name])
    written = [
        bound.name for step in pipeline.steps.values() for bound in outputs_of(step).values()
    ]
    for name in pipeline.outputs:
        if written.count(name) != 1:
            reason = f"{written.count(name)} steps write it; accepted: exactly one"
            raise ComponentError(f"outputs.{name}", reason)
    order(pipeline)


def order(pipeline: Pipeline) -> list[Step]:
    """The steps, each after those whose outputs it takes.

    Raises:
        ComponentError: they wait for each other.
    """
    graph = TopologicalSorter({name: needs(step) for name, step in pipeline.steps.items()})
    try:
        return [pipeline.steps[name] for name in graph.static_order()]
    except CycleError as error:
        raise ComponentError("jobs", f"steps wait for each other: {error.args[1]}") from None


def needs(step: Step) -> list[str]:
    """The steps whose outputs a step takes."""
    return [bound.step for bound in inputs_of(step).values() if bound.step]


def inputs_of(step: Step) -> dict[str, Bound]:
    """A step's inputs that are bound to something."""
    where = f"jobs.{step.name}.inputs"
    bound = {name: binding(value, f"{where}.{name}") for name, value in step.inputs.items()}
    return {name: each for name, each in bound.items() if each}


def outputs_of(step: Step) -> dict[str, Bound]:
    """A step's outputs that are outputs of the pipeline.

    Raises:
        ComponentError: an output that is bound to nothing.
    """
    found = {}
    for name, value in step.outputs.items():
        where = f"jobs.{step.name}.outputs.{name}"
        bound = binding(value, where, "outputs")
        if bound is None:
            raise ComponentError(
                where, f"found {value!r}; accepted: ${{{{parent.outputs.<name>}}}}"
            )
        found[name] = bound
    return found


def _check_inputs(step: Step, pipeline: Pipeline, commands: Mapping[str, Command]) -> None:
    where = f"jobs.{step.name}.inputs"
    declared = commands[step.name].inputs
    bound = inputs_of(step)
    for name, value in step.inputs.items():
        wanted = _declared(name, declared, f"{where}.{name}")
        if name in bound:
            found = _source(bound[name], pipeline, commands, f"{where}.{name}")
            _check_types(found, wanted, f"{where}.{name}")
            if _may_be_missing(found) and not wanted.optional and wanted.default is None:
                reason = "bound to an optional input; the component requires it"
                raise ComponentError(f"{where}.{name}", reason)
        elif wanted.type not in LITERALS:
            reason = f"found {value!r}; accepted for {wanted.type}: a binding"
            raise ComponentError(f"{where}.{name}", reason)
        else:
            check_literal(value, wanted, f"{where}.{name}")
    for name, each in declared.items():
        if name not in step.inputs and each.default is None and not each.optional:
            raise ComponentError(f"{where}.{name}", "missing; the component requires it")


def _may_be_missing(declared: Declared) -> bool:
    return declared.optional and declared.default is None


def _check_outputs(step: Step, pipeline: Pipeline, command: Command) -> None:
    where = f"jobs.{step.name}.outputs"
    for name, bound in outputs_of(step).items():
        found = _declared(name, command.outputs, f"{where}.{name}")
        _check_types(found, _declared(bound.name, pipeline.outputs, where), f"{where}.{name}")


def _source(
    bound: Bound, pipeline: Pipeline, commands: Mapping[str, Command], where: str
) -> Declared:
    if not bound.step:
        return _declared(bound.name, pipeline.inputs, where)
    if bound.step not in commands:
        raise ComponentError(where, f"there is no step {bound.step!r}")
    return _declared(bound.name, commands[bound.step].outputs, where)


def _declared(name: str, declared: Mapping[str, Declared], where: str) -> Declared:
    if name not in declared:
        reason = f"{name!r} is not declared; accepted: {', '.join(declared) or 'nothing'}"
        raise ComponentError(where, reason)
    return declared[name]


def _check_types(found: Declared, wanted: Declared, where: str) -> None:
    if found.type != wanted.type:
        raise ComponentError(where, f"bound to a {found.type}; accepted: {wanted.type}")


def check_literal(value: Any, declared: Declared, where: str) -> str:
    """A literal's text, once it fits what is declared.

    Numbers and booleans may be given as texts, as azure-ai-ml gives them. That a boolean is written
    ``True`` or ``False`` is UNVERIFIED.

    Raises:
        ComponentError: another type, or a value that is not allowed.
    """
    text = _written(value, declared.type, where)
    if declared.enum and text not in {str(each) for each in declared.enum}:
        accepted = ", ".join(str(each) for each in declared.enum)
        raise ComponentError(where, f"found {value!r}; accepted: {accepted}")
    if declared.least is not None and float(text) < declared.least:
        raise ComponentError(where, f"found {value!r}; accepted: {declared.least:g} or more")
    if declared.most is not None and float(text) > declared.most:
        raise ComponentError(where, f"found {value!r}; accepted: {declared.most:g} or less")
    return text


def _written(value: Any, kind: str, where: str) -> str:
    if kind == "boolean":
        if str(value).lower() in _BOOLEANS:
            return _BOOLEANS[str(value).lower()]
    elif kind == "string":
        if isinstance(value, str) and "\0" not in value:
            return value
    elif not isinstance(value, bool) and _is_number(value, int if kind == "integer" else float):
        return str(value).strip()
    raise ComponentError(where, f"found {value!r}; accepted: a value of type {kind}")


def _is_number(value: Any, kind: type[int | float]) -> bool:
    try:
        number = kind(value)
        # What Python takes for a number beyond JSON's: nan, inf, 1_000, other digits than 0 to 9.
        written = not isinstance(value, str) or _NUMBER.fullmatch(value.strip())
        if not written or not math.isfinite(float(value)):
            return False
    except (TypeError, ValueError, OverflowError):
        return False
    return isinstance(value, str) or number == value
