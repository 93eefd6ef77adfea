# SPDX-License-Identifier: LGPL-2.1-or-later
# verdicts.tsv to the rows of expected.txt.  Input is sorted by time.
# columns of verdicts.tsv: time host source tags reason expected initiator layer source site rule
# code app build_reason raw_reason detail rescued-host program

function or_dash(value) { return value == "" ? "-" : value }

function marks(tags,    marked) {
  if (tags ~ /(^|,)coder\.derived(,|$)/) marked = marked ",derived"
  if (tags ~ /(^|,)coder\.contradiction(,|$)/) marked = marked ",contradiction"
  if (tags ~ /(^|,)coder\.malformed(,|$)/) marked = marked ",malformed"
  if (tags ~ /(^|,)coder\.duplicate(,|$)/) marked = marked ",duplicate"
  return or_dash(substr(marked, 2))
}

BEGIN { FS = "\t" }

$5 == "" {
  sub(/^s_/, "", $3)
  noise[$3]++
  next
}

{
  if ($1 == "~") $1 = "-"
  sub(/^~/, "", $1)
  print $1, or_dash($2), or_dash($9), $5, or_dash($6), or_dash($7), or_dash($8), or_dash($10), \
        or_dash($12), marks($4)
}

END {
  split("file gcp json tcp udp unix", via, " ")
  for (i = 1; i in via; i++)
    if (noise[via[i]]) print "noise", via[i], noise[via[i]]
}
