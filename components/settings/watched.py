"""Which blobs are watched: Event Grid's prefix filter, and the usual mistakes with it.

The subject of a blob's event is `/blobServices/default/containers/<container>/blobs/<name>`
(D:event-grid/event-schema-blob-storage); a filter is a prefix of that text and knows no wildcards.
"""

from __future__ import annotations

import re

from components.azure import naming
from components.settings.problems import Refusal

CONTAINERS = "/blobServices/default/containers/"
FORM = f"{CONTAINERS}<container-name>/blobs/<path-to-data-folder>/"
LONGEST_FOLDER = 1000
"""Characters; a blob's whole name has at most 1,024."""

_CONTAINER = "Microsoft.Storage/storageAccounts/blobServices/containers"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


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


def folder(value: str) -> list[Refusal]:
    """A folder inside of the input container."""
    if "*" in value:
        return [Refusal("a folder; a filter begins with it and knows no wildcards")]
    if value.startswith(("https://", "http://", CONTAINERS)):
        accepted = "a folder inside of input_container, such as incoming/ (not a URL or a filter)"
        return [Refusal(accepted)]
    names = folder_with_slash(value).split("/")[:-1]
    wrong = any(name in ("", ".", "..") for name in names) or "\\" in value
    if wrong or _CONTROL.search(value) or len(value) > LONGEST_FOLDER:
        accepted = (
            f"a folder of at most {LONGEST_FOLDER} characters inside of input_container, such as"
            " incoming/ or incoming/eu/: no slash in front, none doubled, no . or .."
        )
        return [Refusal(accepted)]
    return []


def prefix(value: str) -> list[Refusal]:
    """A prefix filter in Event Grid's own form."""
    for mistake in (_wildcard, _whole_account, _other_form, _no_slash):
        if refusal := mistake(value):
            return [refusal]
    broken = naming.check(_CONTAINER, container_of(value))
    return [Refusal(f"{FORM}. {broken}")] if broken else folder(value.split("/blobs/", 1)[1])


def _wildcard(value: str) -> Refusal | None:
    return Refusal(f"{FORM}; a prefix knows no wildcards") if "*" in value else None


def _whole_account(value: str) -> Refusal | None:
    if not value.strip("/") or f"{CONTAINERS}".startswith(f"/{value.strip('/')}"):
        accepted = f"{FORM}; for every blob of the account set watch_whole_account instead"
        return Refusal(accepted)
    return None


def _other_form(value: str) -> Refusal | None:
    if re.fullmatch(rf"{CONTAINERS}[^/]+/blobs(/.*)?", value, re.DOTALL):
        return None
    return Refusal(
        f"{FORM}, which is what the subject of a blob's event begins with", _meant(value)
    )


def _meant(value: str) -> str:
    """What was wanted by a URL, by `container/folder` or by Data Factory's form of a prefix."""
    path = re.sub(r"^https?://[^/]*", "", value).strip("/")
    path = re.sub(r"^blobServices/default/(containers/)?", "", path, flags=re.IGNORECASE)
    container, _, rest = path.partition("/")
    rest = rest.removeprefix("blobs/") if rest != "blobs" else ""
    return prefix_of(container, folder_with_slash(rest))


def _no_slash(value: str) -> Refusal | None:
    if value.endswith("/"):
        return None
    name = value.rsplit("/", 1)[1]
    accepted = f"a slash at the end: without it {name!r} also matches {name + '2/'!r}"
    return Refusal(accepted, f"{value}/")


def marker(value: str) -> list[Refusal]:
    """The name of a file that tells that its folder is complete; the same in a URL."""
    accepted = "a file name of letters, digits, '.', '_' and '-', such as _SUCCESS"
    fits = re.fullmatch(r"[A-Za-z0-9._-]{1,100}", value) and value not in (".", "..")
    return [] if fits else [Refusal(accepted)]


def extension(value: str) -> list[Refusal]:
    """What names of watched blobs end with."""
    accepted = "what file names end with, from the dot on, such as .csv; there are no wildcards"
    return [] if re.fullmatch(r"\.[^/\\*?\x00-\x20]{1,50}", value) else [Refusal(accepted)]
