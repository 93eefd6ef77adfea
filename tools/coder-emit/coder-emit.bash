# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Completion of coder-emit for bash.

# _coder_emit_values NAME: words that this option or key takes, or "@file" and the like.
_coder_emit_values()
{
  case $1 in
    -s | --syslog | --forget) echo 'journald: stderr: tcp: tls: udp: unix-dgram: unix-stream:' ;;
    -d | --state-dir) echo @directory ;;
    --tls-ca | --tls-cert | --tls-key) echo @file ;;
    connect_type) echo 'agent_to_client client_to_server server_to_agent' ;;
    connection_method) echo 'derp direct' ;;
    disconnect_expected | out_of_memory) echo 'false true' ;;
    disconnect_initiator) echo 'agent client network server' ;;
    disconnect_reason)
      echo 'client_closed control_plane_lost graceful network_error protocol_error'
      echo 'server_shutdown unknown workspace_stopped'
      ;;
    site)
      echo 'agent-close application controller coordination coordination-close derp-map dial'
      echo 'jetbrains-forward pty run-loop ssh-connection ssh-session tunnel watch'
      ;;
    closer) echo 'agent server' ;;
    phase) echo 'before_first first_message open' ;;
    errno) echo 'ECONNABORTED ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH EPIPE ETIMEDOUT' ;;
    signal) echo 'ABRT HUP INT KILL PIPE QUIT SEGV TERM' ;;
  esac
}

# _coder_emit_names WORD: all options, where the word begins as one, else all keys.
_coder_emit_names()
{
  if [[ $1 == -* ]]; then
    echo '--app-name= --flush --forget= --help --host= --pen= --state-dir= --stdin --syslog='
    echo '--tls-ca= --tls-cert= --tls-key= --tls-name= --version --wait='
    return
  fi
  echo 'agent_id= agent_name= app= build_id= build_reason= bytes_in= bytes_out= client_session_id='
  echo 'connect_type= connection_id= connection_method= destination_port= disconnect_detail='
  echo 'disconnect_expected= disconnect_initiator= disconnect_reason= duration_ms= exit_code='
  echo 'local_addr= owner_name= remote_addr= session_id= site= tcp_idle_ms= tcp_retransmits='
  echo 'tcp_rtt_us= tcp_unsent= transition= workspace_id= workspace_name='
  echo 'closer= errno= error= exit_status= http_message= http_status= out_of_memory= phase='
  echo 'signal= ssh_code= websocket_code= websocket_reason='
}

# _coder_emit_name: the option or key whose value is being typed, empty where there is none; ":" for
# what stands behind the scheme of a URI.
_coder_emit_name()
{
  local last=${COMP_WORDS[COMP_CWORD - 1]}

  # Readline takes "=" and ":" for words of their own.
  case ${COMP_WORDS[COMP_CWORD]},$last in
    =,*) echo "$last" ;;
    :,*) echo : ;;
    *,=) echo "${COMP_WORDS[COMP_CWORD - 2]}" ;;
    *,:) echo : ;;
    *,-[dsw] | *,--app-name | *,--forget | *,--host | *,--pen | *,--state-dir | *,--syslog | \
      *,--tls-* | *,--wait) echo "$last" ;;
  esac
}

_coder_emit()
{
  local word=${COMP_WORDS[COMP_CWORD]} name words action=

  name=$(_coder_emit_name)
  [[ $word != [=:] ]] || word=
  case $name in
    '') words=$(_coder_emit_names "$word") ;;
    :) words=@file ;;
    *) words=$(_coder_emit_values "$name") ;;
  esac
  if [[ $words == @* ]]; then
    action=${words#@}
    words=
    compopt -o filenames 2>/dev/null
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" ${action:+-A "$action"} -- "$word")
  [[ ${COMPREPLY[*]} != *[=:] ]] || compopt -o nospace 2>/dev/null
}

complete -F _coder_emit coder-emit
