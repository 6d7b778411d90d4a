"""Azure Monitor: what was counted of resources, and which alerts it would raise."""

from collections.abc import Iterable

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.clock import iso
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.rest import Call, Operation
from local_azure.control_plane.service import Service
from local_azure.services.insights import queries
from local_azure.services.insights.alerts import METRIC_ALERT, is_met


class Monitor(Service):
    """The service.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def operations(self) -> Iterable[Operation]:
        """Metrics of every resource, and the state of an alert."""
        yield queries.METRICS_OF_A_RESOURCE
        yield Operation(
            "GET",
            METRIC_ALERT.path,
            "/status",
            METRIC_ALERT.action("read"),
            (METRIC_ALERT.api_version,),
            self._status,
        )

    async def _status(self, call: Call) -> Response:
        """Shape: D:rest/api/monitor/metric-alerts-status/list."""
        found = is_met(self._control, call.target)
        told = {
            "id": f"{call.target.id}/status/default",
            "name": "default",
            "type": f"{METRIC_ALERT.arm_type}/status",
            "properties": {
                "dimensions": {},
                "status": "Unhealthy" if found else "Healthy",
                "timestamp": iso(self._control.clock.now()),
            },
        }
        return JSONResponse({"value": [told]})
