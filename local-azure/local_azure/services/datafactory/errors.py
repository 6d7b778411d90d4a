"""What Data Factory refuses, one class per error; all are Resource Manager's in their form."""

from local_azure.control_plane.resource_manager.errors import ControlPlaneError


class DocumentIsReferencedError(ControlPlaneError):
    """A document that another one of its factory refers to can't be deleted."""

    code = "BadRequest"
    said = "{document}: the document cannot be deleted since it is referenced by {referrer}."


class InvalidReferenceError(ControlPlaneError):
    """A document names another one that its factory does not have."""

    code = "BadRequest"

    def __init__(self, document: str, name: str) -> None:
        # Recorded word for word; the preview says where the reference stands, see place.py.
        super().__init__(
            f"The document creation or update failed because of invalid reference '{name}'."
        )
        self.target = document


class ManagedEndpointExistsError(ControlPlaneError):
    """A managed private endpoint with other properties, or a second one to its target.

    Azure refuses either (D:data-factory/continuous-integration-delivery); the sentence is from
    Azure/Azure-DataFactory#250.
    """

    code = "InvalidResourceRequest"
    said = (
        "Invalid resource request. Resource type: 'ManagedPrivateEndpoint', Resource name: "
        "'{name}' 'Error: A managed private endpoint to the data source already exist.'."
    )


class PipelineRunNotFoundError(ControlPlaneError):
    """The factory has no run of this id (recorded for a cancel, UNVERIFIED for the others)."""

    code = "ReferencedPipelineRunNotFound"
    target = "pipelinerun"
    said = "Referenced pipeline run id {run} does not exist."


class RunHasEndedError(ControlPlaneError):
    """A run that is to be cancelled has ended already (status and code UNVERIFIED)."""

    code = "BadRequest"
    said = "The pipeline run '{run}' has ended: {status}. It can't be cancelled."


class InvalidParametersError(ControlPlaneError):
    """Values for a run that don't fit the pipeline's parameters (code UNVERIFIED)."""

    code = "BadRequest"


class TriggerIsEnabledError(ControlPlaneError):
    """A trigger that is started can be neither changed nor deleted.

    Source: Azure/Synapse-workspace-deployment#46, Azure-Player/azure.datafactory.tools#350.
    """

    code = "TriggerEnabledCannotUpdate"
    said = "Cannot update enabled Trigger; the trigger needs to be disabled first. "


class TriggerRunNotFoundError(ControlPlaneError):
    """The trigger has no run of this id (code UNVERIFIED)."""

    code = "TriggerRunNotFound"
    said = "The trigger run '{run}' does not exist."
