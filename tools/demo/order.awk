# SPDX-License-Identifier: LGPL-2.1-or-later
# verdicts.tsv with what can be sorted by time and compared: a rescued message stands at the end,
# for its own time is lost, and has the host of its own header. Behind it come the records that were
# made while the demonstration ran.
BEGIN { FS = OFS = "\t" }
{ sub(/[.].*/, "", $1) }
$9 == "rescued" { $1 = "~"; $2 = $17 }
$18 == "coder-emit" { $1 = "~now" }
{ print }
