/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_ENDS_H
#define CODER_DISCONNECT_ENDS_H

#include "disconnect/judge.h"

/* The ends of connections that were seen lately, so that several lines about one end count once.
 *
 * Coder's agent writes two lines when it shuts a terminal down hard, and a line for the session
 * and one for the connection when SSH ends.  They join by host, remote and local address;
 * sessions of one connection that have ids of their own are ends of their own.  A run loop that
 * fails again and again with the same verdict has no address: it joins by host and verdict.  The
 * window of an end begins with the line that counts; duplicates do not prolong it, but for those of
 * a run loop.
 *
 * A fixed table: when it is full of ends within the window, the oldest of its row goes. */
typedef struct _CoderEnds CoderEnds;

/* What a judged record is known by.  CODER_END_NONE is never known. */
typedef enum
{
  CODER_END_NONE,
  CODER_END_SESSION,    /* one session of a peer, by its id */
  CODER_END_CONNECTION, /* all that a host has told of one remote address */
  CODER_END_RUN_LOOP,   /* the run loop of a host, by verdict */
} CoderEndKind;

typedef struct
{
  CoderEndKind kind;
  guint64 own_key;
  guint64 peer_key; /* of sessions and connections */
  guint32 local;    /* hash of the local address, 0 where the line does not know it */
} CoderEndId;

/* window: seconds within which a later line belongs to an earlier one, at least 1. */
CoderEnds *coder_ends_new(guint window);

void coder_ends_free(CoderEnds *self);

/* Finds out what a judged record of a host is known by, and fetches its places in the table, which
 * takes longer than all the rest: call it some time before coder_ends_note(). */
void coder_ends_identify(const CoderEnds *self, CoderEndId *id, CdText host,
                         const CdStatement *statement, const CdVerdict *verdict);

/* Notes an end.
 *
 * Returns whether it was noted before; n_evicted receives how many other ends had to be forgotten.
 * Safe with many threads. */
gboolean coder_ends_note(CoderEnds *self, const CoderEndId *id, guint *n_evicted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CoderEnds, coder_ends_free)

#endif
