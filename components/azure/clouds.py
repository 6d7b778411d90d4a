"""Azure's clouds as data: the hosts, suffixes and audiences in which they differ.

Nothing here talks to Azure or knows Pulumi. Sources per value: azure-cli-core's cloud table, the
azure-ai-ml package, the provider SDKs (`environment`), and
D:machine-learning/how-to-access-azureml-behind-firewall (studio).
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Cloud:
    """One cloud. Hosts and suffixes have no scheme, audiences have one and no slash at the end."""

    name: str
    """What the configuration calls it: public, china or usgovernment."""

    azure_native_environment: str
    """Value of `azure-native:environment`."""

    azuread_environment: str
    """Value of `azuread:environment`."""

    login_host: str
    """Host that issues tokens."""

    graph_host: str
    """Host of Microsoft Graph, where applications and service principals are made."""

    arm_host: str
    """Host of the Resource Manager."""

    arm_audience: str
    """Audience of tokens for the Resource Manager."""

    ml_audience: str
    """Audience of tokens for batch endpoints."""

    inference_suffix: str
    """What follows `<endpoint>.<region>.` in the host of a batch endpoint."""

    studio_host: str
    """Host of Azure Machine Learning studio, for people."""

    storage_suffix: str
    """What follows `<account>.blob.` in the host of an account."""

    vault_suffix: str
    """What follows `<vault>.` in the host of a Key Vault."""

    @property
    def blob_suffix(self) -> str:
        """What follows `<account>.` in the host of an account's blobs."""
        return f"blob.{self.storage_suffix}"


PUBLIC = Cloud(
    name="public",
    azure_native_environment="public",
    azuread_environment="global",
    login_host="login.microsoftonline.com",
    graph_host="graph.microsoft.com",
    arm_host="management.azure.com",
    arm_audience="https://management.core.windows.net",
    ml_audience="https://ml.azure.com",
    inference_suffix="inference.ml.azure.com",
    studio_host="ml.azure.com",
    storage_suffix="core.windows.net",
    vault_suffix="vault.azure.net",
)

CHINA = Cloud(
    name="china",
    azure_native_environment="china",
    azuread_environment="china",
    login_host="login.chinacloudapi.cn",
    graph_host="microsoftgraph.chinacloudapi.cn",
    arm_host="management.chinacloudapi.cn",
    arm_audience="https://management.core.chinacloudapi.cn",
    ml_audience="https://ml.azure.cn",
    inference_suffix="inference.ml.azure.cn",
    studio_host="studio.ml.azure.cn",
    storage_suffix="core.chinacloudapi.cn",
    vault_suffix="vault.azure.cn",
)

US_GOVERNMENT = Cloud(
    name="usgovernment",
    azure_native_environment="usgovernment",
    azuread_environment="usgovernmentl4",
    login_host="login.microsoftonline.us",
    graph_host="graph.microsoft.us",
    arm_host="management.usgovcloudapi.net",
    arm_audience="https://management.core.usgovcloudapi.net",
    ml_audience="https://ml.azure.us",
    inference_suffix="inference.ml.azure.us",
    studio_host="ml.azure.us",
    storage_suffix="core.usgovcloudapi.net",
    vault_suffix="vault.usgovcloudapi.net",
)

DOCUMENTED_IN_CHINA = {
    "login_host": "login.partner.microsoftonline.cn",
    "ml_audience": "https://studio.ml.azure.cn",
    "inference_suffix": "inference.studio.ml.azure.cn",
}
"""What the source document has instead of azure-ai-ml's; a stack can override them."""

CLOUDS = {cloud.name: cloud for cloud in (PUBLIC, CHINA, US_GOVERNMENT)}

RAISING_WORKSPACE_EVENTS = ("public", "china")
"""Clouds whose workspaces raise events; D:machine-learning/reference-machine-learning-cloud-parity,
of 2022, denies them to US Government."""

OVERRIDABLE = tuple(field.name for field in fields(Cloud) if field.name != "name")
"""What a stack may say otherwise than the table does."""
