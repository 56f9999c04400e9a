"""The service as the demo runs it: the API, and beside it `/demo`, for whoever builds a front end.

It refuses to start with any issuer but the demo's own, and that one is refused with any database but the demo's.
"""

from pathlib import Path

from support_api.app import create_app, started
from support_api.demo import folder, routes
from support_api.demo.clock import Clock
from support_api.demo.pages.front import front
from support_api.http.shell import Shell
from support_api.settings import Settings, SettingsError


def serving() -> Shell:
    """The app of a server process of the demo, from the environment."""
    return started(lambda settings: create(settings, folder.of_this_process()))


def create(settings: Settings, where: Path) -> Shell:
    if not all(each.demo for each in settings.trusted_issuers()):
        raise SettingsError("the demo trusts nobody but its own token issuer")
    clock = Clock(where)
    return create_app(settings, routes.handlers(where, clock), front(settings.public_url, where), clock)
