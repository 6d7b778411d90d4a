"""Resource ids, taken apart."""

import pytest

from components.azure.resource_id import parse

CONTAINER = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
    "/blobServices/default/containers/c"
)


def test_an_id_names_its_group_and_everything_that_it_lies_in() -> None:
    assert parse(CONTAINER) == ("s", "g", ("a", "default", "c"))


def test_the_case_of_fixed_parts_does_not_matter() -> None:
    assert parse(CONTAINER.replace("resourceGroups", "resourcegroups")).resource_group == "g"


@pytest.mark.parametrize(
    "text", ["", "name", "/subscriptions/s", "/subscriptions/s/resourceGroups/g", CONTAINER[1:]]
)
def test_anything_else_is_refused_with_what_an_id_looks_like(text: str) -> None:
    with pytest.raises(ValueError, match="is no resource id; it looks like `/subscriptions/<s>"):
        parse(text)
