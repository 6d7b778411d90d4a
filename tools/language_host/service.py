"""The engine's requests, one method each. What has none here is answered UNIMPLEMENTED.

Of the older form of `GetRequiredPackages`, of what `pulumi new` could ask and of a host that runs
already the engine takes that for an answer (pulumi, sdk/go/common/resource/plugin).
"""

# ruff: noqa: N802 - the methods' names are the protocol's
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, plugin_pb2
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeServicer

from tools.language_host import commands, interpreter
from tools.language_host.children import Children, output


class LanguageHost(LanguageRuntimeServicer):
    """Answers the engine at `engine`, an address."""

    def __init__(self, children: Children, engine: str) -> None:
        self._children = children
        self._engine = engine

    def GetRequiredPackages(
        self, _request: language_pb2.GetRequiredPackagesRequest, _context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """Name none: the engine finds each provider when the first resource asks for it.

        To name them would make it look for, and download, providers of every installed package,
        those that the embedded Azure stands in for included.
        """
        return language_pb2.GetRequiredPackagesResponse()

    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run a program in a process of its own, so that no state passes from preview to up.

        Its output goes to ours, which the engine shows as it comes.
        """
        with _refusing(context):
            command = commands.program(request, self._engine)
            environment = commands.program_environment(request)
        with self._children.start(
            command, context, directory=request.pwd, environment=environment
        ) as process:
            return commands.response(process.wait())

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a provider, component package or policy pack; pass its output and exit code on."""
        with _refusing(context):
            command = commands.plugin(request)
            environment = commands.plugin_environment(request)
        with self._children.start(
            command,
            context,
            directory=request.pwd,
            environment=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            for stream, piece in output(process):
                told: dict[str, Any] = {stream: piece}
                yield language_pb2.RunPluginResponse(**told)
            yield language_pb2.RunPluginResponse(exitcode=process.wait())

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Make the virtual environment, where it is missing, and install requirements.txt."""
        with _refusing(context):
            installing = commands.installing(request)
            environment = interpreter.environment(request.info)
        for command in installing:
            with self._children.start(
                command,
                context,
                directory=request.directory,
                environment=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            ) as process:
                for stream, piece in output(process):
                    yield language_pb2.InstallDependenciesResponse(**{stream: piece})
            if process.returncode:
                message = f"{' '.join(command)} ended with {process.returncode}"
                context.abort(grpc.StatusCode.INTERNAL, message)

    def Template(
        self, _request: language_pb2.TemplateRequest, _context: grpc.ServicerContext
    ) -> language_pb2.TemplateResponse:
        """Change nothing in a project that `pulumi new` has copied."""
        return language_pb2.TemplateResponse()

    def GetPluginInfo(
        self, _request: Empty, _context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        """Give the SDK's version: it is what the host speaks."""
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def About(
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        """Tell `pulumi about` which Python would run the program."""
        with _refusing(context):
            python = interpreter.python(request.info)
        return language_pb2.AboutResponse(
            executable=str(python),
            version=platform.python_version(),
            metadata={"language host": "azureml-batch-events"},
        )

    def GetProgramDependencies(
        self,
        request: language_pb2.GetProgramDependenciesRequest,
        context: grpc.ServicerContext,
    ) -> language_pb2.GetProgramDependenciesResponse:
        """List the packages in the program's virtual environment."""
        with _refusing(context):
            packages = commands.installed(request.info, transitive=request.transitiveDependencies)
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=name, version=version)
                for name, version in packages
            ]
        )

    def Cancel(self, _request: Empty, _context: grpc.ServicerContext) -> Empty:
        """End what runs."""
        self._children.end()
        return Empty()


@contextmanager
def _refusing(context: grpc.ServicerContext) -> Iterator[None]:
    try:
        yield
    except interpreter.OptionError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
