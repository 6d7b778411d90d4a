"""What somebody clicked together as the documents show, as settings of a stack that adopts it.

Read by Resource Manager alone: nothing is changed. Account, endpoint with its workspace, factory
and system topic are adopted, and stay as they are; the Logic App and its subscription are what
the stack makes anew, unless topic and subscription are to become its own.
"""

import re
from collections.abc import Iterator
from typing import Any

from batch_client import pipelines
from batch_client.adopted import SUBSCRIPTION, TOPIC, Adopted
from batch_client.caller import Caller
from batch_client.errors import ClientError, UsageError
from batch_client.rights import READ, Need, needing
from batch_client.run_history import ML_VERSION
from batch_client.said_operating import Adopt
from batch_client.watched import Watched, Watching

Json = dict[str, Any]

GROUPS_VERSION = "2021-04-01"
SUBSCRIPTIONS_VERSION = "2022-12-01"
_SUBJECT = re.compile(r"/blobServices/default/containers/([^/]+)(?:/(?:blobs/?)?(.*))?", re.DOTALL)
_INPUT = re.compile(r'"InputData"\s*:\s*\{\s*"([^"]+)"', re.IGNORECASE)
_SCHEMA = "EventGridSchema"
"""Of the events that the program's workflows read."""
OUR_PIPELINES = ("Run-BatchEndpoint", "Score-Folder")


def adopt(caller: Caller, options: Adopt) -> Adopted:
    """What there is in a resource group.

    Raises:
        ClientError: there is no batch endpoint or account, or several and none is said.
    """
    with needing(Need("read the resource group", READ, options.resource_group)):
        return _Group(caller, options).adopted()


class _Group:
    def __init__(self, caller: Caller, options: Adopt) -> None:
        self._manager, self._options = caller.manager, options
        subscription = options.subscription or self._only_subscription()
        self._id = f"/subscriptions/{subscription}/resourceGroups/{options.resource_group}"
        self._listed = list(self._manager.listed(f"{self._id}/resources", GROUPS_VERSION))
        self._watching = Watching(
            self._manager,
            self._of("Microsoft.EventGrid/systemTopics"),
            self._of("Microsoft.Logic/workflows"),
        )
        self._found = Adopted({})

    def adopted(self) -> Adopted:
        """All of it."""
        endpoint, watched = self._endpoint(), self._watching.all()
        account = self._account(watched)
        here = [each for each in watched if _same(each.source, account)]
        replaced = self._replaced(here)
        own = self._own(here) if self._options.own else {}
        self._found.settings |= {
            **({} if self._options.cloud == "public" else {"cloud": self._options.cloud}),
            "location": endpoint["location"],
            "resource_group": {"existing": self._options.resource_group},
            # as the topic spells it: by other letters Pulumi would make another topic
            "storage": {"existing": here[0].source if own else account},
            "endpoint": {"existing": endpoint["id"], **self._input_name(replaced)},
        }
        events = ({} if own else self._topic(account)) | (self._filter(here[0]) if here else {})
        if not here:
            self._note("Nobody is told of BlobCreated: say storage.container and .folder.")
        if events:
            self._found.settings["blob_events"] = events
        self._factory()
        self._found.own = own
        self._found.replaced = [each for each in replaced if each not in own.values()]
        return self._found

    def _replaced(self, here: list[Watched]) -> list[str]:
        """What is told of the same files as the first, and the workflows that it calls."""
        there = [each for each in here if each.place != here[0].place]
        for each in there:
            self._note(f"{_name(each.by)} watches {each.begins}*{each.ends}: a stack of its own.")
        told = [each for each in here if each not in there]
        called = [self._watching.called(each) for each in told]
        return list(dict.fromkeys(filter(None, [*(each.by for each in told), *called])))

    def _own(self, here: list[Watched]) -> dict[str, str]:
        """Topic and subscription, by Pulumi's types, that the stack takes over by an import.

        Raises:
            ClientError: that would break something.
        """
        first = here[0] if here else None
        if first is None or not first.topic:
            why = "no subscription of a system topic tells of the account's files"
        elif first.schema != _SCHEMA:
            why = f"{_name(first.by)} sends events as {first.schema}, which Azure never changes"
        elif not self._watching.requests(first):
            why = f"{_name(first.by)} does not call the Request trigger of a Logic App here"
        elif others := self._watching.others(first):
            why = f"{_name(first.topic)} tells others too ({', '.join(map(_name, others))})"
        else:
            return {TOPIC: first.topic, SUBSCRIPTION: first.by}
        raise ClientError(f"--own: {why}. Leave it out, and the stack uses the topic as it is.")

    def _endpoint(self) -> Json:
        found = [
            each
            for workspace in self._of("Microsoft.MachineLearningServices/workspaces")
            for each in self._manager.listed(f"{workspace}/batchEndpoints", ML_VERSION)
        ]
        ids = [str(each["id"]) for each in found]
        chosen = self._chosen(ids, "endpoint", self._options.endpoint, "batch endpoint")
        return found[ids.index(chosen)]

    def _account(self, watched: list[Watched]) -> str:
        accounts = list(self._of("Microsoft.Storage/storageAccounts"))
        sources = {each.source.lower() for each in watched}
        told = [each for each in accounts if each.lower() in sources]
        return self._chosen(told or accounts, "account", self._options.account, "storage account")

    def _input_name(self, replaced: list[str]) -> Json:
        """What the documents' workflow calls the input of a job."""
        workflows = self._watching.workflows
        for told in (workflows[each] for each in replaced if each in workflows):
            actions = str(told["definition"].get("actions")).replace('\\"', '"')
            if found := _INPUT.search(actions):
                return {"input_name": found[1]}
        return {}

    def _factory(self) -> None:
        factories = list(self._of("Microsoft.DataFactory/factories"))
        if not factories:
            return
        factory = self._chosen(factories, "factory", self._options.factory, "data factory")
        there = {
            str(e["name"]) for e in self._manager.listed(f"{factory}/pipelines", pipelines.VERSION)
        }
        taken = sorted(there & {*OUR_PIPELINES})
        if taken:
            self._note(
                f"{_name(factory)} has {' and '.join(taken)} already, as a stack would make: it is"
                " left out. Rename what it has, then set data_factory.existing."
            )
            return
        self._found.settings["data_factory"] = {"existing": factory}

    def _topic(self, account: str) -> Json:
        for topic, source in self._watching.topics.items():
            if _same(source, account):
                name = {"resource_group": self._options.resource_group, "name": _name(topic)}
                return {"existing_system_topic": name}
        return {}

    def _filter(self, watched: Watched) -> Json:
        """Container, folder and end of the names, where a stack file can say them."""
        found = _SUBJECT.fullmatch(watched.begins)
        said: Json = {}
        if found is None:
            self._note("It watches the whole account: a stack that does needs extension_filter.")
            said["watch_whole_account"] = True
        else:
            folder = found[2] or ""
            if folder and not folder.endswith("/"):
                self._note(f"The filter {watched.begins!r} has no slash at its end: now it has.")
                folder += "/"
            self._found.settings["storage"] |= {"container": found[1], "folder": folder}
        if watched.ends.startswith("/"):
            said["marker_name"] = watched.ends[1:]
        elif watched.ends.startswith("."):
            said["extension_filter"] = watched.ends
        elif watched.ends:
            self._note(f"Names that end in {watched.ends!r} can't be said in a stack file.")
        return said

    def _chosen(self, ids: list[str], option: str, said: str | None, what: str) -> str:
        names = ", ".join(map(_name, ids)) or "none"
        where = self._options.resource_group
        if said:
            ids = [each for each in ids if _name(each).lower() == said.lower()]
            if not ids:
                raise UsageError(f"--{option} {said}: found {names} in {where}.")
        if len(ids) > 1:
            raise UsageError(f"Which {what} of {where}? Say --{option}: {names}.")
        if not ids:
            raise ClientError(f"There is no {what} in {where}: nothing is there to adopt.")
        return ids[0]

    def _only_subscription(self) -> str:
        found = list(self._manager.listed("/subscriptions", SUBSCRIPTIONS_VERSION))
        if len(found) != 1:
            told = ", ".join(f"{each['subscriptionId']} ({each['displayName']})" for each in found)
            raise UsageError(f"Which subscription? Say --subscription: {told or 'none is found'}.")
        return str(found[0]["subscriptionId"])

    def _note(self, text: str) -> None:
        self._found.notes.append(text)

    def _of(self, kind: str) -> Iterator[str]:
        yield from (each["id"] for each in self._listed if _same(each["type"], kind))


def _name(resource_id: str) -> str:
    return resource_id.rpartition("/")[2]


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
