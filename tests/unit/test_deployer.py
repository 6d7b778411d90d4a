"""As whom `up` uploads and calls, by azure-identity itself."""

import pytest

from components.azure.deployer import deployer


@pytest.mark.parametrize(
    ("environment", "by_machine"),
    [
        ({}, False),
        ({"ARM_USE_MSI": "false"}, False),
        ({"ARM_USE_MSI": "true"}, True),
        ({"ARM_USE_DEFAULT_AZURE_CREDENTIAL": "true"}, True),
        ({"PULUMI_CONFIG": '{"azure-native:useMsi": "true"}'}, True),
        ({"PULUMI_CONFIG": '{"azure-native:useDefaultAzureCredential": "true"}'}, True),
        ({"PULUMI_CONFIG": '{"azure-native:useMsi": "false"}', "ARM_USE_MSI": "true"}, False),
        ({"AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential"}, True),
        ({"AZURE_TOKEN_CREDENTIALS": "AzureCLICredential"}, False),
    ],
)
def test_a_machine_in_azure_signs_in_only_where_pulumi_is_told_so(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, by_machine: bool
) -> None:
    for name in ("ARM_USE_MSI", "ARM_USE_DEFAULT_AZURE_CREDENTIAL", "AZURE_TOKEN_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    asked = [type(each).__name__ for each in deployer("login.microsoftonline.com").credentials]

    assert ("ManagedIdentityCredential" in asked) is by_machine
