#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make-certificates.sh FOLDER: certificates for tests of TLS, made with openssl(1):
#
#   ca.pem ca.key        an authority; other.pem is another one, which signed nothing
#   NAME.crt NAME.key    a certificate and its key; NAME.pem has both
#
# NAME is good (localhost, 127.0.0.1), named (log.example.com), expired (as good, not any more),
# and client.
set -eu

cd "$1"
ec='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

# authority NAME
authority()
{
  # shellcheck disable=SC2086  # words
  openssl req -x509 $ec -keyout "$1.key" -out "$1.pem" -days 9 -subj "/CN=$1"
}

# sign NAME SUBJECT-ALT-NAME VALIDITY...
sign()
{
  name=$1
  # shellcheck disable=SC2086  # words
  openssl req $ec -keyout "$name.key" -out "$name.csr" -subj "/CN=$name"
  echo "subjectAltName=$2" > "$name.ext"
  shift 2
  openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial "$@" \
          -extfile "$name.ext" -out "$name.crt"
  cat "$name.crt" "$name.key" > "$name.pem"
}

# Newer ones refuse a number of days that ends before it begins, older ones know no dates.
sign_expired()
{
  if openssl x509 -help 2>&1 | grep -q -- -not_before; then
    sign "$1" "$2" -not_before 20200101000000Z -not_after 20200102000000Z
  else
    sign "$1" "$2" -days -1
  fi
}

authority ca
authority other
sign good DNS:localhost,IP:127.0.0.1 -days 9
sign named DNS:log.example.com -days 9
sign_expired expired DNS:localhost,IP:127.0.0.1
sign client DNS:client -days 9
