# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Completion of coder-agentd for bash; printed from the table of settings, see DEVELOPING.md.

# _coder_agentd_values OPTION: words that it takes, or "@file" and the like.
_coder_agentd_values()
{
  case $1 in
    -c | --config) echo @file ;;
    --pty-listen) echo 'unix: 127.0.0.1: [::1]:' ;;
    --pty-backend) echo 'terminal buffered screen' ;;
    --trust-loopback) echo 'false true' ;;
    --session-token) echo 'false true' ;;
    --prometheus-address) echo 'none 127.0.0.1: [::1]: unix:' ;;
    --syslog) echo 'journald: stderr: tcp: tls: udp: unix-dgram: unix-stream:' ;;
    --state-dir) echo '@directory' ;;
    --tls-ca) echo '@file' ;;
    --tls-cert) echo '@file' ;;
    --tls-key) echo '@file' ;;
  esac
}

_coder_agentd_names()
{
  echo '--config'
  echo '--check'
  echo '--print-config'
  echo '--version'
  echo '--help'
  echo '--pty-listen'
  echo '--pty-backend'
  echo '--pty-idle-timeout'
  echo '--pty-sleep'
  echo '--max-sessions'
  echo '--max-connections'
  echo '--trust-loopback'
  echo '--session-token'
  echo '--prometheus-address'
  echo '--syslog'
  echo '--state-dir'
  echo '--host'
  echo '--pen'
  echo '--tls-ca'
  echo '--tls-cert'
  echo '--tls-key'
  echo '--tls-name'
}

_coder_agentd()
{
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words action=

  # Readline takes "=" and ":" for words of their own.
  if [ "$word" = = ]; then
    word=
  elif [ "$before" = = ]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ $word == -* ]]; then words=$(_coder_agentd_names)
  elif [[ $before == : || $word == : ]]; then words=@file word=${word#:}
  else words=$(_coder_agentd_values "$before"); fi
  if [[ $words == @* ]]; then
    action=${words#@}
    words=
    compopt -o filenames 2>/dev/null
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" ${action:+-A "$action"} -- "$word")
  [[ ${COMPREPLY[*]} != *: ]] || compopt -o nospace 2>/dev/null
}

complete -F _coder_agentd coder-agentd
