# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of verdicts, from `coder-triage rules --json` and the sorted verdicts.tsv.
# columns of the latter: time host source tags reason expected initiator layer source site rule
# code app build_reason raw_reason detail rescued-host program

# --- layout ----------------------------------------------------------------------------------

function column(title, w) {
  n_columns++
  titles[n_columns] = title
  widths[n_columns] = w
}

# What does not fit into one line goes to the line below it.
function lay_out() {
  column("time", 8)
  column("host", 8)
  column("verdict", 11)
  column("reason", 18)
  if (width >= 66) column("initiator", 9)
  if (width >= 94) column("layer", 15)
  if (width >= 94) column("source", 11)
  if (width >= 100) column("via", 4)
  INDENT = 2
  GAP = 2
  SENTENCE = INDENT + 8 + GAP
}

function cell(i, style, text) {
  text = paint(style, i < n_columns ? pad(clip(text, widths[i]), widths[i]) : text)
  line = line (i == 1 ? sprintf("%" INDENT "s", "") : sprintf("%" GAP "s", "")) text
}

function print_head(    i) {
  line = ""
  for (i = 1; i <= n_columns; i++) cell(i, "2", titles[i])
  print line
}

# --- what a message says ---------------------------------------------------------------------

function clean_host(text) {
  gsub(/[^A-Za-z0-9.:_-]/, "?", text)
  return text
}

function tagged(tag) {
  return index("," $4 ",", ",coder." tag ",") > 0
}

# Parts of the last line, with commas between them.
function remark(text, style) {
  if (text == "") return
  if (remarks++) flow_glue(",", "36")
  flow_add(text, style)
}

function quoted(word, text) {
  return text == "" ? "" : word " \"" clip(text, 150) "\""
}

# The tags of ours.
function tags(all,    n, i, tag, ours) {
  n = split(all, tag, ",")
  for (i = 1; i <= n; i++)
    if (tag[i] ~ /^coder\./) ours = ours " " tag[i]
  return "tagged" ours
}

function print_evidence() {
  flow_start(SENTENCE)
  remarks = 0
  remark($18 == "coder-emit" ? "by coder-emit" : "", "36")
  remark(tagged("contradiction") ? "contradiction" : "", "33")
  remark(tagged("malformed") ? "malformed" : "", "33")
  remark(tagged("duplicate") ? "duplicate" : "", "33")
  remark(quoted("said", $15), "36")
  remark($16 == $15 ? "" : quoted("detail", $16), "36")
  remark($12 == "" || $12 == "0" || index($15 $16, $12) ? "" : "exit code " $12, "36")
  remark($14 == "" ? "" : "build reason " $14, "36")
  remark($18 == "coder-emit" ? tags($4) : "", "36")
  flow_end()
}

function print_verdict(    good, style) {
  good = $6 == "true"
  style = good ? "32" : "1;31"
  line = ""
  cell(1, "2", $1)
  cell(2, "", clean_host($2))
  cell(3, style, good ? "expected" : "investigate")
  cell(4, good ? "32" : "31", $5)
  if (n_columns > 4) cell(5, "", $7 == "" ? "-" : $7)
  if (n_columns > 5) cell(6, "", $8 == "" ? "-" : $8)
  if (n_columns > 6) cell(7, "", $9)
  if (n_columns > 7) cell(8, "2", $3)
  print line
  flow_start(SENTENCE)
  if (n_columns <= 4 && $7 != "") flow_add("By " $7 ",", "")
  if (n_columns <= 5) flow_add(($8 == "" ? "-" : $8) ", " $9 " via " $3 ".", "")
  flow_add(sentences[$11] != "" ? sentences[$11] : "Rule " $11 ".", "2")
  flow_end()
  print_evidence()
}

# --- main ------------------------------------------------------------------------------------

function print_title() {
  flow_start(INDENT)
  flow_add("coder-disconnect", "1")
  flow_add("in syslog-ng " version ", fed by TCP, UDP, a unix socket, log files and coder-emit", "")
  flow_end()
  print ""
}

BEGIN {
  lay_out()
  print ""
  print_title()
}

FILENAME ~ /rules\.json$/ {
  rules = rules " " $0
  next
}

FNR == 1 {
  read_rules(rules)
  FS = "\t"
  $0 = $0
}

{
  if ($1 == "~") $1 = "-"
  sub(/^~/, "", $1)
  sub(/^s_/, "", $3)
  if ($3 == "json" || $3 == "gcp") $3 = "file"
  if ($3 == "plain") $3 = "udp"
}

$5 == "" {
  n_noise++
  next
}

{
  if (!n_verdicts++) print_head()
  if ($6 == "true") n_good++
  print_verdict()
}

END {
  print ""
  flow_start(2)
  flow_add(n_verdicts + 0 " disconnects:", "1")
  flow_add(n_good + 0 " expected,", "32")
  flow_add(n_verdicts - n_good " to investigate.", "1;31")
  flow_add(n_noise + 0 " ordinary messages passed on as they were.", "2")
  flow_end()
}
