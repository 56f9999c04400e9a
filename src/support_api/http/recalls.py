"""Recalls on the wire: what a system is asked after a withdrawal, and its answer."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, model_validator

from support_api.domain.actions import Action
from support_api.domain.recalls import Recall, RecallAnswer
from support_api.domain.vocabulary import Assurance, Scope
from support_api.http.consent_views import RecallView
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Body, Line, ListQuery, Paragraph, mistake, only_if, page_of, said
from support_api.services import recalls

_BOTH = ("legalBasis", "reason")
_WHY: dict[str, Any] = {"properties": {name: {"type": "string"} for name in _BOTH}, "required": list(_BOTH)}
_NO_WHY: dict[str, Any] = {"properties": {name: {"type": "null"} for name in _BOTH}}


class RecallAnswerBody(Body, title="antwoord op een terugroeping"):
    """What the system did with what it had received."""

    model_config = ConfigDict(
        json_schema_extra={
            **only_if("answer", "kept_with_legal_basis", _WHY, _NO_WHY),
            "examples": [{"answer": "deleted"}],
        }
    )

    answer: RecallAnswer = said("antwoord", "Deleted, or kept because the law says so.", "deleted")
    legal_basis: Line | None = said(
        "grondslag", "Which law it is kept on; only for `kept_with_legal_basis`.", "Archiefwet 1995", default=None
    )
    reason: Paragraph | None = said(
        "reden", "Why, in words for the resident; only if kept.", "Dit stond al in een besluit.", default=None
    )

    @model_validator(mode="after")
    def _explained(self) -> "RecallAnswerBody":
        kept = self.answer is RecallAnswer.KEPT
        for name, value in (("legalBasis", self.legal_basis), ("reason", self.reason)):
            if kept and value is None:
                raise mistake(name, "required")
            if not kept and value is not None:
                raise mistake(name, "not_allowed")
        return self


RecallPageView = page_of(RecallView)


def _answer(recall: Recall) -> Answer:
    return Answer(RecallView.model_validate(recall), recall.version, recall.id)


async def _list(call: Call) -> Answer:
    page = await recalls.page(call.work, call.window())
    return Answer(call.page(page, RecallPageView, [RecallView.model_validate(each) for each in page.items]))


async def _read(call: Call) -> Answer:
    return _answer(await recalls.read(call.work, call.ids["recallId"]))


async def _reply(call: Call) -> Answer:
    return _answer(await recalls.answer(call.work, call.ids["recallId"], dict(call.body)))


async def _reply_again(call: Call, item_id: UUID, version: int) -> Answer:
    return _answer(await recalls.answer_again(call.work, item_id))


OPERATIONS = [
    Operation(
        name="listRecalls",
        method="GET",
        path="/recalls",
        tag="recalls",
        summary="What this system is asked to delete, oldest first",
        description="After a withdrawal, for what the system has really received. Ids and kinds only. Open also where"
        " nothing of the resident can be read any more.",
        action=Action.RECALL_LIST,
        scope=Scope.RECALLS_ANSWER,
        about=About.SELF,
        use=_list,
        answer=RecallPageView,
        query=ListQuery,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="getRecall",
        method="GET",
        path="/recalls/{recallId}",
        tag="recalls",
        summary="One recall, and what this system answered",
        action=Action.RECALL_READ,
        scope=Scope.RECALLS_ANSWER,
        about=About.SELF,
        use=_read,
        answer=RecallView,
        assurance=Assurance.SUBSTANTIAL,
    ),
    Operation(
        name="answerRecall",
        method="POST",
        path="/recalls/{recallId}/_answer",
        tag="recalls",
        summary="Say that it was deleted, or on what legal basis it is kept",
        description="Once. The resident reads the answer with the consent. An answer after `answerBy` is taken too.",
        action=Action.RECALL_ANSWER,
        scope=Scope.RECALLS_ANSWER,
        about=About.SELF,
        use=_reply,
        replay=_reply_again,
        answer=RecallView,
        body=RecallAnswerBody,
        assurance=Assurance.SUBSTANTIAL,
    ),
]
