"""Chat servers that a helpline could pick instead, as contenders of bench/live.py.

Prosody (Debian's package) with its message archive and Matrix' Synapse (from PyPI), both on
PostgreSQL. Both store each message before they acknowledge it and pass it on.
"""

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from live_contest import machine
from live_contest.contenders import Contender, Services, rows

_PROSODY = """
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
admins = {{ }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
s2s_ports = {{ }}
http_ports = {{ }}
https_ports = {{ }}
modules_enabled = {{ "roster", "saslauth", "disco", "smacks", "mam" }}
modules_disabled = {{ "s2s", "tls", "offline" }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = {{ archive = "sql" }}
sql = {{ driver = "PostgreSQL", database = "{name}", username = "postgres", host = "{host}" }}
archive_expires_after = "never"
default_archive_policy = true
max_archive_query_results = 50
limits = {{ }}
run_as_root = true
log = {{ {{ levels = {{ min = "warn" }}, to = "console" }} }}
VirtualHost "localhost"
"""


class Prosody(Contender):
    """XMPP: each side is a user; each message is archived for both."""

    def __init__(self, services: Services, streams: int) -> None:
        super().__init__("prosody", services, streams)

    @staticmethod
    def missing() -> str:
        """Return why it can't take part; empty if it can."""
        if shutil.which("prosody") is None:
            return "prosody isn't installed (apt-get install prosody lua-dbi-postgresql)"
        return ""

    @property
    def counted(self) -> dict[str, int]:
        """Prosody and its database."""
        return {"server": self.server_pid, "postgresql": self.services.postgresql_pid}

    def start(self) -> None:
        """Write the users' files and the configuration, start the server."""
        accounts = self.folder / "data" / "localhost" / "accounts"
        accounts.mkdir(parents=True)
        for name in self._names():
            (accounts / f"{name}.dat").write_text('return { ["password"] = "x"; };\n')
        configuration = self.folder / "prosody.cfg.lua"
        host = self.services.postgresql
        machine.new_database(host, self.name)
        settings = _PROSODY.format(folder=self.folder, port=self.port, name=self.name, host=host)
        configuration.write_text(settings)
        self.process = machine.start(["prosody", "--config", str(configuration), "-F"], self.folder)
        machine.wait_until(lambda: machine.listens(self.port), self.process, self.name)

    def _names(self) -> list[str]:
        return [f"u{number}" for number in range(self.streams)]

    def plan(self) -> dict[str, Any]:
        """Return the users."""
        return {"kind": "xmpp", "port": self.port, "streams": self._names()}

    def stored(self) -> Iterator[tuple[str, str, str]]:
        """Read the archive as the recipients have it."""
        address = f"postgres://postgres@/{self.services.postgresql}/{self.name}"
        for user, value in rows(address, 'SELECT "user", "value" FROM prosodyarchive'):
            stanza = ElementTree.fromstring(value)  # noqa: S314
            if str(stanza.get("to", "")).startswith(f"{user}@"):
                ident = str(stanza.get("id"))
                yield ident, ident, stanza.findtext("{jabber:client}body") or _body_of(stanza)

    def stored_key(self, number: int, key: str) -> str:
        """The sender's id is the message's name."""
        return key


def _body_of(stanza: ElementTree.Element) -> str:
    return next((part.text or "" for part in stanza if part.tag.endswith("body")), "")


_SYNAPSE = """
server_name: localhost
pid_file: {folder}/synapse.pid
listeners:
  - port: {port}
    type: http
    bind_addresses: ["127.0.0.1"]
    resources: [{{names: [client], compress: false}}]
database:
  name: psycopg2
  args: {{user: postgres, dbname: {name}, host: "{host}", cp_min: 5, cp_max: 10}}
  allow_unsafe_locale: true
log_config: {folder}/log.yaml
media_store_path: {folder}/media
signing_key_path: {folder}/signing.key
trusted_key_servers: []
suppress_key_server_warning: true
report_stats: false
enable_registration: true
enable_registration_without_verification: true
bcrypt_rounds: 4
presence: {{enabled: false}}
rc_message: {{per_second: 100000, burst_count: 100000}}
rc_registration: {{per_second: 100000, burst_count: 100000}}
rc_login:
  address: {{per_second: 100000, burst_count: 100000}}
  account: {{per_second: 100000, burst_count: 100000}}
rc_joins:
  local: {{per_second: 100000, burst_count: 100000}}
rc_invites:
  per_room: {{per_second: 100000, burst_count: 100000}}
  per_user: {{per_second: 100000, burst_count: 100000}}
  per_issuer: {{per_second: 100000, burst_count: 100000}}
"""
_SYNAPSE_LOG = """
version: 1
handlers: {console: {class: logging.StreamHandler}}
root: {level: ERROR, handlers: [console]}
"""
# Its rooms take a fifth of a second each to make, and each open /sync much memory.
SYNAPSE_STREAMS = 100


class Synapse(Contender):
    """Matrix: each conversation is a room of two, delivery by long polling of /sync."""

    def __init__(self, services: Services, streams: int) -> None:
        super().__init__("synapse", services, min(streams, SYNAPSE_STREAMS))
        self._people: list[dict[str, str]] = []
        self._rooms: list[str] = []

    @property
    def counted(self) -> dict[str, int]:
        """Synapse and its database."""
        return {"server": self.server_pid, "postgresql": self.services.postgresql_pid}

    def start(self) -> None:
        """Make a database of its own locale, start, register users, make rooms."""
        self.folder.mkdir(parents=True)
        machine.new_database(self.services.postgresql, self.name)
        host = self.services.postgresql
        settings = _SYNAPSE.format(folder=self.folder, port=self.port, name=self.name, host=host)
        (self.folder / "homeserver.yaml").write_text(settings)
        (self.folder / "log.yaml").write_text(_SYNAPSE_LOG)
        python = self.services.extra_python
        command = [python, "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"]
        subprocess.run([*command, "--generate-keys"], cwd=self.folder, check=True)
        self.process = machine.start(command, self.folder)
        machine.wait_until(lambda: machine.listens(self.port), self.process, self.name)
        time.sleep(1)
        with ThreadPoolExecutor(4) as pool:
            self._people = list(pool.map(self._register, range(self.streams)))
            self._rooms = list(pool.map(self._room, range(self.streams // 2)))

    def _register(self, number: int) -> dict[str, str]:
        given = {
            "username": f"u{number}",
            "password": "x-of-this-benchmark",
            "auth": {"type": "m.login.dummy"},
        }
        return self._ask("POST", "register", given, "")

    def _room(self, number: int) -> str:
        ours, theirs = self._people[2 * number], self._people[2 * number + 1]
        given = {"preset": "trusted_private_chat", "invite": [theirs["user_id"]]}
        room = self._ask("POST", "createRoom", given, ours["access_token"])["room_id"]
        self._ask("POST", f"join/{room}", {}, theirs["access_token"])
        return str(room)

    def _ask(self, method: str, path: str, given: dict[str, Any], token: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/_matrix/client/v3/{path}",
            data=json.dumps(given).encode(),
            method=method,
            headers={"Content-Type": "application/json"}
            | ({"Authorization": f"Bearer {token}"} if token else {}),
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            found: dict[str, Any] = json.load(reply)
            return found

    def plan(self) -> dict[str, Any]:
        """Return each person's token and room."""
        streams = [
            {"token": person["access_token"], "room": self._rooms[number // 2]}
            for number, person in enumerate(self._people)
        ]
        return {"kind": "matrix", "port": self.port, "streams": streams}

    def stored(self) -> Iterator[tuple[str, str, str]]:
        """Read the events' table."""
        query = (
            "SELECT e.event_id, t.txn_id, j.json FROM events e JOIN event_json j USING (event_id)"
            " LEFT JOIN event_txn_id_device_id t ON t.event_id = e.event_id"
            " WHERE e.type = 'm.room.message'"
        )
        address = f"postgres://postgres@/{self.services.postgresql}/{self.name}"
        for event_id, ident, event in rows(address, query):
            yield event_id, ident or "", json.loads(event)["content"]["body"]

    def stored_key(self, number: int, key: str) -> str:
        """The server's event id is the message's name."""
        return key


def log_of(contender: Contender) -> Path:
    """Return where a server's last words are."""
    return contender.folder / "server.log"
