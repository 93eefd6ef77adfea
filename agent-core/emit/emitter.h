/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_EMITTER_H
#define CD_EMITTER_H

#include "emit/feed.h"
#include "emit/histogram.h"
#include "emit/tally.h"

/**
 * CdEmitterTrouble:
 *
 * Receives each change of health, once, as a sentence for the log: of the spool (@is_well %FALSE
 * and the reason, later %TRUE) and of each target.
 */
typedef void (*CdEmitterTrouble)(const gchar *what, gboolean is_well, gpointer user_data);

/**
 * CdEmitterOptions:
 * @app_name: APP-NAME of the messages
 * @host: (nullable): HOSTNAME, %NULL for the system's
 * @pen: enterprise number
 * @folder: (nullable): of the spool; %NULL for memory alone
 * @size_max: bytes of the spool, 0 for the default
 * @drop: whose lines go when it is full
 * @uris: (nullable) (array zero-terminated=1): targets; %NULL for those that the folder keeps
 *   records for
 * @tls: (nullable): for `tls:` targets
 * @trouble: (nullable): told of trouble and of its end
 * @user_data: for @trouble
 */
typedef struct _CdEmitterOptions
{
  const gchar *app_name;
  const gchar *host;
  guint pen;
  const gchar *folder;
  guint64 size_max;
  CdSpoolDrop drop;
  const gchar *const *uris;
  const CdTargetTls *tls;
  CdEmitterTrouble trouble;
  gpointer user_data;
} CdEmitterOptions;

/**
 * CdEmitterFigures:
 * @spool: the spool's
 * @oldest_age: microseconds since the oldest record was accepted that a target has yet to get; 0
 *   where there is none
 * @accept_time: how long cd_emitter_accept() takes
 * @disconnects: the ends that were accepted
 * @n_targets: rows of @targets
 * @uris: of the targets
 * @targets: the targets'
 */
typedef struct _CdEmitterFigures
{
  CdSpoolFigures spool;
  gint64 oldest_age;
  CdHistogram accept_time;
  CdTally disconnects;
  guint n_targets;
  const gchar *uris[CD_SPOOL_CURSORS_MAX];
  CdFeedFigures targets[CD_SPOOL_CURSORS_MAX];
} CdEmitterFigures;

/**
 * CdEmitter:
 *
 * Takes records and brings them to every target, in order. A record that was accepted is never lost
 * silently, and accepting one never waits for a target. Works in the thread's default main context,
 * whose loop somebody has to run.
 */
typedef struct _CdEmitter CdEmitter;

/**
 * Checks the URIs and the TLS files as cd_target_check() does, opens the spool and starts the
 * targets. A URI may be given once.
 *
 * Errors: #CdSpoolError, #CdTargetError, #GFileError.
 *
 * Returns: (transfer full): free with cd_emitter_free()
 */
CdEmitter *cd_emitter_new(const CdEmitterOptions *options, GError **error);

/**
 * Closes the targets and the spool, which keeps what did not arrive, and frees it.
 *
 * Returns: how many records are lost with the process, as cd_spool_close() counts them
 */
guint64 cd_emitter_close(CdEmitter *self);

/** The same for who need not know. */
void cd_emitter_free(CdEmitter *self);

/**
 * Accepts a record: it is in the spool when this returns.
 *
 * Returns: its sequenceId
 */
guint32 cd_emitter_accept(CdEmitter *self, const CdRecord *record);

/** The id of this run, as in its messages. */
const gchar *cd_emitter_get_run_id(const CdEmitter *self);

/** Connects all targets at once, without the rest of their pauses: at SIGHUP. */
void cd_emitter_retry(CdEmitter *self);

/** Whether every target has all that was accepted. */
gboolean cd_emitter_is_done(CdEmitter *self);

/**
 * Runs the thread's default main context until cd_emitter_is_done(), until @seconds have passed, or
 * until @cancellable (nullable) is cancelled; what can be done without waiting is done in any case.
 */
gboolean cd_emitter_flush(CdEmitter *self, guint seconds, GCancellable *cancellable);

/**
 * The last flush: then parts from each stream as cd_feed_part() does, which takes a second at most.
 * A server that breaks off instead, without having read all, is tried again within @seconds. Who
 * never closes counts as having read.
 *
 * Returns: whether every target has all
 */
gboolean cd_emitter_finish(CdEmitter *self, guint seconds, GCancellable *cancellable);

/** How it stands. */
void cd_emitter_get_figures(const CdEmitter *self, CdEmitterFigures *figures);

/**
 * What keeps records from a target now, as cd_target_describe_hindrance().
 *
 * @nth: row of #CdEmitterFigures
 */
gchar *cd_emitter_describe_hindrance(const CdEmitter *self, guint nth);

/**
 * The targets of earlier runs that are not among those of this one.
 *
 * Returns: (transfer full): of #CdSpoolOther, by URI; free with g_ptr_array_unref()
 */
GPtrArray *cd_emitter_list_others(const CdEmitter *self);

/** Drops what waits for one of them. Returns: %FALSE where there is no such other target */
gboolean cd_emitter_forget(CdEmitter *self, const gchar *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdEmitter, cd_emitter_free)

#endif
