"""What left the embedded Azure and what it waits for from outside, for a person to read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

Entry = dict[str, Any]


def message_lines(told: Entry) -> Iterator[str]:
    """What was sent to one entity, with the properties of each message."""
    yield f"{told['id']}: {len(told['messages'])} message(s)"
    for message in told["messages"]:
        yield f"{_when(message['enqueued'])} {message['body']}"
        for kind in ("broker_properties", "user_properties"):
            for name, value in message.get(kind, {}).items():
                yield f"    {name}: {value}"


def mail_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Mails as a person would read them: addresses of links, cells of tables, no markup."""
    for mail in told:
        yield f"{_when(mail['sent'])} to {', '.join(mail['To'])}: {_plain(mail['Subject'])}"
        links = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2: \1", mail["Body"])
        rows = re.sub(r"</tr>|</p>", "\n", re.sub("</td><td>", ": ", links))
        for row in re.sub("<[^>]*>", "", rows).splitlines():
            yield f"    {_plain(html.unescape(row))}"


def dispatch_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Dispatches with what each was given."""
    for each in told:
        yield f"{_when(each['asked'])} {each['repository']}: {_plain(each['event_type'])}"
        for name, value in each["client_payload"].items():
            yield f"    {_plain(name)}: {_plain(json.dumps(value))}"


def receiver_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Receivers with how each answers."""
    for each in told:
        silent = "" if each["handshake"] else ", handshake in silence"
        yield f"{each['url']}: {each['status']}{silent}"


def connection_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Connections, and whether each may be used."""
    for each in told:
        yield f"{each['name']}: {'authorised' if each['authorised'] else 'not authorised'}"


def fault_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Faults, in the order in which they hit."""
    for each in told:
        late = f"{each['delay']:g} s late" if each["delay"] else ""
        status = f"answered {each['status']}" if each["status"] else ""
        drop = f"{each['drop']} dropped" if each["drop"] else ""
        what = ", ".join(filter(None, (late, status, drop)))
        yield f"{each['method']} {each['host']} {each['path']}: {what}, {each['times']} time(s)"


def _when(told: str) -> str:
    return told[:19].replace("T", " ")


def _plain(text: str) -> str:
    """The text without what would steer a terminal."""
    return "".join(each if each.isprintable() else "�" for each in text)
