"""Pulumi's engine, played by a client of the providers' gRPC protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.pulumi import wire
from local_azure_tests.conftest import Running

URN = "urn:pulumi:test::project::"


@dataclass(frozen=True)
class Created:
    """A resource as the engine knows it."""

    type: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


class Engine:
    """One provider, over a connection of its own.

    Args:
        port: where the provider listens.
        configuration: what the provider is configured with.
    """

    def __init__(self, port: int, **configuration: str) -> None:
        # A channel of its own, as each provider of a program has.
        self.channel = grpc.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]
        )
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)
        self.stub.Configure(pb.ConfigureRequest(args=wire.encode(configuration)))

    def check(
        self,
        kind: str,
        inputs: dict[str, Any],
        *,
        olds: dict[str, Any] | None = None,
        secrets: tuple[str, ...] = (),
        name: str = "thing",
        autonaming: pb.CheckRequest.AutonamingOptions | None = None,
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The completed inputs, and each failure's property and reason."""
        request = pb.CheckRequest(
            urn=f"{URN}{kind}::{name}",
            type=kind,
            name=name,
            news=wire.encode(inputs, secrets),
            olds=wire.encode(olds or {}),
            randomSeed=b"seed",
            autonaming=autonaming,
        )
        answer = self.stub.Check(request)
        failures = [(failure.property, failure.reason) for failure in answer.failures]
        return wire.decode(answer.inputs).values, failures

    def problems(self, kind: str, inputs: dict[str, Any]) -> list[str]:
        """What a preview has against inputs: each time property and reason."""
        return [f"{path}: {reason}" for path, reason in self.check(kind, inputs)[1]]

    def refusal(self, kind: str, inputs: dict[str, Any]) -> str:
        """What a preview has against inputs, or else the create."""
        if problems := self.problems(kind, inputs):
            return "; ".join(problems)
        with pytest.raises(grpc.RpcError) as error:
            self.create(kind, inputs)
        return refusal(error)

    def create(self, kind: str, inputs: dict[str, Any], name: str = "thing") -> Created:
        """Check, then create."""
        checked, failures = self.check(kind, inputs, name=name)
        assert failures == []
        answer = self.stub.Create(
            pb.CreateRequest(urn=f"{URN}{kind}::{name}", type=kind, properties=wire.encode(checked))
        )
        return Created(kind, answer.id, checked, wire.decode(answer.properties).values)

    def preview(self, kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """What a create is going to make, as far as it is known."""
        request = pb.CreateRequest(
            urn=f"{URN}{kind}::thing", type=kind, properties=wire.encode(inputs), preview=True
        )
        return wire.decode(self.stub.Create(request).properties).values

    def update(self, before: Created, inputs: dict[str, Any]) -> Created:
        """Check, then update."""
        checked, change = self._change(before, inputs)
        answer = self.stub.Update(pb.UpdateRequest(**change))
        return Created(before.type, before.id, checked, wire.decode(answer.properties).values)

    def diff(self, before: Created, inputs: dict[str, Any]) -> pb.DiffResponse:
        """What new inputs change; they are checked first, as the engine does."""
        _, change = self._change(before, inputs)
        told: pb.DiffResponse = self.stub.Diff(pb.DiffRequest(**change))
        return told

    def _change(
        self, before: Created, inputs: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        checked, failures = self.check(before.type, inputs, olds=before.inputs)
        assert failures == []
        return checked, {
            "id": before.id,
            "urn": f"{URN}{before.type}::thing",
            "type": before.type,
            "olds": wire.encode(before.outputs),
            "old_inputs": wire.encode(before.inputs),
            "news": wire.encode(checked),
        }

    def read(self, before: Created) -> Created | None:
        """Refresh."""
        answer = self.stub.Read(
            pb.ReadRequest(
                id=before.id,
                urn=f"{URN}{before.type}::thing",
                type=before.type,
                properties=wire.encode(before.outputs),
                inputs=wire.encode(before.inputs),
            )
        )
        if not answer.id:
            return None
        inputs, outputs = wire.decode(answer.inputs), wire.decode(answer.properties)
        return Created(before.type, answer.id, inputs.values, outputs.values)

    def found(self, before: Created) -> Created:
        """What a refresh finds; KeyError where it finds nothing."""
        if now := self.read(before):
            return now
        raise KeyError(before.id)

    def is_settled(self, made: Created, inputs: dict[str, Any]) -> bool:
        """Whether a refresh finds what was made, and the same inputs change nothing of it."""
        same = self.found(made).inputs == made.inputs
        return same and self.diff(made, inputs).changes == pb.DiffResponse.DIFF_NONE

    def delete(self, before: Created) -> None:
        """Delete."""
        self.stub.Delete(
            pb.DeleteRequest(
                id=before.id,
                urn=f"{URN}{before.type}::thing",
                type=before.type,
                properties=wire.encode(before.outputs),
            )
        )

    def invoke(self, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a function."""
        answer = self.stub.Invoke(pb.InvokeRequest(tok=token, args=wire.encode(arguments)))
        return wire.decode(getattr(answer, "return")).values


def refusal(error: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    """What the provider said instead of doing it."""
    return str(error.value.details())


@contextmanager
def refused(said: str) -> Iterator[None]:
    """Whatever is called here is refused in words with these among them."""
    with pytest.raises(grpc.RpcError) as error:
        yield
    assert said in refusal(error)


def signed_in(running: Running, who: Principal, provider: str = "azure-native") -> Engine:
    """A provider, used by somebody."""
    secret, end = f"{who.name}'s secret", datetime(2100, 1, 1, tzinfo=UTC)
    directory = running.azure.directory
    running.call(directory.add, who)
    running.call(directory.add_secret, str(who.client_id), who.name, secret, end)
    return Engine(
        running.azure.ports.now[provider],
        clientId=str(who.client_id),
        clientSecret=secret,
        tenantId=TENANT_ID,
    )
