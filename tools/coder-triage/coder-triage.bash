# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Completion of coder-triage for bash.

_coder_triage()
{
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[*]:0:COMP_CWORD}
  local words= files=

  # Readline takes "=" for a word of its own.
  if [ "$word" = = ]; then
    before+=' ='
    word=
  fi
  case $before in
    *' --color' | *' --color =') words='auto always never' ;;
    *' --sd-id' | *' --sd-id =') ;;
    coder-triage | */coder-triage) words='explain rules help --help --version' ;;
    *coder-triage\ explain*)
      words='--all --color= --json --sd-id= --help'
      files=file
      ;;
    *coder-triage\ rules*) words='--color= --json --markdown --help' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" ${files:+-A "$files"} -- "$word")
  [ -z "$files" ] || compopt -o filenames 2>/dev/null
  [[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace 2>/dev/null
}

complete -F _coder_triage coder-triage
