"""The pipeline that trains again: it copies files and waits for a job of a batch endpoint on them.

The job is started and watched by Score-Folder, of a factory that BatchPipelineFactory made.
"""

from typing import NotRequired

import pulumi

from components.azure.component import Component, Options
from components.azure.options import also
from components.azure.ordering import after
from components.data_factory.documents import pipeline, place_of
from components.data_factory.files import CopiedInputArgs, copied, elsewhere, here
from components.identity import access

TEMPLATE = "Copy-Then-Retrain"


class RetrainingPipelineArgs(CopiedInputArgs):
    """Arguments of RetrainingPipeline."""

    writes_input: NotRequired[bool]
    """Whether the identity may write there already."""

    endpoint_uri: pulumi.Input[str]
    """Scoring URI of the endpoint that trains, in the workspace that the factory may invoke in."""

    input_name: NotRequired[str]
    """Name of the job's input; `input` by default."""

    output_name: NotRequired[str]
    """Name of the job's output; `score` by default."""


class RetrainingPipeline(Component):
    """Pipeline Copy-Then-Retrain with its datasets and grants."""

    pipeline_name: pulumi.Output[str]
    """The pipeline to run, known once it may do what it does."""

    def __init__(self, name: str, args: RetrainingPipelineArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        place = place_of(args)
        who = access.Principal(args["factory_principal_id"])
        reads, writes = args.get("reads_source", False), args.get("writes_input", False)
        sides = (
            elsewhere("training-source", args["source"], may_write=False, granted=reads),
            here("training-input", args["input"], granted=writes),
        )
        made = copied(name, sides, args["blob_suffix"], place, who, self.child)
        retrain = pipeline(
            f"{name}-pipeline",
            TEMPLATE,
            {
                "endpoint_uri": args["endpoint_uri"],
                "endpoint_input_name": args.get("input_name", "input"),
                "endpoint_output_name": args.get("output_name", "score"),
                "endpoint_output_type": args.get("output_type", "UriFile"),
                **made.values,
            },
            place,
            also(self.child, depends_on=made.datasets),
        )

        self.pipeline_name = after(retrain.name, *made.grants)
        self.register_outputs({"pipeline_name": self.pipeline_name})
