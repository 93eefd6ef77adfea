/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_LINK_H
#define CD_TARGET_LINK_H

#include "emit/backoff.h"
#include "emit/target-uri.h"
#include "emit/target.h"

/**
 * CdTargetTuning:
 * @step_ms: how long resolving, connecting and the handshake may take, each
 * @keep_idle_s: silence before the first keepalive
 * @keep_interval_s: between two of them
 * @keep_count: unanswered ones before the peer counts as gone
 * @user_timeout_ms: how long the peer's kernel may owe an acknowledgement
 * @send_buffer: bytes of the socket's queue, 0 for the system's
 * @stderr_fd: standard error
 * @random: (nullable): where the pauses' chance comes from
 * @clock: microseconds that only grow
 *
 * What tests set otherwise than the world has it.
 */
typedef struct _CdTargetTuning
{
  guint step_ms;
  gint keep_idle_s;
  gint keep_interval_s;
  gint keep_count;
  gint user_timeout_ms;
  gint send_buffer;
  gint stderr_fd;
  CdBackoffRandom random;
  gint64 (*clock)(void);
} CdTargetTuning;

/** Changes a target's tuning, before cd_target_start(). */
CdTargetTuning *cd_target_get_tuning(CdTarget *self);

/**
 * CdLinkStep:
 * @missed: what did not happen in its time
 * @going_on: what has not happened yet
 *
 * A step on the way to a connection.
 */
typedef struct _CdLinkStep
{
  const gchar *missed;
  const gchar *going_on;
} CdLinkStep;

typedef struct _CdLink CdLink;

/**
 * CdLinkEvents:
 * @opened: it can take lines
 * @writable: it can take lines again
 * @broken: it failed; called once, from anywhere; close it
 * @parted: after cd_stream_part(): the other side read all and closed, too; close it
 *
 * What a link tells its owner. @opened, @writable and @parted come as the last thing of a turn of
 * the loop, so that the owner may close the link in them.
 */
typedef struct _CdLinkEvents
{
  void (*opened)(gpointer owner);
  void (*writable)(gpointer owner);
  void (*broken)(gpointer owner, const GError *error);
  void (*parted)(gpointer owner);
} CdLinkEvents;

/**
 * CdLinkKind:
 * @type: of the socket
 * @has_counted_frames: octet counting (RFC 6587), else a newline behind each line
 * @is_stream: whether bytes are on their way for a while
 * @is_blind: whether that it is open says nothing of the other side
 * @open: begins; ends in cd_link_opened() or cd_link_break()
 * @connected: (nullable): goes on with a connected socket
 * @send: takes a line, or not
 * @write: (nullable): for streams: writes what fits, else fails with %G_IO_ERROR_WOULD_BLOCK
 * @await: calls cd_link_set_writable() with a source for the moment when it fits again
 * @half_close: (nullable): for streams: tells the other side that nothing follows; must not wait
 * @close: (nullable): what the protocol wants before the socket is closed; must not wait
 */
typedef struct _CdLinkKind
{
  GSocketType type;
  gboolean has_counted_frames;
  gboolean is_stream;
  gboolean is_blind;
  void (*open)(CdLink *self);
  void (*connected)(CdLink *self);
  CdTargetResult (*send)(CdLink *self, CdText line);
  gssize (*write)(CdLink *self, CdText bytes, GError **error);
  void (*await)(CdLink *self);
  gboolean (*half_close)(CdLink *self, GError **error);
  void (*close)(CdLink *self);
} CdLinkKind;

/**
 * CdLink:
 *
 * One connection, from the attempt to its end; never used twice. Operations that run hold a
 * reference, so that what comes of them after cd_link_close() finds it, and finds @owner %NULL.
 * Use it from one thread.
 */
struct _CdLink
{
  guint n_references;
  const CdLinkKind *kind;
  const CdLinkEvents *events;
  gpointer owner;

  /* The owner's, while there is one. */
  const CdTargetUri *uri;
  const CdTargetTls *tls;
  const CdTargetTuning *tuning;

  GCancellable *cancellable;
  GSource *deadline;
  GSource *readable;
  GSource *writable;
  const CdLinkStep *step;

  GSocketConnection *connection;
  GIOStream *stream; /* what lines go to: the connection, or TLS over it */
  GTlsCertificateFlags flaws;
  gboolean is_shaken;

  GString *frame; /* the line that is being written, and its framing */
  gsize written;
  gsize queued; /* bytes in the socket's queue after the last write */
  gboolean is_parting;

  gint own_fd; /* standard error's, -1 for none */
};

/** The kind of link for a scheme. */
const CdLinkKind *cd_link_kind_get(CdTargetScheme scheme);

/** Makes a link, without opening it. */
CdLink *cd_link_new(const CdLinkKind *kind, const CdLinkEvents *events, gpointer owner);

/** One holder more. Returns: @self */
CdLink *cd_link_ref(CdLink *self);

/** One holder less. */
void cd_link_unref(CdLink *self);

/** Ends it at once, with what runs for it, and drops the owner's reference. */
void cd_link_close(CdLink *self);

/** Whether its owner has closed it. */
static inline gboolean
cd_link_is_closed(const CdLink *self)
{
  return self->owner == NULL;
}

/** It is open. The caller does no more with it. */
void cd_link_opened(CdLink *self);

/** It is broken. @error is the caller's. */
void cd_link_break(CdLink *self, const GError *error);

/** Begins a step that has its time. */
void cd_link_begin_step(CdLink *self, const CdLinkStep *step);

/** The step is done. */
void cd_link_end_step(CdLink *self);

/** Has a source run @callback, with a reference to the link. @source: (transfer full) */
void cd_link_set_readable(CdLink *self, GSource *source, GSourceFunc callback);

/** The same for the moment when lines can be written again. */
void cd_link_set_writable(CdLink *self, GSource *source, GSourceFunc callback);

/** No such source any more. */
void cd_link_clear_writable(CdLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdLink, cd_link_unref)

#endif
