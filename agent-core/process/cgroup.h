/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CGROUP_H
#define CD_CGROUP_H

#include <glib.h>

/**
 * CdCgroup:
 *
 * The control group of this process, as far as it tells of memory: version 2's `memory.events`, or
 * version 1's `memory.oom_control`.
 */
typedef struct _CdCgroup CdCgroup;

/**
 * Finds it.
 *
 * @root: folder in which /proc and /sys are looked for; empty but in tests
 */
CdCgroup *cd_cgroup_new(const gchar *root);

/** Frees it. */
void cd_cgroup_free(CdCgroup *self);

/**
 * How many of its processes the kernel's out-of-memory killer has ended so far.
 *
 * Returns: %FALSE where nothing tells
 */
gboolean cd_cgroup_count_kills(const CdCgroup *self, guint64 *count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdCgroup, cd_cgroup_free)

#endif
