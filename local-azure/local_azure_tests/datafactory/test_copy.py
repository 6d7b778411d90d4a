"""Copy and Get Metadata activities on the storage front, with Azurite behind it."""

import os
from typing import Any

import pytest

from local_azure.runs.transport import HttpAnswer, HttpRequest
from local_azure_tests.datafactory.files import TEXT, Files, copy, factory, reference
from local_azure_tests.datafactory.pipelines import activity, result
from local_azure_tests.storage import world
from local_azure_tests.world import World

PART = 1024 * 1024


@pytest.mark.parametrize("content", [b"", b"one", os.urandom(PART), os.urandom(2 * PART + 1)])
def test_a_file_comes_out_as_it_went_in(files: Files, content: bytes) -> None:
    files.put("one", "file", content=content)

    found = files.done(copy("one", "there", "file"))

    assert files.read("there/file") == content
    assert (found.output["dataWritten"], found.output["filesWritten"]) == (len(content), 1)


@pytest.mark.parametrize(
    ("name", "to"),
    [
        *((name, "") for name in ("a b", "ü", "a#b", "a?b", "a%20b", "a&b+c", "'\"")),
        ("a", "it's 100%.csv"),
    ],
)
def test_a_name_is_a_name(files: Files, name: str, to: str) -> None:
    files.put("names", name)
    files.done(copy("names", "kept", name, to))
    assert files.read(f"kept/{to or name}") == b"1"


def test_a_folder_keeps_its_hierarchy(files: Files) -> None:
    files.put("tree", "a", "sub/b")
    files.source.upload_blob("tree/sub", b"", metadata={"hdi_isfolder": "true"})
    files.put("trees", "c")

    found = files.done(copy("tree", "grown"))

    assert files.below("grown") == ["grown/a", "grown/sub/b"]
    assert found.output["filesRead"] == 2


def test_a_directory_is_no_file(files: Files) -> None:
    files.source.upload_blob("tree/deep", b"", metadata={"hdi_isfolder": "true"})
    found = files.done(copy("tree", "grown", "deep"))
    assert (found.error or {})["message"].startswith("The required blob")


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"recursive": False}, ["a.csv", "b.txt"]),
        ({"wildcardFileName": "*.csv"}, ["a.csv", "sub/c.csv"]),
        ({"wildcardFileName": "?.csv", "recursive": False}, ["a.csv"]),
        ({"wildcardFileName": "^*.csv"}, []),
    ],
)
def test_settings_choose_among_the_files_of_a_folder(
    files: Files, settings: dict[str, Any], names: list[str]
) -> None:
    files.put("choice", "a.csv", "b.txt", "sub/c.csv")
    folder = f"chosen-{len(str(settings))}"

    files.done(copy("choice", folder, **settings))

    assert files.below(folder) == [f"{folder}/{name}" for name in names]


def test_a_pattern_of_many_stars_is_compared_at_once(files: Files) -> None:
    files.put("stars", "a" * 500, "b" + "a" * 500)

    files.done(copy("stars", "told", wildcardFileName="*b" + "*a" * 40))

    assert files.below("told") == ["told/b" + "a" * 500]


def test_what_is_there_is_written_over(files: Files) -> None:
    files.put("over", "a", content=b"new")
    files.sink.upload_blob("over/a", b"old")
    files.done(copy("over", "over"))
    assert files.read("over/a") == b"new"


@pytest.mark.parametrize("file", ["a", ""])
def test_what_is_missing_fails_the_copy(files: Files, file: str) -> None:
    found = files.done(copy("none", "x", file))
    assert (found.error or {})["message"].startswith("The required blob")


def test_an_identity_without_a_role_fails_the_copy(files: Files) -> None:
    files.put("closed", "a")
    found = files.done(copy("closed", "x"), world.GUEST)
    assert "AuthorizationPermissionMismatch" in (found.error or {})["message"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"type": "Json"}, "is of type 'Json'; Binary is read."),
        ({"typeProperties": {}}, "has no container on blob storage."),
        ({"linkedServiceName": "store"}, "refers to no linked service."),
        (
            {"parameters": {"folder": TEXT}},
            "can't be used: No parameter is called 'file'; there are: folder.",
        ),
    ],
)
def test_a_dataset_of_another_shape_fails_the_copy(
    files: Files, changes: dict[str, Any], why: str
) -> None:
    found = files.done(copy("", ""), folder=factory(**changes))
    assert (found.error or {})["message"] == f"The dataset 'in' {why}"


def test_a_dataset_sees_its_own_parameters_alone(files: Files) -> None:
    found = files.done(copy("", ""), folder=factory(folder={"name": "@linkedService().x"}))
    assert "'linkedService' is not expected at this location" in (found.error or {})["message"]


def test_a_file_that_is_replaced_meanwhile_fails_the_copy() -> None:
    def storage(request: HttpRequest) -> HttpAnswer:
        if request.method == "HEAD":
            return HttpAnswer(200, {"Content-Length": str(2 * PART), "ETag": '"first"'})
        is_first = request.headers.get("If-Match") == '"first"'
        return HttpAnswer(412 if is_first else 201, {"x-ms-error-code": "ConditionNotMet"})

    found = result(copy("", "", "a"), world=World({world.HOST: storage}), folder=factory())

    assert found.message.endswith("answered 412 ConditionNotMet.")


def looked(files: Files, folder: str, *fields: str, file: str = "") -> Any:
    """The record of a Get Metadata."""
    own: Any = {"dataset": reference("in", folder, file), "fieldList": list(fields)}
    return files.done(activity("C", "GetMetadata", **own))


def test_what_lies_in_a_folder_is_told_by_name_and_kind(files: Files) -> None:
    files.put("looked", "a", "sub/b", "sub/c")

    found = looked(files, "looked", "exists", "childItems")

    children = [{"name": "a", "type": "File"}, {"name": "sub", "type": "Folder"}]
    assert found.output == {"exists": True, "childItems": children}
    assert looked(files, "looked", "exists", file="a").output == {"exists": True}


@pytest.mark.parametrize(("folder", "file"), [("loo", ""), ("looked", "sub"), ("nowhere", "")])
def test_what_is_not_there_exists_not_where_that_was_asked(
    files: Files, folder: str, file: str
) -> None:
    assert looked(files, folder, "exists", file=file).output == {"exists": False}
    assert looked(files, folder, "childItems", file=file).status.value == "Failed"
