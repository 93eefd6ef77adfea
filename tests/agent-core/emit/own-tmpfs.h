/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A spool's fixture in a file system of its own, of a size that the test wants. */
#ifndef CD_OWN_TMPFS_H
#define CD_OWN_TMPFS_H

#include "spool-fixture.h"

#include <sched.h>
#include <sys/mount.h>

static inline gboolean
own_tmpfs_mount(const gchar *where, const gchar *size, unsigned long flags)
{
  g_autofree gchar *options = g_strdup_printf("size=%s,mode=0700", size);

  return mount("spool", where, "tmpfs", flags, options) == 0;
}

static inline gboolean
own_tmpfs_allow(void)
{
  if (geteuid() != 0)
    g_test_skip("mounting needs root");
  else if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    g_test_skip("no mounts of our own are allowed here");
  else
    return TRUE;
  return FALSE;
}

static inline gboolean
own_tmpfs_init(Fixture *self, const gchar *size)
{
  fixture_init(self);
  g_assert_cmpint(g_mkdir(self->folder, 0700), ==, 0);
  if (!own_tmpfs_allow())
    return FALSE;
  if (own_tmpfs_mount(self->folder, size, 0))
    return TRUE;
  g_test_skip("tmpfs cannot be mounted here");
  return FALSE;
}

static inline void
own_tmpfs_clear(Fixture *self)
{
  if (self->spool)
    cd_spool_close(self->spool);
  self->spool = NULL;
  umount2(self->folder, MNT_DETACH);
  fixture_clear(self);
}

#endif
