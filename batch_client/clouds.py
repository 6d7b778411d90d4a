"""Azure's clouds, as far as a caller has to know them.

Sources: azure-cli-core's cloud table; azure-ai-ml's for audience and hosts of batch endpoints.
"""

from typing import NamedTuple


class Cloud(NamedTuple):
    """One cloud; hosts and suffixes have no scheme, the audience has one."""

    name: str
    login_host: str
    arm_host: str
    ml_audience: str
    inference_suffix: str
    storage_suffix: str


CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud(
            "public",
            "login.microsoftonline.com",
            "management.azure.com",
            "https://ml.azure.com",
            "inference.ml.azure.com",
            "core.windows.net",
        ),
        Cloud(
            "china",
            "login.chinacloudapi.cn",
            "management.chinacloudapi.cn",
            "https://ml.azure.cn",
            "inference.ml.azure.cn",
            "core.chinacloudapi.cn",
        ),
        Cloud(
            "usgovernment",
            "login.microsoftonline.us",
            "management.usgovcloudapi.net",
            "https://ml.azure.us",
            "inference.ml.azure.us",
            "core.usgovcloudapi.net",
        ),
    )
}
