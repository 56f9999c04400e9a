"""Consents on the wire: give, refuse and withdraw, each with a receipt in plain Dutch."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from support_api.domain.actions import Action
from support_api.domain.consent_terms import ConsentAction, ConsentHow
from support_api.domain.consents import ConsentDecision, ConsentStatus
from support_api.domain.grounds import CONSENTED
from support_api.domain.vocabulary import Assurance, Category, Depth, PartyType, Purpose, Scope
from support_api.http.consent_views import (
    ConsentPageView,
    ConsentView,
    EffectView,
    RecalledView,
    StaysView,
    StoppedView,
    WithdrawalView,
    party,
    render,
)
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Body, Id, Moment, PageQuery, mistake, only_if, said
from support_api.services import consents, proposals
from support_api.services.consents import Seen, Withdrawn

_ALL = "/residents/{residentId}/consents"
_EACH = _ALL + "/{consentId}"
_DECIDABLE: Any = [str(each) for each in Category if each in CONSENTED]
Decided = Annotated[Category, Field(json_schema_extra={"enum": _DECIDABLE})]
_NOBODY = {"properties": {"id": {"type": "null"}}}
_SOMEBODY = {"properties": {"id": {"type": "string"}}, "required": ["id"]}
_EITHER: dict[str, Any] = {"properties": {each: {"minItems": 1} for each in ("onlyItems", "exceptItems")}}
_BOTH: dict[str, Any] = {**_EITHER, "required": ["onlyItems", "exceptItems"]}


_EXAMPLE: dict[str, Any] = {
    "decision": "permit",
    "party": {"type": "my_workers"},
    "purpose": "support",
    "categories": ["portrait", "life_story_short"],
    "depth": "short",
}


Mark = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
_NOTICE: dict[str, Any] = {"noticeId": "nt-12", "version": "3", "language": "nl-B1"}


class PartyBody(Body, title="partij"):
    """Whom a decision is about."""

    model_config = ConfigDict(
        json_schema_extra={**only_if("type", "my_workers", _NOBODY, _SOMEBODY), "examples": [{"type": "my_workers"}]}
    )

    type: PartyType = said("soort partij", "Whom the decision is about.", "my_workers")
    id: Id | None = said(
        "kenmerk",
        "Which worker, of those whom the resident has met, or which system; absent for my_workers.",
        default=None,
    )

    @model_validator(mode="after")
    def _named(self) -> "PartyBody":
        if self.id is None and self.type is not PartyType.MY_WORKERS:
            raise mistake("id", "required")
        if self.id is not None and self.type is PartyType.MY_WORKERS:
            raise mistake("id", "not_allowed")
        return self


class InformedWithBody(Body, title="uitleg vooraf"):
    """Which text the resident was shown or read before deciding."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NOTICE]})

    notice_id: Mark = said("kenmerk van de uitleg", "Which text.", "nt-12")
    version: Mark = said("versie van de uitleg", "Which version of it.", "3")
    language: Language = said("taal van de uitleg", "In which language, and how plain.", "nl-B1")


class NewConsent(Body, title="nieuwe toestemming"):
    """A decision of the resident to record: a yes or a no. Of a worker: what the resident is asked to decide."""

    model_config = ConfigDict(json_schema_extra={"not": _BOTH, "examples": [_EXAMPLE]})

    decision: ConsentDecision = said("besluit", "Yes or no; a no is stored as well.", "permit")
    party: PartyBody = said("voor wie", "Whom the decision is about.", {"type": "my_workers"})
    purpose: Purpose = said("waarvoor", "For which purpose.", "support", default=Purpose.SUPPORT)
    categories: tuple[Decided, ...] = said(
        "welke gegevens",
        "Which kinds of data, of those that the resident decides about.",
        ["portrait", "life_story_short"],
        min_length=1,
        max_length=10,
    )
    only_items: tuple[Id, ...] = said("alleen deze", "Only these items; none named: all.", default=(), max_length=200)
    except_items: tuple[Id, ...] = said(
        "behalve deze", "All but these; never with `onlyItems`.", default=(), max_length=200
    )
    depth: Depth = said("hoe diep", "The short version, or all.", "short", default=Depth.SHORT)
    actions: tuple[ConsentAction, ...] = said(
        "wat mag", "What may be done with it.", ["view"], default=(ConsentAction.VIEW,), min_length=1, max_length=1
    )
    valid_until: Moment | None = said("geldig tot", "At most twelve months from now.", default=None)
    how: ConsentHow | None = said(
        "hoe gegeven", "How the resident said it: `login`, if absent. A worker always says it.", "login", default=None
    )
    informed_with: InformedWithBody | None = said(
        "uitleg vooraf", "Which text the resident was shown or read before.", _NOTICE, default=None
    )

    @model_validator(mode="after")
    def _decidable(self) -> "NewConsent":
        if not set(self.categories) <= CONSENTED:
            raise mistake("categories", "not_in_list")
        if self.only_items and self.except_items:
            raise mistake("exceptItems", "not_allowed")
        return self


class ConsentDecisionBody(Body, title="besluit over een voorstel"):
    """The resident's answer to a proposal."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "permit"}]})

    decision: ConsentDecision = said("besluit", "Yes or no; a no is stored as well.", "permit")


class ConsentQuery(PageQuery):
    """Narrows the list; what is not asked for does not narrow."""

    status: ConsentStatus | None = said("status", "Only those with this status now.", "active", default=None)
    party_type: PartyType | None = said("soort partij", "Only those about such a party.", "worker", default=None)
    party_id: Id | None = said("partij", "Only those about this worker or system.", default=None)
    purpose: Purpose | None = said("waarvoor", "Only those for this purpose.", "support", default=None)


_STAYS = (
    StaysView(what="De onderdelen zelf: die blijven van jou", why="intrekken is niet hetzelfde als verwijderen"),
    StaysView(what="Wie het eerder heeft gelezen", why="zodat jij het kunt nakijken"),
    StaysView(what="Je naam, hoe je bereikbaar bent en wie je begeleidt", why="dat hoort bij een taak uit de wet"),
)


def _answer(call: Call, seen: Seen) -> Answer:
    return Answer(render(call, seen), seen.consent.version, seen.consent.id)


def _created(call: Call, seen: Seen) -> Answer:
    location = f"{call.base}{call.path}/{seen.consent.id}"
    return Answer(render(call, seen), seen.consent.version, seen.consent.id, location)


def _only(query: ConsentQuery) -> dict[str, Any]:
    asked = {name: getattr(query, name) for name in ("status", "party_type", "party_id", "purpose")}
    return {name: value for name, value in asked.items() if value is not None}


async def _list(call: Call) -> Answer:
    _, page, seen = await consents.page(call.work, call.resident_id, call.window(), _only(call.query))
    return Answer(call.page(page, ConsentPageView, [render(call, each) for each in seen]))


async def _read(call: Call) -> Answer:
    return _answer(call, await consents.read(call.work, call.resident_id, call.ids["consentId"]))


async def _create(call: Call) -> Answer:
    fields = dict(call.body)
    named = fields.pop("party")
    fields |= {"party_type": named.type, "party_id": named.id}
    return _created(call, await proposals.create(call.work, call.resident_id, fields))


async def _create_again(call: Call, item_id: UUID, version: int) -> Answer:
    return _created(call, await proposals.again(call.work, call.resident_id, item_id, version))


async def _decide(call: Call) -> Answer:
    return _answer(call, await proposals.decide(call.work, call.resident_id, call.ids["consentId"], call.body.decision))


async def _decide_again(call: Call, item_id: UUID, version: int) -> Answer:
    return _answer(call, await proposals.decide_again(call.work, call.resident_id, item_id, version))


def _recalled(seen: Seen) -> tuple[RecalledView, ...]:
    found = seen.recall
    if found is None:
        return ()
    items = len(found.object_ids)
    return (
        RecalledView(
            party=party(seen), recall_id=found.id, items=items, answer_by=found.answer_by, answer=found.answer
        ),
    )


def _withdrawal(call: Call, withdrawn: Withdrawn) -> Answer:
    consent = withdrawn.seen.consent
    stopped = StoppedView(party=party(withdrawn.seen), categories=consent.categories, items=len(consent.only_items))
    effect = EffectView(
        stopped_now=(stopped,),
        re_rendered=withdrawn.working_relationship_ids,
        recalled=_recalled(withdrawn.seen),
        stays_because=_STAYS,
        consequences_for_you="geen",
    )
    return Answer(WithdrawalView(consent=render(call, withdrawn.seen), effect=effect), consent.version, consent.id)


async def _withdraw(call: Call) -> Answer:
    return _withdrawal(call, await consents.withdraw(call.work, call.resident_id, call.ids["consentId"]))


async def _withdraw_again(call: Call, item_id: UUID, version: int) -> Answer:
    return _withdrawal(call, await consents.withdraw_again(call.work, call.resident_id, item_id, version))


OPERATIONS = [
    Operation(
        name="listConsents",
        method="GET",
        path=_ALL,
        tag="consents",
        summary="All decisions of the resident: given, refused and withdrawn",
        description="A worker sees own proposals and what opens something to them, nothing about other parties.",
        action=Action.CONSENT_LIST,
        scope=Scope.CONSENTS_READ,
        about=About.RESIDENT,
        use=_list,
        answer=ConsentPageView,
        query=ConsentQuery,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="getConsent",
        method="GET",
        path=_EACH,
        tag="consents",
        summary="One decision of the resident",
        action=Action.CONSENT_READ,
        scope=Scope.CONSENTS_READ,
        about=About.RESIDENT,
        use=_read,
        answer=ConsentView,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="createConsent",
        method="POST",
        path=_ALL,
        tag="consents",
        summary="Say yes or no, or propose it",
        description="What a worker sends is a proposal: it opens nothing, and lapses after thirty days unless the"
        " resident decides. A permit for `my_workers` without `onlyItems` is told once and decided once: every next"
        " worker of the resident reads the short version.",
        action=Action.CONSENT_CREATE,
        scope=Scope.CONSENTS_WRITE,
        about=About.RESIDENT,
        use=_create,
        replay=_create_again,
        answer=ConsentView,
        body=NewConsent,
        creates=True,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="decideConsent",
        method="POST",
        path=_EACH + "/_decide",
        tag="consents",
        summary="Say yes or no to what a worker proposed",
        description="Only the resident's own decision makes a proposal hold. A no is kept as a refusal.",
        action=Action.CONSENT_DECIDE,
        scope=Scope.CONSENTS_WRITE,
        about=About.RESIDENT,
        use=_decide,
        replay=_decide_again,
        answer=ConsentView,
        body=ConsentDecisionBody,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="withdrawConsent",
        method="POST",
        path=_EACH + "/_withdraw",
        tag="consents",
        summary="Withdraw a permit: one call, no reason asked, from the next read on",
        action=Action.CONSENT_WITHDRAW,
        scope=Scope.CONSENTS_WRITE,
        about=About.RESIDENT,
        use=_withdraw,
        replay=_withdraw_again,
        answer=WithdrawalView,
        assurance=Assurance.SUBSTANTIAL,
    ),
]
