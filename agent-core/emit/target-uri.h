/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_URI_H
#define CD_TARGET_URI_H

#include <gio/gio.h>

/** The kinds of targets; each is a scheme of a URI. */
typedef enum
{
  CD_TARGET_UNIX_DGRAM,
  CD_TARGET_UNIX_STREAM,
  CD_TARGET_UDP,
  CD_TARGET_TCP,
  CD_TARGET_TLS,
  CD_TARGET_JOURNALD,
  CD_TARGET_STDERR,
  CD_N_TARGET_SCHEMES
} CdTargetScheme;

/**
 * CdTargetUri:
 * @scheme: the kind of target
 * @text: the URI as it was given
 * @path: (nullable): of a socket
 * @host: (nullable): name or address, an IPv6 address without its brackets
 * @port: 1 to 65535; 0 where there is no host
 */
typedef struct _CdTargetUri
{
  CdTargetScheme scheme;
  gchar *text;
  gchar *path;
  gchar *host;
  guint16 port;
} CdTargetUri;

/**
 * Reads a URI. The message of an error repeats it and tells what is wrong in it.
 *
 * Errors: %CD_TARGET_ERROR_URI.
 *
 * Returns: %FALSE for one that no target can be made of; @self is then empty
 */
gboolean cd_target_uri_read(CdTargetUri *self, const gchar *text, GError **error);

/** Frees what it holds. */
void cd_target_uri_clear(CdTargetUri *self);

/**
 * Where records go when nobody says it: to the system's log, else to standard error.
 *
 * Returns: (transfer none) (array zero-terminated=1)
 */
const gchar *const *cd_target_get_default_uris(void);

/** The word before the colon. */
const gchar *cd_target_scheme_get_name(CdTargetScheme scheme);

#endif
