# SPDX-License-Identifier: LGPL-2.1-or-later
# Coloured terminal output to SVG.  Runs in the C locale.
# Variables: title, width (columns).

function columns(text) {
  gsub(/[\200-\277]/, "", text)
  return length(text)
}

function escape(text) {
  gsub(/[\001-\010\013-\037\177]/, "", text)
  gsub(/&/, "\\&amp;", text)
  gsub(/</, "\\&lt;", text)
  gsub(/>/, "\\&gt;", text)
  gsub(/"/, "\\&quot;", text)
  return text
}

function select(numbers,    i, n, number) {
  n = split(numbers, number, ";")
  if (n == 0) bold = dim = ink = ""
  for (i = 1; i <= n; i++)
    if (number[i] + 0 == 0) bold = dim = ink = ""
    else if (number[i] == 1) bold = " b"
    else if (number[i] == 2) dim = " d"
    else if (number[i] in inks) ink = " " inks[number[i]]
}

function put(text, at,    class) {
  class = substr(bold dim ink, 2)
  body = body sprintf("<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\"%s>%s</text>\n", \
                      LEFT + at * CELL, TOP + (NR - 1) * LINE + BASE, columns(text) * CELL, \
                      class == "" ? "" : " class=\"" class "\"", escape(text))
}

# A run of text of one style. Wide gaps only move what follows, so that no font can shift it.
function run(text, at,    gap) {
  while (text != "") {
    if (match(text, /^ +/)) {
      at += RLENGTH
      text = substr(text, RLENGTH + 1)
      continue
    }
    gap = index(text, "  ")
    if (!gap) gap = length(text) + 1
    put(substr(text, 1, gap - 1), at)
    at += columns(substr(text, 1, gap - 1))
    text = substr(text, gap)
  }
}

BEGIN {
  CELL = 8.4; LINE = 20; BASE = 15; LEFT = 20; TOP = 18
  split("31 r 32 g 33 y 36 c", pairs, " ")
  for (i = 1; i in pairs; i += 2) inks[pairs[i]] = pairs[i + 1]
}

{
  at = 0
  rest = $0
  plain = ""
  while (match(rest, /\033\[[0-9;]*m/)) {
    before = substr(rest, 1, RSTART - 1)
    numbers = substr(rest, RSTART + 2, RLENGTH - 3)
    rest = substr(rest, RSTART + RLENGTH)
    run(before, at)
    select(numbers)
    at += columns(before)
    plain = plain before
  }
  run(rest, at)
  text = text escape(plain rest) "\n"
}

END {
  w = 2 * LEFT + width * CELL
  h = 2 * TOP + NR * LINE
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\"" \
         " viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title desc\">\n", w, h, w, h
  print "<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->"
  print "<title id=\"title\">" escape(title) "</title>"
  printf "<desc id=\"desc\">%s</desc>\n", text
  print "<style>"
  print "text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, \"DejaVu Sans Mono\"," \
        " monospace; fill: #e6edf3; white-space: pre }"
  print ".b { font-weight: 700 } .d { fill: #9198a1 } .r { fill: #ff7b72 } .g { fill: #56d364 }"
  print ".y { fill: #e3b341 } .c { fill: #79c0ff }"
  print "</style>"
  printf "<rect x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"10\" fill=\"#0d1117\"" \
         " stroke=\"#3d444d\"/>\n", w - 1, h - 1
  printf "<g>\n%s</g>\n</svg>\n", body
}
