"""The clouds' hosts and audiences."""

from dataclasses import asdict

import pytest

from components.azure.clouds import CLOUDS, Cloud


@pytest.mark.parametrize("cloud", CLOUDS.values(), ids=CLOUDS)
def test_hosts_have_no_scheme_and_audiences_no_slash_at_the_end(cloud: Cloud) -> None:
    for name, value in asdict(cloud).items():
        assert value.startswith("https://") == name.endswith("audience"), name
        assert not value.endswith("/"), name
