#!/bin/sh
# Tries the package where there is nothing: makes a Debian of its own, installs it there as OPERATING.md says, starts it
# under TLS on ports 443 and 80 as its unit would, first with files and then with an authority (pebble) that it asks by itself, and
# asks it what a browser asks. `make package` makes what it takes.
#
#   sh server/package/try.sh target/debian/socle_0.1.0-1_amd64.deb
set -eu

package=$(realpath "${1:?which package: target/debian/socle_….deb}")
[ "$(id -u)" = 0 ] || { echo "try.sh: root is needed, for a Debian of its own: sudo sh $0 $1" >&2; exit 1; }
for tool in debootstrap openssl curl unshare; do
    command -v "$tool" >/dev/null || { echo "try.sh: apt install debootstrap openssl curl util-linux" >&2; exit 1; }
done

root=$(mktemp -d)
chmod 755 "$root"
server=
pebble=
# It runs below unshare, which has the network that it is in, does not hear SIGTERM, and which it outlives once it is socle's.
network() { pgrep -P "$server" | head -1; }
stop() {
    kill "$(pgrep -P "$(network)")" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
gone() {
    [ -z "$server" ] || stop
    [ -z "$pebble" ] || kill "$pebble" 2>/dev/null || true
    umount "$root/proc" "$root/dev" 2>/dev/null || true
    rm -rf --one-file-system "$root"
}
trap gone EXIT
trap 'exit 1' INT TERM
say() { echo "try.sh: $*"; }

say "a Debian of its own (bookworm, minimal)"
debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || { tail -5 "$root.log"; exit 1; }
rm -f "$root.log"
cp /etc/resolv.conf "$root/etc/"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
as_socle() {
    inside setpriv --reuid socle --regid socle --init-groups env SOCLE_CONFIG=/etc/socle/socle.toml /usr/bin/socle "$@"
}
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }

say "apt install"
cp "$package" "$root/tmp/socle.deb"
inside apt-get update -qq
inside apt-get install -y --no-install-recommends /tmp/socle.deb systemd pebble >"$root/tmp/install.log" 2>&1 ||
    { tail -20 "$root/tmp/install.log"; exit 1; }
inside dpkg-query -W -f='${Package} ${Version} ${Status}\n' socle
inside stat -c '%U:%G %a %n' /etc/socle/socle.toml /var/lib/socle
inside systemd-analyze verify /lib/systemd/system/socle.service
inside systemd-analyze security --offline=true --no-pager socle.service 2>/dev/null | tail -1

say "a start with what the package brings is refused, and says what to do"
as_unit() {
    # What the unit gives: the account, its one capability, and a network of its own so that no port is taken.
    unshare --net --fork --kill-child sh -c "
        ip link set lo up 2>/dev/null || true
        exec chroot '$root' setpriv --reuid socle --regid socle --init-groups --no-new-privs \
            --inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service \
            --bounding-set=-all,+net_bind_service env SOCLE_CONFIG=/etc/socle/socle.toml /usr/bin/socle $*"
}
if as_unit serve >"$root/tmp/refused.log" 2>&1; then
    say "it started without a certificate" && exit 1
fi
tail -1 "$root/tmp/refused.log"

say "a certificate, and the settings"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -extensions v3_req \
    -addext subjectAltName=DNS:localhost -keyout "$root/tmp/key.pem" -out "$root/tmp/cert.pem" 2>/dev/null
inside install -m 0640 -g socle /tmp/cert.pem /tmp/key.pem /etc/socle/
sed -i -e 's|^public_url = .*|public_url = "https://localhost"|' -e 's|^media_addresses = .*|media_addresses = "127.0.0.1"|' \
    "$root/etc/socle/socle.toml"

say "start under TLS"
as_unit serve >"$root/tmp/socle.log" 2>&1 &
server=$!
trusted=$root/tmp/cert.pem
ask() { nsenter --net --target "$(network)" curl --silent --show-error --cacert "$trusted" "$@"; }
wait_for() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] && kill -0 "$server" 2>/dev/null || { tail -20 "$root/tmp/socle.log"; exit 1; }
        sleep 0.1
    done
}
wait_for ask --fail https://localhost/health/ready
say "ready"
seen() {
    echo "$1"
    case $1 in $2) ;; *) say "expected: $2" && exit 1 ;; esac
}
answer='%{http_code}, HTTP/%{http_version}, certificate verified: %{ssl_verify_result}'
seen "$(ask --output /dev/null --write-out "$answer" https://localhost/connexion)" '200, HTTP/2, certificate verified: 0'
seen "$(ask --head https://localhost/connexion | grep -i '^strict-transport-security' | tr -d '\r')" '*max-age=31536000*'
seen "$(ask --output /dev/null --write-out '%{http_code} to %{redirect_url}' http://localhost/connexion)" \
    '308 to https://localhost/connexion'

say "the first administrator is invited, chooses a password and signs in"
link=$(as_socle account invite --email anne@exemple.fr --first-name Anne --last-name Roy --role administrator \
    --scope nation | grep -o 'https://[^ ]*')
send() {
    ask --location --cookie-jar "$root/tmp/jar" --cookie "$root/tmp/jar" --header 'Sec-Fetch-Site: same-origin' "$@"
}
password='une phrase longue et rare 7'
send --output /dev/null --data-urlencode "password=$password" --data-urlencode "password_again=$password" "$link"
seen "$(send --data-urlencode email=anne@exemple.fr --data-urlencode "password=$password" https://localhost/connexion |
    grep -o '<h1[^>]*>[^<]*</h1>')" '*second facteur*'

say "a copy, while it runs"
as_socle backup /var/lib/socle/essai

say "no files any more: it asks an authority, and says meanwhile what it waits for"
stop
sed -i -e 's|^tls_|# &|' -e '/^public_url/a acme = "https://localhost:14000/dir"\nacme_terms = "agreed"\nacme_root = "/etc/socle/cert.pem"' \
    "$root/etc/socle/socle.toml"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
as_unit serve >"$root/tmp/socle.log" 2>&1 &
server=$!
waits() { ask http://localhost/health/ready | grep 'does not answer as one does'; }
wait_for waits
ask http://localhost/health/ready
cat >"$root/tmp/pebble.json" <<'END'
{"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000", "tlsPort": 443, "httpPort": 80,
    "certificate": "/tmp/cert.pem", "privateKey": "/tmp/key.pem"}}
END
nsenter --net --target "$(network)" chroot "$root" env PEBBLE_VA_NOSLEEP=1 pebble -config /tmp/pebble.json >"$root/tmp/pebble.log" 2>&1 &
pebble=$!
wait_for ask --fail --output "$root/tmp/root.pem" https://localhost:15000/roots/0
trusted=$root/tmp/root.pem
wait_for ask --fail https://localhost/health/ready
seen "$(ask --output /dev/null --write-out "$answer" https://localhost/connexion)" '200, HTTP/2, certificate verified: 0'
inside sh -c "stat -c '%U:%G %a %n' /var/lib/socle/acme /var/lib/socle/acme/*"
kill "$pebble"
pebble=

say "the package is taken away; settings and data stay"
stop
inside apt-get remove -y socle >/dev/null 2>&1
inside ls /etc/socle/socle.toml /var/lib/socle/socle.sqlite
say "all of it worked"
