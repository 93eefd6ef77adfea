/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_COUNTERS_H
#define CODER_DISCONNECT_COUNTERS_H

#include "disconnect/label.h"

#include "stats/stats-counter.h"

/* A fixed number of counters, whatever senders say.  Clones of a parser share them. */
typedef struct
{
  StatsCounterItem *items[CD_N_COUNTERS];
} CoderCounters;

/* Registers the counters under the parser's name; they go on where an earlier configuration's
 * stood.  Pair with coder_counters_deinit() with the same id. */
void coder_counters_init(CoderCounters *self, const gchar *id);

void coder_counters_deinit(CoderCounters *self, const gchar *id);

/* Counts a record. */
void coder_counters_add(CoderCounters *self, CdSource source, const CdJudgement *judgement);

/* Counts a record about an end that another record has told of. */
void coder_counters_add_duplicate(CoderCounters *self);

/* Counts ends that the parser had to forget before their time. */
void coder_counters_add_evicted(CoderCounters *self, guint n_evicted);

/* Counts a broken message of which no verdict could be had. */
void coder_counters_add_malformed(CoderCounters *self);

#endif
