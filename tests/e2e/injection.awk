# SPDX-License-Identifier: LGPL-2.1-or-later
# From tests/data/injection.txt every event that injection.sh sends, a line each: "ID ATTACK KIND
# RECORD", the record in the escapes of printf's %b.  Kinds that begin with "broken" put the text
# into their format as it is, as a program would that does not know it; the others escape it.

BEGIN {
  for (i = 32; i < 127; i++)
    octal_of[sprintf("%c", i)] = sprintf("%03o", i)
  octal_of_escape["n"] = "012"
  octal_of_escape["r"] = "015"
  octal_of_escape["t"] = "011"
  octal_of_escape["\\"] = "134"
  syslog = "<28>1 2026-11-21T07:37:29Z ws coder 7 - "
  ours = "[coder@32473 connect_type=\"agent_to_client\" disconnect_reason=\"network_error\" " \
         "session_id=\"@@\" disconnect_detail=\""
  slog = "2026-11-21 07:37:29.225 [warn]  "
  human = slog "ssh-server: ssh session closed  id=@@  disconnect_reason=network_error  " \
          "disconnect_detail="
  json = "{\"ts\":\"2026-11-21T07:37:29Z\",\"level\":\"WARN\",\"msg\":\"ssh session closed\"," \
         "\"fields\":{\"id\":\"@@\",\"disconnect_reason\":\"network_error\"," \
         "\"disconnect_detail\":\""
}

# read_octets TEXT: the bytes that it stands for, into "octets"; returns how many.
function read_octets(text,  n, next_one)
{
  split("", octets)
  while (text != "") {
    next_one = substr(text, 2, 1)
    if (substr(text, 1, 1) != "\\") {
      octets[++n] = octal_of[substr(text, 1, 1)]
      text = substr(text, 2)
    } else if (next_one in octal_of_escape) {
      octets[++n] = octal_of_escape[next_one]
      text = substr(text, 3)
    } else {
      octets[++n] = substr(text, 3, 3)
      text = substr(text, 6)
    }
  }
  return n
}

function is_control(octal)
{
  return octal < "040" || octal == "177"
}

function hex(octal)
{
  return sprintf("%02x", substr(octal, 1, 1) * 64 + substr(octal, 2, 1) * 8 + substr(octal, 3, 1))
}

# piece OCTET STYLE: a byte in a value of structured data, a string of Go, one of JSON, a line.
function piece(octal, style)
{
  if (style == "line" && octal == "012")
    return ""
  if (octal == "042" && style ~ /sdata|go|json/ || octal == "134" && style ~ /sdata|go|json/ ||
      octal == "135" && style == "sdata")
    return "\\0134\\0" octal
  if (is_control(octal) && style == "go")
    return "\\0134x" hex(octal)
  if (is_control(octal) && style == "json")
    return "\\0134u00" hex(octal)
  return "\\0" octal
}

function attack(style,  text, i)
{
  for (i = 1; i <= n_octets; i++)
    text = text piece(octets[i], style)
  return text
}

# In a record @@ stands for the event's id.
function event(kind, before, text, after)
{
  id = "event-" ++n_events
  gsub(/@@/, id, before)
  gsub(/@@/, id, after)
  printf "%s %s %s %s\n", id, name, kind, before text after
}

/^#/ || !/[|]/ { next }
{
  name = substr($0, 1, index($0, "|") - 1)
  text = substr($0, index($0, "|") + 1)
  n_octets = split(text, word, " ")
  if (word[1] == "repeat" && n_octets == 3)
    for (text = ""; word[2] > 0; word[2]--)
      text = text word[3]
  n_octets = read_octets(text)

  event("sdata", syslog ours, attack("sdata"), "\"] @@")
  event("broken-sdata", syslog ours, attack("raw"), "\"] @@")
  event("broken-text", syslog "- @@ ", attack("raw"), "")
  event("broken-program", "<28>1 2026-11-21T07:37:29Z ws ", attack("raw"), " 7 - - @@")
  event("broken-bsd", "<28>Nov 21 07:37:29 ws coder: @@ ", attack("raw"), "")
  event("human", human "\\0042", attack("go"), "\\0042\\n")
  event("broken-human", human, attack("line"), "\\n")
  event("broken-wrapped", slog "something else  id=@@ ...\\nNov 21 07:37:29 host sshd[1]: ", \
        attack("line"), "\\n")
  event("json", json, attack("json"), "\"}}\\n")
}
