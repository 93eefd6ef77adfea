/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_FOLDER_H
#define CD_FOLDER_H

#include <glib.h>

/**
 * CdFolder:
 *
 * A folder that is ours alone, and locked: of mode 0700, with regular files of mode 0600, all of
 * them the effective user's. Files are opened relative to it and never through a link.
 */
typedef struct _CdFolder CdFolder;

/**
 * Opens and locks a folder; makes it where it is not there.
 *
 * Errors: %CD_SPOOL_ERROR_LOCKED, %CD_SPOOL_ERROR_UNSAFE, #GFileError.
 *
 * Returns: (transfer full): free with cd_folder_free()
 */
CdFolder *cd_folder_open(const gchar *path, GError **error);

/** Unlocks it. */
void cd_folder_free(CdFolder *self);

/** Its descriptor, for fsync. */
int cd_folder_get_fd(const CdFolder *self);

/**
 * Opens a file in it, made with mode 0600 where @flags have O_CREAT.
 *
 * Errors: %CD_SPOOL_ERROR_UNSAFE where it is a link, no regular file, of another owner, or open to
 * others; #GFileError.
 *
 * Returns: a descriptor, -1 with an error
 */
int cd_folder_open_file(const CdFolder *self, const gchar *name, int flags, GError **error);

/** Gives a file another name that nothing has yet. Returns: %FALSE with errno */
gboolean cd_folder_rename(const CdFolder *self, const gchar *name, const gchar *new_name);

/** Removes a file, if that can be done. */
void cd_folder_remove(const CdFolder *self, const gchar *name);

/**
 * The names in it.
 *
 * Returns: (transfer full): %NULL with an error
 */
GPtrArray *cd_folder_list(const CdFolder *self, GError **error);

/** Sets #GFileError from errno: `PATH/NAME: cannot WHAT: REASON`. Returns: %FALSE */
gboolean cd_folder_fail(const CdFolder *self, const gchar *name, const gchar *what, GError **error);

#endif
