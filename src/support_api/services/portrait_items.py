"""What portrait items do beyond the plain verbs: who may change what, and the resident keeping what others wrote."""

from dataclasses import replace
from typing import Any

from support_api.domain.access import Access
from support_api.domain.errors import RuleBroken
from support_api.domain.portrait_items import DECIDES, PortraitItem
from support_api.services.standard import born, told
from support_api.services.work import Work


def build(work: Work, access: Access, said: dict[str, Any]) -> PortraitItem:
    shared = told(access, said.pop("visibility", None), said.pop("worker_id", None))
    return PortraitItem(**born(work, access), **shared, **said)


def apply(access: Access, item: PortraitItem, changes: dict[str, Any]) -> PortraitItem:
    item.guard_change(access.principal.role, access.caller.id, set(changes))
    if state := changes.pop("state", None):
        if state not in DECIDES:
            raise RuleBroken("state_not_yours", "kies kept of removed")
        changes["confirmation"] = DECIDES[state]
    return replace(item, **changes)
