#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The documentation against the program: configurations, commands, options, names and links.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir/build}"
: "${AWK:=awk}"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:$top_builddir/tools/coder-emit
. "$top_srcdir/tests/support/tap.sh"

command -v syslog-ng >/dev/null || plan_skip 'no syslog-ng here'

here=$top_srcdir/tests/doc
triage=$top_builddir/tools/coder-triage/coder-triage
manual=doc/coder-disconnect.5
: "${CODER_MODULE_PATH:=$top_builddir/modules/coder-disconnect/.libs:$(
  syslog-ng -V | sed -n 's/^Module-Path: *//p')}"

cd "$top_srcdir"
pages=$(ls README.md DEVELOPING.md doc/*.md)
work=$(mktemp -d)
at_exit 'rm -rf "$work"'

system_scl=$(pkg-config --variable=scldir syslog-ng)

# --- configurations --------------------------------------------------------------------------

# scl.conf with our SCL: every file one folder down, and what our pages use of the system's.
make_scl()
{
  mkdir -p "$work/scl/coder-disconnect"
  for file in "$top_builddir"/scl/coder-disconnect/*.conf scl/coder-disconnect/*.conf; do
    [ ! -e "$file" ] || cp "$file" "$work/scl/coder-disconnect"
  done
  for folder in default-network-drivers ewmm; do
    [ ! -d "$system_scl/$folder" ] || cp -r "$system_scl/$folder" "$work/scl"
  done
  { echo '@module appmodel'
    echo "@include \"$work/scl/*/*.conf\""; } > "$work/scl.conf"
}

syntax_only()
{
  env ${CODER_SANITIZER_PRELOAD:+"LD_PRELOAD=$CODER_SANITIZER_PRELOAD"} \
    ASAN_OPTIONS=detect_leaks=0 \
    syslog-ng --syntax-only --no-caps --cfgfile="$1" --module-path="${2-$CODER_MODULE_PATH}"
}

# --syntax-only does not look whether what a log path names is there.
undefined_names()
{
  $AWK '{ sub(/#.*/, "") }
        match($0, /^(source|parser|filter|destination|template) [a-z_]+ /) {
          split(substr($0, RSTART, RLENGTH), word, " ")
          defined[word[2]] = 1
          used[word[2]] += 0
        }
        { while (match($0, /(source|parser|filter|destination|template)\([a-z]_[a-z_]+\)/)) {
            name = substr($0, RSTART, RLENGTH - 1)
            sub(/.*\(/, "", name)
            used[name]++
            $0 = substr($0, RSTART + RLENGTH)
          } }
        END { for (name in used) {
                if (!defined[name]) print "not defined: " name
                if (!used[name]) print "not used: " name
              } }' "$1"
}

check_configuration()
{
  sed -e "s|@include \"scl.conf\"|@include \"$work/scl.conf\"|" \
      -e "s|/etc/syslog-ng/tls|$work/tls|" "$1" > "$1.run"
  if [ ! -d "$system_scl" ] && grep -q default-network-drivers "$1"; then
    skip "$2 passes --syntax-only" 'no default-network-drivers() (Debian package: syslog-ng-scl)'
    return
  fi
  check "$2 passes --syntax-only" syntax_only "$1.run"
  # A piece that shows nothing but the parser has no log path.
  if grep -q '^log ' "$1"; then is "$2 names what it defines" "$(undefined_names "$1")" ''; fi
}

# syslog-ng looks whether the files are there.
make_keys()
{
  mkdir "$work/tls"
  : > "$work/tls/server.key"
  : > "$work/tls/server.crt"
  : > "$work/tls/ca.crt"
}

check_configurations()
{
  make_scl
  make_keys
  for page in $pages "$manual"; do
    mkdir -p "$work/blocks/$page"
    $AWK -v to="$work/blocks/$page" -v kind=syslog-ng -f "$here/blocks.awk" "$page"
    for block in "$work/blocks/$page"/*; do
      [ -e "$block" ] || continue
      line=${block##*/}
      check_configuration "$block" "the configuration in $page, line $line,"
    done
  done
  none_found=$(find "$work/blocks" -name '*.run' | wc -l)
  check 'there are configurations in README.md, configuration.md and the manual' \
        test "$none_found" -ge 15
}

# startable BLOCK: the same for this syslog-ng and this machine: of its version, on free ports.
startable()
{
  $AWK -v ports="$("$top_builddir/tests/support/wire" ports 9 | tr '\n' ' ')" \
       -v version="$(pkg-config --modversion syslog-ng | cut -d. -f1,2)" -v folder="$work/start" '
    BEGIN { split(ports, port) }
    /^@version: / { $2 = version }
    /port\([0-9]+\)/ { sub(/port\([0-9]+\)/, "port(" port[++n] ")") }
    { sub(/\/var\/log\/co[a-z]*/, folder); print }' "$1"
}

# warnings_at_start BLOCK: what syslog-ng warns of when it really starts.
warnings_at_start()
{
  mkdir -p "$work/start"
  startable "$1" > "$work/start.conf"
  : > "$work/start.log"
  env ${CODER_SANITIZER_PRELOAD:+"LD_PRELOAD=$CODER_SANITIZER_PRELOAD"} \
    ASAN_OPTIONS=detect_leaks=0 \
    timeout 60 syslog-ng -F --stderr --no-caps --cfgfile="$work/start.conf" \
    --persist-file="$work/persist" --pidfile="$work/pid" --control="$work/ctl" \
    --module-path="$CODER_MODULE_PATH" > "$work/start.log" 2>&1 &
  daemon=$!
  while kill -0 "$daemon" 2>/dev/null && ! grep -q 'starting up' "$work/start.log"; do
    sleep 0.05
  done
  kill "$daemon" 2>/dev/null || :
  wait "$daemon" || :
  grep -q 'starting up' "$work/start.log" || cat "$work/start.log"
  grep -E 'WARNING|too small|dns' "$work/start.log" || :
}

# Those that size windows or say how names are looked up are what syslog-ng may warn of.
check_starts()
{
  for block in "$work/blocks"/README.md/*.run "$work/blocks"/doc/configuration.md/*.run; do
    grep -qE 'max-(connections|files)\(|use-dns\(' "$block" || continue
    name=${block#"$work/blocks/"}
    is "the configuration in ${name%/*}, line $(basename "$name" .run), starts without a warning" \
       "$(warnings_at_start "$block")" ''
  done
}

check_scl()
{
  printf '@version: current\n@include "%s"\n' "$work/scl.conf" > "$work/include.conf"
  check 'a configuration that includes our SCL passes --syntax-only' \
        syntax_only "$work/include.conf"
}

# --- commands --------------------------------------------------------------------------------

# So that documented commands need no daemon.
make_stubs()
{
  mkdir "$work/bin" "$work/here"
  cat > "$work/bin/syslog-ng-ctl" <<'END'
#!/bin/sh
echo 'SourceName;SourceId;SourceInstance;State;Type;Number'
echo 'parser;p_coder;reason/network_error;a;disconnects;5'
END
  chmod +x "$work/bin/syslog-ng-ctl"
}

run_block()
{
  (cd "$work/here" && PATH=$work/bin:$top_builddir/tools/coder-triage:$PATH sh -eu "$1" </dev/null)
}

# knows_options FOLDER PROGRAM WORD...: where the agent is not built, nobody can tell.
knows_options()
{
  [ -x "$1/$2" ] || return 0
  "$1/$2" --help > "$work/help"
  shift 2
  for option in "$@"; do
    case $option in --*) grep -q -e "$option[ =]" "$work/help" || return 1 ;; esac
  done
}

# known_command WORD...: whether the command is there, and quickstart knows its argument.
known_command()
{
  [ "$1" != sudo ] || shift
  case $1 in
    ./configure) ;; # made by autogen.sh
    ./quickstart) [ $# -eq 1 ] || ./quickstart --help | grep -qE "^  $2( |\$)" ;;
    ./*) test -x "$1" ;;
    coder-triage) "$triage" "$2" --help >/dev/null ;;
    coder-agentd) knows_options "$top_builddir/agent-core/agent" "$@" ;;
    coder-pty) knows_options "$top_builddir/tools/coder-pty" "$@" ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# commands_of PAGE: those of the blocks that are not run, one a line.
commands_of()
{
  { cat "$work/sh/$1"/* 2>/dev/null || :
    grep -E '^    \./(quickstart|configure|autogen)' "$1" || :; } |
    sed -e 's/ #.*//' -e 's/ && /\n/g' | sort -u
}

check_commands()
{
  make_stubs
  for page in $pages; do
    mkdir -p "$work/run/$page" "$work/sh/$page"
    $AWK -v to="$work/run/$page" -v kind='sh run' -f "$here/blocks.awk" "$page"
    $AWK -v to="$work/sh/$page" -v kind=sh -f "$here/blocks.awk" "$page"
    for block in "$work/run/$page"/*; do
      [ -e "$block" ] || continue
      check "the commands in $page, line ${block##*/}, run" run_block "$block"
    done
    commands_of "$page" > "$work/commands"
    while read -r command; do
      # shellcheck disable=SC2086  # words
      check "$page: $command" known_command $command
    done < "$work/commands"
  done
  mkdir "$work/text"
  $AWK -v to="$work/text" -v kind=text -f "$here/blocks.awk" README.md
  is 'README.md shows what coder-triage prints' "$(run_block "$work/run/README.md"/*)" \
     "$(cat "$work/text"/*)"
  is 'the counters become text for Prometheus' "$(run_block "$work/run/doc/configuration.md"/*)" \
     'coder_disconnects_total{id="p_coder",kind="reason",value="network_error"} 5'
}

# named PAGE PATTERN: what in the code of the page has the pattern.
named()
{
  { grep '^    ' "$1" || :
    $AWK '/^```/ { inside = !inside && /^```sh/; next } inside' "$1"
    grep -o '`[^`]*`' "$1" | tr -d '`'; } | sed 's/ #.*//' |
    grep -oE -e "$2" | sort -u
}

# make -n would run the recipes of "distcheck" and the like, which call make again.
is_target()
{
  grep -qE "^([a-z-]+ )*$1( [a-z-]+)*:" "$top_builddir/Makefile"
}

is_configure_option()
{
  ./configure --help | grep -qE -- "^ +$1([=[ ]|\$)"
}

# What is code in doc/conformance.md are bytes.
check_build()
{
  for page in $pages; do
    [ "$page" != doc/conformance.md ] || continue
    named "$page" '(^|[ (])make( -[^ ]+)* [a-z][a-z-]*' | sed 's/.* //' | sort -u > "$work/targets"
    while read -r target; do
      check "$page: make $target is there" is_target "$target"
    done < "$work/targets"
    named "$page" '--(enable|with)-[a-z-]+' > "$work/flags"
    while read -r flag; do
      check "$page: configure has $flag" is_configure_option "$flag"
    done < "$work/flags"
  done
}

# --- options and names -----------------------------------------------------------------------

# The keywords of our grammar, and template() from the core's.
options_of_grammar()
{
  sed -n 's/.*\.kw_name = "\([a-z_]*\)".*/\1/p' modules/coder-disconnect/coder-disconnect-parser.c |
    grep -v '^coder_disconnect$' | tr _ -
  echo template
}

check_options()
{
  options_of_grammar | sort > "$work/options"
  is 'README.md has the options of the grammar' \
     "$(sed -n 's/^| `\([a-z-]*\)()`.*/\1/p' README.md | sort)" "$(cat "$work/options")"
  is 'the manual has them' \
     "$(sed -n '/^\.Sh OPTIONS/,/^\.Sh SOURCES/s/^\.It Fn \([a-z-]*\).*/\1/p' "$manual" | sort)" \
     "$(cat "$work/options")"
  is 'doc/configuration.md shows them all' \
     "$(sed -n '/^## Options/,$s/^ *\([a-z-]*\)(.*) *#.*/\1/p' doc/configuration.md | sort)" \
     "$(cat "$work/options")"
}

# table NAME: the names in one of the tables of coder-triage rules --json.
table()
{
  $AWK -v table="$1" '{ text = text $0 " " }
    END { match(text, "\"" table "\"[ ]*:[ ]*\\[[^]]*\\]")
          text = substr(text, RSTART, RLENGTH)
          sub(/^[^[]*/, "", text)
          mark = text ~ /\{/ ? "\"name\"[ ]*:[ ]*\"[^\"]*\"" : "\"[^\"]*\""
          while (match(text, mark)) {
            name = substr(text, RSTART, RLENGTH - 1)
            text = substr(text, RSTART + RLENGTH)
            sub(/.*"/, "", name)
            if (name != "") print name
          } }' "$work/rules.json"
}

# lacking PAGE PREFIX TABLE: the names of the table that the page does not have.
lacking()
{
  table "$3" | while read -r name; do
    grep -qE "(^|[^a-z_.-])$2$name([^a-z_-]|\$)" "$1" || echo "$name"
  done
}

check_names()
{
  "$triage" rules --json > "$work/rules.json"
  for table in reasons initiators layers sources methods; do
    check "there are $table" test -n "$(table "$table")"
    is "the manual has all $table" "$(lacking "$manual" '' "$table")" ''
  done
  is 'the manual has all pairs' "$(lacking "$manual" '\.coder\.' fields)" ''
  is 'the manual has all tags' "$(lacking "$manual" 'coder\.' tags)" ''
  is 'README.md has all reasons' "$(lacking README.md '' reasons)" ''
  is 'README.md has all sources' "$(lacking README.md '' sources)" ''
}

# --- links -----------------------------------------------------------------------------------

# links PAGE: what it points to, without other sites.
links()
{
  { grep -o '](\([^)]*\))' "$1" | sed 's/^](\(.*\))$/\1/'
    sed -n 's/.*src="\([^"]*\)".*/\1/p' "$1"; } | grep -vE '^[a-z]+:' | sort -u
}

# anchors PAGE: the names that its headings have on the web.
anchors()
{
  sed -n 's/^##* //p' "$1" | tr 'A-Z ' 'a-z-' | sed "s/[^a-z0-9_-]//g"
}

link_leads_somewhere()
{
  page=$1
  path=${2%%#*}
  target=$page
  [ -z "$path" ] || target=$(dirname "$page")/$path
  [ -e "$target" ] || { echo "$target is not there"; return 1; }
  case $2 in
    *'#'*) anchors "$target" | grep -qx "${2#*#}" || { echo "$target has no ${2#*#}"; return 1; } ;;
  esac
}

check_links()
{
  for page in $pages; do
    links "$page" > "$work/links"
    while read -r link; do
      check "$page: $link is there" link_leads_somewhere "$page" "$link"
    done < "$work/links"
  done
}

# A make of its own: flags of the one that runs the tests do not fit it.
install_pages()
{
  (unset MAKEFLAGS MFLAGS MAKELEVEL
   "${MAKE:-make}" -C "$top_builddir" DESTDIR="$work/installed" docdir=/doc \
     install-dist_docDATA install-dist_pagesDATA)
}

# broken_links FOLDER: what the pages in it point to and is not there.
broken_links()
{
  (cd "$1"
   for page in *.md doc/*.md; do
     links "$page" | while read -r link; do
       link_leads_somewhere "$page" "$link" || :
     done
   done)
}

check_installed()
{
  check 'the documentation is installed' install_pages
  check 'with all its pages' test "$(find "$work/installed" -name '*.md' | wc -l)" -ge 11
  is 'its links lead to what is installed' "$(broken_links "$work/installed/doc")" ''
}

check_manual()
{
  if ! command -v mandoc >/dev/null; then
    skip 'the manual is clean' 'mandoc is not installed'
    return
  fi
  # Whether another manual is installed here is no matter of this one.
  is 'the manual is clean' \
     "$(mandoc -T lint "$manual" 2>/dev/null | grep -v 'referenced manual not found')" ''
}

check_configurations
check_starts
check_scl
check_commands
check_build
check_options
check_names
check_links
check_installed
check_manual
plan_done
