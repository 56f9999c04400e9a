"""List, get, create, patch and delete for a resource of a resident that needs nothing special."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel

from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.errors import Stale
from support_api.domain.resource import Resource, T
from support_api.domain.vocabulary import Assurance, Scope
from support_api.http.operations import About, Answer, Call, Operation, Render
from support_api.http.wire import Body, Change, PageQuery, View, page_of
from support_api.services import standard
from support_api.services.work import Work

Build = Callable[[Work, Access, dict[str, Any]], Any]
Apply = Callable[[Access, Any, dict[str, Any]], Any]


def routes(
    res: Resource[T],
    *,
    view: type[View],
    render: Render,
    read: Scope,
    write: Scope,
    new: type[Body] | None = None,
    build: Build | None = None,
    change: type[Change] | None = None,
    apply: Apply | None = None,
    verbs: str = "list get create patch delete",
    assurance: Assurance = Assurance.LOW,
) -> list[Operation]:
    """`build` makes a new item of the body's fields, `apply` changes one; both may refuse."""
    made = _Routes(res, view, render, read, write, assurance)
    found = {
        "list": made.list_,
        "get": made.get,
        "create": lambda: made.create(new, build),
        "patch": lambda: made.patch(change, apply),
        "delete": made.delete,
    }
    return [found[verb]() for verb in verbs.split()]


class _Routes:
    def __init__(
        self, res: Resource[Any], view: type[View], render: Render, read: Scope, write: Scope, assurance: Assurance
    ) -> None:
        self.res, self.view, self.render, self.read, self.write = res, view, render, read, write
        self.key = to_camel(res.singular) + "Id"
        self.noun = res.singular.replace("_", " ")
        self.common = {"tag": res.name, "about": About.RESIDENT, "assurance": assurance, "categories": res.categories}
        self.all = f"/residents/{{residentId}}/{res.name}"
        self.each = f"{self.all}/{{{self.key}}}"

    def action(self, verb: str) -> Action:
        return Action(f"{self.res.singular}:{verb}")

    def name(self, verb: str, plural: bool = False) -> str:
        pascal = to_camel(self.res.singular)
        return f"{verb}{pascal[0].upper()}{pascal[1:]}{'s' if plural else ''}"

    def answer(self, access: Access, item: Any) -> Answer:
        return Answer(self.render(access, item), item.version, item.id)

    def list_(self) -> Operation:
        pages = page_of(self.view)

        async def use(call: Call) -> Answer:
            access, page = await standard.read_page(
                call.work, self.res, call.resident_id, call.window(), self.action("list")
            )
            return Answer(call.page(page, pages, [self.render(access, item) for item in page.items]))

        return Operation(
            name=self.name("list", plural=True),
            method="GET",
            path=self.all,
            summary=f"The resident's {self.res.name.replace('-', ' ')} that you may see",
            action=self.action("list"),
            scope=self.read,
            use=use,
            answer=pages,
            query=PageQuery,
            **self.common,  # type: ignore[arg-type]
        )

    def get(self) -> Operation:
        async def use(call: Call) -> Answer:
            return self.answer(
                *await standard.read_one(call.work, self.res, call.resident_id, call.ids[self.key], self.action("read"))
            )

        return Operation(
            name=self.name("get"),
            method="GET",
            path=self.each,
            summary=f"One {self.noun}",
            action=self.action("read"),
            scope=self.read,
            use=use,
            answer=self.view,
            **self.common,  # type: ignore[arg-type]
        )

    def create(self, new: type[Body] | None, build: Build | None) -> Operation:
        if new is None or build is None:
            raise TypeError(f"{self.res.name}: create needs a body and build")

        async def use(call: Call) -> Answer:
            fields = {name: getattr(call.body, name) for name in new.model_fields}
            access, item = await standard.create(
                call.work,
                self.res,
                call.resident_id,
                self.action("create"),
                lambda access: build(call.work, access, fields),
            )
            return Answer(self.render(access, item), item.version, item.id, f"{call.base}{call.path}/{item.id}")

        async def replay(call: Call, item_id: UUID, version: int) -> Answer:
            if item_id is None:
                raise Stale
            answer = self.answer(
                *await standard.again(call.work, self.res, call.resident_id, item_id, version, self.action("create"))
            )
            return Answer(answer.view, answer.version, item_id, f"{call.base}{call.path}/{item_id}")

        return Operation(
            name=self.name("create"),
            method="POST",
            path=self.all,
            summary=f"Add a {self.noun}",
            action=self.action("create"),
            scope=self.write,
            use=use,
            replay=replay,
            answer=self.view,
            body=new,
            creates=True,
            **self.common,  # type: ignore[arg-type]
        )

    def patch(self, change: type[Change] | None, apply: Apply | None) -> Operation:
        if change is None or apply is None:
            raise TypeError(f"{self.res.name}: patch needs a body and apply")

        async def use(call: Call) -> Answer:
            return self.answer(
                *await standard.change(
                    call.work,
                    self.res,
                    call.resident_id,
                    call.ids[self.key],
                    call.version,
                    self.action("change"),
                    lambda access, item: apply(access, item, call.body.changes()),
                )
            )

        return Operation(
            name=self.name("change"),
            method="PATCH",
            path=self.each,
            summary=f"Change a {self.noun}",
            action=self.action("change"),
            scope=self.write,
            use=use,
            answer=self.view,
            body=change,
            conditional=True,
            **self.common,  # type: ignore[arg-type]
        )

    def delete(self) -> Operation:
        async def use(call: Call) -> Answer:
            await standard.delete(
                call.work, self.res, call.resident_id, call.ids[self.key], call.version, self.action("delete")
            )
            return Answer(None)

        return Operation(
            name=self.name("delete"),
            method="DELETE",
            path=self.each,
            summary=f"Delete a {self.noun}",
            action=self.action("delete"),
            scope=self.write,
            use=use,
            conditional=True,
            **self.common,  # type: ignore[arg-type]
        )
