"""What every error must look like, from whichever layer it comes."""

import httpx

from support_api.domain.rules import RULES
from support_api.http.problems import KINDS
from support_api.http.shell import API_VERSION

HEADERS = {
    "API-Version": API_VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'; default-src 'self'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


def check_headers(answer: httpx.Response) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value], name
    assert len(answer.headers.get_list("X-Request-Id")) == 1


def check_problem(answer: httpx.Response, status: int, code: str, language: str = "nl") -> dict[str, object]:
    """RFC 9457 and NLGov API Design Rules; answers the problem for what else the test wants to see."""
    asked = f"{answer.request.method} {answer.url}: {answer.text}"
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), asked
    check_headers(answer)
    assert answer.headers["Content-Language"] == language, asked
    problem = answer.json()
    kind = next(kind for kind in KINDS.values() if kind.title[language == "en"] == problem["title"])
    assert {"type", "title", "status", "detail", "instance", "code"} <= problem.keys()
    assert problem["type"].endswith("/" + code)
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"] == (RULES[code].why if code in RULES else kind.detail)[language == "en"]
    assert problem["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    return problem


def faults(problem: dict[str, object]) -> set[tuple[str, str]]:
    """What is wrong where: name and code of each of invalidParams."""
    found: object = problem.get("invalidParams", [])
    assert isinstance(found, list)
    return {(each["name"], each["code"]) for each in found}
