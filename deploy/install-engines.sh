#!/bin/sh
# Installs RabbitMQ, PostgreSQL, Chromium and mail programs for the tests, the benchmarks and the demo on real engines.
# Only the programs are wanted: the packages' own services are kept from starting.
set -eu

if command -v rabbitmq-server >/dev/null 2>&1 || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then rabbit=yes; else rabbit=no; fi
if ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1; then postgres=yes; else postgres=no; fi
if command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; then chromium=yes; else chromium=no; fi
mail=yes
for program in swaks s-nail /usr/lib/dovecot/imap /usr/lib/dovecot/lmtp openssl; do command -v "$program" >/dev/null 2>&1 || mail=no; done
[ "$rabbit$postgres$chromium$mail" = yesyesyesyes ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "RabbitMQ (found: $rabbit), PostgreSQL (found: $postgres), Chromium (found: $chromium) and swaks, s-nail and Dovecot (found: $mail) are needed, and this is no Debian or Ubuntu." >&2
    echo "Install RabbitMQ 3.10 or newer with Erlang, and PostgreSQL 15 or newer; rabbitmq-server, epmd, initdb and" >&2
    echo "postgres must be on PATH. With Homebrew: brew install rabbitmq postgresql@15. With Fedora:" >&2
    echo "dnf install rabbitmq-server postgresql-server." >&2
    exit 1
fi

if [ "$(id -u)" = 0 ]; then as_root=""; elif command -v sudo >/dev/null 2>&1; then as_root="sudo"; else
    echo "Root or sudo is needed once: apt-get install rabbitmq-server postgresql chromium swaks s-nail dovecot-imapd dovecot-lmtpd openssl" >&2
    exit 1
fi

# policy-rc.d with 101 keeps invoke-rc.d from starting what was just installed.
policy=/usr/sbin/policy-rc.d
ours=no
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
    ours=yes
fi
trap 'if [ "$ours" = yes ]; then $as_root rm -f "$policy"; fi' EXIT

export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q
# Debian's Chromium without a window; Ubuntu has it with one only.
browser=chromium-headless-shell
apt-cache show "$browser" >/dev/null 2>&1 || browser=chromium
$as_root apt-get install -q -y --no-install-recommends rabbitmq-server postgresql "$browser" \
    swaks s-nail dovecot-imapd dovecot-lmtpd openssl
