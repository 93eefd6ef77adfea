#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# mounts.sh ROOT COMMAND...: the first process of the namespaces that root.sh makes.  Mounts what a
# running Debian has, and runs the command in ROOT.  ARCHIVES in the environment: where apt keeps
# packages, or empty.
set -eu

root=$1
shift

mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 dev "$root/dev"
for node in null zero full random urandom tty; do
  : > "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"

if [ -n "$ARCHIVES" ]; then
  mkdir -p "$ARCHIVES/partial"
  mount --bind "$ARCHIVES" "$root/var/cache/apt/archives"
fi

# The root of all and not of one process: in a chroot no mount namespace can be made, and no user
# namespace, so tests would be skipped. An initramfs cannot be left in this way.
cd "$root"
! pivot_root . . 2> /dev/null || umount -l .
exec chroot . "$@"
