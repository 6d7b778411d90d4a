"""`storage`: where files are dropped, and where undeliverable events go."""

from typing import Annotated, ClassVar, Literal

from components.settings.section import FORMS, AccountId, ContainerName, Section, between
from components.settings.watched import FolderName


class _Storage(Section):
    container: ContainerName = "inputs"
    """Container that files are dropped in; in an existing account it has to exist. Where another
    one is named later, `up` deletes the stack's former one with its files, unless protect."""

    folder: FolderName = "incoming/"
    """Folder of that container that files are dropped in; empty for all of the container."""

    dead_letter_container: ContainerName = "dead-letters"
    """Container for events that could not be delivered, in an account of its own. Where another
    one is named later, `up` deletes the former one with its events, unless protect."""


class NewStorage(_Storage):
    """An account that the stack makes."""

    existing: ClassVar[None] = None

    delete_inputs_after_days: Annotated[int, between(0, 36500, "days, 0 for never")] = 0
    """Age in days at which inputs are deleted; 0 keeps them."""

    hierarchical_namespace: bool = False
    """Whether the account is a Data Lake Storage Gen2, where files lie in directories and can be
    renamed. Azure makes an account so or not: a changed value makes it anew, without its files.
    With hardening it needs hardening.versioning: false; refused in private stacks."""


class ExistingStorage(_Storage):
    """An account that exists already."""

    told_by = "existing"

    existing: AccountId
    """Resource id of the storage account to use instead of a new one."""

    delete_inputs_after_days: ClassVar[Literal[0]] = 0

    hierarchical_namespace: ClassVar[Literal[False]] = False


Storage = Annotated[NewStorage | ExistingStorage, FORMS]
