"""Everything that the embedded Azure consists of, wired together.

Services call each other over HTTP, by Azure's host names, with tokens of their identities, as they
do in Azure. What they share in here is the control plane: state, clock, resources, rights.
"""

from datetime import timedelta

import aiohttp
from starlette.types import ASGIApp

from local_azure.catalogue import TYPES
from local_azure.control_plane import http_client
from local_azure.control_plane.authorization.model import Authorization
from local_azure.control_plane.authorization.roles import OWNER
from local_azure.control_plane.certificates import Authority
from local_azure.control_plane.clock import Clock
from local_azure.control_plane.clouds import AUDIENCES, CLOUDS, LOGIN_HOSTS
from local_azure.control_plane.entra.directory import Directory
from local_azure.control_plane.entra.graph import OWNED_BY, GraphPermissions
from local_azure.control_plane.entra.routes import Login
from local_azure.control_plane.entra.tokens import Tokens
from local_azure.control_plane.faults import Faults
from local_azure.control_plane.hosts import Hosts
from local_azure.control_plane.metrics import Metrics
from local_azure.control_plane.networks.origins import Origins
from local_azure.control_plane.pace import Pace
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.ports import Ports
from local_azure.control_plane.resource_manager import actions, deployment, reading, subscriptions
from local_azure.control_plane.resource_manager.actions import Secrets
from local_azure.control_plane.resource_manager.door import Door
from local_azure.control_plane.resource_manager.manager import ResourceManager
from local_azure.control_plane.resource_manager.operations import Operations
from local_azure.control_plane.resource_manager.rest import HOSTS, Rest
from local_azure.control_plane.resource_manager.store import Resources
from local_azure.control_plane.service import Service
from local_azure.control_plane.state import State
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION, TENANT_ID
from local_azure.control_plane.web import front_door
from local_azure.home import Home
from local_azure.pulumi.graph_host import Graph
from local_azure.pulumi.service import Providers
from local_azure.services.connectors.service import Connectors
from local_azure.services.datafactory.service import DataFactory
from local_azure.services.eventgrid.service import EventGrid
from local_azure.services.github.service import GitHub
from local_azure.services.insights.service import Monitor
from local_azure.services.keyvault.service import KeyVault
from local_azure.services.logic.service import LogicApps
from local_azure.services.machinelearning.service import MachineLearning
from local_azure.services.messaging.service import Messaging
from local_azure.services.receivers.service import Handlers
from local_azure.services.storage.service import Storage
from local_azure.tracing.export import Export
from local_azure.tracing.query import Sources, Traces


class Azure:
    """The embedded Azure of one state folder.

    Args:
        home: the state folder.
        clock: the time, for everything in here.
        is_slow: whether operations and what is new take as long as in Azure.
    """

    def __init__(self, home: Home, clock: Clock, *, is_slow: bool = False) -> None:
        home.create()
        self.home = home
        self.clock = clock
        self.state = State(home.database, home.secret("sealing").encode())
        self._resume_time()
        self.hosts = Hosts()
        self.faults, self.origins = Faults(clock), Origins()
        self.authority = Authority(home)
        self.resources = Resources(self.state, clock)
        pace = Pace(self.state, clock, is_slow=is_slow)
        self.authorization = Authorization(self.state, pace.is_known)
        self.directory = Directory(self.state, clock, pace.is_known)
        self.graph_permissions = GraphPermissions(self.state)
        self.tokens = Tokens(home, clock, self.directory, AUDIENCES, TENANT_ID)
        self.ports = Ports()
        self._http: aiohttp.ClientSession | None = None
        self._settle()
        login = Login(self.directory, self.tokens, clock, TENANT_ID)
        self.hosts.register(LOGIN_HOSTS, login.router(), largest=64 * 1024)
        control = ControlPlane(
            home=home,
            clock=clock,
            pace=pace,
            state=self.state,
            hosts=self.hosts,
            resources=self.resources,
            metrics=Metrics(self.state, clock),
            authorization=self.authorization,
            directory=self.directory,
            graph_permissions=self.graph_permissions,
            tokens=self.tokens,
            client=lambda: self.http,
        )
        self.control = control
        self.hosts.register([each.graph_host for each in CLOUDS], Graph(control).router())
        self.eventgrid = EventGrid(control)
        self.storage = Storage(control, self.eventgrid)
        self.machinelearning = MachineLearning(
            control, self.eventgrid, self.storage.create_container
        )
        self.connectors = Connectors(control)
        self.logic = LogicApps(control, self.connectors.runtime)
        self.messaging = Messaging(control)
        self.github = GitHub(control)
        self.handlers = Handlers(control)
        self.keyvault = KeyVault(control)
        self.datafactory = DataFactory(control)
        self.traces = Traces(
            Sources(self.eventgrid, self.logic.runs, self.datafactory, self.machinelearning)
        )
        self._services: list[Service] = [
            self.storage,
            self.machinelearning,
            self.logic,
            self.eventgrid,
            self.messaging,
            self.connectors,
            self.github,
            self.handlers,
            self.keyvault,
            self.datafactory,
            Monitor(control),
        ]
        self.manager = manager = ResourceManager(control)
        manager.register((*TYPES, deployment.deployment(manager)))
        door = Door(control, manager)
        rest = Rest(control, door)
        self.hosts.register(HOSTS, rest.application, largest=None)
        for service in self._services:
            for host in service.hosts():
                self.hosts.register(*host)
            manager.register(service.types())
            rest.register(service.operations())
        # After the services, whose own operations come first.
        rest.register(reading.operations(manager.kinds))
        rest.register(subscriptions.operations(manager.kinds))
        rest.register(deployment.operations(manager, Operations(control)))
        keys = self.eventgrid.keys
        secrets = Secrets(self.logic.callback_url, keys.of, keys.renew)
        rest.register(actions.operations(manager, secrets))
        # Last: what the engine asks for needs all others.
        self._services.append(Providers(control, manager, door, self.ports, secrets))
        self._services.append(Export(control, self.traces))

    def _resume_time(self) -> None:
        """Go on at the time that an earlier process was moved to."""
        self.state.define("CREATE TABLE IF NOT EXISTS clock (advanced REAL NOT NULL)")
        kept = self.state.row("SELECT advanced FROM clock")
        # A test may give the clock of an earlier server, which stands there already.
        self.clock.advanced = max(self.clock.advanced, kept["advanced"] if kept else 0)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward, for the processes after this one as well.

        Raises:
            ValueError: when asked to go back.
            OverflowError: when asked for a time that no calendar here has.
        """
        with self.state.transaction():
            self.state.execute("DELETE FROM clock")
            self.state.execute(
                "INSERT INTO clock VALUES (?)", self.clock.advanced + by.total_seconds()
            )
            self.clock.advance(by)

    def _settle(self) -> None:
        """The deployer exists from the start: Owner of the subscription, as its first user is.

        In the directory it manages the applications that it owns, and no others.
        """
        self.directory.add(DEPLOYER)
        self.authorization.assign(
            f"{SUBSCRIPTION}/deployer", DEPLOYER.object_id, OWNER, SUBSCRIPTION
        )
        self.graph_permissions.grant(DEPLOYER.object_id, OWNED_BY)

    @property
    def http(self) -> aiohttp.ClientSession:
        """The client for calls between services."""
        if self._http is None:
            trust = self.authority.client_context()
            self._http = http_client.session(
                self.knows, lambda: self.ports.now["tls"], trust, self.origins
            )
        return self._http

    def knows(self, host: str) -> bool:
        """Whether some service answers under this host name."""
        return self.hosts.find(host) is not None

    def application(self) -> ASGIApp:
        """The ASGI application of all hosts together."""
        return front_door(self.hosts, self.faults, self.origins)

    async def start(self) -> None:
        """Start every service, in order."""
        for service in self._services:
            await service.start()

    async def quiesce(self) -> None:
        """Break off runs that call other services, before those stop answering.

        What a run was refused then would stand in its history as a failure.
        """
        await self.datafactory.stop()

    async def stop(self) -> None:
        """Stop every service, in reverse, and release what is held."""
        for service in reversed(self._services):
            await service.stop()
        if self._http:
            await self._http.close()
        self.state.close()
