"""What every service of the embedded Azure has, whether or not it has need of it."""

from collections.abc import Iterable

from local_azure.control_plane.hosts import Host
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.rest import Operation


class Service:
    """A part of the embedded Azure: what it offers, and its work in the background."""

    def hosts(self) -> Iterable[Host]:
        """The host names that it answers for."""
        return ()

    def types(self) -> Iterable[ResourceType]:
        """Its types of the catalogue whose changes it takes part in, bound to this instance."""
        return ()

    def operations(self) -> Iterable[Operation]:
        """What it offers on Resource Manager's host, beside creating resources."""
        return ()

    async def start(self) -> None:
        """Take up the work, also what an earlier process left unfinished."""

    async def stop(self) -> None:
        """Leave the work so that the next start takes it up."""
