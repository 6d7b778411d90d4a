"""The program and the embedded Azure, its judge, share nothing: each has its facts from elsewhere.

Where both know a fact, they agree, or one of them is wrong.
"""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from batch_client import clouds as called
from components.azure import clouds
from local_azure.control_plane import clouds as answered
from local_azure.control_plane.resource_manager import names
from tests import PROJECT
from tests.unit.import_graph import imported
from tests.unit.test_naming import ALLOWED, HOSTILE, REFUSED

PROGRAM = ("__main__.py", "components", "batch_client", "tools", "benchmarks")
JUDGE = ("local-azure/local_azure",)


def crossing(sources: tuple[str, ...], targets: tuple[str, ...]) -> set[str]:
    """Files of some packages that import others."""
    packages = {Path(each).stem for each in targets}
    roots = [PROJECT / each for each in sources]
    files = [file for root in roots for file in ([root] if root.is_file() else root.rglob("*.py"))]
    return {
        str(file.relative_to(PROJECT))
        for file in files
        if packages & {each.partition(".")[0] for each in imported(file)}
    }


def test_the_embedded_azure_imports_nothing_of_the_program() -> None:
    assert crossing(JUDGE, PROGRAM) == set()


def test_the_tests_of_the_embedded_azure_import_nothing_of_the_program_or_of_its_tests() -> None:
    assert crossing(("local-azure/local_azure_tests",), (*PROGRAM, "tests")) == set()


def test_the_program_and_its_client_import_nothing_of_the_embedded_azure() -> None:
    assert crossing(("__main__.py", "components", "batch_client"), JUDGE) == set()


def test_the_client_imports_nothing_that_its_distribution_does_not_name() -> None:
    told = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    named = {re.split(r"[-=>]", each)[0] for each in told}

    used = {
        each.partition(".")[0]
        for file in (PROJECT / "batch_client").rglob("*.py")
        for each in imported(file)
    }

    assert used - sys.stdlib_module_names == {"batch_client", *named}


@pytest.mark.parametrize("kind", names.PATTERNS)
def test_the_embedded_azure_takes_the_names_that_the_program_s_rules_are_tried_with(
    kind: str,
) -> None:
    def taken(tried: list[tuple[str, str]]) -> set[bool]:
        of_it = [name for of, name in tried if of.lower() == kind.lower()]
        return {names.accepted_instead(kind, name) is None for name in of_it}

    assert taken(ALLOWED) <= {True}
    assert taken([*REFUSED, *((kind, name) for name in HOSTILE)]) == {False}


@pytest.mark.parametrize(
    ("program", "azure"),
    [
        (clouds.PUBLIC, answered.PUBLIC),
        (clouds.CHINA, answered.CHINA),
        (clouds.US_GOVERNMENT, answered.US_GOVERNMENT),
    ],
    ids=clouds.CLOUDS,
)
def test_both_know_the_same_hosts_and_audiences(
    program: clouds.Cloud, azure: answered.Cloud
) -> None:
    assert {
        "azure_native_environment": azure.environments[0],
        "azuread_environment": azure.environments[1],
        "login_host": azure.login_host,
        "graph_host": azure.graph_host,
        "arm_host": azure.arm_host,
        "arm_audience": azure.arm_audience,
        "ml_audience": azure.ml_audience,
        "inference_suffix": azure.inference,
        "storage_suffix": azure.storage,
        "vault_suffix": azure.vault,
    } == {key: value for key, value in vars(program).items() if key not in ("name", "studio_host")}


@pytest.mark.parametrize("name", clouds.CLOUDS)
def test_the_client_knows_the_same_hosts_and_audiences(name: str) -> None:
    known = called.CLOUDS[name]._asdict()

    assert known == {key: getattr(clouds.CLOUDS[name], key) for key in known}
    assert called.CLOUDS.keys() == clouds.CLOUDS.keys()
