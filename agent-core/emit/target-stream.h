/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_STREAM_H
#define CD_TARGET_STREAM_H

#include "emit/target-link.h"

/** Watches the other side, and is open. */
void cd_stream_begin(CdLink *self);

/**
 * Takes a line, framed, and writes what fits; the rest before anything else. A line with a newline
 * is refused where newlines frame.
 */
CdTargetResult cd_stream_send(CdLink *self, CdText line);

/** Writes to the link's stream. */
gssize cd_stream_write(CdLink *self, CdText bytes, GError **error);

/** Waits until the link's stream takes more. */
void cd_stream_await(CdLink *self);

/** Goes on with the frame; for the source of @await. */
void cd_stream_resume(CdLink *self);

/** Bytes that are ours to write, or in the socket's queue. */
gsize cd_stream_get_unsent(const CdLink *self);

/**
 * The same once @error broke it: a unix socket's queue is empty then, whoever read it. It counts as
 * it was after the last write, unless the other side closed in order, having read everything.
 */
gsize cd_stream_get_unsent_at_end(const CdLink *self, const GError *error);

/**
 * Parts from the other side: half-closes, and waits for it to close, too. It has read all when it
 * does so in order. What it sent or did before counts as ever: a connection that is closed already
 * is broken.
 */
void cd_stream_part(CdLink *self);

/** Tells a plain socket's other side that nothing follows. */
gboolean cd_stream_half_close(CdLink *self, GError **error);

/** Reads what lies there: to close a socket over it would be a reset, which may cost lines. */
void cd_stream_close(CdLink *self);

#endif
