"""Every type of action that is implemented; any other is refused when a workflow is created."""

from local_azure.services.logic.actions.api_connection import ApiConnection
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.actions.branches import If, Scope, Switch
from local_azure.services.logic.actions.data import Compose, Join, ParseJson, Query, Select
from local_azure.services.logic.actions.foreach import Foreach
from local_azure.services.logic.actions.http import Http
from local_azure.services.logic.actions.response import RespondToCaller
from local_azure.services.logic.actions.terminate import Terminate
from local_azure.services.logic.actions.until import Until
from local_azure.services.logic.actions.variables import (
    AppendToArrayVariable,
    AppendToStringVariable,
    IncrementVariable,
    InitializeVariable,
    SetVariable,
)
from local_azure.services.logic.actions.wait import Wait

_ALL: tuple[ActionType, ...] = (
    ApiConnection(),
    AppendToArrayVariable(),
    AppendToStringVariable(),
    Compose(),
    Foreach(),
    Http(),
    If(),
    IncrementVariable(),
    InitializeVariable(),
    Join(),
    ParseJson(),
    Query(),
    RespondToCaller(),
    Scope(),
    Select(),
    SetVariable(),
    Switch(),
    Terminate(),
    Until(),
    Wait(),
)

ACTION_TYPES = {kind.type: kind for kind in _ALL}
