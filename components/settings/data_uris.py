"""Where the data of a job may lie: what batch endpoints read, and the little that they write to.

A refusal names the limitation (S001: only registered datastores and storage accounts are read, only
registered datastores on blobs are written) or, where another form was meant, the one that works
(S004: `azureml:/subscriptions/…`, as the documentation has it, fails). What is registered is sent
by its resource id, whose name and version may stand alone; a label is the clients' affair (D:
machine-learning/how-to-access-data-batch-endpoints-jobs).
"""

import re
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, Field

from components.settings.problems import Refused

_NAME = "[A-Za-z0-9_]{1,255}"
_PART = r"[^/\s\"<>\\^`|]+"
_PATH = r"[^\s\"<>\\^`|?#]{0,2000}"
_HOST = r"[a-z0-9]{3,24}\.%s\.[a-z0-9.-]{4,100}"

_SHORT = rf"azureml://datastores/{_NAME}/paths/{_PATH}"
_LONG = (
    rf"azureml://subscriptions/{_PART}/resource[gG]roups/{_PART}/workspaces/{_PART}"
    rf"/datastores/{_NAME}/paths/{_PATH}"
)
_BLOB = rf"https://{_HOST % 'blob'}/[a-z0-9$-]{{1,63}}/{_PATH}"
_LAKE = rf"https://{_HOST % 'dfs'}/[a-z0-9$-]{{1,63}}/{_PATH}"
_ABFSS = rf"abfss://[a-z0-9$-]{{1,63}}@{_HOST % 'dfs'}/{_PATH}"
_DATASTORE = f"{_SHORT}|{_LONG}"
_ASSET = "[A-Za-z0-9][A-Za-z0-9._-]{0,254}"

NAMED = rf"azureml:({_ASSET}):({_ASSET})"
"""Something registered in the stack's workspace: its name and its version."""

REGISTERED = (
    rf"/subscriptions/{_PART}/resourceGroups/{_PART}/providers/Microsoft\.MachineLearningServices"
    rf"/workspaces/{_PART}/%s/{_ASSET}/versions/{_ASSET}"
)
"""A version's resource id, of `data` or `models`."""

_DATA = f"{NAMED}|{REGISTERED % 'data'}"
_READ = f"{_SHORT}|{_LONG}|{_BLOB}|{_LAKE}|{_ABFSS}|{_DATA}"
_ARM = (
    rf"azureml:/+subscriptions/({_PART})/resource[gG]roups/({_PART})"
    rf"/providers/Microsoft\.MachineLearningServices/workspaces/({_PART})"
    rf"/datastores/({_NAME})/paths/({_PATH})"
)

DATASTORES = "azureml://datastores/<datastore>/paths/<path>"
INPUTS = (
    f"{DATASTORES} of a registered datastore (or its long form, azureml://subscriptions/"
    "<subscription>/resourcegroups/<group>/workspaces/<workspace>/datastores/<datastore>/paths/"
    "<path>), https://<account>.blob.<suffix>/<container>/<path>,"
    " https://<account>.dfs.<suffix>/<filesystem>/<path>,"
    " abfss://<filesystem>@<account>.dfs.<suffix>/<path>"
    " or azureml:<data asset>:<version>"
)

_NO_LABEL = "the service resolves no label, so the stack file says which version is sent"


def read(value: str) -> str:
    """A check of what a job is to read.

    Raises:
        Refused: jobs can't read it.
    """
    if re.fullmatch(_READ, value) and _is_plain(value):
        return value
    _refuse_another_form(value)
    if re.fullmatch(rf"azureml:{_ASSET}(@.*)?", value):
        raise Refused(f"azureml:<data asset>:<version>: {_NO_LABEL}")
    if re.match(r"https?://", value) and "?" in value:
        raise Refused(f"{INPUTS}, without a query: jobs read as identities, not by a signature")
    raise Refused(f"{INPUTS}; batch endpoints read nothing else: copy it there first, copy_before")


def written(value: str) -> str:
    """A check of where a job is to write.

    Raises:
        Refused: jobs can't write there.
    """
    if re.fullmatch(_DATASTORE, value) and _is_plain(value):
        return value
    _refuse_another_form(value)
    limit = "batch endpoints write to registered datastores on blobs only"
    if re.match(r"abfss?://|https://[^/]*\.dfs\.", value):
        limit += ", not to Data Lake Gen2"
    raise Refused(f"{DATASTORES}: {limit}; copy the predictions elsewhere, copy_after")


def folder_written(value: str) -> str:
    """A check of a folder to write to.

    Raises:
        Refused: it is none, or jobs can't write there.
    """
    if written(value).endswith("/"):
        return value
    accepted = "a folder, with a slash at its end: each run writes to a new path in it"
    raise Refused(accepted, f"{value}/")


def _refuse_another_form(value: str) -> None:
    """Of the Resource Manager's id of a datastore, the form that works is told."""
    if found := re.fullmatch(_ARM, value):
        subscription, group, workspace, datastore, path = found.groups()
        meant = (
            f"azureml://subscriptions/{subscription}/resourcegroups/{group}/workspaces/{workspace}"
            f"/datastores/{datastore}/paths/{path}"
        )
        raise Refused(f"{meant}: the form with /providers/ fails", meant)


def _is_plain(value: str) -> bool:
    """No path that leads out of its folder, however it is written."""
    return not {".", ".."} & set(unquote(value).split("/"))


_EXAMPLE = "azureml://datastores/my_datastore/paths/my-folder/"

ReadUri = Annotated[str, AfterValidator(read), Field(examples=[_EXAMPLE])]
WrittenFolder = Annotated[
    str,
    AfterValidator(folder_written),
    Field(examples=["azureml://datastores/workspaceblobstore/paths/batch/"]),
]
