"""Start it, stop it, lead a shell to it, and run Pulumi on it."""

import sys
from typing import Annotated

import typer

from local_azure.command_line.parameters import INSIDE, JSON, STACK, home
from local_azure.command_line.telling import say, tell

running = typer.Typer()
REAL_PROVIDERS = Annotated[
    bool, typer.Option("--real-providers", help="For Pulumi's own plug-ins (UNVERIFIED).")
]
_UNVERIFIED = (
    "UNVERIFIED: no real azure-native, azuread or random plug-in was ever run against the embedded "
    "Azure, because none could be had where it was made; what they ask beyond azure-cli and the "
    "SDKs is not known. Install them before, in another shell: the proxy lets no download through."
)
SLOW = Annotated[
    bool,
    typer.Option(
        "--as-slow-as-azure", help="Creations and new roles take their time, by its clock."
    ),
]


@running.command()
def start(*, as_slow_as_azure: SLOW = False, as_json: JSON = False) -> int:
    """Start it in the background; get Azurite first, once."""
    from local_azure.commands import process

    here = home()
    told = process.start(here, is_slow=as_slow_as_azure)
    line = f"The embedded Azure runs (process {told['pid']}); its state is in {here.folder}."
    return tell(told, [line], as_json=as_json)


@running.command()
def stop() -> int:
    """Stop it; its state stays."""
    from local_azure.commands import process

    say(["Stopped." if process.stop(home()) else "It was not running."])
    return 0


@running.command()
def status(*, as_json: JSON = False) -> int:
    """Tell whether it runs, and where; ends with 1 where it does not."""
    from local_azure.commands import process

    here = home()
    told = process.running(here)
    if told is None:
        line = f"It is not running on {here.folder}; `local-azure start` starts it."
        return tell({"running": False}, [line], 1, as_json=as_json)
    proxy = f"its proxy is http://127.0.0.1:{told['ports']['proxy']}"
    line = f"It runs (process {told['pid']}): {proxy}, its state is in {here.folder}."
    return tell({"running": True, **told}, [line], as_json=as_json)


@running.command()
def env(
    *,
    stack: STACK = "",
    inside: INSIDE = "",
    real_providers: REAL_PROVIDERS = False,
    as_json: JSON = False,
) -> int:
    """Print what a shell needs to reach it: eval "$(local-azure env)".

    In a Pulumi project with what its stack needs (dev, if none is named), elsewhere as an Owner.
    """
    from local_azure import project
    from local_azure.commands import environment, process, stacks
    from local_azure.commands.console_client import Console

    here = home()
    told = process.start(here)
    if stack or project.find():
        variables = stacks.prepare(here, told, stack or "dev")
    else:
        variables = environment.for_person(here, told, stacks.SOMEBODY | project.OWNER)
    if inside:
        environment.check_network(Console.at(here, told), inside)
    variables = environment.inside(variables, inside)
    if real_providers:
        print(_UNVERIFIED, file=sys.stderr)
        variables = environment.for_real_providers(variables)
    return tell(variables, [environment.exports(variables)], as_json=as_json)


@running.command()
def page(
    *,
    open_it: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="In a browser; where this is a terminal."),
    ] = None,
    as_json: JSON = False,
) -> int:
    """Look at what happens in it on a local web page; start it if it does not run."""
    from local_azure.commands import page, process

    here = home()
    url = page.address(here, process.start(here))
    if sys.stdout.isatty() if open_it is None else open_it:
        page.show(here, url)
    return tell({"url": url}, [url], as_json=as_json)


@running.command()
def reset(*, yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> int:
    """Stop it and delete its state and its stacks."""
    import shutil

    from local_azure.commands import process

    here = home()
    question = f"Delete {here.folder} with all accounts and stacks in it?"
    if sys.stdin.isatty() and not yes and not typer.confirm(question):
        say(["Nothing was deleted."])
        return 1
    process.stop(here)
    shutil.rmtree(here.folder, ignore_errors=True)
    say([f"Deleted {here.folder}."])
    return 0


@running.command()
def serve(
    *,
    parent: Annotated[int, typer.Option(metavar="PID", help="End with this parent.")] = 0,
    as_slow_as_azure: SLOW = False,
) -> int:
    """Run it in the foreground."""
    from local_azure.commands import foreground

    foreground.serve(home(), parent=parent, is_slow=as_slow_as_azure)
    return 0


@running.command()
def install() -> int:
    """Get Azurite, which keeps blobs and queues; start does it too."""
    from local_azure.services.storage import azurite_packages

    say([f"Azurite is in {azurite_packages.install()}."])
    return 0


stack = typer.Typer(help="Deploy a stack to it with Pulumi.")

_ARGUMENTS = Annotated[
    list[str] | None, typer.Argument(help="Further arguments for pulumi, after --.")
]


@stack.command()
def preview(arguments: _ARGUMENTS = None, *, stack: STACK = "dev") -> int:
    """Show what `up` would change."""
    return _pulumi("preview", stack, arguments)


@stack.command()
def up(arguments: _ARGUMENTS = None, *, stack: STACK = "dev", inside: INSIDE = "") -> int:
    """Bring the stack to what the program says."""
    return _pulumi("up", stack, arguments, inside)


@stack.command()
def refresh(arguments: _ARGUMENTS = None, *, stack: STACK = "dev") -> int:
    """Take up in the stack's state what was changed by others."""
    return _pulumi("refresh", stack, arguments)


@stack.command()
def destroy(arguments: _ARGUMENTS = None, *, stack: STACK = "dev") -> int:
    """Remove what the stack created."""
    return _pulumi("destroy", stack, arguments)


def _pulumi(operation: str, stack: str, arguments: list[str] | None, inside: str = "") -> int:
    from local_azure.commands import process, stacks

    if arguments and not arguments[0].startswith("-"):  # Pulumi would take it for a template
        raise typer.BadParameter(f"found {arguments[0]}; a stack's name stands after --stack.")
    here = home()
    return stacks.run(here, process.start(here), stack, operation, arguments or [], inside)
