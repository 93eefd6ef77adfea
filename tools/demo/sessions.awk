# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of sessions, from `coder-triage rules --json`, sessions.txt and sessions.tsv.
# Variables: color, width, version; compare=1 prints the rows of sessions.txt that came out instead.
# columns of sessions.tsv: the agent's rule, then those of verdicts.tsv: time host source tags
# reason expected initiator layer source site rule code app build_reason raw_reason detail ...

function or_dash(value) {
  return value == "" ? "-" : value
}

# --- the table -------------------------------------------------------------------------------

function lay_out() {
  INDENT = 2
  SENTENCE = INDENT + 4
  is_wide = width >= 92
  WHAT = 41
}

function print_title() {
  print ""
  flow_start(INDENT)
  flow_add("coder-agentd", "1")
  flow_add("serves terminals over a unix socket; its records, by TCP, in syslog-ng " version, "")
  flow_end()
  print ""
  if (is_wide)
    print sprintf("%" INDENT "s", "") paint("2", pad("what happens", WHAT) "  " \
          pad("verdict", 11) "  " pad("reason", 15) "  initiator")
}

function verdict(    good) {
  good = $7 == "true"
  return paint(good ? "32" : "1;31", pad(good ? "expected" : "investigate", 11)) "  " \
         paint(good ? "32" : "31", pad($6, 15)) "  " or_dash($8)
}

# In a narrow terminal the verdict has a line of its own.
function print_session(what) {
  if (is_wide)
    print sprintf("%" INDENT "s", "") pad(clip(what, WHAT), WHAT) "  " verdict()
  else {
    print sprintf("%" INDENT "s", "") paint("1", what)
    print sprintf("%" SENTENCE "s", "") verdict()
  }
  flow_start(SENTENCE)
  flow_add("Rule " $1 ":", "2")
  flow_add(sentences[$1], "2")
  flow_end()
  flow_start(SENTENCE)
  if ($17 != "") flow_add("detail \"" clip($17, 150) "\"", "36")
  flow_end()
}

# --- main ------------------------------------------------------------------------------------

BEGIN {
  lay_out()
  if (!compare) print_title()
}

FILENAME ~ /rules\.json$/ {
  rules = rules " " $0
  next
}

FNR == 1 {
  read_rules(rules)
  file++
  FS = file == 1 ? " *[|] *" : "\t"
  $0 = $0
}

file == 1 {
  if (!/^#/) whats[++n_whats] = $1 " | " $2
  next
}

compare {
  print whats[FNR], "|", $6, "|", or_dash($7), "|", or_dash($8), "|", or_dash($1), "|", \
        or_dash($13), "|", or_dash($17)
  next
}

{
  sub(/^[^|]*[|] /, "", whats[FNR])
  if ($7 == "true") n_good++
  n_verdicts++
  print_session(whats[FNR])
}

END {
  if (!compare) {
    print ""
    flow_start(INDENT)
    flow_add(n_verdicts + 0 " connections, one record each:", "1")
    flow_add(n_good + 0 " expected,", "32")
    flow_add(n_verdicts - n_good " to investigate.", "1;31")
    flow_end()
  }
}
