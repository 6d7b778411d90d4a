"""Programs in Python that are plug-ins: providers, component packages and policy packs."""

from pulumi.runtime.proto.language_pb2 import RunPluginRequest

from tools.language_host import interpreter


def command(request: RunPluginRequest) -> list[str]:
    """Return the plug-in's command line.

    A policy pack is run by the SDK's own module, which takes the engine's address before the
    pack's folder; anything else is a folder with a `__main__.py`.
    """
    python = [str(interpreter.python(request.info)), "-u"]
    folder, arguments = request.info.program_directory, list(request.args)
    if request.kind == "analyzer":
        # Engines of before name the folder after the address, as a dot.
        engine, *options = (each for each in arguments if each != ".")
        return [*python, "-m", "pulumi.policy", engine, folder, *options]
    return [*python, folder, *arguments]


def environment(request: RunPluginRequest) -> dict[str, str]:
    """Return the environment that the engine made for the plug-in, with its Python activated."""
    made = dict(variable.split("=", 1) for variable in request.env)
    return interpreter.environment(request.info, made)
