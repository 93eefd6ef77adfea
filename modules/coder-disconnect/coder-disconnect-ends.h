/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_ENDS_H
#define CODER_DISCONNECT_ENDS_H

#include "disconnect/judge.h"

/* The ends of connections that were seen lately, so that several lines about one end count once.
 *
 * Coder's agent writes two lines when it shuts a terminal down hard, and a line for the session
 * and one for the connection when SSH ends.  They join by host, remote and local address;
 * sessions of one connection that have ids of their own are ends of their own.  A run loop that
 * fails again and again with the same verdict has no address: it joins by host and verdict.
 *
 * A fixed table: when it is full of ends within the window, the oldest of its row goes. */
typedef struct _CoderEnds CoderEnds;

/* window: seconds within which a later line belongs to an earlier one, at least 1. */
CoderEnds *coder_ends_new(guint window);

void coder_ends_free(CoderEnds *self);

/* Notes a judged record of a host.
 *
 * Returns whether it tells of an end that was noted before; n_evicted receives how many other
 * ends had to be forgotten.  Safe with many threads. */
gboolean coder_ends_note(CoderEnds *self, CdText host, const CdStatement *statement,
                         const CdJudgement *judgement, guint *n_evicted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CoderEnds, coder_ends_free)

#endif
