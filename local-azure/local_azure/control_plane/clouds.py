"""Host names and audiences of every cloud: this Azure answers for all of them at once.

Which cloud a stack uses is the stack's own affair. Sources: azure-cli-core 2.91.0 (``cloud.py``:
login, Resource Manager, storage, vaults, registries; ``profiles``: audiences), azure-ai-ml 1.35.2
(``_azure_environments.py``: machine learning and its regional hosts). The source documents' China
hosts are answered for too, beside those that the SDKs have.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cloud:
    """One cloud. Hosts and suffixes have no scheme, audiences have one and no slash at the end.

    Attributes:
        name: what Resource Manager and ``az cloud`` call it.
        environments: what azure-native and azuread call it.
        login_host: who issues tokens.
        graph_host: Microsoft Graph, and with a scheme the audience of its tokens.
        arm_host: the Resource Manager.
        arm_audience: the older of the Resource Manager's audiences; the other is its host.
        ml_audience: of tokens for batch endpoints.
        inference: of ``<endpoint>.<region>.<suffix>``.
        ml_api: of ``<region>.<suffix>``, where run histories are.
        storage: of ``<account>.blob.<suffix>``.
        vault: of ``<vault>.<suffix>``.
        registry: of ``<registry>.<suffix>``.
        logic: of ``prod-00.<region>.<suffix>``.
        event_grid: of ``<topic>.<region>-1.<suffix>``.
        messaging: of ``<namespace>.<suffix>``, Event Hubs' and Service Bus'.
        sites: of ``<site>.<suffix>``, Functions' and Standard Logic Apps'.
    """

    name: str
    environments: tuple[str, str]
    login_host: str
    graph_host: str
    arm_host: str
    arm_audience: str
    ml_audience: str
    inference: str
    ml_api: str
    storage: str
    vault: str
    registry: str
    logic: str
    event_grid: str
    messaging: str
    sites: str


PUBLIC = Cloud(
    name="AzureCloud",
    environments=("public", "global"),
    login_host="login.microsoftonline.com",
    graph_host="graph.microsoft.com",
    arm_host="management.azure.com",
    arm_audience="https://management.core.windows.net",
    ml_audience="https://ml.azure.com",
    inference="inference.ml.azure.com",
    ml_api="api.azureml.ms",
    storage="core.windows.net",
    vault="vault.azure.net",
    registry="azurecr.io",
    logic="logic.azure.com",
    event_grid="eventgrid.azure.net",
    messaging="servicebus.windows.net",
    sites="azurewebsites.net",
)
CHINA = Cloud(
    name="AzureChinaCloud",
    environments=("china", "china"),
    login_host="login.chinacloudapi.cn",
    graph_host="microsoftgraph.chinacloudapi.cn",
    arm_host="management.chinacloudapi.cn",
    arm_audience="https://management.core.chinacloudapi.cn",
    ml_audience="https://ml.azure.cn",
    inference="inference.ml.azure.cn",
    ml_api="api.ml.azure.cn",
    storage="core.chinacloudapi.cn",
    vault="vault.azure.cn",
    registry="azurecr.cn",
    logic="logic.azure.cn",
    event_grid="eventgrid.azure.cn",
    messaging="servicebus.chinacloudapi.cn",
    sites="chinacloudsites.cn",
)
US_GOVERNMENT = Cloud(
    name="AzureUSGovernment",
    environments=("usgovernment", "usgovernmentl4"),
    login_host="login.microsoftonline.us",
    graph_host="graph.microsoft.us",
    arm_host="management.usgovcloudapi.net",
    arm_audience="https://management.core.usgovcloudapi.net",
    ml_audience="https://ml.azure.us",
    inference="inference.ml.azure.us",
    ml_api="api.ml.azure.us",
    storage="core.usgovcloudapi.net",
    vault="vault.usgovcloudapi.net",
    registry="azurecr.us",
    logic="logic.azure.us",
    event_grid="eventgrid.azure.us",
    messaging="servicebus.usgovcloudapi.net",
    sites="azurewebsites.us",
)
CLOUDS = (PUBLIC, CHINA, US_GOVERNMENT)

BLOB_SUFFIXES = tuple(f"blob.{cloud.storage}" for cloud in CLOUDS)
INFERENCE_SUFFIXES = (*(cloud.inference for cloud in CLOUDS), "inference.studio.ml.azure.cn")
LOGIN_HOSTS = (*(cloud.login_host for cloud in CLOUDS), "login.partner.microsoftonline.cn")
VAULT_SUFFIXES = tuple(cloud.vault for cloud in CLOUDS)

STORAGE_AUDIENCE = "https://storage.azure.com"
ML_AUDIENCES = (*(cloud.ml_audience for cloud in CLOUDS), "https://studio.ml.azure.cn")
VAULT_AUDIENCES = tuple(f"https://{suffix}" for suffix in VAULT_SUFFIXES)
MESSAGING_AUDIENCES = ("https://eventhubs.azure.net", "https://servicebus.azure.net")
EVENT_GRID_AUDIENCE = "https://eventgrid.azure.net"
AUDIENCES = (
    STORAGE_AUDIENCE,
    *ML_AUDIENCES,
    *VAULT_AUDIENCES,
    *MESSAGING_AUDIENCES,
    EVENT_GRID_AUDIENCE,
    *(cloud.arm_audience for cloud in CLOUDS),
    *(f"https://{cloud.graph_host}" for cloud in CLOUDS),
    *(f"https://{cloud.arm_host}" for cloud in CLOUDS),
)
"""What tokens can be asked for; storage also takes ``https://<account>.<blob suffix>``."""


def endpoints() -> list[dict[str, Any]]:
    """All clouds, as ``/metadata/endpoints`` tells them to whoever asks.

    The keys are those that azure-cli 2.91.0 reads (``cloud.py``), as far as they lead here.
    """
    return [
        {
            "name": cloud.name,
            "authentication": {
                "loginEndpoint": f"https://{cloud.login_host}",
                "audiences": [f"{cloud.arm_audience}/", f"https://{cloud.arm_host}/"],
                "tenant": "common",
                "identityProvider": "AAD",
            },
            "resourceManager": f"https://{cloud.arm_host}/",
            "microsoftGraphResourceId": f"https://{cloud.graph_host}/",
            "suffixes": {
                "acrLoginServer": cloud.registry,
                "keyVaultDns": cloud.vault,
                "storage": cloud.storage,
            },
        }
        for cloud in CLOUDS
    ]


def of(host: str, suffix: str) -> Cloud:
    """The cloud that a host belongs to.

    Args:
        host: as it was asked for, without a port.
        suffix: which of a cloud's attributes the host ends in.

    Raises:
        StopIteration: no cloud; only hosts that are registered get here.
    """
    return next(each for each in CLOUDS if host.lower().endswith(getattr(each, suffix)))
