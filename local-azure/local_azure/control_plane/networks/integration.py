"""Sites that call from a subnet: ``<subnet>/serviceAssociationLinks/AppServiceLink``.

The link is the plan's. It comes with a site and goes when the site is disconnected; of one that is
deleted as it is it stays, and keeps the subnet (D:app-service/overview-vnet-integration, "Deleting
the App Service plan or app before disconnecting the network integration"). Azure was seen to take
it away some time later, too (Azure/deployment-stacks issue 150).
"""

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource

_TYPE = "Microsoft.Network/virtualNetworks/subnets/serviceAssociationLinks"


def occupant(control: ControlPlane, subnet_id: str) -> str:
    """Id of the plan that is in a subnet, or nothing."""
    found = control.resources.find(_link(subnet_id))
    return str(found.body["plan"]) if found else ""


def links(control: ControlPlane, under: str) -> list[str]:
    """Ids of the links of a subnet, or of a network's subnets."""
    return [each.id for each in control.resources.select(_TYPE, under=under)]


def join(control: ControlPlane, subnet_id: str, plan_id: str) -> None:
    """A site of the plan calls from the subnet from now on."""
    made = Resource(_link(subnet_id), _TYPE, "AppServiceLink", {"plan": plan_id}, {})
    control.resources.put(made)


def leave(control: ControlPlane, subnet_id: str) -> None:
    """The plan's last site has left the subnet."""
    control.resources.delete(_link(subnet_id))


def _link(subnet_id: str) -> str:
    return f"{subnet_id}/serviceAssociationLinks/AppServiceLink"
