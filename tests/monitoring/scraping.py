"""Prometheus' way of reading: the text of /metrics as samples."""

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


def scraped(port: int) -> str:
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5, trust_env=False)  # not the service's own port
    assert answer.status_code == 200
    return answer.text


def samples(text: str) -> list[Sample]:
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def value(text: str, name: str, **labels: str) -> float:
    """The sum of all series with these labels."""
    return sum(s.value for s in samples(text) if s.name == name and labels.items() <= s.labels.items())
