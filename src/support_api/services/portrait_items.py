"""What portrait items do beyond the plain verbs: who may change what, and the resident keeping what others wrote."""

from dataclasses import replace
from typing import Any

from support_api.domain.access import Access
from support_api.domain.errors import RuleBroken
from support_api.domain.portrait_items import DECIDES, PortraitItem
from support_api.domain.vocabulary import Confirmation, Role
from support_api.services import standard

build = standard.shared(PortraitItem)


def apply(access: Access, item: PortraitItem, changes: dict[str, Any]) -> PortraitItem:
    """Words that somebody else changed wait for the resident again: what was kept is not this (INV-07)."""
    item.guard_change(access.principal.role, access.caller.id, set(changes))
    if state := changes.pop("state", None):
        if state not in DECIDES:
            raise RuleBroken("state_not_yours")
        changes["confirmation"] = DECIDES[state]
    elif access.own:
        item.guard_decided()
    if changes and access.principal.role is not Role.RESIDENT:
        changes["confirmation"] = Confirmation.AWAITING
    return replace(item, **changes)
