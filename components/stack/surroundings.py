"""From settings to what the workflows of rules need beside themselves."""

import pulumi

from components.azure.placement import PlacementArgs
from components.data_factory.batch_pipeline_factory import BatchPipelineFactory
from components.data_factory.retraining_pipeline import RetrainingPipeline
from components.logic_apps.event_claims import EventClaims
from components.settings.events.model import HANDLED_HERE, EventRule, Retraining
from components.settings.model import BlobFolder, Settings
from components.stack.handlers import Surroundings
from components.stack.invoking import Scoring
from components.stack.scoring import input_datastore
from components.storage.input_storage import InputStorage


def surroundings(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    scoring: Scoring,
    factory: BatchPipelineFactory | None,
) -> Surroundings:
    """What the workflows of rules are made in."""
    rules = _rules(settings)
    handled = any(isinstance(rule.destination, HANDLED_HERE) for rule in rules)
    wanted = [each.destination for each in rules if isinstance(each.destination, Retraining)]
    return Surroundings(
        settings,
        place,
        factory,
        _claims(settings, inputs) if handled else None,
        _retraining(settings, inputs, scoring, factory, wanted[0]) if wanted and factory else None,
    )


def _rules(settings: Settings) -> list[EventRule]:
    domain = settings.event_domain
    of_domain = [each.rule for each in domain.subscriptions] if domain else []
    return [*settings.workspace_events.rules, *of_domain]


def _claims(settings: Settings, inputs: InputStorage) -> EventClaims:
    return EventClaims(
        "handled-events",
        {
            "account_id": inputs.account_id,
            "account_name": inputs.account_name,
            "blob_endpoint": inputs.blob_endpoint,
            "container": settings.storage.handled_events_container,
        },
    )


def _retraining(
    settings: Settings,
    inputs: InputStorage,
    scoring: Scoring,
    factory: BatchPipelineFactory,
    wanted: Retraining,
) -> pulumi.Output[str]:
    source, before = wanted.copy_from, settings.factory.copy_before if settings.factory else None
    own_uri = settings.endpoint.uri or scoring.endpoint.scoring_uri
    return RetrainingPipeline(
        "retraining",
        {
            "factory_id": factory.factory_id,
            "factory_name": pulumi.Output.all(factory.factory_name, factory.pipeline_name).apply(
                lambda names: names[0]
            ),
            "factory_principal_id": factory.principal_id,
            "source": {
                "account_id": source.account_id,
                "container": source.container,
                "folder": source.folder,
            },
            "reads_source": before is not None and _same_container(source, before),
            "input": {
                "account_id": inputs.account_id,
                "account_kind": inputs.account_kind,
                "container": inputs.container_name,
                "datastore": input_datastore(settings),
            },
            "writes_input": before is not None,
            "endpoint_uri": wanted.endpoint_uri or own_uri,
            "input_name": wanted.input_name,
            "output_name": wanted.output_name,
            "output_type": wanted.output_type,
            "blob_suffix": settings.cloud.blob_suffix,
        },
    ).pipeline_name


def _same_container(one: BlobFolder, other: BlobFolder) -> bool:
    return (one.account_id.lower(), one.container) == (other.account_id.lower(), other.container)
