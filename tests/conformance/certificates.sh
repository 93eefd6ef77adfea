# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# Keys and certificates for the rows of TLS, and the clients that send them.  Source it, then:
#   make_certificates DIRECTORY       an authority, a server and every kind of client
#   send_tls PORT ROW CLIENT ADDRESS DIRECTORY COMMAND...
#                                     sends the file ROW as CLIENT from ADDRESS; COMMAND succeeds
#                                     when the first message of a client that is cut has arrived;
#                                     needs $conform and $table

ca_config()
{
  cat <<'END'
[ca]
default_ca = here
[here]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
END
}

new_key()
{
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$2" -out "$1.csr" 2>/dev/null
}

# new_authority NAME
new_authority()
{
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$1" -days 2 \
          -addext basicConstraints=critical,CA:TRUE -out "$1.crt" 2>/dev/null
}

# sign NAME AUTHORITY FROM TO
sign()
{
  openssl ca -batch -notext -config ca.conf -cert "$2.crt" -keyfile "$2.key" \
          -startdate "$3" -enddate "$4" -in "$1.csr" -out "$1.crt" 2>/dev/null
}

in_days()
{
  date -u -d "@$(($(date +%s) + $1 * 86400))" +%Y%m%d%H%M%SZ
}

# The clients share a key: what they are told apart by is their certificate.
make_certificates()
{
  (
    mkdir "$1"
    cd "$1" || exit
    ca_config > ca.conf
    : > index
    echo 01 > serial
    new_authority authority
    new_authority other
    new_key server server
    sign server authority "$(in_days -1)" "$(in_days 1)"
    new_key good dev-7
    for client in other-ca expired not-yet; do cp good.csr "$client.csr"; done
    openssl req -new -key good.key -subj /CN=stranger -out wrong-name.csr
    sign good authority "$(in_days -1)" "$(in_days 1)"
    sign wrong-name authority "$(in_days -1)" "$(in_days 1)"
    sign expired authority "$(in_days -2)" "$(in_days -1)"
    sign not-yet authority "$(in_days 1)" "$(in_days 2)"
    sign other-ca other "$(in_days -1)" "$(in_days 1)"
    openssl req -x509 -key good.key -subj /CN=dev-7 -days 2 -out self-signed.crt
  )
}

# tls_client PORT CLIENT ADDRESS DIRECTORY: standard input to the server.
tls_client()
{
  certificate=good
  options=
  case $2 in
    good | cut) ;;
    aes128-sha) options='-tls1_2 -cipher AES128-SHA' ;;
    tls1.1) options='-tls1_1 -cipher DEFAULT:@SECLEVEL=0' ;;
    tls1.2) options=-tls1_2 ;;
    no-certificate) certificate= ;;
    *) certificate=$2 ;;
  esac
  # shellcheck disable=SC2086  # words
  exec openssl s_client -connect "127.0.0.1:$1" -bind "$3:0" -CAfile "$4/authority.crt" $options \
       ${certificate:+-cert "$4/$certificate.crt" -key "$4/good.key"}
}

# The pipe stays open until the client is killed, so that it says no good-bye.
send_tls_cut()
{
  mkfifo "$5/pipe"
  tls_client "$1" "$3" "$4" "$5" < "$5/pipe" > "$5/client.txt" 2>&1 &
  cut_client=$!
  exec 9> "$5/pipe"
  cat "$2" >&9
  shift 5
  "$@" || echo '# the first message of the client that is cut did not arrive'
  kill -9 "$cut_client"
  wait "$cut_client" 2>/dev/null || :
  exec 9>&-
}

# shellcheck disable=SC2154  # given by those who source this
send_tls()
{
  case $3 in
    cut) send_tls_cut "$@" ;;
    plain) "$conform" plain "$table" "${2##*/}" "$1" ;;
    *) (tls_client "$1" "$3" "$4" "$5") < "$2" > "$5/client.txt" 2>&1 || : ;;
  esac
}
