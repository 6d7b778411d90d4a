"""The one tenant and subscription that exist here, and the principals that exist from the start."""

from local_azure.control_plane.entra.directory import Principal

TENANT_ID = "7e7a0000-0000-4000-8000-00000000e57a"
SUBSCRIPTION_ID = "50b50000-0000-4000-8000-0000000050b5"
SUBSCRIPTION = f"/subscriptions/{SUBSCRIPTION_ID}"

DEPLOYER = Principal(
    object_id="de910000-0000-4000-8000-00000000de91",
    client_id="c11e0000-0000-4000-8000-00000000c11e",
    kind="ServicePrincipal",
    name="deployer",
)
"""Whom the providers act as where nothing says whom: Owner of the subscription, without a right to
any data."""
