#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A pretended docker, whose containers are this machine. As with the real one, what `exec` runs is
# no child of the caller's session, and outlives a client that is killed. The name of the container
# says how it fares; each command is a line in the file $DOCKER_LOG.
set -u

# The scripts that it is given have more lines.
printf '%s\n' "$*" | head -n 1 >> "$DOCKER_LOG"

inspect()
{
  for name; do :; done
  case $name in
    running) echo true ;;
    slow) sleep 1; echo true ;;
    stopped) echo false ;;
    frozen) exec sleep 600 ;;
    daemonless) echo 'Cannot connect to the Docker daemon'; exit 1 ;;
    *) echo "Error: No such container: $name"; exit 1 ;;
  esac
}

run()
{
  while :; do
    case $1 in
      -it) shift ;;
      -u) shift 2 ;;
      -e) export "${2?}"; shift 2 ;;
      *) break ;;
    esac
  done
  shift
  exec 3<&0
  setsid "$@" <&3 3<&- &
  exec 3<&-
  wait $!
}

command=$1
shift
case $command in
  inspect) inspect "$@" ;;
  exec) run "$@" ;;
esac
