# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Completion of coder-pty for bash.

_coder_pty()
{
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local words='--id --command --backend --container --container-user --detach-key --detach-at-eof
    --wait-at-eof --version --help'

  # Readline takes "=" and ":" for words of their own.
  if [ "$word" = = ]; then
    word=
  elif [ "$before" = = ]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $before in
    --backend | -b) words='auto buffered screen terminal' ;;
    --detach-key) words='none' ;;
    --id | -i | --command | -c | --container | --container-user) words= ;;
    *) [[ $word == -* ]] || words=unix: ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  [[ ${COMPREPLY[*]} != unix: ]] || compopt -o nospace 2>/dev/null
}

complete -o bashdefault -o default -F _coder_pty coder-pty
