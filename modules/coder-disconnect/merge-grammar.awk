# SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL
# Puts the declarations and rules of syslog-ng's core grammar where a module's grammar says
# INCLUDE_DECLS and INCLUDE_RULES.  Use: awk -v core=.../cfg-grammar.y -f merge-grammar.awk X.ym
# Does what the SDK's merge-grammar.py does, which not every SDK installs in working order.

function include_block(kind,    line, inside, status)
{
  while ((status = (getline line < core)) > 0)
    if (line ~ "START_" kind) inside = 1
    else if (line ~ "END_" kind) inside = 0
    else if (inside) print line
  if (status < 0) { print "merge-grammar.awk: cannot read " core > "/dev/stderr"; exit 1 }
  close(core)
}

/INCLUDE_DECLS/ { include_block("DECLS"); next }
/INCLUDE_RULES/ { include_block("RULES"); next }
{ print }
