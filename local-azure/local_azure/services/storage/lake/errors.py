"""Errors of the Data Lake Storage service, one class each.

Source: learn.microsoft.com, rest/api/storageservices/datalakestoragegen2, "Other Status Codes".
"""

from __future__ import annotations

from local_azure.services.storage.errors import StorageError


class LakeError(StorageError):
    """An answer of Data Lake Storage whose message is always the same; its class has its code."""

    def __init_subclass__(cls) -> None:
        cls.code = cls.__name__.removesuffix("Error")


class PassedOnError(StorageError):
    """What Azurite refused, under a code that blobs and files share."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class ContentLengthMustBeZeroError(LakeError):
    """A body where there is none."""

    said = "The Content-Length request header must be zero."


class InvalidFlushPositionError(LakeError):
    """What was appended has a hole, or ends elsewhere."""

    said = (
        "The uploaded data is not contiguous or the position query parameter value is not equal to "
        "the length of the file after appending the uploaded data."
    )


class InvalidFlushOperationError(LakeError):
    """A file that the blob endpoint has written."""

    status = 409
    said = (
        "The resource was created or modified by the Blob Service API and cannot be written to by "
        "the Data Lake Storage Service API."
    )


class FilesystemNotFoundError(LakeError):
    """No such container."""

    status = 404
    said = "The specified filesystem does not exist."


class FilesystemAlreadyExistsError(LakeError):
    """A container of that name is there."""

    status = 409
    said = "The specified filesystem already exists."


class PathNotFoundError(LakeError):
    """No such file or directory."""

    status = 404
    said = "The specified path does not exist."


class PathAlreadyExistsError(LakeError):
    """Something is there that is not to be replaced."""

    status = 409
    said = "The specified path already exists."


class InvalidInputError(LakeError):
    """A directory is to be copied, as adlfs does (fsspec/adlfs#255)."""

    status = 400
    said = "One of the request inputs is not valid."


class PathConflictError(LakeError):
    """A directory where a file is needed, or a file where a directory is."""

    status = 409
    said = (
        "The specified path, or an element of the path, exists and its resource type is invalid "
        "for this operation."
    )


class DirectoryNotEmptyError(LakeError):
    """A directory that is deleted without what it holds."""

    status = 409
    said = "The recursive query parameter value must be true to delete a non-empty directory."


class DirectoryIsNotEmptyError(LakeError):
    """The same at the blob endpoint."""

    status = 409
    said = "This operation is not permitted on a non-empty directory."


class SourcePathNotFoundError(LakeError):
    """Nothing to rename."""

    status = 404
    said = "The source path for a rename operation does not exist."


class RenameDestinationParentPathNotFoundError(LakeError):
    """A rename into a directory that is not there."""

    status = 404
    said = "The parent directory of the destination path does not exist."


class InvalidRenameSourcePathError(LakeError):
    """A rename to the same name, or into itself."""

    status = 409
    said = (
        "The source directory cannot be the same as the destination directory, nor can the "
        "destination be a subdirectory of the source directory."
    )


class InvalidSourceOrDestinationResourceTypeError(LakeError):
    """A file renamed to a directory's name, or the other way round."""

    status = 409
    said = "The source and destination resource type must be identical."


class LeaseIdMissingError(LakeError):
    """Something whose lease the request does not name."""

    status = 412
    said = (
        "There is currently a lease on the resource and no lease ID was specified in the request."
    )


class ConditionNotMetError(LakeError):
    """A path that is still what it must not be; a read is answered with 304."""

    status = 412
    said = "The condition specified using HTTP conditional header(s) is not met."


class InvalidSourceUriError(LakeError):
    """A rename's source that is no path of a filesystem."""

    said = "The source URI is invalid."
