"""Data Factory's own functions: what a pipeline's expressions ask of their run.

``item`` and ``variables`` are with the workflow functions, which share them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.expressions.registry import DATA_FACTORY, function

if TYPE_CHECKING:
    from local_azure.expressions.context import Context


@function("pipeline()", services=DATA_FACTORY, with_context=True)
def pipeline(context: Context) -> Any:
    """The pipeline's run: parameters, globalParameters and system variables."""
    return context.pipeline()


@function("activity(name: string)", services=DATA_FACTORY, with_context=True)
def activity(context: Context, name: str) -> Any:
    """The activity's record: output, status, error."""
    return context.activity(name)


@function("dataset()", services=DATA_FACTORY, with_context=True)
def dataset(context: Context) -> Any:
    """The dataset's parameters."""
    return context.dataset()


@function("linkedService()", services=DATA_FACTORY, with_context=True)
def linked_service(context: Context) -> Any:
    """The linked service's parameters."""
    return context.linked_service()
