"""deploy/nginx/compose.conf: support-api.conf, as the Compose file needs it. `make proxy` writes it."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "deploy/nginx"
FILE, MADE = FOLDER / "support-api.conf", FOLDER / "compose.conf"
_HEAD = "# nginx in front of Support API: docs/running.md"
_CHANGES = {
    _HEAD: f"# Made from support-api.conf by `make proxy`: change that, or tests/proxy/made_conf.py.\n#\n{_HEAD}",
    "/path/to/support-api.conf": "/path/to/compose.conf",
    "access_log /var/log/nginx/support-api.log plain;": "access_log /dev/stdout plain;",
    "    upstream support_api {\n        server 127.0.0.1:8000;": "    include /etc/nginx/login.conf;\n\n"
    "    upstream support_api {\n        server api:8000;",
    # The container may not open a port below 1024.
    "listen 443 ssl default_server;": "listen 8443 ssl default_server;",
}

BODIES = "/dev/shm/support-api-bodies"  # noqa: S108 - a folder of nginx, not of the tests
_OTHERS = ("proxy", "fastcgi", "scgi", "uwsgi")


def made() -> str:
    return changed(FILE.read_text(), _CHANGES)


def changed(text: str, changes: dict[str, str]) -> str:
    """Each of the texts stands in the file once."""
    for old, new in changes.items():
        assert text.count(old) == 1, f"{text.count(old)} times in the file: {old}"
        text = text.replace(old, new)
    return text


def inside(folder: Path) -> dict[str, str]:
    """Changes with which nginx writes in this folder alone, where by default only root may."""
    spare = "".join(f"{name}_temp_path {folder}/{name}; " for name in _OTHERS)
    return {
        "worker_processes auto": "worker_processes 1",
        f"client_body_temp_path {BODIES}": f"client_body_temp_path {folder}/bodies",
        "server_tokens off;": f"server_tokens off; {spare}",
    }


if __name__ == "__main__":
    MADE.write_text(made())
