"""A worker meets a resident and reads what she wants known, step by step, at a running `make demo`."""

import os
import sys
from collections.abc import Callable
from uuid import uuid4

import steps
from calling import Refused, connect
from support_api_client.models.purpose import Purpose
from tokens import token

BASE = os.environ.get("SUPPORT_API", "http://127.0.0.1:8000/v1")
BSN = "999990019"
SAID = "Sinds de verhuizing kent niemand mij nog."


# region explain
def explained(call: Callable[[], object]) -> str:
    """What went wrong, and what there is to do: by `code`, never by the text."""
    try:
        call()
    except Refused as refused:
        wrong = [f"{each.name} {each.code}" for each in refused.invalid_params]
        return " ".join([str(refused.status), refused.code, *wrong, refused.next_step]).strip()
    return "not refused"


# endregion


def yes(fact: bool) -> str:
    return "yes" if fact else "no"


def workflow() -> None:
    teun = connect(BASE, lambda: token("teun"), Purpose.SUPPORT)
    fien = connect(BASE, lambda: token("fien"))

    resident = steps.find_resident(teun, BSN)
    relationship = steps.my_relationship_with(teun, resident)

    key = str(uuid4())
    recorded = steps.record_note(teun, resident, SAID, key)
    again = steps.record_note(teun, resident, SAID, key)
    print(f"recorded once: {yes(again.replayed and again.body.id == recorded.body.id)}")

    read = steps.read_note(fien, resident, recorded.body.id)
    confirmed = steps.confirm_note(fien, resident, read)
    print(f"Fien says: {confirmed.body.confirmation.value}")
    changed = steps.ask_no_more(fien, resident, read)
    print(f"changed after 412: version {changed.body.version}")

    steps.approve_briefing(fien, resident, relationship)
    briefing = steps.read_briefing(teun, resident, relationship).body
    print(briefing.ordinal_sentence)
    print(f"Teun reads it: {yes(recorded.body.id in [line.id for line in briefing.baggage])}")

    looked = steps.who_looked(fien, resident)
    print(f"more than a page of lines: {yes(len(looked) > 10)}; the last: {looked[0]}")

    print(explained(lambda: steps.confirm_note(fien, resident, changed)))
    print(explained(lambda: steps.read_note(fien, resident, uuid4())))
    print(explained(lambda: steps.record_note(teun, resident, "", str(uuid4()))))


if __name__ == "__main__":
    try:
        workflow()
    except Refused as refused:
        sys.exit(f"{refused.status} {refused.code}: {refused}")
