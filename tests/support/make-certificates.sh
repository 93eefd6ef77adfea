#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make-certificates.sh FOLDER: certificates for tests of TLS, made with openssl(1):
#
#   ca.pem ca.key        an authority; other.pem is another one, which signed nothing
#   NAME.crt NAME.key    a certificate and its key; NAME.pem has both
#
# NAME is good (localhost, 127.0.0.1), named (log.example.com), expired (as good, until yesterday),
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

# sign NAME SUBJECT-ALT-NAME DAYS
sign()
{
  # shellcheck disable=SC2086  # words
  openssl req $ec -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
  echo "subjectAltName=$2" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "$3" \
          -extfile "$1.ext" -out "$1.crt"
  cat "$1.crt" "$1.key" > "$1.pem"
}

authority ca
authority other
sign good DNS:localhost,IP:127.0.0.1 9
sign named DNS:log.example.com 9
sign expired DNS:localhost,IP:127.0.0.1 -1
sign client DNS:client 9
