"""What a contract can't say to a machine, said to Schemathesis: ids that exist, the tag that is right now, a new key.

Only where a request is meant to be good; what is meant to be bad stays as it was made.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from tests.every_operation import BY_NAME
from tests.schemathesis.mending import mended, partial_dates
from tests.schemathesis.stage import Stage, read

STAGE: Stage = read(Path(os.environ["SUPPORT_API_STAGE"]))
Case = schemathesis.Case
schemathesis.openapi.format("partial-date", partial_dates())


@schemathesis.hook
def before_call(context: Any, case: Case, kwargs: dict[str, Any]) -> None:
    name = case.operation.definition.raw.get("operationId")
    if name not in BY_NAME:
        return
    if _good(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        case.body = mended(case.body)
    if _good(case, ParameterLocation.QUERY) and case.query:
        case.query.pop("cursor", None)  # nobody can make one up
    headers = _good(case, ParameterLocation.HEADER)
    if headers and "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = uuid4().hex
    if case.meta is None or case.meta.phase.name is not TestPhase.STATEFUL:
        _place(case, name, headers)


@schemathesis.hook
def after_call(context: Any, case: Case, response: Any) -> None:
    name = case.operation.definition.raw.get("operationId")
    if name in BY_NAME and case.method != "GET" and response.status_code < 300:
        STAGE.used(name)


def _place(case: Case, name: str, headers: bool) -> None:
    """On something that was made for this one request; in the stateful phase links and answers say on what."""
    request = STAGE.good(name)
    if case.path_parameters and _good(case, ParameterLocation.PATH):
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", "/v1" + BY_NAME[name].path)
        found = re.fullmatch(pattern, request.path)
        assert found, request.path
        case.path_parameters = found.groupdict()
    if headers and "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = request.headers["If-Match"]


def _good(case: Case, location: ParameterLocation) -> bool:
    with suppress(KeyError):
        if case.meta:
            return bool(case.meta.components[location].mode.is_positive)
    return True
