/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_INHERITED_H
#define CD_INHERITED_H

#include <glib.h>

/**
 * CdInherited:
 *
 * What this process was started with, and what its sessions get again: umask, soft limits,
 * oom_score_adj, blocked and ignored signals, environment.
 */
typedef struct _CdInherited CdInherited;

/** Notes it. To be called first of all, before anything of it is changed. */
CdInherited *cd_inherited_new(void);

/** Frees it. */
void cd_inherited_free(CdInherited *self);

/** Raises the soft limit on open files to the hard one; sessions keep the old one. */
void cd_inherited_raise_files(CdInherited *self);

/**
 * The environment for a session: that of the start, without what was meant for this process alone
 * (NOTIFY_SOCKET, WATCHDOG_*, LISTEN_*, JOURNAL_STREAM, INVOCATION_ID, CREDENTIALS_DIRECTORY, and
 * the agent's token unless @with_token).
 *
 * The token is CODER_AGENT_TOKEN; CODER_AGENT_TOKEN_FILE, which names a file of it, goes with it.
 *
 * Returns: (transfer full): free with g_strfreev()
 */
gchar **cd_inherited_get_environment(const CdInherited *self, gboolean with_token);

/** Puts it back, in a child between fork and exec: async-signal-safe. Returns: 0 or errno */
gint cd_inherited_restore(const CdInherited *self);

/**
 * Puts oom_score_adj back for the child @pid, after exec. Before, with the memory of an agent that
 * is not dumpable, the child of a plain user may not.
 */
void cd_inherited_restore_rank(const CdInherited *self, GPid pid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdInherited, cd_inherited_free)

#endif
