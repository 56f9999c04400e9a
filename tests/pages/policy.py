"""What a page may load, as its own answer says, and where it leads."""

import re

import httpx

_OWN = {"default-src": ["'self'"], "base-uri": ["'none'"], "form-action": ["'self'"], "frame-ancestors": ["'none'"]}


def directives(answer: httpx.Response) -> dict[str, list[str]]:
    [policy] = answer.headers.get_list("Content-Security-Policy")
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def loopholes(answer: httpx.Response, **but: list[str]) -> list[str]:
    """Where the policy says anything else than that all comes from the service itself. `but`: what one page needs,
    by directive (`img_src=["'self'", "data:"]`)."""
    told = directives(answer)
    allowed = {**_OWN, **{name.replace("_", "-"): values for name, values in but.items()}}
    return sorted({name for name in (*told, *allowed) if told.get(name) != allowed.get(name)})


def addresses_in(html: str) -> set[str]:
    return set(re.findall(r'(?:href|src|action)="([^"#]+)"', html))
