# SPDX-License-Identifier: LGPL-2.1-or-later
# Coloured text in columns, for programs that run in the C locale: a character is a byte that
# does not go on another one.
# Variables: color ("always" or not), width (columns of the paper).

function columns(text) {
  gsub(/[\200-\277]/, "", text)
  return length(text)
}

# style: the numbers of an ANSI sequence, or "" for plain text.
function paint(style, text) {
  return color == "always" && style != "" && text != "" ? "\033[" style "m" text "\033[0m" : text
}

function pad(text, n,    missing) {
  missing = n - columns(text)
  return missing > 0 ? text sprintf("%" missing "s", "") : text
}

# The first n columns, with dots when that is not all.
function clip(text, n) {
  if (columns(text) <= n) return text
  while (columns(text) > n - 3) text = substr(text, 1, length(text) - 1)
  sub(/[\300-\377][\200-\277]*$/, "", text)
  return text "..."
}

# Wrapped text: flow_start(), flow_add() as often as wanted, flow_end().
function flow_start(indent) {
  flow_indent = indent
  flow_empty = 1
  flow_style = flow_line = ""
}

# Puts text behind what is there.
function flow_glue(text, style) {
  if (color == "always" && style != flow_style) {
    if (flow_style != "") flow_line = flow_line "\033[0m"
    if (style != "") flow_line = flow_line "\033[" style "m"
    flow_style = style
  }
  if (flow_empty) flow_at = flow_indent
  flow_empty = 0
  flow_line = flow_line text
  flow_at += columns(text)
}

function flow_end() {
  if (flow_empty) return
  print sprintf("%" flow_indent "s", "") flow_line (flow_style == "" ? "" : "\033[0m")
  flow_start(flow_indent)
}

function flow_word(word, style) {
  if (!flow_empty && flow_at + 1 + columns(word) > width) flow_end()
  flow_glue(flow_empty ? word : " " word, style)
}

# Adds text word by word; a word that is longer than a line is cut into pieces.
function flow_add(text, style,    i, n, words, room) {
  room = width - flow_indent
  n = split(text, words, " ")
  for (i = 1; i <= n; i++) {
    while (columns(words[i]) > room) {
      flow_word(substr(words[i], 1, room), style)
      words[i] = substr(words[i], room + 1)
    }
    flow_word(words[i], style)
  }
}
