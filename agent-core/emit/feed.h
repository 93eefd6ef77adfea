/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_FEED_H
#define CD_FEED_H

#include "emit/sender.h"
#include "emit/spool.h"
#include "emit/target.h"

/** Bytes that a stream is sent again at most when its connection breaks. */
#define CD_FEED_UNSURE_MAX (1024 * 1024)

/** Microseconds until what was written to a stream counts as arrived. */
#define CD_FEED_UNSURE_TIME (5 * G_USEC_PER_SEC)

/** Milliseconds that a blind target has to take lines after trouble to count as reached again. */
#define CD_FEED_PROOF_TIME 2000

/**
 * CdFeedFigures:
 * @sent: lines
 * @repeated: those of them that were sent before
 * @dropped: lines that the spool's limit took from it
 * @refused: lines that the target will never take
 * @backlog: lines that wait, or may have to be sent again
 * @waiting: those that wait
 * @reconnects: how often it was connected again
 * @is_connected: now
 * @is_in_trouble: its connection broke, or could not be made
 */
typedef struct _CdFeedFigures
{
  guint64 sent;
  guint64 repeated;
  guint64 dropped;
  guint64 refused;
  guint64 backlog;
  guint64 waiting;
  guint64 reconnects;
  gboolean is_connected;
  gboolean is_in_trouble;
} CdFeedFigures;

/**
 * CdFeed:
 *
 * What goes from a cursor to a target. Plain syslog acknowledges nothing, so a line to a stream
 * stays uncommitted until it is %CD_FEED_UNSURE_TIME old and no longer in the socket's queue; when
 * the connection breaks before that, it is sent again with the same ids.
 */
typedef struct _CdFeed CdFeed;

/** Receives each change of health, once: @error says what is wrong, %NULL that all is well. */
typedef void (*CdFeedTrouble)(CdFeed *feed, const GError *error, gpointer user_data);

/**
 * Joins a cursor and a target, and starts the target.
 *
 * @cursor: (transfer none)
 * @target: (transfer full)
 * @sender: (transfer none): writes the messages about lost lines
 * @trouble: (nullable): told of trouble and of its end
 *
 * Returns: (transfer full): free with cd_feed_free() before the spool is closed
 */
CdFeed *cd_feed_new(CdCursor *cursor, CdTarget *target, CdSender *sender, CdFeedTrouble trouble,
                    gpointer user_data);

/** Commits what has surely arrived, and frees it. */
void cd_feed_free(CdFeed *self);

/** Something was appended to the spool. */
void cd_feed_wake(CdFeed *self);

/** Connects at once, without the rest of a pause. */
void cd_feed_retry(CdFeed *self);

/** Whether the target has all there is: nothing waits, and no byte is in the socket's queue. */
gboolean cd_feed_is_done(CdFeed *self);

/**
 * Parts from a stream that has all there is: tells it that nothing follows. Once it closes in order
 * it has read all, and what was unsure is committed. When it breaks off instead, all that is sent
 * again, as ever. Where nothing is unsure, nothing happens.
 */
void cd_feed_part(CdFeed *self);

/** Whether the other side has yet to answer to that. */
gboolean cd_feed_is_parting(const CdFeed *self);

/** How it stands. */
void cd_feed_get_figures(const CdFeed *self, CdFeedFigures *figures);

/** As cd_target_describe_hindrance(), or that lines are being sent. */
gchar *cd_feed_describe_hindrance(const CdFeed *self);

/** The target's URI. */
const gchar *cd_feed_get_uri(const CdFeed *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdFeed, cd_feed_free)

#endif
