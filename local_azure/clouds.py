"""Host names and audiences of every cloud, in the form in which the services here need them.

All clouds are answered for at once: which one a stack uses is the stack's own affair. The source
documents' China hosts are answered for too, beside those that the SDKs have.
"""

from __future__ import annotations

from components.clouds import CLOUDS

_CLOUDS = tuple(CLOUDS.values())

BLOB_SUFFIXES = tuple(f"blob.{cloud.storage_suffix}" for cloud in _CLOUDS)
QUEUE_SUFFIXES = tuple(f"queue.{cloud.storage_suffix}" for cloud in _CLOUDS)
TABLE_SUFFIXES = tuple(f"table.{cloud.storage_suffix}" for cloud in _CLOUDS)
MESSAGING_SUFFIXES = tuple(
    f"servicebus.{cloud.storage_suffix.removeprefix('core.')}" for cloud in _CLOUDS
)
"""Event Hubs and Service Bus share them."""
VAULT_SUFFIXES = tuple(cloud.vault_suffix for cloud in _CLOUDS)
LOGIC_SUFFIXES = ("logic.azure.com", "logic.azure.cn", "logic.azure.us")
INFERENCE_SUFFIXES = (
    *(cloud.inference_suffix for cloud in _CLOUDS),
    "inference.studio.ml.azure.cn",
)
ML_API_SUFFIX = {
    "public": "api.azureml.ms",
    "china": "api.ml.azure.cn",
    "usgovernment": "api.ml.azure.us",
}
"""Of ``<region>.<suffix>``, as azure-ai-ml has them for registries."""
LOGIN_HOSTS = (*(cloud.login_host for cloud in _CLOUDS), "login.partner.microsoftonline.cn")

STORAGE_AUDIENCE = "https://storage.azure.com"
ML_AUDIENCES = (*(cloud.ml_audience for cloud in _CLOUDS), "https://studio.ml.azure.cn")
VAULT_AUDIENCES = tuple(f"https://{suffix}" for suffix in VAULT_SUFFIXES)
EVENT_GRID_SUFFIX = {
    "public": "eventgrid.azure.net",
    "china": "eventgrid.azure.cn",
    "usgovernment": "eventgrid.azure.us",
}
MESSAGING_AUDIENCES = ("https://eventhubs.azure.net", "https://servicebus.azure.net")
EVENT_GRID_AUDIENCE = "https://eventgrid.azure.net"
ARM_AUDIENCES = (
    *(cloud.arm_audience for cloud in _CLOUDS),
    *(f"https://{cloud.arm_host}" for cloud in _CLOUDS),
)
AUDIENCES = (
    STORAGE_AUDIENCE,
    *ML_AUDIENCES,
    *VAULT_AUDIENCES,
    *MESSAGING_AUDIENCES,
    EVENT_GRID_AUDIENCE,
    *ARM_AUDIENCES,
)
"""What tokens can be asked for; storage also takes ``https://<account>.<blob suffix>``."""
