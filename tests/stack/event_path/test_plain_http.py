"""The endpoint without any SDK: a token, a POST, a poll, as the REST documentation has it."""

from typing import Any

import requests

from tests.stack.event_path.deployed import ENDS, Deployed, until


class Http:
    """Requests in a stack's shell, which names its proxy, its authority, its credential."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed

    def send(
        self, method: str, url: str, headers: dict[str, str] | None = None, **body: Any
    ) -> requests.Response:
        with self._deployed.shell():
            return requests.request(method, url, headers=headers, timeout=60, **body)

    def token(self, resource: str) -> str:
        """A token by the client-credentials flow."""
        who = self._deployed.variables
        asked = {
            "grant_type": "client_credentials",
            "client_id": who["AZURE_CLIENT_ID"],
            "client_secret": who["AZURE_CLIENT_SECRET"],
            "resource": resource,
        }
        url = f"https://login.microsoftonline.com/{who['AZURE_TENANT_ID']}/oauth2/token"
        return f"Bearer {self.send('POST', url, data=asked).json()['access_token']}"


def test_upload_invoke_poll_and_download_over_plain_http(deployed: Deployed, digit: bytes) -> None:
    http = Http(deployed)
    account = f"https://{deployed.outputs['storage_account_name']}.blob.core.windows.net"
    storage = {
        "Authorization": http.token("https://storage.azure.com"),
        "x-ms-version": "2021-08-06",
    }
    learning = {"Authorization": http.token("https://ml.azure.com")}
    blob = f"{account}/inputs/plain/seven.pgm"

    put = {**storage, "x-ms-blob-type": "BlockBlob"}
    http.send("PUT", blob, put, data=digit).raise_for_status()
    body = {"properties": {"InputData": {"in": {"JobInputType": "UriFile", "Uri": blob}}}}
    uri = deployed.outputs["scoring_uri"]
    made = http.send("POST", uri, learning, json=body).json()
    name = made["id"].rpartition("/")[2]

    def ended() -> Any:
        status = http.send("GET", f"{uri}/{name}", learning).json()["properties"]["status"]
        return status if status in ENDS else None

    assert until(ended, "the job's end") == "Completed"
    tracking = made["properties"]["interactionEndpoints"]["Tracking"]["endpoint"]
    history = tracking.replace("azureml:", "https:").replace("mlflow", "history").rstrip("?")
    manager = {"Authorization": http.token("https://management.azure.com")}
    children = http.send("GET", f"{history}/runs/{name}/children?api-version=v1.0", manager)
    run = children.json()["value"][0]["runId"]
    predictions = f"{deployed.outputs['predictions_url']}{run}/score/predictions.csv"
    assert http.send("GET", predictions, storage).json()["digit"] == 7
