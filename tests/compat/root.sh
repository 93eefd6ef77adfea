# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# Debian roots for the commands of this folder.  Source it, give the command line to
# read_options, then:
#   need_all             dies unless roots can be made and entered here
#   make_root SUITE      a bare root, as it comes from the mirror (or from --cache), with the tree
#                        of HEAD in /src.tar; sets $root
#   inside ROOT COMMAND...    runs a command in it, as root, with a /proc and a /dev of its own
#   die WORDS...
# All that stays is what --cache holds.  Mounts are made in a namespace of their own, so that the
# kernel removes them with the last process, and that one is killed when the command ends.

tool=
cache=
mirror=http://deb.debian.org/debian
apt_option=
with_distcheck=
keep=
suites=
work=
child=

die()
{
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

wrong_use()
{
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  usage >&2
  exit 2
}

options_help()
{
  cat <<'END'
  --cache DIR          keep bare roots and packages there, and take them from there next time
  --tool NAME          mmdebstrap or debootstrap [the first of them that is installed]
  --mirror URL         [http://deb.debian.org/debian]
  --apt-option LINE    a line of apt.conf for the roots, as for a mirror that has stood still:
                       'Acquire::Check-Valid-Until "false";'
END
}

# value WORD...: the word behind an option.
value()
{
  [ $# -gt 1 ] || wrong_use "$1 needs a value"
  printf '%s\n' "$2"
}

read_options()
{
  while [ $# -gt 0 ]; do
    case $1 in
      --cache) cache=$(value "$@") || exit; shift ;;
      --tool) tool=$(value "$@") || exit; shift ;;
      --mirror) mirror=$(value "$@") || exit; shift ;;
      --apt-option) apt_option=$(value "$@") || exit; shift ;;
      --distcheck) with_distcheck=yes ;;
      --keep) keep=$(value "$@") || exit; shift ;;
      -h|--help) usage; exit ;;
      -*) wrong_use "no such option: $1" ;;
      *[!a-z0-9-]*) wrong_use "no name of a Debian suite: $1" ;;
      *) suites="$suites $1" ;;
    esac
    shift
  done
}

# find_tool: the tool that was asked for, else the first that is there.
find_tool()
{
  case $tool in
    '') for tool in mmdebstrap debootstrap; do
          ! command -v "$tool" >/dev/null || return 0
        done
        die 'mmdebstrap is not here, nor debootstrap; install one of them' ;;
    mmdebstrap|debootstrap)
        command -v "$tool" >/dev/null ||
          die "$tool is not here; install it: apt-get install $tool" ;;
    *) wrong_use "--tool $tool: mmdebstrap or debootstrap" ;;
  esac
}

need_all()
{
  PATH=$PATH:/usr/sbin:/sbin
  find_tool
  [ "$(id -u)" -eq 0 ] || die 'making and entering a Debian root needs root; try sudo'
  for command in unshare chroot git tar; do
    command -v "$command" >/dev/null || die "$command is not here"
  done
  git -C "$top" rev-parse -q --verify HEAD >/dev/null 2>&1 ||
    die 'this is no git checkout: the tree to test is taken from git'
  [ -z "$(git -C "$top" status --porcelain)" ] ||
    echo "${0##*/}: what is not committed is not tested" >&2
  [ -z "$cache" ] || mkdir -p "$cache"
  work=$(mktemp -d)
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# What was killed may still be ending, and hold folders that shall go.
clean_up()
{
  status=$?
  trap - EXIT
  trap '' HUP INT TERM
  [ -z "$child" ] || kill -9 "$child" 2>/dev/null || :
  tries=0
  until rm -rf "$work" 2>/dev/null || [ "$tries" -ge 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  exit "$status"
}

# guarded COMMAND...: runs it so that a signal to us ends it at once.
guarded()
{
  "$@" &
  child=$!
  ended=0
  wait "$child" || ended=$?
  child=
  return "$ended"
}

# quietly COMMAND...: a command of ours, with its output in $work/log, shown when it fails.
quietly()
{
  "$@" > "$work/log" 2>&1 && return
  tail -n 40 "$work/log" >&2
  return 1
}

run_tool()
{
  case $tool in
    mmdebstrap)
      guarded unshare -m -p --fork --kill-child mmdebstrap --mode=root --variant=minbase \
        ${apt_option:+--aptopt="$apt_option"} --format=directory "$1" "$2" "$mirror" ;;
    debootstrap)
      guarded unshare -m -p --fork --kill-child --mount-proc \
        debootstrap --variant=minbase "$1" "$2" "$mirror" ;;
  esac
}

# save DIR FILE: an archive that is there as a whole or not at all.
save()
{
  guarded tar --numeric-owner -C "$1" -cf "$2.part" . || die "cannot write $2"
  mv "$2.part" "$2"
}

make_root()
{
  root=$work/$1
  saved=${cache:+$cache/$1-$tool.tar}
  mkdir "$root"
  if [ -n "$saved" ] && [ -e "$saved" ]; then
    guarded tar --numeric-owner -C "$root" -xpf "$saved" || die "cannot unpack $saved"
  else
    quietly run_tool "$1" "$root" || die "$tool could not make a root of $1"
    [ -z "$saved" ] || save "$root" "$saved"
  fi
  [ -z "$apt_option" ] || echo "$apt_option" > "$root/etc/apt/apt.conf.d/99compat"
  [ ! -e /etc/resolv.conf ] || cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  cp "$here/steps.sh" "$root/"
  git -C "$top" archive --format=tar HEAD > "$root/src.tar"
}

inside()
{
  guarded env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
    ${http_proxy:+http_proxy="$http_proxy"} ARCHIVES="${cache:+$cache/${1##*/}-archives}" \
    unshare -m -p --fork --kill-child /bin/sh "$here/mounts.sh" "$@"
}
