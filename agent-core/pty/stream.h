/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_STREAM_H
#define CD_PTY_STREAM_H

#include "process/child.h"
#include "pty/ring.h"

/** Bytes of input that wait for the program at most. */
#define CD_PTY_INPUT_MAX (64 * 1024)

/** How far the fastest reader may be behind while the program runs; then it is paused. */
#define CD_PTY_LAG_MAX (64 * 1024)

/**
 * CdPtyStream:
 *
 * A program on a pseudo terminal: its output in a ring, its input in a queue, its end. It reads no
 * faster than cd_pty_stream_set_pace() lets it.
 *
 * Once the program has ended, what it left in the terminal is read: until the terminal hangs up, or
 * is quiet for 50 ms, at most for a second (spec: ssh-pty, 6).
 */
typedef struct _CdPtyStream CdPtyStream;

/**
 * CdPtyStreamEvents:
 * @output: there is more in the ring
 * @writable: the queue, which was full, takes input again
 * @ended: the program has ended; more output may come
 * @drained: no more output will come; last of all
 *
 * What a stream tells. It must not be freed in them, but for @drained.
 */
typedef struct _CdPtyStreamEvents
{
  void (*output)(gpointer owner);
  void (*writable)(gpointer owner);
  void (*ended)(const CdChildEnd *end, gpointer owner);
  void (*drained)(gpointer owner);
} CdPtyStreamEvents;

/**
 * Starts a program, with a terminal of the given size. @child's pair is set here.
 *
 * Errors: #GFileError for the terminal, #GSpawnError for the program.
 *
 * Returns: (transfer full): free with cd_pty_stream_free()
 */
CdPtyStream *cd_pty_stream_new(const CdChildOptions *child, guint16 rows, guint16 columns,
                               const CdPtyStreamEvents *events, gpointer owner, GError **error);

/** Frees it, and kills a program that still runs. */
void cd_pty_stream_free(CdPtyStream *self);

/** Its output. */
const CdRing *cd_pty_stream_get_ring(const CdPtyStream *self);

/** Queues input. Returns: how many bytes of it were taken; all of them after the program's end */
gsize cd_pty_stream_write(CdPtyStream *self, CdText input);

/** The terminal has a new size. */
void cd_pty_stream_resize(CdPtyStream *self, guint16 rows, guint16 columns);

/** The furthest offset that a reader has come to; %G_MAXUINT64 where there is no reader. */
void cd_pty_stream_set_pace(CdPtyStream *self, guint64 offset);

/** The offset that the output must not pass; %G_MAXUINT64 for none. */
void cd_pty_stream_set_limit(CdPtyStream *self, guint64 offset);

/** Has the program hung up, and killed a while later. */
void cd_pty_stream_stop(CdPtyStream *self);

/** Whether the program takes every key as it comes, instead of lines. */
gboolean cd_pty_stream_is_raw(const CdPtyStream *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdPtyStream, cd_pty_stream_free)

#endif
