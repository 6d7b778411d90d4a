"""The clouds' hosts and audiences."""

from dataclasses import asdict

import pytest

from components.azure.clouds import (
    CLOUDS,
    OVERRIDABLE,
    PUBLIC,
    Cloud,
    with_overrides,
)


@pytest.mark.parametrize("cloud", CLOUDS.values(), ids=CLOUDS)
def test_hosts_have_no_scheme_and_audiences_no_slash_at_the_end(cloud: Cloud) -> None:
    for name, value in asdict(cloud).items():
        assert value.startswith("https://") == name.endswith("audience"), name
        assert not value.endswith("/"), name


def test_everything_but_the_name_can_be_overridden() -> None:
    overridden = with_overrides(PUBLIC, dict.fromkeys(OVERRIDABLE, "x"))

    assert {value for name, value in asdict(overridden).items() if name != "name"} == {"x"}
    assert overridden.name == "public"


def test_an_override_of_what_no_cloud_has_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="A cloud has no 'loginhost'; it has azure_native_env"):
        with_overrides(PUBLIC, {"loginhost": "login.example.com"})
