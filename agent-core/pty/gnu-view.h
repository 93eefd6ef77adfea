/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_GNU_VIEW_H
#define CD_GNU_VIEW_H

#include "pty/client.h"
#include "pty/gnu-screen.h"
#include "pty/stream.h"

/**
 * CdGnuView:
 * @owner: told of its stream's end
 * @client: who looks; %NULL once that one has left
 * @stream: a client of screen(1) in a terminal; %NULL until it is its turn
 * @is_ready: whether the session has answered since it began
 * @is_drained: whether no more output will come
 *
 * What one client sees of a session of screen(1).
 */
typedef struct _CdGnuView
{
  gpointer owner;
  CdPtyClient *client;
  CdPtyStream *stream;
  gboolean is_ready;
  gboolean is_drained;
} CdGnuView;

/** Frees it, and what runs in its terminal. */
void cd_gnu_view_free(CdGnuView *self);

/**
 * Starts a client of screen in a terminal of its client's size.
 *
 * @events: told with the view as owner
 *
 * Errors: those of cd_pty_stream_new()
 */
gboolean cd_gnu_view_open(CdGnuView *self, const CdPtyHost *host, const CdGnuScreen *screen,
                          const CdPtyStreamEvents *events, GError **error);

/** The one of this client among @views. */
CdGnuView *cd_gnu_view_find(const GPtrArray *views, const CdPtyClient *client);

/** The first among @views that has not started. Returns: (nullable) */
CdGnuView *cd_gnu_view_find_waiting(const GPtrArray *views);

/** Whether more may come from its terminal. */
gboolean cd_gnu_view_is_running(const CdGnuView *self);

/** Has what runs in its terminal hung up. */
void cd_gnu_view_stop(CdGnuView *self);

/** It has a client that takes output no further than it has. */
void cd_gnu_view_set_pace(CdGnuView *self);

/** There is more output, or its client has left: without one it is hung up. */
void cd_gnu_view_flush(CdGnuView *self);

/** The session has answered: it takes input now. */
void cd_gnu_view_be_ready(CdGnuView *self);

/** Why its terminal's program has ended before its time: the last that it said, in one line. */
gchar *cd_gnu_view_get_last_words(const CdGnuView *self);

/**
 * Notes the end of what runs in its terminal. That is the program's end, of which screen tells no
 * more: graceful, `screen ended`; unless its client of screen was killed, or has failed.
 */
void cd_gnu_view_note_end(CdGnuView *self, const CdChildEnd *end);

/** Notes that the program has ended. */
void cd_gnu_view_note_program_end(CdGnuView *self);

#endif
