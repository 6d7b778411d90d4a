"""The clouds' hosts and audiences."""

from dataclasses import asdict

import pytest

from components.azure.clouds import (
    CHINA,
    CLOUDS,
    OVERRIDABLE,
    PUBLIC,
    US_GOVERNMENT,
    Cloud,
    with_overrides,
)


def test_the_clouds_go_by_the_names_that_the_configuration_has() -> None:
    assert CLOUDS == {"public": PUBLIC, "china": CHINA, "usgovernment": US_GOVERNMENT}


@pytest.mark.parametrize(
    ("cloud", "login_host", "ml_audience", "inference_suffix", "blob_suffix"),
    [
        (
            PUBLIC,
            "login.microsoftonline.com",
            "https://ml.azure.com",
            "inference.ml.azure.com",
            "blob.core.windows.net",
        ),
        (
            CHINA,
            "login.chinacloudapi.cn",
            "https://ml.azure.cn",
            "inference.ml.azure.cn",
            "blob.core.chinacloudapi.cn",
        ),
        (
            US_GOVERNMENT,
            "login.microsoftonline.us",
            "https://ml.azure.us",
            "inference.ml.azure.us",
            "blob.core.usgovcloudapi.net",
        ),
    ],
)
def test_each_cloud_has_its_own_hosts_and_audience(
    cloud: Cloud, login_host: str, ml_audience: str, inference_suffix: str, blob_suffix: str
) -> None:
    assert cloud.login_host == login_host
    assert cloud.ml_audience == ml_audience
    assert cloud.inference_suffix == inference_suffix
    assert cloud.blob_suffix == blob_suffix


@pytest.mark.parametrize("cloud", CLOUDS.values(), ids=CLOUDS)
def test_hosts_have_no_scheme_and_audiences_no_slash_at_the_end(cloud: Cloud) -> None:
    for name, value in asdict(cloud).items():
        assert value.startswith("https://") == name.endswith("audience"), name
        assert not value.endswith("/"), name


def test_the_source_documents_china_hosts_can_be_configured() -> None:
    cloud = with_overrides(
        CHINA,
        {
            "login_host": "login.partner.microsoftonline.cn",
            "ml_audience": "https://studio.ml.azure.cn",
            "inference_suffix": "inference.studio.ml.azure.cn",
        },
    )

    assert cloud.login_host == "login.partner.microsoftonline.cn"
    assert cloud.ml_audience == "https://studio.ml.azure.cn"
    assert cloud.inference_suffix == "inference.studio.ml.azure.cn"
    assert cloud.storage_suffix == "core.chinacloudapi.cn"


def test_everything_but_the_name_can_be_overridden() -> None:
    overridden = with_overrides(PUBLIC, dict.fromkeys(OVERRIDABLE, "x"))

    assert {value for name, value in asdict(overridden).items() if name != "name"} == {"x"}
    assert overridden.name == "public"


def test_an_override_of_what_no_cloud_has_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="A cloud has no 'loginhost'; it has azure_native_env"):
        with_overrides(PUBLIC, {"loginhost": "login.example.com"})
