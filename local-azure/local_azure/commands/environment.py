"""What a shell needs so that plain ``pulumi`` and real SDK clients reach the embedded Azure."""

import os
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from local_azure.commands.console_client import Console
from local_azure.control_plane.clouds import PUBLIC
from local_azure.control_plane.tenant import SUBSCRIPTION_ID, TENANT_ID
from local_azure.errors import LocalAzureError
from local_azure.home import Home
from local_azure.project import Project

_PROVIDERS = ("azure-native", "azuread", "random")
_ON_THIS_MACHINE = "127.0.0.1,localhost"
# Pulumi heeds these of the shell before the passphrase's file and before the selected stack; and
# somebody of another tenant is nobody here.
_OVERRULING = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_STACK", "ARM_CLIENT_ID", "ARM_TENANT_ID")


def for_clients(home: Home, told: Mapping[str, Any]) -> dict[str, str]:
    """Variables that lead an HTTPS client here.

    Args:
        home: the state folder.
        told: what the running server tells (``ports``).
    """
    proxy = f"http://127.0.0.1:{told['ports']['proxy']}"
    authority = str(home.authority_certificate)
    return {
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": _ON_THIS_MACHINE,
        "no_proxy": _ON_THIS_MACHINE,
        "REQUESTS_CA_BUNDLE": authority,
        "SSL_CERT_FILE": authority,
        "CURL_CA_BUNDLE": authority,
    }


def inside(variables: Mapping[str, str], network: str) -> dict[str, str]:
    """The variables for a client inside of a virtual network, named; outside if that is empty."""
    if not network:
        return {**variables}
    user = f"//{quote(network, safe='')}:inside@"
    names = ("HTTPS_PROXY", "https_proxy")
    return {**variables, **{each: variables[each].replace("//", user, 1) for each in names}}


def check_network(console: Console, network: str) -> None:
    """Let a virtual network pass that there is, by its name or its id.

    Raises:
        LocalAzureError: there is none.
    """
    ids = console.get("/networks")
    names = [each.rpartition("/")[2] for each in ids]
    if network.lower() not in {each.lower() for each in [*ids, *names]}:
        known = ", ".join(names) or "none"
        raise LocalAzureError(f"--inside: found {network}; the virtual networks are: {known}.")


def credential(console: Console, person: Mapping[str, Any], *others: Any) -> dict[str, str]:
    """Variables with which a client signs in as this person, whom the tenant has from now on.

    Args:
        console: of the running server.
        person: ``object_id``, ``type``, ``roles`` (names, in the subscription), ``graph``.
        others: people who are to exist as well.

    Raises:
        LocalAzureError: a role that there is not.
    """
    known = console.post("/principals", [dict(person), *others])
    return {
        "AZURE_TENANT_ID": TENANT_ID,
        "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION_ID,
        "AZURE_CLIENT_ID": known[0]["client_id"],
        "AZURE_CLIENT_SECRET": known[0]["client_secret"],
    }


def for_person(home: Home, told: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, str]:
    """Variables that lead a client here, signed in as this person (as `credential` takes it)."""
    return {**for_clients(home, told), **credential(Console.at(home, told), person)}


def for_pulumi(home: Home, told: Mapping[str, Any], project: Project) -> dict[str, str]:
    """Variables with which ``pulumi`` keeps its state here and talks to the providers here."""
    ports = told["ports"]
    backend = home.folder / "pulumi"
    backend.mkdir(mode=0o700, exist_ok=True)
    home.secret("passphrase")
    return {
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{ports[name]}" for name in _PROVIDERS),
        # Without it the engine looks for the providers' downloads first, for 2.5 seconds.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # The engine would tell the first value of a wrong type alone; the program tells everything.
        "PULUMI_OPTION_SKIP_CONFIG_VALIDATION": "true",
        "PULUMI_HOME": str(home.folder / "pulumi-home"),
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(home.folder / "passphrase.secret"),
        "PATH": os.pathsep.join([*project.path, os.environ["PATH"]]),
    }


def of_process(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables on top of this process's own, without those that would overrule them."""
    own = {name: value for name, value in os.environ.items() if name not in _OVERRULING}
    return {**own, **variables}


def for_real_providers(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables for Pulumi's own plug-ins, those of the user's installation, in place of ours.

    Names: pulumi.com/registry/packages/azure-native/installation-configuration.
    """
    ours = {"PULUMI_DEBUG_PROVIDERS", "PULUMI_HOME", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"}
    return {
        **{name: value for name, value in variables.items() if name not in ours},
        "ARM_CLIENT_ID": variables["AZURE_CLIENT_ID"],
        "ARM_CLIENT_SECRET": variables["AZURE_CLIENT_SECRET"],
        "ARM_TENANT_ID": variables["AZURE_TENANT_ID"],
        "ARM_SUBSCRIPTION_ID": variables["AZURE_SUBSCRIPTION_ID"],
        "ARM_ENVIRONMENT": "public",
        "ARM_METADATA_HOSTNAME": PUBLIC.arm_host,
    }


def exports(variables: Mapping[str, str]) -> str:
    """Shell commands that set the variables, and unset those that would overrule them."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    ours = ["PULUMI_DEBUG_PROVIDERS"] if "ARM_METADATA_HOSTNAME" in variables else []
    return "\n".join([f"unset {' '.join([*_OVERRULING, *ours])}", *lines])
