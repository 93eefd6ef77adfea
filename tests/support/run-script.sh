#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs a test script so that it cannot hang.
set -eu

exec timeout --foreground -k 10 "${TEST_TIMEOUT:-300}" "$@"
