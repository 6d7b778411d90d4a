"""The pages tell what the program has: every key, output and right. Links lead somewhere."""

import re
from pathlib import Path

import pytest
from pulumi_azure_native import keyvault

from components.identity.operators import ACTIONS
from components.settings import read
from tests import PROJECT
from tests.azure_clients import documented as az_lines
from tests.azure_clients.filled import ELSEWHERE, EXTENSIONS, filled
from tests.documented import RIGHTS
from tests.unit.engine import Deployment
from tests.unit.program import run
from tests.unit.sample_event_settings import EVENTS
from tests.unit.sample_ids import ACCOUNT, PRIVATE
from tests.unit.sample_settings import BASE, changed, sections

PAGES = sorted(
    each
    for where in ("", "docs/**/", "local-azure/**/", "samples/*/")
    for each in PROJECT.glob(f"{where}*.md")
)


def page(name: str) -> str:
    """The text of a page of docs/."""
    return (PROJECT / "docs" / f"{name}.md").read_text()


@pytest.mark.parametrize("file", sorted(PROJECT.glob("Pulumi.*.yaml")), ids=lambda file: file.name)
def test_editors_complete_a_stack_file_by_the_schema(file: Path) -> None:
    assert file.read_text().startswith("# yaml-language-server: $schema=./stack.schema.json\n")


def _section(title: str, of: str = "deploying") -> str:
    return page(of).partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_rights_of_up_are_those_that_local_stacks_are_deployed_with() -> None:
    section = _section("What `up` needs to be allowed")
    told = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
    up, given = RIGHTS["up"], RIGHTS["up_with_given_roles"]

    graph = [f"{permission} (Microsoft Graph)" for permission in up["graph"]]
    assert told == ["Right", *up["roles"], *graph, "to be one of `publishers`"]
    for role in given["roles"]:
        assert role in " ".join(section.split())


def test_the_rights_at_a_hub_are_those_that_a_test_deploys_with() -> None:
    section = _section("The rights at a hub", "private-network")
    told = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]

    assert told == ["Role", *RIGHTS["hub"]["roles"]]


def test_the_right_to_subscribe_to_a_workspace_is_told() -> None:
    told = " or ".join(RIGHTS["workspace_events"]["roles"])
    assert f"**{told} on that workspace**" in page("workspace-events")


def test_the_rights_of_a_preview_are_those_that_a_test_previews_with() -> None:
    section, preview = _section("What a preview in CI needs"), RIGHTS["preview"]
    for right in (*preview["roles"], *preview["actions"]):
        assert right in section


def test_the_rights_of_operators_are_those_that_the_program_gives() -> None:
    rows = re.findall(
        r"^\| in `(.*/)`: (.*?) \|", _section("Who operates a stack", "operations"), re.MULTILINE
    )
    told = [f"{kind}{name}" for kind, names in rows for name in re.findall("`(.*?)`", names)]
    assert told == [action for actions in ACTIONS.values() for action in actions]


SEEN = {"monitoring": {"logs": True, "workbook": True, "notify": {"emails": ["team@example.com"]}}}


def test_the_table_of_outputs_is_what_the_program_exports() -> None:
    told = {
        name
        for line in page("outputs").splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    assert told == {name for made in _everything() for name in made.exports}


def _everything() -> list[Deployment]:
    """Stacks that together have all that there is."""
    folder = {"account_id": ACCOUNT, "container": "exports", "folder": "eu/"}
    window = {"every": "1h", "start": "2026-06-01T00:00:00Z", "copy_from": folder}
    public = changed(**EVENTS, **SEEN, data_factory={"window": window})
    return [run(public), run(read(BASE | sections(PRIVATE)))]


def test_a_subscription_is_registered_for_all_that_up_makes() -> None:
    kinds = [each.type for made in _everything() for each in made.resources]
    modules = {each.split(":")[1] for each in kinds if each.startswith("azure-native:")}
    in_insights = {"monitor", "applicationinsights"}
    always = {"resources", "authorization"}
    in_network = {"privatedns"}
    of_emails = {"web"}

    told = re.findall(r"Microsoft\.(\w+)`", _section("What `up` needs to be allowed"))

    assert {each.lower() for each in told} == (
        modules - in_insights - in_network - always | of_emails | {"insights"}
    )


def test_by_when_azure_takes_no_such_request_of_a_vault_is_told_until_the_provider_asks_anew() -> (
    None
):
    code = (Path(str(keyvault.__file__)).parent / "vault.py").read_text()
    [asks] = set(re.findall(r"Uses Azure REST API version ([\d-]+\d)", code))

    told = re.findall(
        r"asks by ([\d-]+\d)", _section("A new version of this project", "operations")
    )

    assert told == ([asks] if asks < "2026-02-01" else [])


def _anchors(text: str) -> set[str]:
    titles = re.findall("^#+ (.*)$", re.sub("```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_every_link_within_the_project_leads_somewhere(file: Path) -> None:
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", file.read_text()):
        path, _, anchor = target.partition("#")
        there = file.parent / path if path else file
        if "://" in target or (there.exists() and not anchor):
            continue
        if not there.exists() or anchor not in _anchors(there.read_text()):
            lost.append(target)
    assert lost == []


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    readme = (PROJECT / "README.md").read_text()
    lost = [each.name for each in PROJECT.glob("docs/*.md") if f"(docs/{each.name})" not in readme]
    assert lost == []
    assert len(readme.splitlines()) <= 300


OUTPUTS = {
    "workspace_id": "/subscriptions/s/resourceGroups/rg",
    **dict.fromkeys(("dead_letter_account", "storage_account_name", "input_container"), "x"),
    **dict.fromkeys(("invoker_client_id", "invoker_object_id", "resource_group_name"), "x"),
    **dict.fromkeys(("input_folder", "upload_command", "workflow_id", "workspace_name"), "x"),
}


@pytest.mark.parametrize("line", az_lines.lines(), ids=str)
def test_a_line_for_azure_cli_can_be_filled_from_the_outputs(line: az_lines.Line) -> None:
    """`make clients` runs it then; a new placeholder has to be told there."""
    left_out = line.command in ELSEWHERE or line.command.startswith(EXTENSIONS)

    assert left_out or "<" not in filled(line.command, OUTPUTS)


def test_a_line_goes_on_after_a_backslash_and_inside_of_quotes() -> None:
    commands = [line.command for line in az_lines.lines()]

    assert sum(c.endswith("""environment:dev-preview"}'""") for c in commands) == 1
    assert sum(c.endswith("models/mymodelname") for c in commands) == 1
