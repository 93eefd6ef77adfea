/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_SESSION_STATE_H
#define CD_PTY_SESSION_STATE_H

#include "process/child.h"
#include "pty/command.h"
#include "pty/container.h"
#include "pty/session.h"

/**
 * CdPtyKind:
 * @start: makes what serves the session's clients; %NULL with an error where that cannot be
 * @free: (nullable): frees it, and ends at once what it has started
 * @attach: a client has come; it is in the session's array
 * @detach: a client has left; it is in the session's array no more
 * @type: as cd_pty_session_type()
 * @resize: a client has a new size
 * @set_pace: a client has taken output
 * @bring_back: as cd_pty_session_bring_back()
 * @stop: has what runs ended; cd_pty_session_be_done() follows
 *
 * What differs between one program with one output for all clients, and a screen that has a
 * program of its own for each.
 */
typedef struct _CdPtyKind
{
  gpointer (*start)(CdPtySession *session, GError **error);
  void (*free)(gpointer self);
  void (*attach)(gpointer self, CdPtyClient *client);
  void (*detach)(gpointer self, CdPtyClient *client);
  gsize (*type)(gpointer self, CdPtyClient *client, CdText input);
  void (*resize)(gpointer self, CdPtyClient *client);
  void (*set_pace)(gpointer self, CdPtyClient *client);
  void (*bring_back)(gpointer self, CdPtyClient *client);
  void (*stop)(gpointer self);
} CdPtyKind;

/** What the files of the session share. */
struct _CdPtySession
{
  CdPtyHost *host;
  const CdPtySessionEvents *events;
  gpointer owner;
  gchar id[CD_PTY_ID_SIZE];
  guint16 rows; /* as the first client asked for, or the default */
  guint16 columns;
  CdPtyBackend backend;
  gchar *asked;              /* the command as the first client asked for it */
  CdPtyContainer *container; /* NULL for none */
  CdPtyCommand *command;     /* NULL until its container is there */
  CdPtySessionState state;
  const CdPtyKind *kind;
  gpointer served;    /* what the kind has started; NULL before that */
  GPtrArray *clients; /* of CdPtyClient, not owned */
  guint64 n_acts;     /* of all clients */
  GSource *idle;
  GSource *farewell;
};

/** One program, whose output all clients get. */
extern const CdPtyKind cd_pty_shared_kind;

/** One screen(1), of which each client has a terminal of its own. */
extern const CdPtyKind cd_pty_gnu_screen_kind;

/** It can be used. */
void cd_pty_session_be_ready(CdPtySession *self);

/** Notes that a client's session could not be started. */
void cd_pty_session_note_failure(CdPtyClient *client, const gchar *why);

/** It could not be started: that is how all its clients end. cd_pty_session_be_done() follows. */
void cd_pty_session_fail(CdPtySession *self, const gchar *why);

/**
 * Its program has ended as @end tells, %NULL for nobody knows; before a client's eyes or not.
 * Clients' ends are noted by the kind.
 */
void cd_pty_session_begin_end(CdPtySession *self, const CdChildEnd *end, gboolean was_seen);

/** No more output will come for any client; the end of each is noted. */
void cd_pty_session_be_done(CdPtySession *self);

/** Calls it for each client; one that fails takes itself out of the array. */
void cd_pty_session_for_each_client(CdPtySession *self, void (*func)(CdPtyClient *client));

#endif
