# SPDX-License-Identifier: LGPL-2.1-or-later
# awk -v kind=hosts -v first=0 -v count=1000 -v framed=1 -f flood.awk
# Messages of RFC 5424, no two alike in what KIND names, and known records among them, one in 250,
# whose text says what verdict is wanted.  With octet counting where "framed" is 1, else as lines.

function record(host, msgid, sdata, text)
{
  return "<28>1 2026-11-21T07:37:29.225Z " host " coder-agentd 812 " msgid " " sdata " " text
}

function ours(more)
{
  return "[coder@32473 connect_type=\"agent_to_client\" site=\"ssh-session\" " more "]"
}

# A record that has no identity but its host: never a duplicate of another one.
function known(i,  reason)
{
  reason = reasons[i % n_reasons + 1]
  return record("known-" i, "known", ours("disconnect_reason=\"" reason "\""), \
                reason " " (reason in unexpected ? "false" : "true"))
}

function flood(i)
{
  if (kind == "hosts")
    return record("host-" i ".example", "-", ours("disconnect_reason=\"network_error\""), "text")
  if (kind == "ids")
    return record("ws", "id-" i, ours("disconnect_reason=\"network_error\" session_id=\"" i \
                  "\" workspace_id=\"w-" i "\" remote_addr=\"10.0.0.1:" i "\""), "text")
  if (kind == "reasons")
    return record("ws", "-", ours("disconnect_reason=\"reason-" i "\" disconnect_initiator=\"i-" \
                  i "\" connection_method=\"m-" i "\""), "text")
  if (kind == "sd-names")
    return record("ws", "-", "[sd-" i "@32473 disconnect_reason=\"graceful\"]", "text")
  if (kind == "parameters")
    return record("ws", "-", ours("disconnect_reason=\"network_error\" p-" i "=\"v\""), "text")
  if (kind == "keys")
    return record("ws", "-", "-", "2026-11-21 07:37:29.225 [info]  logger-" i ": message " i \
                  "  key-" i "=value  disconnect_reason=reason-" i)
  if (kind == "members")
    return record("ws", "-", "-", "{\"ts\":\"x\",\"level\":\"INFO\",\"msg\":\"m-" i \
                  "\",\"fields\":{\"key-" i "\":" i ",\"disconnect_reason\":\"reason-" i "\"}}")
  print "flood.awk: no such kind: " kind > "/dev/stderr"
  exit 1
}

BEGIN {
  n_reasons = split("graceful client_closed server_shutdown workspace_stopped network_error " \
                    "protocol_error control_plane_lost unknown", reasons, " ")
  for (i = 5; i <= n_reasons; i++)
    unexpected[reasons[i]] = 1
  for (i = first; i < first + count; i++) {
    line = i % 250 == 249 ? known(i) : flood(i)
    if (framed)
      printf "%d %s", length(line), line
    else
      print line
  }
}
