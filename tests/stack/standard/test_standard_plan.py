"""The dev stack with its Logic App in a Standard plan: brought up, used, changed and taken away."""

import json

import pytest

from local_azure.control_plane.resource_manager.resource_group import RESOURCE_GROUP
from local_azure.control_plane.tenant import DEPLOYER
from local_azure.services.network.virtual_network import SUBNET, VIRTUAL_NETWORK
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, brought_up
from tests.stack.shell import CONFIRMED

pytestmark = pytest.mark.long

OUTSIDE = "203.0.113.10/32"
"""Where callers are seen from."""


RANGE = "10.9.0.0/26"
DELEGATED = {"name": "sites", "serviceName": "Microsoft.Web/serverFarms"}
WORKFLOWS = {"plan": "standard", "allowed_caller_ip_ranges": [OUTSIDE]}
deployed = brought_up(workflows=WORKFLOWS)


def test_a_file_is_scored_by_way_of_the_site(
    deployed: Deployed, client: Client, digit: bytes
) -> None:
    job = deployed.job_of("incoming/seven.pgm", digit)

    told = client.operator("why", job["input"])

    assert told["why"] == f"The job {job['name']} is Completed."
    assert [each["kind"] for each in told["spans"] if each["kind"] == "workflow run"]
    assert "Microsoft.Web/sites" in deployed.outputs["workflow_id"]


def test_verify_proves_it(client: Client) -> None:
    assert client.verify()["the predictions"]


def test_no_secret_lies_in_the_state_or_in_a_file(deployed: Deployed) -> None:
    state = deployed.succeeds("stack", "export")
    [site] = deployed.resources("Microsoft.Web/sites")
    settings = {each["name"]: each["value"] for each in site.body["siteConfig"]["appSettings"]}
    secrets = [settings["client_secret"], settings["AzureWebJobsStorage"].split(";")[2]]
    [workflow] = deployed.resources("Microsoft.Web/sites/workflows")

    found = [each in state + json.dumps(workflow.body) for each in secrets]

    assert found == [False, False]


def test_a_second_up_changes_nothing(deployed: Deployed) -> None:
    deployed.changes_nothing("up")


def test_another_value_is_written_into_the_site_s_files(deployed: Deployed) -> None:
    deployed.configure({"blob_events": {"payload": "plain"}})
    deployed.up()

    [workflow] = deployed.resources("Microsoft.Web/sites/workflows")

    assert workflow.body["parameters"]["plain_payload"] == {"type": "Bool", "value": True}


def test_a_site_that_goes_leaves_its_subnet_to_whose_it_is(deployed: Deployed) -> None:
    network = {"resourceGroupName": "hub", "virtualNetworkName": "near"}
    group = deployed.put(RESOURCE_GROUP, resourceGroupName="hub", location="westeurope")
    space = {"addressSpace": {"addressPrefixes": [RANGE]}, "location": "westeurope"}
    deployed.put(VIRTUAL_NETWORK, **network, **space)
    named = {"subnetName": "sites", "addressPrefix": RANGE, "delegations": [DELEGATED]}
    subnet = deployed.put(SUBNET, **network, **named)

    deployed.configure({"workflows": {**WORKFLOWS, "subnet_id": subnet}})
    deployed.up()
    deployed.configure({"workflows": {"plan": "consumption"}})
    deployed.up()

    for theirs in (subnet, group):  # refused while a site is in it
        deployed.running.run(deployed.running.azure.manager.delete(theirs, DEPLOYER))


def test_destroy_leaves_nothing(deployed: Deployed) -> None:
    deployed.succeeds("destroy", *CONFIRMED)

    assert deployed.everything() == []
