/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CLIENT_H
#define CD_CLIENT_H

#include "detach-key.h"

#include <gio/gio.h>

/** Seconds that an agent gets for its part of an orderly end. */
#define CD_CLIENT_PATIENCE 5

/** What is done when standard input has come to its end. */
typedef enum
{
  CD_AT_EOF_END,    /* types Ctrl-D, unless nothing was read at all */
  CD_AT_EOF_WAIT,   /* nothing */
  CD_AT_EOF_DETACH, /* leaves */
  CD_AT_EOF_FAIL,   /* leaves too, as after an error: a terminal has no end */
} CdAtEof;

/**
 * CdLeaving:
 * @CD_LEAVING_NOT: not at all, the agent closed
 * @CD_LEAVING_KEY: the user detached
 * @CD_LEAVING_EOF: standard input has ended, and that is to detach
 * @CD_LEAVING_ASKED: cd_client_leave()
 * @CD_LEAVING_INPUT: standard input cannot be read
 * @CD_LEAVING_OUTPUT: standard output cannot be written
 *
 * Why the client left.
 */
typedef enum
{
  CD_LEAVING_NOT,
  CD_LEAVING_KEY,
  CD_LEAVING_EOF,
  CD_LEAVING_ASKED,
  CD_LEAVING_INPUT,
  CD_LEAVING_OUTPUT,
} CdLeaving;

/**
 * CdClient:
 *
 * The exchange between standard input and output and an agent, until one of them leaves. Its
 * sources run in the default main context.
 */
typedef struct _CdClient CdClient;

/** Learns of the end, once. @error: (nullable): what went wrong; %NULL for an end in order */
typedef void (*CdClientEnded)(CdLeaving leaving, const GError *error, gpointer user_data);

/**
 * CdClientOptions:
 * @socket: of the connection; stays the caller's
 * @detach_key: what detaches; %CD_DETACH_KEY_NONE for nothing
 * @at_eof: when standard input has come to its end
 * @ended: called from the main loop
 * @user_data: for it
 */
typedef struct _CdClientOptions
{
  gint socket;
  gint detach_key;
  CdAtEof at_eof;
  CdClientEnded ended;
  gpointer user_data;
} CdClientOptions;

/** Begins. @frame: what the agent gets first */
CdClient *cd_client_new(const CdClientOptions *options, const GString *frame);

/** Whether the agent has sent anything. */
gboolean cd_client_has_received(const CdClient *self);

/** Tells the agent the size of the terminal. */
void cd_client_resize(CdClient *self, guint16 rows, guint16 columns);

/**
 * Leaves: what was typed is sent, the agent learns that no more comes, and gets
 * %CD_CLIENT_PATIENCE seconds to close. What it still sends is not shown.
 */
void cd_client_leave(CdClient *self);

/** Ends it without a word. */
void cd_client_free(CdClient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdClient, cd_client_free)

#endif
