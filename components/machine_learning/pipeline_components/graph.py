"""What must hold between a pipeline and its steps, and in a step's command line.

Azure tells some of it when a version is registered and some only when a job runs; here a preview
does.
"""

import re
from graphlib import CycleError, TopologicalSorter
from typing import Any

from components.machine_learning.pipeline_components.ports import (
    DATA,
    FormError,
    Port,
    check_literal,
)
from components.machine_learning.pipeline_components.steps import Bound, bindings, literals

Ports = dict[str, Port]
Sides = dict[str, Ports]
"""Inputs and outputs of a component, by side."""

_NAMED = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_PORT = re.compile(r"(inputs|outputs)\.(\w+)(?:\.path)?")
_OPTIONAL = re.compile(r"\$\[\[.*?\]\]", re.DOTALL)


def check_command(line: Any, ports: Sides) -> None:
    """Let a command line name what its component declares, and nothing else.

    Raises:
        FormError: it does not.
    """
    if not isinstance(line, str) or not line.strip():
        raise FormError("command", "the command line that the step runs")
    for inside in _NAMED.findall(line):
        found = _PORT.fullmatch(inside)
        if found is None or found[2] not in ports[found[1]]:
            accepted = [f"{side}.{name}" for side in ports for name in ports[side]]
            raise FormError(
                "command", f"{inside}: it names only {', '.join(accepted) or 'nothing'}"
            )
    for inside in _NAMED.findall(_OPTIONAL.sub("", line)):
        side, _, name = inside.partition(".")
        port = ports[side][name.removesuffix(".path")]
        if port.get("optional") and port.get("default") is None:
            raise FormError("command", f"$[[…]] around {inside}, which is optional")


def check_pipeline(ports: Sides, jobs: dict[str, Any], commands: dict[str, Sides]) -> None:
    """Let every binding lead to something that is declared and of the same type.

    Raises:
        FormError: the first thing that does not fit.
    """
    written = []
    for step, job in jobs.items():
        _check_inputs(step, job, ports, commands)
        for name, bound in bindings(step, job, "outputs").items():
            key = f"jobs.{step}.outputs.{name}"
            found = _declared(name, commands[step]["outputs"], key)
            _check_types(found, _declared(bound.name, ports["outputs"], key), key)
            written.append(bound.name)
        for name in job.get("outputs") or {}:
            _declared(name, commands[step]["outputs"], f"jobs.{step}.outputs.{name}")
    for name in ports["outputs"]:
        if written.count(name) != 1:
            raise FormError(f"outputs.{name}", "exactly one step that writes it")
    _check_order(jobs)


def _check_inputs(step: str, job: Any, ports: Sides, commands: dict[str, Sides]) -> None:
    wanted, key = commands[step]["inputs"], f"jobs.{step}.inputs"
    for name, bound in bindings(step, job, "inputs").items():
        port = _declared(name, wanted, f"{key}.{name}")
        found = _source(bound, ports, commands, f"{key}.{name}")
        _check_types(found, port, f"{key}.{name}")
        may_be_missing = found.get("optional") and found.get("default") is None
        if may_be_missing and not _may_be_left_out(port):
            raise FormError(f"{key}.{name}", "an input that is not optional, as this one is not")
    for name, value in literals(job).items():
        port = _declared(name, wanted, f"{key}.{name}")
        if port["type"] in DATA:
            raise FormError(f"{key}.{name}", f"a binding, because it is a {port['type']}")
        check_literal(value, port, f"{key}.{name}")
    for name, port in wanted.items():
        if name not in (job.get("inputs") or {}) and not _may_be_left_out(port):
            raise FormError(f"{key}.{name}", "a value or a binding: the component requires it")


def _may_be_left_out(port: Port) -> bool:
    return bool(port.get("optional")) or port.get("default") is not None


def _source(bound: Bound, ports: Sides, commands: dict[str, Sides], key: str) -> Port:
    if not bound.step:
        return _declared(bound.name, ports["inputs"], key)
    if bound.step not in commands:
        raise FormError(key, f"an output of a step that is there: {', '.join(commands)}")
    return _declared(bound.name, commands[bound.step]["outputs"], key)


def _declared(name: str, ports: Ports, key: str) -> Port:
    if name not in ports:
        raise FormError(
            key, f"{name}: it is not declared; declared: {', '.join(ports) or 'nothing'}"
        )
    return ports[name]


def _check_types(found: Port, wanted: Port, key: str) -> None:
    if found["type"] != wanted["type"]:
        raise FormError(key, f"a {wanted['type']}; it is bound to a {found['type']}")


def _check_order(jobs: dict[str, Any]) -> None:
    needs = {
        step: {bound.step for bound in bindings(step, job, "inputs").values() if bound.step}
        for step, job in jobs.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise FormError("jobs", f"steps that don't wait for each other: {error.args[1]}") from None
