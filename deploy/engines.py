"""Private RabbitMQ and PostgreSQL servers on free loopback ports, in a folder that vanishes with them.

For tests, benchmarks and the demo. Refuses to touch a server it did not start, and to go on quietly where a program is missing.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlparse

import psycopg
from psycopg import sql

PATHS = "/usr/lib/rabbitmq/bin:/usr/lib/postgresql/*/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
VHOSTS_AT_ONCE = 10
CONFIGURATION = """[
  {rabbit, [{log, [{file, [{level, warning}]}]}, {disk_free_limit, 50000000}]},
  {ra, [{wal_max_size_bytes, 64000000}]}
].
"""
STOCK = """
  Door = <<"^postroom\\\\.commands$">>, None = <<"^$">>, All = <<".*">>, Me = <<"postroom">>,
  Users = [%(users)s],
  [catch rabbit_auth_backend_internal:add_user(U, U, Me) || U <- Users],
  [begin
     V = list_to_binary("t" ++ integer_to_list(N)),
     rabbit_vhost:add(V, Me),
     rabbit_auth_backend_internal:set_permissions(<<"guest">>, V, All, All, All, Me),
     [rabbit_auth_backend_internal:set_permissions(U, V, None, Door, None, Me) || U <- Users]
   end || N <- lists:seq(%(first)d, %(last)d)], ok.
"""
INSTALL = (
    "install the Debian packages {packages} with `sh deploy/install-engines.sh` (root or sudo); "
    "elsewhere install {products} and put the programs on PATH"
)


class EngineMissing(RuntimeError):
    """A server program is not installed; the message says which packages bring it."""


class EngineFailed(RuntimeError):
    """A server did not start; the message carries the end of its log."""


def missing() -> list[str]:
    """What has to be installed before both engines can start; empty when all is there."""
    wanted = {"rabbitmq-server": "rabbitmq-server", "epmd": "rabbitmq-server", "initdb": "postgresql"}
    return sorted({package for program, package in wanted.items() if find(program) is None})


def find(program: str) -> Path | None:
    """The program in the places where Debian keeps servers, or on PATH."""
    for pattern in PATHS.split(":"):
        for folder in sorted(Path("/").glob(pattern[1:]), reverse=True):
            if (folder / program).exists():
                return folder / program
    other = shutil.which(program)
    return Path(other) if other else None


def need(program: str, package: str, product: str) -> str:
    found = find(program)
    if found is None:
        how = INSTALL.format(packages=package, products=product)
        raise EngineMissing(f"{product} is needed but {program!r} was not found: {how}.")
    return str(found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], object], seconds: float, what: str) -> None:
    """Look again every 50 ms; raises `TimeoutError` that names what did not come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {seconds:g} s still not: {what}")
        time.sleep(0.05)


class Owner:
    """The account a server runs as: the package's own when we are root, otherwise whoever we are."""

    def __init__(self, account: str) -> None:
        self.entry = pwd.getpwnam(account) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())

    def own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def command(self, arguments: list[str]) -> list[str]:
        """The command as this account; the kernel ends it should we be killed."""
        as_user = [f"--reuid={self.entry.pw_uid}", f"--regid={self.entry.pw_gid}", "--init-groups"]
        return ["setpriv", *(as_user if os.geteuid() == 0 else []), "--pdeathsig", "KILL", *arguments]


class Server:
    """One server process in a group of its own, with its folder and log."""

    name = "server"
    account = "nobody"

    def __init__(self) -> None:
        self.owner = Owner(self.account)
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"postroom-{self.name}-"))
        self.owner.own(self.folder)
        self.log = self.folder / "out.log"
        self.processes: list[subprocess.Popen[bytes]] = []
        atexit.register(self.discard)

    def discard(self) -> None:
        """Stop for good and remove every trace."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.discard)

    def stop(self) -> None:
        """End in an orderly way; a server that does not is killed after 20 s."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End at once, as by a power cut of this process."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def start(self) -> None:
        raise RuntimeError(f"{type(self).__name__} does not say how it starts")

    @property
    def running(self) -> bool:
        return bool(self.processes) and self.processes[-1].poll() is None

    def _launch(self, arguments: list[str], env: Mapping[str, str]) -> None:
        with self.log.open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    self.owner.command(arguments),
                    env={"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **env},
                    cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )
            )  # fmt: skip

    def _await(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        try:
            wait_until(lambda: ready() or not self.running, seconds, f"{self.name} accepts connections")
        except TimeoutError:
            self.kill()
        if not self.running:
            log = self.log.read_text(errors="replace")[-2000:]
            raise EngineFailed(f"{self.name} on port {self.port} did not start; its log ends:\n{log}")

    def _end(self, how: signal.Signals) -> None:
        processes, self.processes = list(reversed(self.processes)), []
        for process in processes:
            _signal_group(process, how)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait(20)


def _signal_group(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)


class RabbitServer(Server):
    """RabbitMQ with a stock of empty virtual hosts, so that a fresh one costs nothing.

    ``users`` may only publish to the door of commands; their password is their name.
    """

    name = "rabbitmq"
    account = "rabbitmq"

    def __init__(self, users: tuple[str, ...] = ("crm", "erp")) -> None:
        self.program = need("rabbitmq-server", "rabbitmq-server", "RabbitMQ 3.10 or newer")
        self.epmd = need("epmd", "rabbitmq-server", "Erlang")
        super().__init__()
        self.users = users
        self.epmd_port, self.dist_port = free_port(), free_port()
        self.handed_out = 0
        self.stocked = 0
        self._write_configuration()

    @property
    def url(self) -> str:
        """The first virtual host, as guest."""
        return self.url_of("t0")

    def url_of(self, vhost: str, user: str = "guest") -> str:
        return f"amqp://{user}:{user}@127.0.0.1:{self.port}/{vhost}"

    def new_vhost(self) -> str:
        """The URL of a virtual host nobody has used yet."""
        self.handed_out += 1
        if self.handed_out >= self.stocked:
            self._stock(range(self.stocked, self.stocked + VHOSTS_AT_ONCE))
        return self.url_of(f"t{self.handed_out}")

    def drop_vhost(self, url: str) -> None:
        """Every queue and message in it goes too."""
        self.ctl("delete_vhost", url.rpartition("/")[2])

    def as_user(self, url: str, user: str) -> str:
        """The same virtual host through another account."""
        return self.url_of(urlparse(url).path[1:], user)

    def start(self) -> None:
        self._launch([self.epmd, "-port", str(self.epmd_port), "-address", "127.0.0.1"], {})
        wait_until(lambda: _listens(self.epmd_port), 10, "epmd accepts connections")
        self._launch([self.program], self._environment())
        self._await(lambda: _speaks_amqp(self.port))
        if not self.stocked:
            self._stock(range(VHOSTS_AT_ONCE))

    def wipe(self) -> None:
        """Come back empty: no queue, no message; the accounts and the virtual host handed out last are made again."""
        self.kill()
        shutil.rmtree(self.folder / "mnesia", ignore_errors=True)
        self.stocked = self.handed_out + 1
        self.start()
        self._stock(range(self.handed_out, self.handed_out + 1))

    def ctl(self, *arguments: str) -> str:
        """Run rabbitmqctl against this server; slow (a second), so only for what has no other way."""
        ctl = need("rabbitmqctl", "rabbitmq-server", "RabbitMQ 3.10 or newer")
        answer = subprocess.run(
            self.owner.command([ctl, "-q", *arguments]),
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **self._environment()},
            cwd=self.folder, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if answer.returncode:
            raise EngineFailed(f"rabbitmqctl {' '.join(arguments)} answered: {answer.stderr or answer.stdout}")
        return answer.stdout

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RUNNING_UNDER_SYSTEMD": "true",  # the script then becomes the server instead of standing before it
            "RABBITMQ_NODENAME": f"postroom{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.dist_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.config"),
            "RABBITMQ_PLUGINS_DIR": str(self.folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
        }

    def _write_configuration(self) -> None:
        # Looking through all of the package's plugins takes six seconds; the core alone is enough for us.
        (self.folder / "plugins").mkdir()
        for core in Path(self.program).resolve().parent.parent.glob("plugins/rabbit-*"):
            (self.folder / "plugins" / core.name).symlink_to(core.resolve())
        self._write("enabled_plugins", "[].\n")
        self._write("rabbitmq-env.conf", "")
        self._write("rabbitmq.config", CONFIGURATION)

    def _stock(self, numbers: range) -> None:
        """Virtual hosts and accounts in one call; definitions loaded at start take five times as long."""
        accounts = ", ".join(f'<<"{user}">>' for user in self.users)
        self.ctl("eval", STOCK % {"first": numbers.start, "last": numbers.stop - 1, "users": accounts})
        self.stocked = numbers.stop

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)
        self.owner.own(self.folder / name)


class PostgresServer(Server):
    """PostgreSQL that trusts loopback. ``durable=False`` skips fsync: safe against killed processes, not against power cuts."""

    name = "postgresql"
    account = "postgres"

    def __init__(self, durable: bool = False) -> None:
        self.program = need("postgres", "postgresql", "PostgreSQL 15 or newer")
        super().__init__()
        self.durable = durable
        self.handed_out = 0

    @property
    def url(self) -> str:
        """The maintenance database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """The URL of a fresh database, empty or a copy of ``template`` (to which nobody may be connected)."""
        self.handed_out += 1
        name = f"t{self.handed_out}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url_of(name)

    def drop_database(self, url: str) -> None:
        """Whoever is still connected is cut off."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(url.rpartition("/")[2])))

    def start(self) -> None:
        data = self.folder / "data"
        if not data.exists():
            self._create(data)
        options = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder,
            "fsync": "on" if self.durable else "off", "max_connections": 300, "shared_buffers": "128MB",
        }  # fmt: skip
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._launch([self.program, "-D", str(data), *settings], {})
        self._await(self._answers)

    def stop(self) -> None:
        """Break off the clients and end in an orderly way (PostgreSQL's "fast" shutdown)."""
        self._end(signal.SIGINT)

    def _create(self, data: Path) -> None:
        arguments = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        initdb = self.owner.command([str(Path(self.program).parent / "initdb"), *arguments])
        answer = subprocess.run(initdb, cwd=self.folder, capture_output=True, text=True, check=False)
        if answer.returncode:
            raise EngineFailed(f"initdb answered: {answer.stderr}")

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.url, connect_timeout=1).close()
            return True
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _speaks_amqp(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as probe:
        probe.settimeout(1)
        probe.sendall(b"AMQP\x00\x00\x09\x01")
        return probe.recv(1) == b"\x01"
    return False
