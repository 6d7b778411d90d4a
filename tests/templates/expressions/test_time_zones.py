"""Windows names of time zones, which the judge does not know."""

import pytest

from local_azure.expressions.time_zones import _iana, time_zone


def test_each_windows_name_stands_for_a_zone_of_this_machine() -> None:
    assert {name: time_zone(name).key for name in _iana()} == _iana()


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="knows no time zone 'Nowhere Standard Time'"):
        time_zone("Nowhere Standard Time")
