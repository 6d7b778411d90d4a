"""A headless Chromium, spoken to by its DevTools protocol; no driver and no download is needed."""

import asyncio
import base64
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

_PATIENCE = 60.0
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # as root it starts only without
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--no-proxy-server",
    "--remote-debugging-port=0",
)


class RefusedError(Exception):
    """The browser does not do a command, such as one to a page that it is just leaving."""


class Browser:
    """A browser with one tab.

    Args:
        command: the browser's.
        folder: for its profile.

    Attributes:
        asked: URLs of all requests that the tab has sent.
        said: what pages wrote to the console as warnings and errors.
    """

    def __init__(self, command: str, folder: Path) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self._number = 0
        self._process = subprocess.Popen(
            [command, *_OPTIONS, f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._attach(_port(folder / "DevToolsActivePort")))
        for domain in ("Page", "Network", "Runtime", "Log", "Accessibility", "DOM"):
            self.send(f"{domain}.enable")

    async def _attach(self, port: str) -> None:
        self._session = aiohttp.ClientSession()
        async with self._session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            targets = await answer.json()
        url = next(each for each in targets if each["type"] == "page")["webSocketDebuggerUrl"]
        self._socket = await self._session.ws_connect(url, max_msg_size=0)

    def close(self) -> None:
        """End it."""
        self._loop.run_until_complete(self._session.close())
        self._loop.close()
        self._process.terminate()
        self._process.wait(timeout=_PATIENCE)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers to a command of the protocol."""
        return self._loop.run_until_complete(self._send(method, parameters))

    async def _send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while True:
            told = await self._socket.receive_json(timeout=_PATIENCE)
            if told.get("id") == self._number:
                if "error" in told:
                    raise RefusedError(f"{method}: {told['error']}")
                return dict(told["result"])
            self._note(told)

    def _note(self, told: dict[str, Any]) -> None:
        given = told.get("params", {})
        if told.get("method") == "Network.requestWillBeSent":
            self.asked.append(given["request"]["url"])
        if told.get("method") == "Log.entryAdded":
            self.said.append(given["entry"]["text"])
        if told.get("method") == "Runtime.exceptionThrown":
            self.said.append(str(given["exceptionDetails"]))

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is there."""
        self.send("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, expression: str) -> Any:
        """The value of an expression in the page."""
        told = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return told["result"].get("value")

    def wait_for(self, expression: str, seconds: float = _PATIENCE) -> float:
        """How many seconds it took until the expression was true."""
        began = time.monotonic()
        while not self._is_so(expression):
            waited = time.monotonic() - began
            assert waited < seconds, f"{expression} is not so; the page:\n{self.text()}"
            time.sleep(0.02)
        return time.monotonic() - began

    def _is_so(self, expression: str) -> bool:
        try:
            return bool(self.run(f"Boolean({expression})"))
        except RefusedError:
            return False

    def text(self) -> str:
        """What a reader sees."""
        return str(self.run("document.body.innerText"))

    def press(self, key: str) -> None:
        """Press a key, and let it go."""
        code = {"Enter": (13, "\r"), "Tab": (9, "")}[key]
        event = {"key": key, "code": key, "windowsVirtualKeyCode": code[0], "text": code[1]}
        self.send("Input.dispatchKeyEvent", type="keyDown", **event)
        self.send("Input.dispatchKeyEvent", type="keyUp", **event)

    def named(self) -> list[tuple[str, str]]:
        """Role and name of what a screen reader is told."""
        nodes = self.send("Accessibility.getFullAXTree")["nodes"]
        return [
            (each["role"]["value"], each.get("name", {}).get("value", ""))
            for each in nodes
            if not each["ignored"]
        ]

    def colours(self, scheme: str) -> None:
        """Prefer ``dark`` or ``light``."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", features=[feature])

    @contextmanager
    def narrow(self) -> Iterator[None]:
        """As on a small telephone."""
        size = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        yield
        self.send("Emulation.clearDeviceMetricsOverride")

    def too_wide(self) -> int:
        """By how many pixels the page sticks out; none below 1."""
        return int(self.run("document.documentElement.scrollWidth - innerWidth"))

    def picture(self, file: Path, width: int = 1200, height: int = 800) -> None:
        """What is seen, in the format that the file's name ends with: PNG or WebP."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        taken = self.send("Page.captureScreenshot", format=file.suffix[1:])
        file.write_bytes(base64.b64decode(taken["data"]))


def _port(told: Path) -> str:
    """Where the browser listens, once it has told."""
    deadline = time.monotonic() + _PATIENCE
    while not (told.exists() and told.read_text().count("\n")):
        assert time.monotonic() < deadline, "the browser did not start"
        time.sleep(0.05)
    return told.read_text().split()[0]
