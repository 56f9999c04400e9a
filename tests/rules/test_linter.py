"""The official ruleset has nothing to say about the contract, and is seen to speak where it should."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from support_api.http import openapi
from tests.conftest import World, running
from tests.every_operation import BY_NAME
from tests.rules.linter import ROOT, complaints, written

pytestmark = [pytest.mark.node, pytest.mark.slow]
COMMITTED = ROOT / "openapi" / "support-api.yaml"
Document = dict[str, Any]


async def test_the_committed_and_the_served_contract_break_no_rule(world: World, tmp_path: Path) -> None:
    async with running(world.cluster, world.main, world.keys, public_url="https://support.example.nl") as client:
        served = written(tmp_path, "served", (await client.get("/v1/openapi.json")).json())
    assert complaints(COMMITTED, served) == {"support-api.yaml": set(), "served.json": set()}


def _no_version_header(document: Document) -> None:
    del document["paths"]["/me"]["get"]["responses"]["200"]["headers"]["API-Version"]


def _no_headers(document: Document) -> None:
    del document["components"]["responses"]["NoContent"]["headers"]
    document["paths"]["/me"]["get"]["responses"]["200"].pop("headers")


def _snake_case_query(document: Document) -> None:
    query = {"name": "page_size", "in": "query", "schema": {"type": "integer"}}
    document["paths"]["/me"]["get"]["parameters"].append(query)


def _plain_error(document: Document) -> None:
    content = document["components"]["responses"]["Problem404"]["content"]
    content["application/json"] = content.pop("application/problem+json")


def _problem_without_detail(document: Document) -> None:
    document["components"]["schemas"]["Problem"]["required"].remove("detail")
    del document["components"]["schemas"]["Problem"]["properties"]["detail"]


def _no_400(document: Document) -> None:
    del document["paths"]["/residents"]["post"]["responses"]["400"]


def _renamed(path: str) -> Callable[[Document], None]:
    def rename(document: Document) -> None:
        document["paths"][path] = document["paths"].pop("/me")

    return rename


def _date_with_time(document: Document) -> None:
    properties = document["components"]["schemas"]["MeView"]["properties"]
    properties["startDate"] = {"type": "string", "format": "date-time"}


def _local_moment(document: Document) -> None:
    document["components"]["schemas"]["MeView"]["properties"]["at"] = {"type": "string", "format": "date-time-local"}


def _no_version_in_the_address(document: Document) -> None:
    document["servers"][0]["url"] = "https://support-api.example.nl"


def _no_tls(document: Document) -> None:
    document["servers"][0]["url"] = "http://support-api.example.nl/v1"


def _half_a_version(document: Document) -> None:
    document["info"]["version"] = "1.0"


def _no_mail_address(document: Document) -> None:
    del document["info"]["contact"]["email"]


def _lower_case_schema(document: Document) -> None:
    document["components"]["schemas"]["me_view"] = {"type": "object"}


PLANTED: dict[str, Callable[[Document], None]] = {
    "nlgov:missing-version-header": _no_version_header,
    "nlgov:missing-header": _no_headers,
    "nlgov:query-keys-camel-case": _snake_case_query,
    "nlgov:use-problem-schema": _plain_error,
    "nlgov:problem-schema-members": _problem_without_detail,
    "nlgov:problem-invalid-input": _no_400,
    "path-keys-no-trailing-slash": _renamed("/me/"),
    "nlgov:paths-kebab-case": _renamed("/whoAmI"),
    "nlgov:use-date-instead-of-datetime": _date_with_time,
    "nlgov:date-time-ensure-timezone": _local_moment,
    "nlgov:include-major-version-in-uri": _no_version_in_the_address,
    "nlgov:servers-use-https": _no_tls,
    "nlgov:semver": _half_a_version,
    "nlgov:info-contact-fields-exist": _no_mail_address,
    "nlgov:schema-camel-case": _lower_case_schema,
}


# One that only answers, one that takes a body, one that answers nothing: on all the linter takes two seconds a mistake.
SMALL = [BY_NAME[name] for name in ("getMe", "createResident", "deletePortraitItem")]


def test_each_planted_mistake_is_caught_by_its_own_rule(tmp_path: Path) -> None:
    """Positive controls, all in one run, each in a contract of few operations that is right without it."""
    small = openapi.document(SMALL)
    right = written(tmp_path, "right", small)
    files = []
    for number, plant in enumerate(PLANTED.values()):
        document = copy.deepcopy(small)
        plant(document)
        files.append(written(tmp_path, str(number), document))
    found = complaints(right, *files)
    assert found[right.name] == set()
    missed = {rule: found[file.name] for rule, file in zip(PLANTED, files, strict=True) if rule not in found[file.name]}
    assert missed == {}


def test_the_configuration_names_the_public_address() -> None:
    configured = yaml.safe_load((ROOT / ".spectral.yaml").read_text())
    assert configured == {"extends": ["https://static.developer.overheid.nl/adr/ruleset.yaml"]}
