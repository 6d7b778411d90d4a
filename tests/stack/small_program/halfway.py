"""A throw-away Pulumi program: an event subscription whose create fails halfway.

`PATIENCE` is how many failures of it are answered by another attempt.
"""

from __future__ import annotations

import os

import pulumi
from pulumi_azure_native import eventgrid, resources

PATIENCE = int(os.environ["PATIENCE"])


def again(failure: pulumi.ErrorHookArgs) -> bool:
    """Another attempt, a number of times."""
    return len(failure.errors) <= PATIENCE


group = resources.ResourceGroup("group", location="westeurope")
topic = eventgrid.Topic("topic", resource_group_name=group.name, location="westeurope")
hook = pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook("again", again)])
subscription = eventgrid.TopicEventSubscription(
    "subscription",
    resource_group_name=group.name,
    topic_name=topic.name,
    destination={"endpoint_type": "WebHook", "endpoint_url": os.environ["ENDPOINT"]},
    opts=pulumi.ResourceOptions(hooks=hook),
)

pulumi.export("state", subscription.provisioning_state)
