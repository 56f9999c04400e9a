"""What portrait items do beyond the plain verbs: who may change what, and the resident keeping what others wrote."""

from dataclasses import replace
from typing import Any

from support_api.domain.access import Access
from support_api.domain.errors import RuleBroken
from support_api.domain.portrait_items import DECIDES, PortraitItem
from support_api.services import standard

build = standard.shared(PortraitItem)


def apply(access: Access, item: PortraitItem, changes: dict[str, Any]) -> PortraitItem:
    item.guard_change(access.principal.role, access.caller.id, set(changes))
    if state := changes.pop("state", None):
        if state not in DECIDES:
            raise RuleBroken("state_not_yours")
        changes["confirmation"] = DECIDES[state]
    return replace(item, **changes)
