"""The language host under the real engine."""

import json
import os
import re
import select
import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.tools.project import LANGUAGE_HOST, Project

COMPONENT = """
    import pulumi

    class Greeting(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("try:index:Greeting", name)
            self.register_outputs({})

    Greeting("greeting")
    pulumi.export("stack", pulumi.get_stack())
"""
FAILING = """
    import pulumi

    def broken():
        raise ValueError("the third wheel")

    broken()
"""


def test_a_program_is_previewed_created_left_alone_and_destroyed(project: Project) -> None:
    project.write(COMPONENT)

    preview = project.pulumi("preview", "--json")
    first = project.pulumi("up", "--yes", "--skip-preview")
    outputs = project.pulumi("stack", "output", "--json")
    second = project.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    destroyed = project.pulumi("destroy", "--yes", "--skip-preview")

    told = [
        (each.code, re.findall(r"\d+ (?:created|unchanged|deleted)", each.output))
        for each in (first, second, destroyed)
    ]
    assert json.loads(preview.output)["changeSummary"] == {"create": 2}
    assert json.loads(outputs.output) == {"stack": "dev"}
    assert told == [(0, ["2 created"]), (0, ["2 unchanged"]), (0, ["2 deleted"])]


def test_a_secret_reaches_the_program_and_neither_its_command_line_nor_the_output(
    project: Project,
) -> None:
    project.write(
        """
        import pathlib
        import pulumi

        secret = pulumi.Config().require_secret("password")
        pulumi.export("password", secret)
        secret.apply(lambda value: pathlib.Path("seen").write_text(value))
        pathlib.Path("command").write_bytes(pathlib.Path("/proc/self/cmdline").read_bytes())
        """
    )
    project.pulumi("config", "set", "--secret", "password", "hunter2&=+")

    up = project.pulumi("up", "--yes", "--skip-preview", "--debug")

    assert (project.folder / "seen").read_text() == "hunter2&=+"
    assert b"hunter2" not in (project.folder / "command").read_bytes()
    assert "hunter2" not in up.output


def test_an_exception_is_shown_once_from_the_programs_own_lines_on(project: Project) -> None:
    project.write(FAILING)

    preview = project.pulumi("preview")

    parts = ("Traceback", "line 5, in broken", "ValueError: the third wheel", "run_in_stack")
    assert preview.code != 0
    assert {part: preview.output.count(part) for part in parts} == {
        "Traceback": 1,
        "line 5, in broken": 1,
        "ValueError: the third wheel": 1,
        "run_in_stack": 0,
    }


@pytest.mark.parametrize(
    ("program", "told"),
    [
        (
            "import pulumi\nraise pulumi.RunError('the prefix has no slash')",
            "error: the prefix has no slash",
        ),
        ("raise SystemExit(3)", "The program ended with exit code 3."),
    ],
    ids=["a run error", "an exit code"],
)
def test_what_ends_a_program_is_told_in_a_line(project: Project, program: str, told: str) -> None:
    project.write(program)

    preview = project.pulumi("preview")

    assert preview.code != 0
    assert told in preview.output
    assert "Traceback" not in preview.output


def test_a_program_without_its_virtual_environment_gets_a_sentence(project: Project) -> None:
    project.write(COMPONENT, options="{virtualenv: missing}")

    preview = project.pulumi("preview")

    assert preview.code != 0
    assert f"virtual environment {project.folder}/missing is not there" in preview.output
    assert "`pulumi install`" in preview.output


def test_a_create_hook_of_a_component_s_child_prints_what_it_saw(project: Project) -> None:
    project.write(
        """
        import pulumi

        def seen(args):
            print("the hook saw", args.new_inputs["input"])

        class Holder(pulumi.ComponentResource):
            def __init__(self, name):
                super().__init__("try:index:Holder", name)
                hooks = pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook("h", seen)])
                options = pulumi.ResourceOptions(parent=self, hooks=hooks)
                pulumi.Stash(f"{name}-stash", input="a value", opts=options)

        Holder("holder")
        """
    )

    up = project.pulumi("up", "--yes", "--skip-preview")

    assert up.code == 0
    assert "the hook saw a value" in up.output


def test_a_folder_of_components_is_a_package(project: Project) -> None:
    (project.folder / "PulumiPlugin.yaml").write_text("runtime: python\n")
    (project.folder / "__main__.py").write_text(
        """
from typing import TypedDict

import pulumi
from pulumi.provider.experimental import component_provider_host

class GreetingArgs(TypedDict):
    who: pulumi.Input[str]

class Greeting(pulumi.ComponentResource):
    def __init__(self, name: str, args: GreetingArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("greeting:index:Greeting", name, {}, opts)

component_provider_host([Greeting], name="greeting")
"""
    )

    schema = project.pulumi("package", "get-schema", str(project.folder))

    assert list(json.loads(schema.output)["resources"]) == ["greeting:index:Greeting"]


def test_about_names_the_python_that_runs_the_program(project: Project) -> None:
    project.write(COMPONENT)

    about = project.pulumi("about")

    assert f"executable='{project.folder}/venv/bin/python'" in about.output


def _hang_up(host: subprocess.Popen[bytes]) -> None:
    assert host.stdin is not None
    host.stdin.close()
    host.stdin = None


@pytest.mark.parametrize(
    "end",
    [lambda host: host.send_signal(signal.SIGINT), subprocess.Popen.terminate, _hang_up],
    ids=["at an interrupt", "asked to terminate", "when the engine is gone"],
)
def test_the_host_ends_quietly(end: Callable[[subprocess.Popen[bytes]], None]) -> None:
    assert _end_host(end) == (0, b"", b"")


def test_a_running_program_ends_with_its_engine(project: Project) -> None:
    project.write(
        """
        import os
        import pathlib
        import signal

        with pathlib.Path("started").open("w") as started:
            started.write(str(os.getpid()))
        signal.pause()
        """
    )
    os.mkfifo(project.folder / "started")

    engine = subprocess.Popen(
        project.command("preview"),
        cwd=project.folder,
        env=project.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    program = int((project.folder / "started").read_text())
    ending = os.pidfd_open(program)
    engine.kill()
    engine.wait()

    assert _ends(ending)


def _end_host(end: Callable[[subprocess.Popen[bytes]], None]) -> tuple[int, bytes, bytes]:
    command = [str(LANGUAGE_HOST / "pulumi-language-python"), "127.0.0.1:1"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as host:
        assert host.stdout is not None
        assert int(host.stdout.readline()) > 0
        end(host)
        try:
            stdout, stderr = host.communicate(timeout=60)
        finally:
            host.kill()
    return host.returncode, stdout, stderr


def _ends(process: int) -> bool:
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(60_000))
