"""Which forms of a URI are sent, and which are refused with the right one."""

from collections.abc import Callable

import pytest

from batch_client import uris
from batch_client.errors import UsageError
from tests.cases import cases_beside

ADDRESSES = cases_beside(__file__, "addresses")
WORKSPACE = (
    "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws"
)
LONG = (
    "azureml://subscriptions/s-1/resourcegroups/rg/workspaces/ws/datastores/inputs/paths/a/b c.csv"
)
WRONG = f"azureml:{WORKSPACE}/datastores/inputs/paths/a/b c.csv"


@pytest.mark.parametrize("form", ["azureml://datastores/inputs/paths/a/b c.csv", LONG])
def test_a_datastore_path_is_sent_in_its_long_form(form: str) -> None:
    assert uris.input_uri(form, WORKSPACE) == LONG
    assert uris.output_uri(form, WORKSPACE) == LONG


def test_without_a_workspace_a_short_form_stays_short() -> None:
    short = "azureml://datastores/inputs/paths/a.csv"

    assert uris.input_uri(short, None) == short


@pytest.mark.parametrize("form", [WRONG, WRONG.removeprefix("azureml:")])
@pytest.mark.parametrize("read", [uris.input_uri, uris.output_uri])
def test_the_documented_form_that_fails_is_refused_with_the_right_one(
    form: str, read: Callable[[str, str], str]
) -> None:
    with pytest.raises(UsageError, match=f"Write '{LONG}'"):
        read(form, WORKSPACE)


@pytest.mark.parametrize("form", ADDRESSES["sent as it is"])
def test_what_a_batch_endpoint_reads_is_sent_as_it_is(form: str) -> None:
    assert uris.input_uri(form, WORKSPACE) == form


@pytest.mark.parametrize("form", ADDRESSES["no input"])
def test_what_no_batch_endpoint_reads_is_refused(form: str) -> None:
    with pytest.raises(UsageError) as refusal:
        uris.input_uri(form, WORKSPACE)

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("form", ADDRESSES["no output"])
def test_an_output_elsewhere_than_in_a_datastore_is_refused(form: str) -> None:
    with pytest.raises(UsageError, match=r"azureml://datastores|names no path"):
        uris.output_uri(form, WORKSPACE)


def test_a_blobs_url_is_decoded_and_encoded_again() -> None:
    url = "https://a.blob.core.windows.net/inputs/f/it%27s%20100%25%23.csv"

    place = uris.blob_place(url)

    assert place.path == "f/it's 100%#.csv"
    assert place.url == url


@pytest.mark.parametrize("url", ["https://a.example/inputs/a", "https://a.blob.core.windows.net/"])
def test_another_url_is_no_blob(url: str) -> None:
    with pytest.raises(UsageError, match="no URL of a blob"):
        uris.blob_place(url)


@pytest.mark.parametrize(
    ("data", "url"),
    [
        ({"url": "https://a/b"}, "https://a/b"),
        ({"sourceUrl": "https://a/old", "destinationUrl": "https://a/new"}, "https://a/new"),
        ("no data", ""),
    ],
)
def test_an_event_tells_of_a_blob_by_its_present_name(data: object, url: str) -> None:
    assert uris.told_by({"data": data}) == url


@pytest.mark.parametrize(("url", "told"), ADDRESSES["told as"].items())
def test_a_file_is_told_at_the_blob_host_by_its_own_name(url: str, told: str) -> None:
    assert uris.plain(url) == told
