"""The keys of a model deployment: of the only one, or what several have in common."""

from __future__ import annotations

from typing import Final

from components.settings import assets, environment_variables
from components.settings.checks import INT32, between, matching, one_of
from components.settings.key import Key

MOST_NODES: Final = 65000  # UNVERIFIED

MODEL_KEYS: Final = (
    Key("model", "samples/digits/model", assets.model),
    Key("model_type", "custom_model", one_of("custom_model", "mlflow_model")),
    Key("scoring_code", "samples/digits/code", assets.folder),
    Key(
        "scoring_script",
        "score.py",
        matching(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}\.py", "a Python file directly in scoring_code"),
    ),
    Key("environment", "mcr.microsoft.com/azureml/curated/sklearn-1.5:49", assets.environment),
    Key(
        "environment_variables",
        {},
        environment_variables.check,
        {"OMP_NUM_THREADS": "1"},
    ),
    Key("instance_count", 1, between(1, MOST_NODES)),
    Key("mini_batch_size", 10, between(1, INT32, "files")),
    Key("max_concurrency_per_instance", 1, between(1, INT32)),
    Key("error_threshold", -1, between(-1, INT32, "files, -1 for never")),
    Key("mini_batch_retries", 3, between(0, INT32)),
    Key("mini_batch_timeout_seconds", 30, between(1, INT32, "seconds")),
    Key("output_action", "append_row", one_of("append_row", "summary_only")),
    Key(
        "output_file_name",
        "predictions.csv",
        matching(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}", "a file name without folder"),
    ),
)
