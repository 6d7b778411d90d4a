"""The endpoint without any SDK: a token, a POST, a poll, as the REST documentation has it."""

import json
import ssl
import urllib.parse
import urllib.request
from typing import Any

from tests.stack.event_path.deployed import ENDS, Deployed, until


class Http:
    """Requests through a stack's shell: its proxy, its authority, its credential."""

    def __init__(self, deployed: Deployed) -> None:
        self._variables = deployed.variables
        proxies = {"https": self._variables["HTTPS_PROXY"]}
        trust = ssl.create_default_context(cafile=self._variables["SSL_CERT_FILE"])
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=trust)
        )

    def send(
        self,
        url: str,
        headers: dict[str, str],
        body: bytes | None = None,
        method: str | None = None,
    ) -> bytes:
        request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 https
        with self._opener.open(request) as answer:
            content: bytes = answer.read()
            return content

    def token(self, resource: str) -> str:
        """A token by the client-credentials flow."""
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._variables["AZURE_CLIENT_ID"],
            "client_secret": self._variables["AZURE_CLIENT_SECRET"],
            "resource": resource,
        }
        tenant = self._variables["AZURE_TENANT_ID"]
        url = f"https://login.microsoftonline.com/{tenant}/oauth2/token"
        told = json.loads(self.send(url, {}, urllib.parse.urlencode(asked).encode()))
        return f"Bearer {told['access_token']}"


def test_upload_invoke_poll_and_download_over_plain_http(deployed: Deployed, digit: bytes) -> None:
    http = Http(deployed)
    account = f"https://{deployed.outputs['storage_account_name']}.blob.core.windows.net"
    storage = {
        "Authorization": http.token("https://storage.azure.com"),
        "x-ms-version": "2021-08-06",
    }
    learning = {"Authorization": http.token("https://ml.azure.com")}
    blob = f"{account}/inputs/plain/seven.pgm"

    http.send(blob, {**storage, "x-ms-blob-type": "BlockBlob"}, digit, "PUT")
    body = {"properties": {"InputData": {"in": {"JobInputType": "UriFile", "Uri": blob}}}}
    uri = deployed.outputs["scoring_uri"]
    sent = {**learning, "Content-Type": "application/json"}
    made = json.loads(http.send(uri, sent, json.dumps(body).encode()))
    name = made["id"].rpartition("/")[2]

    def ended() -> Any:
        status = json.loads(http.send(f"{uri}/{name}", learning))["properties"]["status"]
        return status if status in ENDS else None

    assert until(ended, "the job's end") == "Completed"
    tracking = made["properties"]["interactionEndpoints"]["Tracking"]["endpoint"]
    history = tracking.replace("azureml:", "https:").replace("mlflow", "history").rstrip("?")
    manager = {"Authorization": http.token("https://management.azure.com")}
    children = json.loads(http.send(f"{history}/runs/{name}/children?api-version=v1.0", manager))
    run = children["value"][0]["runId"]
    predictions = f"{deployed.outputs['predictions_url']}{run}/score/predictions.csv"
    assert json.loads(http.send(predictions, storage))["digit"] == 7
