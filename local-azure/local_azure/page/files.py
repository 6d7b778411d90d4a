"""One row per file, and all that came of one file."""

from collections.abc import Iterator
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local_azure.azure import Azure
from local_azure.control_plane.clock import END_OF_TIME
from local_azure.page import graph, predictions, waterfall
from local_azure.page.rendering import render
from local_azure.tracing.model import DONE, FAILED, UNDER_WAY, UNWANTED
from local_azure.tracing.query import NoTraceError, Wanted

Span = dict[str, Any]

_ROWS = 50
"""Of one page of the list."""
_LOOKED_AT = 200
"""Files that are looked at for those of a state."""
_STEPS = 300
"""Of one file; a pipeline that waits for days has thousands."""
_STATES = (DONE, FAILED, UNDER_WAY, UNWANTED)


class Files:
    """The views of files.

    Args:
        azure: the services.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    def routes(self) -> list[Route]:
        """The list, and one file."""
        return [Route("/", self._list), Route("/files/{id:path}", self._file)]

    async def _list(self, request: Request) -> Response:
        asked = {key: request.query_params.get(key, "") for key in ("text", "state", "until")}
        # Only the last ones are looked at for a state, which is known of a whole trace alone.
        most = _LOOKED_AT if asked["state"] else _ROWS
        wanted = Wanted(most, asked["text"], until=asked["until"] or END_OF_TIME)
        found = [each.row() for each in await self._azure.traces.latest(wanted)]
        more = found[-1]["started"] if len(found) == most else ""
        rows = [each for each in found if asked["state"] in {"", each["state"]}]
        if len(rows) > _ROWS:
            rows = rows[:_ROWS]
            more = rows[-1]["started"]
        told = {"rows": rows, "more": more, "asked": asked}
        return render("files.html", tab="/", states=_STATES, list=told)

    async def _file(self, request: Request) -> Response:
        try:
            found = (await self._azure.traces.one(request.path_params["id"])).as_json()
        except NoTraceError as error:
            raise HTTPException(404, str(error)) from None
        spans = found["spans"]
        bars = waterfall.bars(spans)
        return render(
            "file.html",
            tab="/",
            file=found,
            bars=bars[:_STEPS],
            cut=len(bars[_STEPS:]),
            whole=waterfall.whole(bars),
            verdicts=[each for each in spans if each["kind"] in {"verdict", "delivery"}],
            pictures=[*self._pictures(spans)],
            logs=[each for each in spans if each["kind"] == "log"],
            tables=[predictions.read(each) for each in spans if each["kind"] == "predictions"],
        )

    def _pictures(self, spans: list[Span]) -> Iterator[dict[str, Any]]:
        """The definition of each run that there is a definition of, with each step's state."""
        for run in spans:
            states = {s["name"]: s["state"] for s in spans if s["parent"] == run["id"]}
            if run["kind"] == "workflow run":
                about = run["attributes"]
                definition = self._azure.logic.definition(
                    about["workflow"], about["trigger"]["version"]
                )
                drawn = graph.of_workflow(definition, states)
            elif run["kind"] == "pipeline run":
                about = run["attributes"]
                path = f"{about['factory']}/pipelines/{about['pipeline']}"
                found = self._azure.resources.find(path)
                drawn = graph.of_pipeline(found.properties if found else {}, states)
            else:
                continue
            if drawn.boxes:
                yield {"run": run, "picture": drawn}
