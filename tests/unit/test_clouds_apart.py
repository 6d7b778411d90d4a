"""Every environment in every cloud: no resource and no output names a host of another one, and the
docs tell how much is made and what it costs.

The domains stand here by themselves (D:azure-government/compare-azure-government-global-azure,
docs.azure.cn "Azure China 21Vianet developer guide"): the program's table is what they judge.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.settings import read
from tests import PROJECT
from tests.unit.engine import Deployment
from tests.unit.program import run_anew

NAMESPACE = "azureml-batch-events:"
DOMAINS = {
    "public": (
        *("azure.com", "windows.net", "microsoftonline.com", "azure.net", "azureml.ms"),
        "azurecr.io",
    ),
    "china": ("azure.cn", "chinacloudapi.cn", "microsoftonline.cn", "azurecr.cn"),
    "usgovernment": ("azure.us", "usgovcloudapi.net", "microsoftonline.us", "azurecr.us"),
}
EVERYWHERE = {
    "schema.management.azure.com": "names the form of a definition; nobody calls it",
    "mcr.microsoft.com": "images of every cloud come from there",
    "storage.azure.com": "the audience of storage in every cloud",
    # what the unit tests' engine answers in Azure's place
    "events-domain.westeurope-1.eventgrid.azure.net": "endpoint of the domain",
    "prod-01.westeurope.logic.azure.com": "callback URL",
    "scoring0a1b2c3d4e.westeurope.inference.ml.azure.com": "scoring URI",
    "stinputs0a1b2c3d4e.blob.core.windows.net": "endpoint of the account",
}
REGIONS = {"public": "westeurope", "china": "chinanorth3", "usgovernment": "usgovvirginia"}
WHO = {"object_id": "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10", "type": "Group"}
BROADEST = "a pipeline for each folder, and everything beside it"
PATHS: dict[str, dict[str, Any]] = {
    "a job for each file": {},
    "by managed identity": {"invoker": {"kind": "managed_identity"}},
    BROADEST: {
        "blob_events": {"marker_name": "_SUCCESS"},
        "data_factory": {"authentication": "service_principal", "output_container": "predictions"},
        "event_domain": {"topics": ["models"]},
        "monitoring": {"logs": True},
    },
    "behind private endpoints": {
        "network": {"private": True},
        "invoker": {},
        "blob_events": {"marker_name": "_SUCCESS"},
        "data_factory": {"enabled": True},
    },
    "a site behind private endpoints": {
        "network": {"private": True},
        "workflows": {"plan": "standard"},
    },
}
PROVIDERS = {
    "public": {},
    "china": {"azure-native:environment": "china", "azuread:environment": "china"},
    "usgovernment": {
        "azure-native:environment": "usgovernment",
        "azuread:environment": "usgovernmentl4",
    },
}


def _all() -> Iterator[Any]:
    """Short are each path in one cloud, and in each cloud the one that names most hosts."""
    for file, cloud, path in product(sorted(PROJECT.glob("Pulumi.*.yaml")), DOMAINS, PATHS):
        short = file.stem == "Pulumi.dev" and (cloud == "china" or path == BROADEST)
        marks = () if short else pytest.mark.long
        yield pytest.param(file, cloud, path, id=f"{file.stem}-{cloud}-{path}", marks=marks)


@pytest.mark.parametrize(("file", "cloud", "path"), list(_all()))
def test_no_host_of_another_cloud_is_named(file: Path, cloud: str, path: str) -> None:
    made = _made(file, cloud, path)
    [costs] = re.findall(r"costs ([\d.]+) US", made.costs)

    assert set(strangers([_heeded(each.inputs) for each in made.resources], cloud)) == set()
    assert set(strangers(made.outputs, cloud)) == set()
    # the stack itself counts as a resource, too
    assert f"{len(made.resources) + 1}, {costs}" == _documented(file.stem, path)


def _made(file: Path, cloud: str, path: str) -> Deployment:
    said = yaml.safe_load(file.read_text())["config"]
    given = {key.removeprefix(NAMESPACE): value for key, value in said.items()}
    given |= {"publishers": [WHO], "callers": [WHO], **PATHS[path]}
    given |= {"cloud": cloud, "location": REGIONS[cloud]}
    if "network" in given and "hardening" in given:
        given["hardening"] |= {"locks": False}
    return run_anew(read(given, environments=PROVIDERS[cloud]))


def _documented(stack: str, path: str) -> str:
    """Resources and dollars of a path, of this stack file, in the page's table."""
    page = (PROJECT / "docs" / "deploying.md").read_text()
    [row] = re.findall(rf"^\| {re.escape(path)} \|(.*)\|$", page, re.MULTILINE)
    others, prod, *_ = row.split("|")
    return str(prod if stack == "Pulumi.prod" else others).strip()


def _heeded(inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs without the defaults of a workflow's parameters that have values."""
    definition = inputs.get("definition", {})
    declared = {
        name: told
        for name, told in definition.get("parameters", {}).items()
        if name not in inputs["parameters"]
    }
    return inputs | {"definition": definition | {"parameters": declared}}


def strangers(value: Any, cloud: str) -> Iterator[str]:
    """Hosts of other clouds, but in a text with those of all: what a pipeline takes, by any."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from strangers(each, cloud)
    if isinstance(value, str):
        hosts = {name: hosts_of(name, value) for name in DOMAINS}
        if not all(hosts.values()):
            yield from set().union(*hosts.values()) - hosts[cloud]


def hosts_of(cloud: str, text: str) -> set[str]:
    return set(_names(cloud).findall(text)) - EVERYWHERE.keys()


@cache
def _names(cloud: str) -> re.Pattern[str]:
    domains = "|".join(map(re.escape, DOMAINS[cloud]))
    return re.compile(rf"[\w.-]+\.(?:{domains})\b")
