"""From settings to who is given something."""

from collections.abc import Iterable

from components.identity.access import PrincipalArgs
from components.settings.model import Principal


def people(named: Iterable[Principal]) -> list[PrincipalArgs]:
    """Whoever is named, once each: Azure refuses to give the same role twice."""
    once = {each.object_id.lower(): each for each in named}
    return [{"object_id": each.object_id, "type": each.type} for each in once.values()]
