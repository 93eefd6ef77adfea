# SPDX-License-Identifier: LGPL-2.1-or-later
# The sentences of the rules, from `coder-triage rules --json`.

function json_string(text, key,    at) {
  at = match(text, "\"" key "\"[ ]*:[ ]*\"")
  if (!at) return ""
  text = substr(text, RSTART + RLENGTH)
  match(text, /^([^"\\]|\\.)*/)
  text = substr(text, 1, RLENGTH)
  gsub(/\\"/, "\"", text)
  gsub(/\\\\/, "\\", text)
  return text
}

# One object for each rule, with number and sentence in it, however it is laid out.
function read_rules(text,    n, i, objects, number) {
  n = split(text, objects, "}")
  for (i = 1; i <= n; i++) {
    if (!match(objects[i], /"number"[ ]*:[ ]*[0-9]+/)) continue
    number = substr(objects[i], RSTART, RLENGTH)
    sub(/.*[^0-9]/, "", number)
    sentences[number] = json_string(objects[i], "sentence")
  }
}
