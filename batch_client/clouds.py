"""Azure's clouds, as far as a caller has to know them.

Sources: azure-cli-core's cloud table; azure-ai-ml's for audience and hosts of batch endpoints.
"""

from typing import NamedTuple


class Cloud(NamedTuple):
    """One cloud; hosts and suffixes have no scheme, the audience has one."""

    login_host: str
    arm_host: str
    ml_audience: str
    inference_suffix: str
    storage_suffix: str


CLOUDS = {
    "public": Cloud(
        "login.microsoftonline.com",
        "management.azure.com",
        "https://ml.azure.com",
        "inference.ml.azure.com",
        "core.windows.net",
    ),
    "china": Cloud(
        "login.chinacloudapi.cn",
        "management.chinacloudapi.cn",
        "https://ml.azure.cn",
        "inference.ml.azure.cn",
        "core.chinacloudapi.cn",
    ),
    "usgovernment": Cloud(
        "login.microsoftonline.us",
        "management.usgovcloudapi.net",
        "https://ml.azure.us",
        "inference.ml.azure.us",
        "core.usgovcloudapi.net",
    ),
}
