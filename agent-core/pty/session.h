/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_SESSION_H
#define CD_PTY_SESSION_H

#include "pty/client.h"

/** How far a session has come; it only goes forward (spec: coder-facts, b). */
typedef enum
{
  CD_PTY_SESSION_STARTING, /* its program is being started */
  CD_PTY_SESSION_READY,    /* it runs */
  CD_PTY_SESSION_CLOSING,  /* it has ended, or is being stopped: nobody can join any more */
  CD_PTY_SESSION_DONE,     /* no more output will come */
  CD_PTY_N_SESSION_STATES
} CdPtySessionState;

/**
 * CdPtySessionEvents:
 * @closing: nobody can join it any more
 * @done: it has ended, and no client needs it; the last that it tells, to free it
 *
 * What a session tells its owner.
 */
typedef struct _CdPtySessionEvents
{
  void (*closing)(CdPtySession *session, gpointer owner);
  void (*done)(CdPtySession *session, gpointer owner);
} CdPtySessionEvents;

/**
 * Starts a session as its first client asked for it.
 *
 * Errors: %CD_PTY_ERROR_START; the message says what could not be started and why.
 *
 * Returns: (transfer full): free with cd_pty_session_free()
 */
CdPtySession *cd_pty_session_new(CdPtyHost *host, const CdPtyInit *init,
                                 const CdPtySessionEvents *events, gpointer owner, GError **error);

/** Frees it, and kills what still runs. Its clients must have left. */
void cd_pty_session_free(CdPtySession *self);

/** Its id. */
const gchar *cd_pty_session_get_id(const CdPtySession *self);

/** A client joins it. */
void cd_pty_session_attach(CdPtySession *self, CdPtyClient *client);

/** A client that had joined needs it no more. */
void cd_pty_session_detach(CdPtySession *self, CdPtyClient *client);

/** A client's input. Returns: how many bytes were taken */
gsize cd_pty_session_type(CdPtySession *self, CdPtyClient *client, CdText input);

/** A client has asked for a size. */
void cd_pty_session_resize(CdPtySession *self, CdPtyClient *client);

/** A client has taken output. */
void cd_pty_session_set_pace(CdPtySession *self, CdPtyClient *client);

/** Gives a client, which has fallen behind, what a new one would get. */
void cd_pty_session_bring_back(CdPtySession *self, CdPtyClient *client);

/** Has the program hung up, and killed a while later. */
void cd_pty_session_stop(CdPtySession *self);

#endif
