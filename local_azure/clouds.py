"""Host names and audiences of every cloud, in the form in which the services here need them.

All clouds are answered for at once: which one a stack uses is the stack's own affair. The source
documents' China hosts are answered for too, beside those that the SDKs have.
"""

from __future__ import annotations

BLOB_SUFFIXES = (
    "blob.core.windows.net",
    "blob.core.chinacloudapi.cn",
    "blob.core.usgovcloudapi.net",
)
QUEUE_SUFFIXES = tuple(suffix.replace("blob.", "queue.", 1) for suffix in BLOB_SUFFIXES)
TABLE_SUFFIXES = tuple(suffix.replace("blob.", "table.", 1) for suffix in BLOB_SUFFIXES)
VAULT_SUFFIXES = ("vault.azure.net", "vault.azure.cn", "vault.usgovcloudapi.net")
LOGIC_SUFFIXES = ("logic.azure.com", "logic.azure.cn", "logic.azure.us")
INFERENCE_SUFFIXES = (
    "inference.ml.azure.com",
    "inference.ml.azure.cn",
    "inference.studio.ml.azure.cn",
    "inference.ml.azure.us",
)
LOGIN_HOSTS = (
    "login.microsoftonline.com",
    "login.chinacloudapi.cn",
    "login.partner.microsoftonline.cn",
    "login.microsoftonline.us",
)

STORAGE_AUDIENCE = "https://storage.azure.com"
ML_AUDIENCES = (
    "https://ml.azure.com",
    "https://ml.azure.cn",
    "https://studio.ml.azure.cn",
    "https://ml.azure.us",
)
VAULT_AUDIENCES = tuple(f"https://{suffix}" for suffix in VAULT_SUFFIXES)
EVENT_GRID_AUDIENCE = "https://eventgrid.azure.net"
ARM_AUDIENCES = (
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://management.chinacloudapi.cn",
    "https://management.core.chinacloudapi.cn",
    "https://management.usgovcloudapi.net",
    "https://management.core.usgovcloudapi.net",
)
AUDIENCES = (
    STORAGE_AUDIENCE,
    *ML_AUDIENCES,
    *VAULT_AUDIENCES,
    EVENT_GRID_AUDIENCE,
    *ARM_AUDIENCES,
)
"""What tokens can be asked for; storage also takes ``https://<account>.<blob suffix>``."""
