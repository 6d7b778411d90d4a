"""Which blobs are watched: Event Grid's prefix filter, and the usual mistakes with it.

The subject of a blob's event is `/blobServices/default/containers/<container>/blobs/<name>`
(D:event-grid/event-schema-blob-storage); a filter is a prefix of that text and knows no wildcards.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from components.azure import naming
from components.settings.problems import Refused
from components.settings.section import CONTAINER, matching

CONTAINERS = "/blobServices/default/containers/"
FORM = f"{CONTAINERS}<container-name>/blobs/<path-to-data-folder>/"
LONGEST_FOLDER = 1000
"""Characters; a blob's whole name has at most 1,024."""

_CONTROL = r"[\x00-\x1f\x7f]"


def prefix_of(container: str, folder: str) -> str:
    """The prefix filter for a folder of a container; folders end in a slash, or are empty."""
    return f"{CONTAINERS}{container}/blobs/{folder}"


def path_of(prefix: str) -> str:
    """What the path of a watched blob begins with; empty where all of the account is watched."""
    return prefix.removeprefix(CONTAINERS).replace("/blobs/", "/", 1)


def folder_with_slash(folder: str) -> str:
    """The folder with a slash at its end, so that `data` does not stand for `data2/` too."""
    return folder if not folder or folder.endswith("/") else f"{folder}/"


def container_of(prefix: str) -> str:
    """The container that a prefix filter of the accepted form names."""
    return prefix.removeprefix(CONTAINERS).split("/")[0]


def folder(value: str) -> str:
    """A check: a folder inside of the input container; it gets a slash at its end.

    Raises:
        Refused: it is none.
    """
    if "*" in value:
        raise Refused("a folder; a filter begins with it and knows no wildcards")
    if value.startswith(("https://", "http://", CONTAINERS)):
        raise Refused("a folder inside of the container, such as incoming/ (not a URL or a filter)")
    names = folder_with_slash(value).split("/")[:-1]
    wrong = any(name in ("", ".", "..") for name in names) or "\\" in value
    if wrong or re.search(_CONTROL, value) or len(value) > LONGEST_FOLDER:
        raise Refused(
            f"a folder of at most {LONGEST_FOLDER} characters inside of the container, such as"
            " incoming/ or incoming/eu/: no slash in front, none doubled, no . or .."
        )
    return folder_with_slash(value)


def prefix(value: str) -> str:
    """A check: a prefix filter in Event Grid's own form.

    Raises:
        Refused: it is none, or would match more than was meant.
    """
    if "*" in value:
        raise Refused(f"{FORM}; a prefix knows no wildcards")
    if not value.strip("/") or CONTAINERS.startswith(f"/{value.strip('/')}"):
        raise Refused(f"{FORM}; for every blob of the account set watch_whole_account instead")
    if not re.fullmatch(rf"{CONTAINERS}[^/]+/blobs(/.*)?", value, re.DOTALL):
        accepted = f"{FORM}, which is what the subject of a blob's event begins with"
        raise Refused(accepted, _meant(value))
    if not value.endswith("/"):
        name = value.rsplit("/", 1)[1]
        accepted = f"a slash at the end: without it {name!r} also matches {name + '2/'!r}"
        raise Refused(accepted, f"{value}/")
    if broken := naming.check(CONTAINER, container_of(value)):
        raise Refused(f"{FORM}. {broken}")
    folder(value.split("/blobs/", 1)[1])
    return value


def _meant(value: str) -> str:
    """What was wanted by a URL, by `container/folder` or by Data Factory's form of a prefix."""
    path = re.sub(r"^https?://[^/]*", "", value).strip("/")
    path = re.sub(r"^blobServices/default/(containers/)?", "", path, flags=re.IGNORECASE)
    container, _, rest = path.partition("/")
    rest = rest.removeprefix("blobs/") if rest != "blobs" else ""
    return prefix_of(container, folder_with_slash(rest))


FolderName = Annotated[str, AfterValidator(folder)]
Prefix = Annotated[str, AfterValidator(prefix), Field(examples=[prefix_of("inputs", "incoming/")])]
Extension = Annotated[
    str,
    matching(
        r"\.[^/\\*?\x00-\x20]{1,50}",
        "what file names end with, from the dot on, such as .csv; there are no wildcards",
    ),
    Field(examples=[".csv"]),
]
MarkerName = Annotated[
    str,
    matching(
        r"(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}",
        "a file name of letters, digits, '.', '_' and '-', such as _SUCCESS",
    ),
    Field(examples=["_SUCCESS"]),
]
"""Of the file that tells that its folder is complete; the same in a URL."""
