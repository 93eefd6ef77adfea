# SPDX-License-Identifier: LGPL-2.1-or-later
# Fails with a message unless the input is well-formed, as far as the XML goes that we write: one
# root, elements that nest, quoted attributes, comments, the five entities and numeric ones.

function refuse(why) {
  print "not well-formed: " why
  failed = 1
  exit 1
}

function check_text(text) {
  gsub(/&(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);/, "", text)
  if (text ~ /[&<]/) refuse("a bare & or < in: " substr(text, 1, 60))
  if (depth == 0 && text !~ /^[ \t\n]*$/) refuse("text outside the root: " substr(text, 1, 60))
}

function check_attributes(tag,    value) {
  while (match(tag, /[ \t\n]+[A-Za-z_:][A-Za-z0-9_:.-]*="[^"]*"/)) {
    value = substr(tag, RSTART, RLENGTH)
    tag = substr(tag, 1, RSTART - 1) substr(tag, RSTART + RLENGTH)
    sub(/^[^"]*/, "", value)
    if (value ~ /</) refuse("< in an attribute: " value)
    gsub(/&(amp|lt|gt|quot|apos|#[0-9]+);/, "", value)
    if (value ~ /&/) refuse("a bare & in an attribute: " value)
  }
  if (tag !~ /^[A-Za-z_:][A-Za-z0-9_:.-]*[ \t\n]*$/) refuse("tag: " substr(tag, 1, 60))
}

function open_element(tag,    empty) {
  empty = sub(/\/$/, "", tag)
  check_attributes(tag)
  sub(/[ \t\n].*/, "", tag)
  if (depth == 0 && roots++) refuse("a second root: " tag)
  if (!empty) names[++depth] = tag
}

function close_element(tag) {
  sub(/[ \t\n]+$/, "", tag)
  if (depth == 0 || names[depth] != tag) refuse("</" tag "> closes <" names[depth] ">")
  depth--
}

# Behind the closing mark; 0 where it is missing.
function after(text, mark) {
  return index(text, mark) ? index(text, mark) + length(mark) : 0
}

{ rest = rest $0 "\n" }

END {
  if (failed) exit 1
  while (at = index(rest, "<")) {
    check_text(substr(rest, 1, at - 1))
    rest = substr(rest, at)
    if (rest ~ /^<!--/) { end = after(rest, "-->"); is_tag = 0 }
    else { end = after(rest, ">"); is_tag = 1 }
    if (!end) refuse("no end of: " substr(rest, 1, 60))
    tag = substr(rest, 2, end - 3)
    rest = substr(rest, end)
    if (!is_tag) continue
    if (tag ~ /^\//) close_element(substr(tag, 2))
    else open_element(tag)
  }
  check_text(rest)
  if (depth) refuse("<" names[depth] "> is not closed")
  if (!roots) refuse("no element")
}
