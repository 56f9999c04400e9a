"""/core/date-time: a moment comes in with its offset, whichever, and goes out in UTC; a day has no time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from support_api.http import residents, wire
from support_api.http.wire import Moment
from tests.api.problems import check_problem, faults
from tests.conftest import World
from tests.every_operation import BY_NAME, good

# In the place of each moment that a body can hold; of a day that is right there, so that only the form is wrong.
DAY = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
WRONG = {
    "no offset": f"{DAY}T10:00:00",
    "an offset that is none": f"{DAY}T10:00:00-00:00",
    "lower-case t": f"{DAY}t10:00:00Z",
    "lower-case z": f"{DAY}T10:00:00z",
    "a space": f"{DAY} 10:00:00Z",
    "a day only": f"{DAY}",
    "a time only": "10:00:00Z",
    "no seconds": f"{DAY}T10:00Z",
    "an offset without minutes": f"{DAY}T10:00:00+01",
    "an offset without a colon": f"{DAY}T10:00:00+0100",
    "an offset of a day": f"{DAY}T10:00:00+24:00",
    "an offset of 60 minutes": f"{DAY}T10:00:00+00:60",
    "no such day": "2026-02-30T10:00:00Z",
    "no such hour": f"{DAY}T24:00:00Z",
    "no such second": f"{DAY}T10:00:60Z",
    "a finer fraction than is kept": f"{DAY}T10:00:00.1234567Z",
    "an empty fraction": f"{DAY}T10:00:00.Z",
    "a comma": f"{DAY}T10:00:00,5Z",
    "the basic form": DAY.replace("-", "") + "T100000Z",
    "a week": "2026-W47-7T10:00:00Z",
    "the name of a zone": f"{DAY}T10:00:00[Europe/Amsterdam]",
    "other digits": f"{DAY[:-1]}٣T10:00:00Z",
    "a minus that is none": f"{DAY}T10:00:00−01:00",
    "a line after it": f"{DAY}T10:00:00Z\n",
    "nothing": "",
    "another age": "1066-10-14T09:00:00Z",
    "a number": 1795341600,
}


def moments() -> Iterator[tuple[str, str]]:
    """Operation and property, of each moment in a body."""
    for name, operation in BY_NAME.items():
        for field in operation.body.model_fields.values() if operation.body else ():
            if {Moment, datetime} & {field.annotation, *get_args(field.annotation)}:
                yield name, str(field.alias)


async def check_refused(world: World, name: str, field: str) -> None:
    request = await good(world, name)
    for what, value in WRONG.items():
        problem = check_problem(
            await request.but(body={**request.body, field: value}).send(world), 400, "invalid_input"
        )
        assert [each for each, _ in faults(problem)] == [f"/{field}"], f"{name}, {field}: {what}"


async def test_core_date_time_format(world: World) -> None:
    assert set(moments()) == {
        ("createConsent", "validUntil"),
        ("startWorkingRelationship", "startedAt"),
        ("startCover", "from"),
        ("startCover", "until"),
    }
    schemas = [json.dumps(each.body.model_json_schema()) for each in BY_NAME.values() if each.body]
    assert sum(schema.count('"date-time"') for schema in schemas) == len(set(moments())), (
        "one lies deeper than `moments` looks"
    )
    for name, field in moments():
        await check_refused(world, name, field)


OFFSETS = [timedelta(minutes=n) for n in range(-23 * 60 - 59, 24 * 60)]


async def test_core_date_time_timezone(world: World) -> None:
    """Every offset is accepted, and the answer tells the same moment in UTC."""
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    for name, field in moments():
        for offset in OFFSETS[:: len(OFFSETS) // 4]:
            request = await good(world, name)
            said = moment.astimezone(timezone(offset)).isoformat()
            answer = await request.but(body={**request.body, field: said}).send(world)
            assert answer.json().get(field) == moment.isoformat().replace("+00:00", "Z"), f"{name}: {said}"


def test_each_offset_there_is() -> None:
    read = TypeAdapter(Moment)
    moment = datetime(2026, 11, 22, 10, tzinfo=UTC)
    for offset in OFFSETS:
        assert read.validate_python(moment.astimezone(timezone(offset)).isoformat()) == moment


def dates() -> Iterator[type[BaseModel]]:
    return (o.body for o in BY_NAME.values() if o.body and "birth_date" in o.body.model_fields)


async def test_core_date_time_date_omit_time_portion(world: World) -> None:
    """What is a day by its name has no time, going in or out; a year or a month is enough."""
    assert list(dates()) == [residents.NewResident, residents.ResidentChange]
    request = await good(world, "createResident")
    for wrong in ("1971-03-14T00:00:00Z", "1971-03-14T00:00", "1971-03-14Z", "1971-03-14+01:00", "14-03-1971"):
        answer = await request.but(body={**request.body, "birthDate": wrong}).send(world)
        problem = check_problem(answer, 400, "invalid_input")
        assert [name for name, _ in faults(problem)] == ["/birthDate"], wrong
    for day in ("1971-03-14", "1971-03", "1971"):
        answer = await request.but(body={**request.body, "birthDate": day}).send(world)
        assert (answer.status_code, answer.json().get("birthDate")) == (201, day)


async def test_a_reader_of_any_moment_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: what Python reads as a moment, for what RFC 3339 says."""

    class Anything:
        @staticmethod
        def fullmatch(_: str) -> bool:
            return True

    monkeypatch.setattr(wire, "_MOMENT", Anything)
    with pytest.raises(AssertionError):
        await check_refused(world, "createConsent", "validUntil")
