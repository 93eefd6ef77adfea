# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# Sessions of coder-agentd that end in every way: the demonstration and tests/e2e/agent.sh source
# this.  Who does so has set:
#   agentd pty feed          the programs
#   stage                    a folder of its own, with a short path
#   endings                  sessions.txt, or one like it
#   within SECONDS COMMAND...   waits until the command succeeds, and fails at the deadline
#   complain TEXT            says it, and ends the script
#   is_recorded N            whether N records have arrived; asked after each end
# Then:
#   start_agent OPTION...    starts it, serving at $stage/pty
#   play_sessions            ends a session for each row, in turn; stops the agent in the last one
#   stop_players             kills what still runs, to be called at the end however that comes

agent=
player=
n_ends=0
patience=20

# Of sessions that somebody comes back to.
detached_id=d37ac4ed-0000-4000-8000-000000000001
frozen_id=f6023000-0000-4000-8000-000000000002

# --- agent and clients -----------------------------------------------------------------------

# The settings of the user, and what a shell reads at its start, are none of ours; the port of the
# metrics is another agent's.
start_agent()
{
  echo '[coder-agentd]' > "$stage/conf"
  : > "$stage/ready"
  : > "$stage/client.txt"
  env HOME="$stage" CODER_AGENT_PROMETHEUS_ADDRESS=none \
    "$agentd" --config="$stage/conf" --pty-listen="unix:$stage/pty" "$@" \
    > "$stage/ready" 2>> "$stage/agent.txt" < /dev/null &
  agent=$!
  within "$patience" is_served && kill -0 "$agent" 2>/dev/null && return
  cat "$stage/agent.txt" >&2
  complain 'coder-agentd did not start'
}

is_served()
{
  ! kill -0 "$agent" 2>/dev/null || grep -q '^ready ' "$stage/ready"
}

stop_agent()
{
  kill "$agent"
  wait "$agent" || complain "coder-agentd ended with exit status $?"
  agent=
}

stop_players()
{
  for process in $player $agent; do
    kill -CONT "$process" 2>/dev/null || :
    kill -KILL "$process" 2>/dev/null || :
    wait "$process" 2>/dev/null || :
  done
  player=
  agent=
}

# client ARGUMENT...: coder-pty, until it has left.  How it ended is the record's to tell.
client()
{
  "$pty" "unix:$stage/pty" "$@" > "$stage/screen" 2> "$stage/client.txt" || :
}

# The interpreter's line keeps the user's own shell out of it.
program()
{
  printf '#!/bin/sh\n%s' "$1"
}

# run COMMAND: a session that this program ends.
run()
{
  client --command="$(program "$1")" < /dev/null
}

# start_client ARGUMENT...: one that stays, as $player; its input stays open and is empty.
start_client()
{
  rm -f "$stage/input"
  mkfifo "$stage/input"
  : > "$stage/screen"
  "$pty" "unix:$stage/pty" "$@" < "$stage/input" > "$stage/screen" 2> "$stage/client.txt" &
  player=$!
  exec 7> "$stage/input"
}

await()
{
  within "$patience" "$@" && return
  cat "$stage/agent.txt" "$stage/client.txt" >&2
  complain "gave up waiting for: $*"
}

shows()
{
  grep -q "$1" "$stage/screen"
}

# init JSON: a first message, whose length stands before it.
init()
{
  printf "\\$(printf %o "${#1}")\\000%s" "$1"
}

# send_raw: standard input to the agent as it is, then waits until the agent has closed.
send_raw()
{
  "$feed" raw "$stage/pty" || :
}

# --- the ends --------------------------------------------------------------------------------

end_done()
{
  run true
}

end_failed()
{
  run 'exit 3'
}

end_crashed()
{
  run 'kill -SEGV $$'
}

end_stopped()
{
  run 'kill -TERM $$'
}

end_detached()
{
  client --id="$detached_id" --command="$(program 'exec cat')" --detach-at-eof < /dev/null
}

# It has joined the session that was left, which goes on.
end_garbled()
{
  { init "{\"ID\": \"$detached_id\"}"; printf '{"data": 7}'; } | send_raw
}

# At the end of its input, coder-pty types the key that tells cat the same.
end_returned()
{
  echo | client --id="$detached_id"
}

# It is frozen first, and has unread output for certain when its program has written more than the
# terminal holds, which is some 16 KiB; of more than 64 KiB the agent would make the program wait.
end_frozen()
{
  rm -f "$stage/go" "$stage/sent"
  mkfifo "$stage/go"
  start_client --id="$frozen_id" \
    --command="$(program 'echo begun; read -r go < go; seq 9000; : > sent; exec sleep 600')"
  await shows begun
  kill -STOP "$player"
  echo go > "$stage/go"
  await test -e "$stage/sent"
  kill -KILL "$player"
  wait "$player" 2>/dev/null || :
  player=
  exec 7>&-
}

end_half_sent()
{
  init '{"ID": "d37ac4ed-0000' | head -c 12 | send_raw
}

end_unknown()
{
  init '{"BackendType": "tmux"}' | send_raw
}

# The session whose client was killed is still there.
end_crowded()
{
  run true
}

end_closing()
{
  start_client --id="$frozen_id"
  await shows 9000
  stop_agent
  wait "$player" || :
  player=
  exec 7>&-
}

# --- all of them -----------------------------------------------------------------------------

list_ends()
{
  sed -n 's/^\([a-z_]*\) *|.*/\1/p' "$endings"
}

play_sessions()
{
  for end in $(list_ends); do
    "end_$end"
    n_ends=$((n_ends + 1))
    await is_recorded "$n_ends"
  done
}
