"""Every type of activity that is implemented; any other is refused when a pipeline is created."""

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.branches import IfCondition, Switch
from local_azure.services.datafactory.activities.copy import Copy
from local_azure.services.datafactory.activities.execute_pipeline import ExecutePipeline
from local_azure.services.datafactory.activities.fail import Fail
from local_azure.services.datafactory.activities.filter import Filter
from local_azure.services.datafactory.activities.foreach import ForEach
from local_azure.services.datafactory.activities.get_metadata import GetMetadata
from local_azure.services.datafactory.activities.until import Until
from local_azure.services.datafactory.activities.variables import AppendVariable, SetVariable
from local_azure.services.datafactory.activities.wait import Wait
from local_azure.services.datafactory.activities.web import WebActivity

_ALL: tuple[ActivityType, ...] = (
    AppendVariable(),
    Copy(),
    ExecutePipeline(),
    Fail(),
    Filter(),
    ForEach(),
    GetMetadata(),
    IfCondition(),
    SetVariable(),
    Switch(),
    Until(),
    Wait(),
    WebActivity(),
)

ACTIVITY_TYPES = {kind.type: kind for kind in _ALL}
