#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# coder-triage as its users see it. Golden outputs are under golden/; after a change that is meant,
# UPDATE_GOLDEN=1 writes them anew: read the difference before it is committed.
set -eu

: "${top_srcdir:=$(cd "$(dirname "$0")/../../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/tap.sh"

triage=${CODER_TRIAGE:-$top_builddir/tools/coder-triage/coder-triage}
here=$top_srcdir/tests/tools/coder-triage
tmp=$(mktemp -d)
at_exit 'rm -rf "$tmp"'

LC_ALL=C.UTF-8
TERM=xterm
export LC_ALL TERM
unset NO_COLOR COLUMNS || :

# golden NAME CMD...: runs CMD and compares its output with golden/NAME.
golden()
{
  golden_file=$here/golden/$1
  golden_name=$1
  shift
  "$@" > "$tmp/output" 2>&1 || echo "exit status $?" >> "$tmp/output"
  [ -z "${UPDATE_GOLDEN-}" ] || cp "$tmp/output" "$golden_file"
  check "golden: $golden_name" diff -u "$golden_file" "$tmp/output"
}

# fails STATUS CMD...: whether CMD ends with STATUS and a word on standard error.
fails()
{
  fails_wanted=$1
  fails_status=0
  shift
  "$@" > /dev/null 2> "$tmp/errors" || fails_status=$?
  [ "$fails_status" -eq "$fails_wanted" ] && [ -s "$tmp/errors" ] && return
  echo "status $fails_status instead of $fails_wanted"
  cat "$tmp/errors"
  return 1
}

# matches PATTERN CMD...: whether a line of CMD's output matches PATTERN.
matches()
{
  matches_pattern=$1
  shift
  "$@" > "$tmp/output" 2>&1 || :
  grep -q -- "$matches_pattern" "$tmp/output" && return
  cat "$tmp/output"
  return 1
}

explain()
{
  "$triage" explain "$@" < "$here/lines.txt"
}

# narrow COMMAND...: one of ours on a terminal of 40 columns.
narrow()
{
  env COLUMNS=40 "$triage" "$@" < "$here/lines.txt"
}

# wide_lines WIDTH: the lines that are wider, a byte that goes on a character counting nothing.
wide_lines()
{
  LC_ALL=C ${AWK:-awk} -v width="$1" '{ gsub(/[\200-\277]/, "") } length($0) > width'
}

# verdicts FILE: what explain says of each line, without what differs between formats.
verdicts()
{
  "$triage" explain --json < "$1" |
    sed 's/"source":"[^"]*",//; s/,"line_number":[0-9]*//'
}

# complete_words WORD...: what the completion offers after these words.
complete_words()
{
  bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _coder_triage
           echo "${COMPREPLY[*]}"' "$top_srcdir/tools/coder-triage/coder-triage.bash" "$@"
}

# options COMMAND: its long options, as its help has them.
options()
{
  "$triage" "$1" --help | sed -n 's/^  \(-., \)*\(--[a-z-]*\).*/\2/p' | sort
}

# undocumented COMMAND: its options that the manual page does not have.
undocumented()
{
  options "$1" | sed 's/^--//' | while read -r option; do
    grep -q -- "Fl -$option\|, -$option" "$top_srcdir/doc/coder-triage.1" || echo "$option"
  done
}

human='2026-11-21 07:37:29.225 [info]  ssh-server: ssh session closed  exit_code=0'
sdata='<30>1 2026-11-21T07:37:29Z h a 7 - [coder@32473 disconnect_reason="graceful"]'

# What people see.
golden lines-80.txt explain --all
golden lines-40.txt narrow explain
golden lines-colour.txt explain --all --color=always
golden lines.jsonl explain --json
golden arguments.txt "$triage" explain "$human" 'no record' "$sdata"

is 'no line is over 80 columns' "$(explain --all | wide_lines 80)" ''
is 'no line is over 40 columns' "$(narrow explain --all | wide_lines 40)" ''
is 'no line of the rules is over 80 columns' "$("$triage" rules | wide_lines 80)" ''
is 'no line of the rules is over 40 columns' "$(narrow rules | wide_lines 40)" ''
is 'no line ends in a blank' "$( (explain --all; "$triage" rules) | grep ' $' || :)" ''
is 'nothing that a peer sent controls a terminal' \
   "$( (explain --all; explain --json) | tr -d '\n' | LC_ALL=C tr -d ' -~\200-\377')" ''

# What a peer sent can hold a secret, and its innermost part has lost the name in front of it.
secrets="[warn]  run exited with error  error=\"GET https://u:S3cr3t@h/: EOF\"
[warn]  run exited with error  error=\"Cookie: a: ssh: disconnect, reason 2: S3cr3t\"
<30>1 - h a 7 - [coder@32473 disconnect_reason=\"Cookie: a=S3cr3t: EOF\"]
<30>1 - h a 7 - [coder@32473 disconnect_reason=\"token=S3cr3t\" app=\"pwd=S3cr3t\"]"
is 'no secret is shown' "$( (echo "$secrets" | "$triage" explain
                             echo "$secrets" | "$triage" explain --json) | grep S3cr3t || :)" ''
is 'every line with a secret has a verdict' \
   "$(echo "$secrets" | "$triage" explain --json | grep -c '\[redacted\]')" 4
check 'evidence is redacted' matches '"GET https://\[redacted\]@h/: EOF"' \
      env COLUMNS=100 "$triage" explain "$(echo "$secrets" | head -n 1)"

# The documentation is what the tables say.
"$triage" rules --markdown > "$tmp/rules.md"
check 'doc/verdict-rules.md is fresh (else: make update-doc)' \
      diff -u "$top_srcdir/doc/verdict-rules.md" "$tmp/rules.md"
names=$(sed -n 's/^| [0-9]* | \*\*\([a-z-]*\)\*\*.*/\1/p' "$tmp/rules.md")
check 'there are rules' [ "$(echo "$names" | wc -l)" -gt 9 ]
is 'the rules for people are the same' \
   "$("$triage" rules | sed -n 's/^ *[0-9]\{1,2\}  *\([a-z-]*\) .*/\1/p')" "$names"
is 'the rules for programs are the same' \
   "$("$triage" rules --json | sed -n '/"number"/,/"sentence"/s/.*"name" : "\([^"]*\)".*/\1/p')" \
   "$names"

# One line in three formats is one verdict.
for format in json stackdriver; do
  is "human and $format lines give the same verdicts" \
     "$(verdicts "$here/slog-$format.txt")" "$(verdicts "$here/slog-human.txt")"
done

# Reading.
is 'standard input and arguments are read alike' \
   "$(printf '%s\n%s\n' "$human" "$sdata" | "$triage" explain --json)" \
   "$("$triage" explain --json "$human" "$sdata")"
is 'CRLF ends a line' "$(printf '%s\r\n' "$human" | "$triage" explain --json)" \
   "$("$triage" explain --json "$human")"
is 'the last line needs no end' "$(printf %s "$human" | "$triage" explain --json)" \
   "$("$triage" explain --json "$human")"
check 'no input at all' matches '^0 messages in 0 lines: 0 disconnects (0 expected' \
      "$triage" explain < /dev/null
check 'one line' matches '^1 message in 1 line: 1 disconnect (1 expected, 0 to investigate), 0' \
      "$triage" explain "$human"
head -c 100000 /bin/sh > "$tmp/binary"
check 'binary input' sh -c '"$0" explain < "$1" && "$0" explain --json < "$1"' \
      "$triage" "$tmp/binary"
is 'NUL bytes in a line' "$(printf '%s  x=\0\0\n' "$human" | "$triage" explain --json | wc -l)" 1
{ printf '%s  x=' "$human"; head -c 3000000 /dev/zero | tr '\0' x; printf '\n%s\n' "$human"; } \
  > "$tmp/long"
check 'a line over 1 MiB is cut and marked' matches '"line_number":1,"cut":true}' \
      "$triage" explain --json < "$tmp/long"
check 'the line behind it is read' matches '"line_number":2}' "$triage" explain --json < "$tmp/long"
check 'the cut is named' matches ' cut: the line is longer' "$triage" explain < "$tmp/long"
case ${CODER_SANITIZERS-no} in
  *address* | *thread*) skip 'memory stays bounded' 'sanitizers reserve more than that' ;;
  *)
    is 'memory stays bounded' \
       "$(COLUMNS=100 sh -c 'ulimit -v 200000
                             head -c 300000000 /dev/zero | "$0" explain' "$triage")" \
       '1 message in 1 line: 0 disconnects (0 expected, 0 to investigate), 1 other, 0 broken' ;;
esac

block='    error= read:
               main.run
                   /build/cmd/demo/main.go:44
             - EOF'
is 'a block belongs to its line' \
   "$(printf '[info]  disconnected from derp map RPC ...\n%s\n%s\n' "$block" "$human" |
      "$triage" explain --json | sed 's/.*"line_number"/"line_number"/')" \
   '"line_number":1}
"line_number":6}'
check 'the block is read' matches 'detail: "read: EOF"' \
      "$triage" explain "[info]  disconnected from derp map RPC ...
$block"
check 'a block in arguments of its own' matches '^1 message in 2 lines: 1 disconnect' \
      "$triage" explain '[info]  disconnected from derp map RPC ...' '    error= EOF'
check 'indented lines without a line before them' matches '^4 messages in 4 lines: 0 disconnects' \
      "$triage" explain "$block"

# Files.
printf '%s\n' "$human" > "$tmp/one.log"
printf '%s\nnoise\n' "$sdata" > "$tmp/two.log"
escape=$(printf '\033')
printf '%s\n' "$human" > "$tmp/${escape}[31m.log"
: > "$tmp/secret.log"
chmod 0 "$tmp/secret.log"
is 'a file is read like standard input' "$("$triage" explain "$tmp/two.log")" \
   "$("$triage" explain < "$tmp/two.log")"
is '- is standard input' "$("$triage" explain - < "$tmp/two.log")" \
   "$("$triage" explain < "$tmp/two.log")"
# places ARGUMENT...: where the records are.
places()
{
  "$triage" explain --json "$@" < "$tmp/two.log" | sed "s|$tmp/||; s/.*true,*//; s/.*to do\.\",//"
}
is 'of several files each counts its lines' "$(places "$tmp/one.log" "$tmp/two.log" -)" \
   '"file":"one.log","line_number":1}
"file":"two.log","line_number":1}
"file":"-","line_number":1}'
is 'files and lines may be mixed' "$(places "$human" "$tmp/two.log" x "$sdata")" \
   '"line_number":1}
"file":"two.log","line_number":1}
"line_number":2}'
check 'of several files people see the name' matches ' line 1 of .*/two\.log$' \
      "$triage" explain "$tmp/one.log" "$tmp/two.log"
check 'of one they do not' matches ' line 1$' "$triage" explain "$tmp/one.log"
check 'the name of a file controls no terminal' matches ' of .*\\x1b\[31m\.log' \
      "$triage" explain "$tmp/one.log" "$tmp/${escape}[31m.log"
check 'what is no file is a line' matches '^line 1 is no record' "$triage" explain "$tmp/none.log"
check 'a folder cannot be read' fails 1 "$triage" explain "$tmp"
check 'that is said with its name' grep -qF "cannot read $tmp: " "$tmp/errors"
if [ "$(id -u)" -eq 0 ]; then
  skip 'a file without permission cannot be read' 'root may read everything'
else
  check 'a file without permission cannot be read' fails 1 "$triage" explain "$tmp/secret.log"
fi
check 'the files behind it are read' matches '^1 message in 1 line: 1 disconnect' \
      "$triage" explain "$tmp" "$tmp/one.log"

# SD-IDs.
check 'another SD-ID is not read' matches ' 1 other' "$triage" explain --sd-id=coder@1 "$sdata"
check 'an SD-ID is read when it is named' matches ' 1 disconnect ' \
      "$triage" explain --sd-id=coder@1 --sd-id=coder@32473 "$sdata"

# Colours.
colours() { "$@" | grep -c "$(printf '\033')\\[" || :; }
is 'no colours into a pipe' "$(colours "$triage" explain "$human")" 0
is 'no colours on request' "$(colours "$triage" explain --color=never "$human")" 0
if command -v script > /dev/null; then
  in_terminal() { env "$@" script -qec "'$triage' explain '$human'" /dev/null < /dev/null; }
  is 'colours on a terminal' "$( [ "$(colours in_terminal)" -gt 0 ] && echo yes)" yes
  is 'NO_COLOR is honoured' "$(colours in_terminal NO_COLOR=1)" 0
  is 'TERM=dumb is honoured' "$(colours in_terminal TERM=dumb)" 0
else
  for name in 'colours on a terminal' 'NO_COLOR is honoured' 'TERM=dumb is honoured'; do
    skip "$name" 'script is not installed'
  done
fi

# How it ends.
check '--version' matches '^coder-triage [0-9]' "$triage" --version
check '--help' matches '  explain ' "$triage" --help
check 'explain --help' matches '--sd-id=ID' "$triage" explain --help
check 'rules --help' matches '--markdown' "$triage" rules --help
check 'help' matches '  explain ' "$triage" help
check 'no command' fails 2 "$triage"
check 'unknown command' fails 2 "$triage" advise
check 'unknown option' fails 2 "$triage" explain --colour=auto
check 'unknown colour' fails 2 "$triage" explain --color=red
check 'impossible SD-ID' fails 2 "$triage" explain --sd-id='a b'
check 'argument too many' fails 2 "$triage" rules 7
check 'two formats' fails 2 "$triage" rules --json --markdown
for wrong in "--sd-id=${escape}]" "--color=${escape}[31m" "--${escape}[31m"; do
  fails 2 "$triage" explain "$wrong" || :
  is "wrong use controls no terminal: $(printf %s "$wrong" | tr -d "$escape")" \
     "$(tr -d '\n' < "$tmp/errors" | LC_ALL=C tr -d ' -~')" ''
done
fails 2 "$triage" "${escape}[31m" || :
is 'nor does a wrong command' "$(tr -d '\n' < "$tmp/errors" | LC_ALL=C tr -d ' -~')" ''
check 'it is shown escaped' grep -qF 'no such command: \x1b[31m' "$tmp/errors"
check 'input that cannot be read' sh -c '"$0" explain < / > /dev/null 2>&1; [ $? -eq 1 ]' "$triage"
if [ -c /dev/full ]; then
  check 'full disk' sh -c '"$0" rules > /dev/full 2>"$1"; [ $? -eq 1 ] && [ -s "$1" ]' \
        "$triage" "$tmp/errors"
else
  skip 'full disk' 'no /dev/full'
fi
for signal in '' 'trap "" PIPE;'; do
  check "a reader that goes away is nothing to talk about${signal:+, SIGPIPE ignored}" \
        sh -c "$signal "'{ "$0" rules --json 2>&3 | head -n 1; } 3>"$1" >/dev/null; [ ! -s "$1" ]' \
        "$triage" "$tmp/errors"
done

# Completion and manual page.
if command -v bash > /dev/null; then
  is 'completion of the commands' "$(complete_words coder-triage '')" \
     'explain rules help --help --version'
  is 'completion of a command' "$(complete_words coder-triage e)" 'explain'
  is 'completion of a file' "$(complete_words coder-triage explain "$tmp/on")" "$tmp/one.log"
  is 'completion of options' "$(complete_words coder-triage explain --j)" '--json'
  is 'completion of a colour' "$(complete_words coder-triage rules --color = a)" 'auto always'
  for name in explain rules; do
    is "completion knows the options of $name" \
       "$(complete_words coder-triage $name -- | tr -d = | tr ' ' '\n' | sort)" "$(options $name)"
  done
else
  skip 'completion' 'bash is not installed'
fi
for name in explain rules; do
  is "the manual page has the options of $name" "$(undocumented "$name")" ''
done
if command -v mandoc > /dev/null; then
  is 'the manual page is clean' "$(mandoc -T lint "$top_srcdir/doc/coder-triage.1" 2>/dev/null |
                                   grep -v 'referenced manual not found' || :)" ''
else
  skip 'the manual page is clean' 'mandoc is not installed'
fi
plan_done
