"""Data Lake Storage by its real client: files and directories, and the same data as blobs."""

from collections.abc import Callable
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceModifiedError
from azure.storage.filedatalake import ContentSettings

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world
from local_azure_tests.storage.lakes import Lake, names

pytestmark = pytest.mark.usefixtures("client_environment")

FOLDER = "HDI_isfolder=dHJ1ZQ=="


@pytest.fixture(scope="module", autouse=True)
def built(running: Running) -> None:
    """The guest may read the one filesystem, and write the other."""
    world.build(running, ["input", "other"], hierarchical=True)
    for role, container in ((world.READER, "input"), (world.CONTRIBUTOR, "other")):
        scope = world.CONTAINER.replace("/input", f"/{container}")
        running.call(running.azure.authorization.assign, role, world.GUEST.object_id, role, scope)


@pytest.fixture
def lake(running: Running) -> Lake:
    return Lake(running)


def _refusal(call: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(HttpResponseError) as refused:
        call()
    answer: Any = refused.value.response
    return answer.status_code, answer.headers["x-ms-error-code"]


def test_a_file_has_what_was_flushed(lake: Lake) -> None:
    file = lake.files.get_file_client("written/deep/a.csv")
    file.create_file(
        content_settings=ContentSettings(content_type="text/csv"), metadata={"of": "Monday"}
    )
    file.append_data(b"3,4\n", 4)
    file.append_data(b"1,2\n", 0)
    before = file.get_file_properties().size
    file.flush_data(8)
    told = file.append_data(b"5", 8, flush=True)

    properties = file.get_file_properties()
    part = file.download_file(offset=2, length=3).readall()
    read = (
        file.download_file().readall(),
        lake.blobs.download_blob(file.path_name).readall(),
        part,
    )
    assert read == (b"1,2\n3,4\n5", b"1,2\n3,4\n5", b"2\n3")
    kept = (properties.content_settings.content_type, properties.metadata)
    assert kept == ("text/csv", {"of": "Monday"})
    assert (before, told["content_md5"]) == (0, None)


def test_an_upload_replaces_a_file_and_what_was_never_flushed(lake: Lake) -> None:
    file = lake.files.create_file("again")
    file.append_data(b"never flushed", 20)
    file.upload_data(b"0123456789", overwrite=True, chunk_size=4)
    first = file.download_file().readall()
    file.upload_data(b"x", overwrite=True)

    assert (first, file.download_file().readall()) == (b"0123456789", b"x")
    told = file.get_file_properties().content_settings
    assert told.content_type == "application/octet-stream"


def test_a_file_is_flushed_where_it_ends_alone(lake: Lake) -> None:
    file = lake.files.create_file("holes")
    file.append_data(b"12", 0)
    file.append_data(b"56", 4)
    assert _refusal(lambda: file.flush_data(4)) == (400, "InvalidFlushPosition")
    file.append_data(b"34", 2)
    assert _refusal(lambda: file.flush_data(4)) == (400, "InvalidFlushPosition")
    file.flush_data(6)
    assert file.download_file().readall() == b"123456"


def test_what_a_blob_client_wrote_is_not_appended_to(lake: Lake) -> None:
    lake.blobs.upload_blob("of-blobs", b"12", overwrite=True)
    file = lake.files.get_file_client("of-blobs")
    file.append_data(b"3", 2)
    assert _refusal(lambda: file.flush_data(3)) == (409, "InvalidFlushOperation")
    assert file.download_file().readall() == b"12"


def test_a_file_is_made_only_where_there_is_none(lake: Lake) -> None:
    lake.files.create_file("once").upload_data(b"1", overwrite=True)
    with pytest.raises(ResourceExistsError, match="The specified path already exists"):
        lake.files.create_file("once", match_condition=MatchConditions.IfMissing)
    with pytest.raises(ResourceModifiedError):
        lake.files.get_file_client("once").flush_data(
            1, etag='"other"', match_condition=MatchConditions.IfNotModified
        )
    assert lake.read("once") == b"1"


def test_a_directory_is_an_empty_blob_with_a_mark(lake: Lake) -> None:
    directory = lake.files.create_directory("marked/empty")
    directory.set_metadata({"of": "Monday"})

    told = lake.blobs.get_blob_client("marked/empty").get_blob_properties()
    assert (told.size, told.metadata) == (0, {"of": "Monday", "hdi_isfolder": "true"})
    assert (
        lake.files.get_directory_client("marked")
        .get_directory_properties()
        .metadata["hdi_isfolder"]
    )
    assert [(each.name, each.is_directory) for each in lake.files.get_paths("marked")] == [
        ("marked/empty", True)
    ]


def test_what_blob_clients_write_lies_in_directories(lake: Lake) -> None:
    lake.blobs.upload_blob("mixed/deep/a", b"1")
    lake.files.create_directory("mixed/empty")

    pages = lake.blobs.walk_blobs("mixed/", results_per_page=1)
    listed = {
        "all": names(lake.files, "mixed"),
        "one level": names(lake.files, "mixed", recursive=False),
        "as blobs": [each.name for each in pages],
    }
    assert listed == {
        "all": ["mixed/deep", "mixed/deep/a", "mixed/empty"],
        "one level": ["mixed/deep", "mixed/empty"],
        "as blobs": ["mixed/deep/", "mixed/empty/"],
    }
    refusals = {
        "delete": _refusal(lambda: lake.blobs.delete_blob("mixed/deep")),
        "replace": _refusal(lambda: lake.blobs.upload_blob("mixed/deep", b"1")),
        "below a blob": _refusal(lambda: lake.blobs.upload_blob("mixed/deep/a/b", b"1")),
    }
    assert refusals == {
        "delete": (409, "DirectoryIsNotEmpty"),
        "replace": (409, "PathConflict"),
        "below a blob": (409, "PathConflict"),
    }


def test_a_blob_client_is_told_in_its_own_words_that_a_container_is_missing(lake: Lake) -> None:
    missing = world.blobs().get_container_client("nowhere")
    copy = lake.blobs.get_blob_client("copy")
    calls: list[Callable[[], Any]] = [
        lambda: missing.upload_blob("a", b"1"),
        lambda: missing.upload_blob("a", bytes(300_000)),
        lambda: copy.start_copy_from_url(f"{world.URL}/nowhere/a"),
    ]
    assert [_refusal(each) for each in calls] == [(404, "ContainerNotFound")] * 3


BLOCK_BLOB = {"x-ms-blob-type": "BlockBlob"}
MARKED = {"x-ms-meta-hdi_isfolder": "true"}
INVALID = (400, "InvalidHeaderValue")
ABSENT = (501, "NotEmulated")


@pytest.mark.parametrize(
    ("path", "body", "headers", "refusal"),
    [
        ("new", b"1", BLOCK_BLOB | MARKED, INVALID),
        ("new", b"", {"x-ms-blob-type": "AppendBlob"} | MARKED, INVALID),
        ("new", b"", BLOCK_BLOB | {"x-ms-meta-hdi_isfolder": "1"}, INVALID),
        ("new?comp=blocklist", b"<BlockList/>", MARKED, INVALID),
        ("blob?comp=metadata", b"", MARKED, INVALID),
        ("blob", b"", BLOCK_BLOB | MARKED, (409, "PathConflict")),
        ("blob", b"", {"x-ms-copy-source": f"{world.URL}/input/kind/of"}, (400, "InvalidInput")),
        ("new", b"", {"x-ms-copy-source": f"{world.URL}/input/kind/of"}, (400, "InvalidInput")),
        ("new", b"", {"x-ms-copy-source": f"{world.URL}/input/kind/blob"} | MARKED, INVALID),
        ("blob/", b"1", BLOCK_BLOB, (400, "InvalidUri")),
    ],
)
def test_a_blob_client_makes_a_directory_of_nothing_else(
    lake: Lake, path: str, body: bytes, headers: dict[str, str], refusal: tuple[int, str]
) -> None:
    lake.files.create_directory("kind/of")
    lake.files.create_file("kind/blob")

    answer = lake.ask("PUT", f"/input/kind/{path}", "blob", body, **headers)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == refusal
    assert names(lake.files, "kind") == ["kind/blob", "kind/of"]


def test_a_blob_client_makes_a_directory_of_an_empty_blob_with_its_mark(lake: Lake) -> None:
    lake.blobs.upload_blob("by-blob", b"", metadata={"hdi_isfolder": "true"})
    lake.blobs.get_blob_client("by-blob").set_blob_metadata({"hdi_isfolder": "true"})
    assert [each.is_directory for each in lake.files.get_paths() if each.name == "by-blob"] == [
        True
    ]


def test_a_list_goes_on_where_its_page_ended(lake: Lake) -> None:
    for name in ("paged/a", "paged/b", "paged/deep/c"):
        lake.files.create_file(name).upload_data(b"123", overwrite=True)

    pages = lake.files.get_paths("paged", max_results=2).by_page()
    told = [[(each.name, each.content_length) for each in page] for page in pages]
    assert told == [[("paged/a", 3), ("paged/b", 3)], [("paged/deep", 0), ("paged/deep/c", 3)]]
    listed = next(iter(lake.files.get_paths("paged")))
    told_of_it = lake.files.get_file_client("paged/a").get_file_properties()
    assert f'"{listed.etag}"' == told_of_it.etag
    assert listed.last_modified == told_of_it.last_modified.replace(tzinfo=None)


def test_a_renamed_file_is_the_same_under_another_name(lake: Lake) -> None:
    lake.files.create_directory("done")
    file = lake.files.create_file("begun/a", metadata={"of": "Monday"})
    file.upload_data(b"12", overwrite=True, metadata={"of": "Monday"})
    lake.files.create_file("done/a").upload_data(b"replaced", overwrite=True)
    lake.blobs.get_blob_client("begun/a").set_standard_blob_tier("Cool")
    file.rename_file("input/done/a")

    moved = lake.files.get_file_client("done/a")
    moved.append_data(b"3", 2, flush=True)
    properties = lake.blobs.get_blob_client("done/a").get_blob_properties()
    found = (moved.download_file().readall(), properties.metadata, properties.blob_tier)
    assert found == (b"123", {"of": "Monday"}, "Cool")
    assert names(lake.files, "begun") == []


def test_a_directory_is_renamed_with_all_in_it(lake: Lake) -> None:
    lake.files.create_file("from/deep/a").upload_data(b"1", overwrite=True)
    lake.files.create_file("from-afar")
    lake.files.get_directory_client("from").rename_directory("other/to")

    other = world.lake().get_file_system_client("other")
    assert names(other, "to") == ["to/deep", "to/deep/a"]
    assert other.get_file_client("to/deep/a").download_file().readall() == b"1"
    left = [each.name for each in lake.files.get_paths() if each.name.startswith("from")]
    assert left == ["from-afar"]


@pytest.mark.parametrize(
    ("source", "target", "refusal"),
    [
        ("missing", "kept/b", (404, "SourcePathNotFound")),
        ("kept/a", "nowhere/a", (404, "RenameDestinationParentPathNotFound")),
        ("kept", "kept/deep/er", (409, "InvalidRenameSourcePath")),
        ("kept/a", "kept/a", (409, "InvalidRenameSourcePath")),
        ("kept/a", "kept/deep", (409, "InvalidSourceOrDestinationResourceType")),
        ("kept/deep", "full", (409, "PathAlreadyExists")),
    ],
)
def test_a_rename_that_does_not_fit_changes_nothing(
    lake: Lake, source: str, target: str, refusal: tuple[int, str]
) -> None:
    for name in ("kept/a", "kept/deep/b", "full/c"):
        lake.files.create_file(name)

    assert (
        _refusal(lambda: lake.files.get_file_client(source).rename_file(f"input/{target}"))
        == refusal
    )
    assert names(lake.files, "kept") == ["kept/a", "kept/deep", "kept/deep/b"]


def test_a_directory_goes_with_all_in_it_only_where_that_is_said(lake: Lake) -> None:
    lake.files.create_file("gone/deep/a")

    refused = lake.ask("DELETE", "/input/gone?recursive=false")
    assert (refused.status_code, refused.headers["x-ms-error-code"]) == (409, "DirectoryNotEmpty")
    lake.files.delete_directory("gone")
    lake.files.create_file("gone-alone").delete_file()
    assert _refusal(lambda: names(lake.files, "gone")) == (404, "PathNotFound")
    assert _refusal(lambda: lake.files.delete_file("gone-alone")) == (404, "PathNotFound")


def test_an_error_has_the_form_of_data_lake_storage(lake: Lake) -> None:
    refused = lake.ask("GET", "/input/nothing")
    error = refused.json()["error"]

    found = (refused.status_code, refused.headers["x-ms-error-code"], error["code"])
    assert found == (404, "PathNotFound", "PathNotFound")
    assert error["message"].startswith("The specified path does not exist.\nRequestId:")


def test_a_filesystem_is_made_looked_at_listed_and_deleted(lake: Lake) -> None:
    path = "/made?resource=filesystem"
    made = lake.ask("PUT", path, **{"x-ms-properties": "of=TW9uZGF5"})
    again = lake.ask("PUT", path)
    seen = lake.ask("HEAD", path).headers
    lake.ask("PATCH", path, **{"x-ms-properties": "of=VHVlc2RheQ=="})
    changed = lake.ask("HEAD", path).headers
    listed = lake.ask("GET", "/?resource=account&prefix=made").json()["filesystems"]
    gone = lake.ask("DELETE", path)
    refused = lake.ask("GET", f"{path}&recursive=true")

    answers = [
        (each.status_code, each.headers.get("x-ms-error-code"))
        for each in (made, again, gone, refused)
    ]
    assert answers == [
        (201, None),
        (409, "FilesystemAlreadyExists"),
        (202, None),
        (404, "FilesystemNotFound"),
    ]
    told = [(each["x-ms-properties"], each["x-ms-namespace-enabled"]) for each in (seen, changed)]
    assert told == [("of=TW9uZGF5", "true"), ("of=VHVlc2RheQ==", "true")]
    assert [each["name"] for each in listed] == ["made"]


def test_what_a_path_is_stands_in_its_headers(lake: Lake) -> None:
    lake.files.create_file("told/a").upload_data(b"123", overwrite=True)
    lake.ask("PATCH", "/input/told?action=setProperties", **{"x-ms-properties": "of=TW9uZGF5"})

    folder, root = (
        lake.ask("HEAD", f"/input/{path}?action=getStatus").headers for path in ("told", "")
    )
    file = lake.ask("GET", "/input/told/a", range="bytes=1-")
    types = [each["x-ms-resource-type"] for each in (folder, root, file.headers)]
    assert (types, folder["x-ms-properties"]) == (["directory", "directory", "file"], "of=TW9uZGF5")
    assert (file.status_code, file.content) == (206, b"23")
    assert lake.files.get_file_client("told/a").get_access_control()["permissions"] == "rw-r-----"


def test_the_root_is_a_directory_by_its_own_name(lake: Lake) -> None:
    lake.files.create_file("rooted")
    root = lake.files.get_directory_client("/")

    assert root.get_access_control()["permissions"] == "rwxr-x---"
    assert "rooted" in [each.name for each in root.get_paths(recursive=False)]


@pytest.mark.parametrize("kind", ["file", "directory"])
def test_what_goes_on_in_one_page_is_made_whatever_page_is_asked_for(lake: Lake, kind: str) -> None:
    assert lake.ask("PUT", f"/input/page/{kind}?resource={kind}&continuation=x").status_code == 201


def test_roles_decide_as_for_blobs(lake: Lake) -> None:
    lake.files.create_file("mine/a").upload_data(b"1", overwrite=True)
    theirs = world.lake(world.GUEST).get_file_system_client("input")
    own = world.lake(world.GUEST).get_file_system_client("other").create_file("own")
    calls: dict[str, Callable[[], Any]] = {
        "create": lambda: theirs.create_file("mine/b"),
        "delete": lambda: theirs.delete_file("mine/a"),
        "rename from": lambda: theirs.get_file_client("mine/a").rename_file("other/a"),
        "rename to": lambda: own.rename_file("input/own"),
    }

    refusal = (403, "AuthorizationPermissionMismatch")
    assert {name: _refusal(call) for name, call in calls.items()} == dict.fromkeys(calls, refusal)
    assert theirs.get_file_client("mine/a").download_file().readall() == b"1"
    assert names(theirs, "mine") == ["mine/a"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "refusal"),
    [
        ("GET", "/input/a?sig=x", {}, (403, "KeyBasedAuthenticationNotPermitted")),
        (
            "GET",
            "/input/a",
            {"authorization": "SharedKey drops:x"},
            (403, "KeyBasedAuthenticationNotPermitted"),
        ),
        ("GET", "/input/a/%2E%2E%2Fb", {}, (400, "InvalidUri")),
        ("PUT", "/input//a?resource=file", {}, (400, "InvalidUri")),
        ("PUT", "/input//?resource=directory", {}, ABSENT),
        ("DELETE", "/input/%5C?recursive=true", {}, ABSENT),
        ("PUT", "/input/a?resource=file", {"x-ms-properties": "a=?"}, INVALID),
        ("PUT", "/input/a?resource=file", {"x-ms-properties": "a=DQpi"}, INVALID),
        ("PUT", "/input/a?resource=file", {"x-ms-properties": FOLDER}, INVALID),
        ("PUT", "/%2E%2E/a?resource=file", {}, (400, "InvalidUri")),
        ("PUT", "/%2E?resource=filesystem", {}, (400, "InvalidUri")),
        ("PUT", "/input/a?resource=file", {"x-ms-acl": "user::rwx"}, ABSENT),
        ("PUT", "/input/a?resource=file", {"x-ms-source-if-match": "1"}, ABSENT),
        ("PUT", "/input/a?action=file", {}, ABSENT),
        ("PATCH", "/input/a?action=append&position=0", {"x-ms-properties": "a="}, ABSENT),
        ("GET", "/input?resource=filesystem&recursive=true&prefix=a", {}, ABSENT),
        (
            "PUT",
            "/input/a?resource=file",
            {"content-length": "1"},
            (400, "ContentLengthMustBeZero"),
        ),
        *(
            ("PUT", "/input/a", {"x-ms-rename-source": source}, (400, "InvalidSourceUri"))
            for source in (
                *("nowhere", "input/b", "//input/b", "/input/b#c", "/input/%ff", "/input//"),
                *("https://other.dfs.core.windows.net/input/b", "https://[/input/b"),
            )
        ),
        ("PATCH", "/input/a?action=flush&position=x", {}, (400, "InvalidQueryParameterValue")),
        ("PATCH", "/input/a?action=setAccessControl", {}, ABSENT),
        ("POST", "/input/a", {"x-ms-lease-action": "acquire"}, ABSENT),
    ],
)
def test_a_request_that_is_not_taken_is_refused_by_name(
    lake: Lake, method: str, path: str, headers: dict[str, str], refusal: tuple[int, str]
) -> None:
    answer = lake.ask(method, path, **headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == refusal


def test_an_account_without_directories_has_no_data_lake(running: Running, lake: Lake) -> None:
    running.call(world.account, running.azure)
    try:
        answer = lake.ask("GET", "/?resource=account")
    finally:
        running.call(world.account, running.azure, hierarchical=True)

    assert (answer.status_code, answer.json()["error"]["code"]) == ABSENT
