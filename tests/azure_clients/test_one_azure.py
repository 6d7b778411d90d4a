"""az, Pulumi, the SDK and plain HTTP speak to one Azure: what one does, the others see."""

import json
from pathlib import Path
from typing import Any

from tests.azure_clients.cli import Cli
from tests.stack.event_path.deployed import until
from tests.stack.event_path.test_plain_http import Http
from tests.stack.pipeline.piped import Piped
from tests.stack.small_program.project import Project

IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
OF_ONE_WRITE = ("clientRequestId", "eTag", "requestId", "sequencer", "storageDiagnostics", "url")
"""What differs from one write to the next, in an event's data."""


def test_pulumi_imports_what_az_made_and_sees_what_az_does_to_it(
    deployed: Piped, az: Cli, tmp_path: Path
) -> None:
    named = f"--resource-group {deployed.outputs['resource_group_name']} --name made-by-az"
    made = az.run(f"az identity create {named} --tags step=made").json
    project = Project(tmp_path, deployed.running, "program")

    project.pulumi(
        "import", IDENTITY, "made", made["id"], "--yes", "--generate-code=false", "--protect=false"
    )
    tags = [_identities(project)]
    for command in ("update --tags step=changed", "delete"):
        verb, _, more = command.partition(" ")
        assert az.run(f"az identity {verb} {named} {more}").said == "answered"
        project.pulumi("refresh", "--yes", "--skip-preview")
        tags.append(_identities(project))

    assert tags == [[{"step": "made"}], [{"step": "changed"}], []]


def _identities(project: Project) -> list[Any]:
    """Tags of each in the state."""
    state = json.loads(project.pulumi("stack", "export"))["deployment"]["resources"]
    return [each["outputs"].get("tags") for each in state if each["type"] == IDENTITY]


def test_a_role_that_az_takes_away_stops_az_with_the_services_own_sentence(
    deployed: Piped, az: Cli, tmp_path: Path
) -> None:
    group = deployed.outputs["resource_group_name"]
    scope = f"/subscriptions/{deployed.variables['AZURE_SUBSCRIPTION_ID']}/resourceGroups/{group}"
    with deployed.signed_in([]) as who:
        assigned = f"az role assignment {{}} --role Reader --scope {scope} {{}} {who}"
        give = "--assignee-principal-type ServicePrincipal --assignee-object-id"
        reader, listing = Cli(tmp_path, deployed.variables), f"az identity list -g {group}"
        said = [
            az.run(assigned.format("create", give)).said,
            reader.sign_in().said,
            reader.run(listing).said,
            az.run(assigned.format("delete", "--assignee")).said,
            reader.run(listing).said,
        ]
        refused = _refused(Http(deployed), scope)

    sentence = f"ERROR: (AuthorizationFailed) {refused['message']}"
    assert said == [*["answered"] * 4, sentence]
    assert refused["code"] == "AuthorizationFailed"


def _refused(http: Http, scope: str) -> Any:
    """What the service says to a list of identities."""
    asked = f"{scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
    token = {"Authorization": http.token("https://management.azure.com")}
    url = f"https://management.azure.com{asked}?api-version=2023-01-31"
    return http.send("GET", url, token).json()["error"]


def test_a_blob_raises_the_same_event_whoever_writes_it(deployed: Piped, az: Cli) -> None:
    account = deployed.outputs["storage_account_name"]
    (az.folder / "three").write_bytes(b"once more")
    upload = f"az storage blob upload --auth-mode login --account-name {account} --file three"
    assert az.run(f"{upload} --container-name inputs --name ways/az.bin").said == "answered"
    urls = [
        f"https://{account}.blob.core.windows.net/inputs/ways/az.bin",
        *deployed.drop("ways/sdk.bin", content=b"once more"),
        _put(Http(deployed), f"https://{account}.blob.core.windows.net/inputs/ways/http.bin"),
    ]

    by_az, by_sdk, by_http = (_event(deployed, url) for url in urls)

    assert by_az == by_sdk == by_http
    assert by_http["eventType"] == "Microsoft.Storage.BlobCreated"


def _put(http: Http, url: str) -> str:
    headers = {
        "Authorization": http.token("https://storage.azure.com"),
        "x-ms-version": "2021-08-06",
        "x-ms-blob-type": "BlockBlob",
        "x-ms-client-request-id": "by-hand",
        "Content-Type": "application/octet-stream",
    }
    http.send("PUT", url, headers, data=b"once more").raise_for_status()
    return url


def _event(deployed: Piped, url: str) -> dict[str, Any]:
    """A blob's event, without what belongs to one write."""
    (event,) = until(lambda: deployed.events_for(url), f"the event of {url}")
    data = {key: value for key, value in event["data"].items() if key not in OF_ONE_WRITE}
    kept = {key: event[key] for key in event if key not in {"id", "eventTime", "subject"}}
    return {**kept, "data": data, "keys": sorted(event["data"])}
