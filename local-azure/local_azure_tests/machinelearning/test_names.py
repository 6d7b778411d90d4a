"""Blob names that are hard on file systems and URLs reach the scoring script as they were."""

import json
from urllib.parse import quote

import pytest

from local_azure_tests.machinelearning.world import World

SCRIPT = """
import json, os, pathlib
def init(): pass
def run(files):
    return [json.dumps([path, open(path).read(), os.path.getsize(path)]) for path in files]
"""
NAMES = [
    "it's.txt",
    'say "hi".txt',
    "100%.txt",
    "50%25.txt",
    "a#b.txt",
    "a+b.txt",
    "with space.txt",
    " leading and trailing ",
    "größe-数字-🙂.txt",
    "a?b&c=d.txt",
    "a;b,c.txt",
    "back\\slash.txt",
    "-rf",
    ".hidden",
    "..",
    "a/./b.txt",
    "a/../../../../../b.txt",
    "a//b.txt",
    "folder/and/deeper.txt",
    "n" * 1020 + ".txt",
    "数" * 1020 + ".txt",
    "/".join(["f" * 100] * 10),
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_reaches_the_script_as_it_was(world: World, name: str) -> None:
    world.blob("inputs", "inputs", f"hostile/{name}", b"content")
    url = f"https://inputs.blob.core.windows.net/inputs/hostile/{quote(name, safe='/')}"

    job = world.run_script(SCRIPT, url)

    path, *told = json.loads(world.predictions(job))
    assert path.endswith(f"/input/hostile/{name}")
    assert told == ["content", 7]
    assert not [*world.running.home.folder.rglob("b.txt")], "written outside of the job's own"


def test_pathlib_opens_a_name_that_is_too_long_for_a_file(world: World) -> None:
    script = """
import pathlib
def init(): pass
def run(files): return [pathlib.Path(path).name + " " + pathlib.Path(path).read_text()
                        for path in files]
"""
    name = "n" * 1000
    world.blob("inputs", "inputs", f"long/{name}", b"content")

    job = world.run_script(script, f"https://inputs.blob.core.windows.net/inputs/long/{name}")

    assert world.predictions(job) == f"{name} content\n"
