# SPDX-License-Identifier: LGPL-2.1-or-later
# How often the parser counted what, as "KIND/VALUE N": from rows of verdicts, or from the CSV of
# syslog-ng-ctl stats.

function add(kind, value) {
  count[kind "/" (value == "-" ? "none" : value)]++
}

/^noise / { next }

/^parser;/ {
  split($0, field, ";")
  if (field[5] == "disconnects" && field[6] > 0) print field[3], field[6]
  next
}

# A duplicate is an event and nothing else.
NF == 10 && $10 ~ /duplicate/ {
  add("event", "duplicate")
  next
}

NF == 10 {
  add("reason", $4)
  add("expected", $5)
  add("initiator", $6)
  add("layer", $7)
  if ($3 == "rescued") add("event", "rescued")
  n = $10 == "-" ? 0 : split($10, marks, ",")
  for (i = 1; i <= n; i++) add("event", marks[i])
}

END {
  for (name in count) print name, count[name]
}
