"""What is done with each operation that was begun, and what is said of it."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from batch_client.answers import RefusedError
from batch_client.errors import ClientError
from tools.resume import arm_ids, state
from tools.resume.directory import (
    APPLICATION,
    PASSWORD,
    PRINCIPAL,
    Directory,
    Secret,
    UnknownIdError,
)
from tools.resume.stack import Stack


class _Begun(NamedTuple):
    """An operation that was begun; the id under which it is taken over, or why it can't be."""

    operation: state.Pending
    id: str = ""
    note: str = ""


def lines(stack: Stack) -> Iterator[str]:
    """Take up a stack, and tell what was done with each operation, a line each.

    Raises:
        ClientError: it can't be done, or the directory can't be asked.
    """
    exported = stack.export()
    before = exported["deployment"] or {}
    directory = Directory(before)
    begun = [_looked_up(each, before, directory) for each in state.pending(before)]
    creates = [(each.operation.resource, each.id) for each in begun if each.id]
    # The next state says nothing of them, even if what follows fails.
    yield from (f"look at      {each.operation}: {each.note}" for each in begun if each.note)
    if begun:
        if stack.export() != exported:
            message = "Somebody is working on the stack: wait for its end, then this command again."
            raise ClientError(message)
        stack.replace({**exported, "deployment": state.taken_over(before, creates)})
    yield "Asking Azure what there is ..."
    stack.refresh()
    refreshed = stack.export()
    after = refreshed["deployment"] or {}
    mended = state.with_failures(state.with_inputs(after, creates), before)
    if mended["resources"] != (after.get("resources") or []):
        stack.replace({**refreshed, "deployment": mended})
    yield from (_told(each, after) for each in begun if not each.note)
    yield from (_removed(each, directory) for each in directory.orphans())
    yield "Nothing is pending. Now run what was interrupted again: up, or destroy."


def _removed(secret: Secret, directory: Directory) -> str:
    named = f"client secret {secret.name!r} of application {secret.application}"
    try:
        directory.remove(secret)
    except RefusedError as refusal:
        return (
            f"look at      {named}: nobody knows it, and you may not take it away ({refusal}). "
            "Have an owner do so: az ad app credential delete "
            f"--id {secret.application} --key-id {secret.key_id}"
        )
    return f"removed      {named}"


def _looked_up(operation: state.Pending, before: state.Json, directory: Directory) -> _Begun:
    kind = operation.kind
    if operation.doing != "creating" or not operation.is_outside or kind == PASSWORD:
        return _Begun(operation)
    try:
        if kind in (APPLICATION, PRINCIPAL):
            return _Begun(operation, directory.id_of(operation) or "")
        subscription = state.subscription_of(before) or _subscription()
        return _Begun(operation, _known(arm_ids.arm_id(kind, operation.inputs, subscription)))
    except UnknownIdError as error:
        return _Begun(operation, note=f"{error} ({operation.resource['urn']})")


def _known(arm_id: str | None) -> str:
    if arm_id is None:
        message = (
            "nobody here can tell its id in Azure. Look whether it is there, and delete it if so: "
            "the next up makes it"
        )
        raise UnknownIdError(message)
    return arm_id


def _subscription() -> str:
    """The provider's default, where nothing was created yet that would tell."""
    for name in ("ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"):
        if told := os.environ.get(name):
            return told
    command = ["az", "account", "show", "--output", "json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return str(json.loads(done.stdout)["id"])
    except (OSError, subprocess.CalledProcessError, ValueError, KeyError):
        return ""


def _told(begun: _Begun, after: state.Json) -> str:
    operation = begun.operation
    if operation.doing != "creating":
        there = state.find(after, str(operation.resource.get("id")))
        end = "there" if there else "gone"
        return f"refreshed    {operation}: was {operation.doing}, and is {end}"
    found = state.find(after, begun.id)
    if found is None:
        return f"cleared      {operation}: the next up makes it"
    if found.get("delete"):
        return f"left over    {operation}: the next up deletes it ({begun.id})"
    return f"taken over   {operation}"
