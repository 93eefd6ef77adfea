/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_USER_H
#define CD_USER_H

#include <glib.h>
#include <sys/types.h>

/**
 * CdUser:
 * @uid: of this process
 * @name: login name; the number where the password database knows none
 * @home: `$HOME`, else the database's, else `/`
 * @shell: the database's, else `$SHELL`, else `/bin/sh`
 *
 * Whose sessions the agent starts (spec: coder-facts, c).
 */
typedef struct _CdUser
{
  uid_t uid;
  gchar *name;
  gchar *home;
  gchar *shell;
} CdUser;

/** The user that this process runs as. Returns: (transfer full): free with cd_user_free() */
CdUser *cd_user_new(void);

/** Frees it. */
void cd_user_free(CdUser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdUser, cd_user_free)

#endif
