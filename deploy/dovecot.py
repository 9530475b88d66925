"""A private Dovecot (IMAP and LMTP) on free loopback ports, in a folder that vanishes with it. For tests.

Every name is a user with the password `secret`; refuses IMAP without TLS, as a real one should.
"""

from __future__ import annotations

import contextlib
import grp
import socket
import subprocess

from deploy.engines import EngineFailed, Server, free_port, need

PASSWORD = "secret"
CONFIGURATION = """
protocols = imap lmtp
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
default_vsz_limit = 512M
first_valid_uid = 1
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail/%n
mail_uid = {user}
mail_gid = {group}
recipient_delimiter = +
mailbox_idle_check_interval = 1s
auth_mechanisms = plain xoauth2
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = home={folder}/home/%n allow_all_users=yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@them.example
}}
"""
# Asked whose a token is; the answer names the user (RFC 7662 in spirit, "tokeninfo" in Dovecot's words).
OAUTH2 = "tokeninfo_url = {url}\nusername_attribute = email\n"


class DovecotServer(Server):
    """``token_url`` answers for tokens of XOAUTH2, if any are to be believed."""

    name = "dovecot"
    account = "nobody"

    def __init__(self, token_url: str = "http://127.0.0.1:9/") -> None:
        self.program = need("dovecot", "dovecot-imapd dovecot-lmtpd", "Dovecot 2.3")
        super().__init__()
        self.starttls_port, self.lmtp_port = free_port(), free_port()
        self.certificate = self.folder / "cert.pem"
        self._configure(token_url)

    def url_of(self, user: str, folder: str = "") -> str:
        return f"imaps://{user}:{PASSWORD}@127.0.0.1:{self.port}/{folder}"

    def start(self) -> None:
        self._launch([self.program, "-F", "-c", str(self.folder / "dovecot.conf")], {})
        self._await(lambda: _greets(self.lmtp_port) and _accepts(self.port), 20)

    def stop(self) -> None:
        """At once: an orderly end waits five seconds for its clients, and a maildir needs none."""
        self.kill()

    def adm(self, *arguments: str) -> str:
        """Run doveadm against this server."""
        program = need("doveadm", "dovecot-imapd", "Dovecot 2.3")
        command = self.owner.command([program, "-c", str(self.folder / "dovecot.conf"), *arguments])
        answer = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=20, check=False)
        if answer.returncode:
            raise EngineFailed(f"doveadm {' '.join(arguments)} answered: {answer.stderr or answer.stdout}")
        return answer.stdout

    def _configure(self, token_url: str) -> None:
        make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=mail"
        names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
        subprocess.run([*make.split(), *names], cwd=self.folder, check=True, capture_output=True)
        fields = {
            "folder": self.folder, "user": self.owner.entry.pw_name, "group": _group(self.owner.entry.pw_gid),
            "port": self.port, "starttls_port": self.starttls_port, "lmtp_port": self.lmtp_port, "password": PASSWORD,
        }  # fmt: skip
        (self.folder / "dovecot.conf").write_text(CONFIGURATION.format(**fields))
        (self.folder / "oauth2.conf").write_text(OAUTH2.format(url=token_url))
        for name in ("mail", "home", "run", "state"):
            (self.folder / name).mkdir()
        for path in self.folder.iterdir():
            self.owner.own(path)


def _group(number: int) -> str:
    return grp.getgrgid(number).gr_name


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _greets(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as probe:
        probe.settimeout(1)
        return probe.recv(3) == b"220"
    return False
