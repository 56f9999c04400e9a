"""The alerts are valid, read metrics that there are, fire when they should, and are on the page for operators."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from support_api.management import OF_THE_PARENT
from support_api.metrics import METRICS
from tests.deploy.running_page import ROOT, table

RULES = ROOT / "deploy/prometheus/support-api.rules.yml"
CASES = yaml.safe_load((Path(__file__).parent / "alerts.test.yml").read_text())
DECLARED = {each.name: each for each in (*METRICS, *OF_THE_PARENT)}
_SERIES = re.compile(r"support_api_\w+")
_SUFFIX = re.compile(r"_(bucket|count|sum)$")


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def unknown(expression: str) -> list[str]:
    return [name for name in _SERIES.findall(expression) if _SUFFIX.sub("", name) not in DECLARED]


def test_each_alert_reads_metrics_that_there_are() -> None:
    assert [name for rule in rules() for name in unknown(rule["expr"])] == []
    assert unknown("rate(support_api_requests[5m])") == ["support_api_requests"]


def test_each_alert_is_on_the_page_and_has_a_case_in_which_it_fires() -> None:
    names = [rule["alert"] for rule in rules()]
    assert names == list(table("Alerts"))
    fired = {check["alertname"] for case in CASES["tests"] for check in case["alert_rule_test"] if check["exp_alerts"]}
    assert fired == set(names)


def promtool(folder: Path, text: str) -> "subprocess.CompletedProcess[str]":
    """Checks the rules, and runs the cases."""
    (folder / "rules.yml").write_text(text)
    (folder / "cases.yml").write_text(yaml.safe_dump({**CASES, "rule_files": ["rules.yml"]}))
    command = "promtool check rules rules.yml && promtool test rules cases.yml"
    return subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.promtool
def test_the_alerts_fire_when_they_should(tmp_path: Path) -> None:
    done = promtool(tmp_path, RULES.read_text())
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.promtool
@pytest.mark.parametrize(
    ("old", "new"),
    [("rate(", "ratio("), ("> 0.01 *", "> 0.1 *"), ("90 * 24", "900 * 24"), ('operation!="readyz"', 'operation!=""')],
)
def test_an_alert_that_is_wrong_is_seen(tmp_path: Path, old: str, new: str) -> None:
    text = RULES.read_text()
    assert old in text
    assert promtool(tmp_path, text.replace(old, new)).returncode != 0
