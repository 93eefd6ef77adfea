/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_HOST_H
#define CD_PTY_HOST_H

#include "emit/connection-report.h"
#include "emit/emitter.h"
#include "process/inherited.h"
#include "process/user.h"

/** What restores the screen of who comes back. */
typedef enum
{
  CD_PTY_BACKEND_TERMINAL, /* what draws it */
  CD_PTY_BACKEND_BUFFERED, /* the last bytes */
  CD_PTY_BACKEND_SCREEN,   /* screen(1), which is one client's terminal each */
  CD_PTY_N_BACKENDS
} CdPtyBackend;

/**
 * CdPtySettings:
 * @backend: where a client names none
 * @init_timeout_ms: until the first message has to be complete
 * @attach_timeout_ms: until a session has to be able to take a client
 * @idle_timeout_ms: until a session without clients is ended
 * @sleep_timeout_ms: until a screen without output gives its memory back
 * @flush_timeout_ms: until a client has to have taken the last output, and to have closed
 * @max_sessions: at a time
 * @max_connections: at a time
 * @with_token: whether sessions get the agent's token in their environment
 */
typedef struct _CdPtySettings
{
  CdPtyBackend backend;
  guint init_timeout_ms;
  guint attach_timeout_ms;
  guint idle_timeout_ms;
  guint sleep_timeout_ms;
  guint flush_timeout_ms;
  guint max_sessions;
  guint max_connections;
  gboolean with_token;
} CdPtySettings;

/** What can fail in a terminal's service; names are upstream's. */
typedef enum
{
  CD_PTY_FAILURE_CREATE_COMMAND, /* a session could not be started */
  CD_PTY_FAILURE_WRITE,          /* a client could not be written to */
  CD_PTY_N_FAILURES
} CdPtyFailure;

/**
 * CdPtyFigures:
 * @connections: accepted, ever
 * @silent_connections: of them those that ended before their first byte, and have no record
 * @refused_connections: closed at once: another user's, or far too many
 * @sessions: started, ever
 * @idle_sessions: of them those that ended without a client, and have no record
 * @errors: records that are not expected
 * @failures: by #CdPtyFailure
 * @n_connections: now
 * @n_sessions: now
 */
typedef struct _CdPtyFigures
{
  guint64 connections;
  guint64 silent_connections;
  guint64 refused_connections;
  guint64 sessions;
  guint64 idle_sessions;
  guint64 errors;
  guint64 failures[CD_PTY_N_FAILURES];
  guint n_connections;
  guint n_sessions;
} CdPtyFigures;

/**
 * CdPtyHost:
 * @emitter: (transfer none): takes the records
 * @reports: (transfer none) (nullable): takes the reports for coderd
 * @user: (transfer none): whose sessions they are
 * @inherited: (transfer none): what sessions get again
 * @settings: how
 * @figures: what happened
 * @is_closing: whether the agent is going away
 *
 * What all sessions and connections of a server share.
 */
typedef struct _CdPtyHost
{
  CdEmitter *emitter;
  CdReports *reports;
  const CdUser *user;
  const CdInherited *inherited;
  CdPtySettings settings;
  CdPtyFigures figures;
  gboolean is_closing;
} CdPtyHost;

/** The settings that apply where nobody names others. */
void cd_pty_settings_init(CdPtySettings *self);

/** The backend with this name; empty and `auto` are the default's. Returns: %FALSE for others */
gboolean cd_pty_host_find_backend(const CdPtyHost *self, const gchar *name, CdPtyBackend *backend);

/** A failure's name, as in metrics. */
const gchar *cd_pty_failure_get_name(CdPtyFailure failure);

/** A backend's name. */
const gchar *cd_pty_backend_get_name(CdPtyBackend backend);

#endif
