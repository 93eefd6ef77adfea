# SPDX-License-Identifier: LGPL-2.1-or-later
# Takes the blocks of one kind out of a page: fences of Markdown that name it, and in a manual the
# literal displays that begin with @version, which are configurations of syslog-ng. Each goes to a
# file TO/LINE.  Variables: to, kind.

function begin() {
  file = to "/" FNR
  inside = 1
}

FILENAME ~ /\.[0-9]$/ {
  if (/^\.Ed/) inside = 0
  if (was_display && /^@version/ && kind == "syslog-ng") begin()
  was_display = /^\.Bd -literal/
  if (inside) { gsub(/\\e/, "\\"); print > file }
  next
}

/^```/ {
  if (!inside && $0 == "```" kind) begin()
  else inside = 0
  next
}

inside { print > file }
