"""``mail``, ``authorise``, ``dispatches``, ``receive``: what left, and where it goes."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_azure.console_client import Console
from local_azure.quantities import count
from local_azure.subcommand import add

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from local_azure.home import Home
    from local_azure.subcommand import Commands

    Lines = Callable[[dict[str, Any]], Iterator[str]]


def add_to(commands: Commands) -> None:
    """Add them all."""
    for name, command, text in (
        ("mail", _mail, "show the e-mails that workflows sent"),
        ("dispatches", _dispatches, "show the CI workflows that workflows started"),
    ):
        added = add(commands, name, command, text)
        added.add_argument("--json", action="store_true", help="for scripts")
        added.add_argument("--limit", type=count, default=20, help="how many (default: 20)")
    received = add(
        commands, "receive", _receive, "have a function or a webhook receive events; list them all"
    )
    received.add_argument("url", nargs="?", help="https://<host>/<path>; its events: messages URL")
    received.add_argument("--key-file", default="", metavar="FILE", help="with the function's key")
    received.add_argument("--status", type=int, default=200, help="answer to events (default: 200)")
    received.add_argument(
        "--silent", action="store_true", help="accept the handshake without an answer"
    )
    authorised = add(
        commands, "authorise", _authorise, "sign in for a connection, as a person does once"
    )
    authorised.add_argument(
        "connection", nargs="?", help="its name, or its resource id; without it all are listed"
    )


def _mail(options: argparse.Namespace, home: Home) -> int:
    print(_shown(home, "/mails", options, _mail_lines))
    return 0


def _dispatches(options: argparse.Namespace, home: Home) -> int:
    print(_shown(home, "/dispatches", options, _dispatch_lines))
    return 0


def _receive(options: argparse.Namespace, home: Home) -> int:
    console = Console.of(home)
    if options.url is None:
        told = console.get("/receivers")
    else:
        key = Path(options.key_file).read_text().strip() if options.key_file else ""
        asked = {"url": options.url, "key": key, "status": options.status}
        told = console.post("/receivers", {**asked, "handshake": not options.silent})
    for each in told:
        silent = "" if each["handshake"] else ", handshake in silence"
        print(f"{each['url']}: {each['status']}{silent}")
    return 0


def _authorise(options: argparse.Namespace, home: Home) -> int:
    if options.connection is None:
        for each in Console.of(home).get("/connections"):
            print(f"{each['name']}: {'authorised' if each['authorised'] else 'not authorised'}")
        return 0
    told = Console.of(home).post("/connections/authorise", {"connection": options.connection})
    print(f"Authorised: {told['id']}")
    return 0


def _shown(home: Home, path: str, options: argparse.Namespace, lines: Lines) -> str:
    told = Console.of(home).get(f"{path}?limit={options.limit}")
    if options.json:
        return json.dumps(told, indent=2)
    return "\n".join(line for each in told for line in lines(each)) or "None."


def _mail_lines(mail: dict[str, Any]) -> Iterator[str]:
    yield f"{_when(mail['sent'])} to {', '.join(mail['To'])}: {_plain(mail['Subject'])}"
    # What a person would read: addresses of links, cells of tables, no markup.
    links = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2: \1", mail["Body"])
    rows = re.sub(r"</tr>|</p>", "\n", re.sub("</td><td>", ": ", links))
    for row in re.sub("<[^>]*>", "", rows).splitlines():
        yield f"    {_plain(html.unescape(row))}"


def _dispatch_lines(dispatch: dict[str, Any]) -> Iterator[str]:
    yield f"{_when(dispatch['asked'])} {dispatch['repository']}: {_plain(dispatch['event_type'])}"
    for name, value in dispatch["client_payload"].items():
        yield f"    {_plain(name)}: {_plain(json.dumps(value))}"


def _when(told: str) -> str:
    return told[:19].replace("T", " ")


def _plain(text: str) -> str:
    """The text without what would steer a terminal."""
    return "".join(each if each.isprintable() else "�" for each in text)
