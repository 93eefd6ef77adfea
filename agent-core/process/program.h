/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PROGRAM_H
#define CD_PROGRAM_H

#include <glib.h>

/**
 * Finds what a shell would run by that name: a path with a slash as it is, another one in the PATH
 * of @environment, whose relative folders are below @folder.
 *
 * @code: (out): errno where there is none
 *
 * Returns: (transfer full) (nullable): its path
 */
gchar *cd_program_find(const gchar *name, const gchar *const *environment, const gchar *folder,
                       gint *code);

/** The #GSpawnError for an errno. */
gint cd_program_get_error(gint code);

#endif
