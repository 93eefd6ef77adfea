# SPDX-License-Identifier: LGPL-2.1-or-later
# The parser's counters, from `syslog-ng-ctl stats`: parser;ID;KIND/VALUE;a;disconnects;N
# Variable: width (columns of the paper).

# Puts a title and its values at the end of one of the columns.
function put(at, kind, values,    i, n, names, row) {
  row = height[at] ? height[at] + 1 : 0
  text[at, row] = kind
  style[at, row] = "1"
  n = split(values, names, " ")
  for (i = 1; i <= n; i++) {
    if (!((kind, names[i]) in count)) continue
    row++
    text[at, row] = pad(names[i], widths[at] - 3) sprintf("%3d", count[kind, names[i]])
    style[at, row] = count[kind, names[i]] ? "" : "2"
  }
  height[at] = row + 1
  if (height[at] > n_rows) n_rows = height[at]
}

BEGIN { FS = ";" }

$5 == "disconnects" && $6 ~ /^[0-9]+$/ && split($3, name, "/") == 2 {
  count[name[1], name[2]] += $6
}

END {
  is_narrow = width < 80
  n_columns = is_narrow ? 2 : 4
  split(is_narrow ? "21 20" : "21 11 20 16", widths, " ")
  put(1, "reason", "graceful client_closed server_shutdown workspace_stopped network_error " \
      "protocol_error control_plane_lost unknown")
  put(is_narrow ? 1 : 2, "initiator", "client agent server network none")
  put(is_narrow ? 2 : 3, "layer", "server_to_agent agent_to_client client_to_server none")
  put(is_narrow ? 2 : 3, "expected", "true false")
  put(is_narrow ? 2 : 4, "event", "derived contradiction malformed rescued duplicate evicted")
  print ""
  print "  " paint("2", "counters, as syslog-ng-ctl stats has them")
  print ""
  for (row = 0; row < n_rows; row++) {
    line = " "
    for (at = 1; at <= n_columns; at++)
      line = line " " paint(style[at, row], pad(text[at, row], widths[at])) "  "
    sub(/ +$/, "", line)
    print line
  }
}
