/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BENCH_PIPES_H
#define BENCH_PIPES_H

#include "logpipe.h"

/* Pairs of a verdict begin so.  Those that are not ours have a prefix of their own: a name takes
 * its place in a message by who used it first, and ours shall stand as they do in real life. */
#define BENCH_PREFIX ".coder."
#define BENCH_OTHER_PREFIX ".plain."

/* Tags of a verdict begin so. */
#define BENCH_TAG_PREFIX "coder."

/* The end of every path: keeps what arrives until the clock has stopped. */
typedef struct _BenchSink
{
  LogPipe super;
  LogMessage **arrived;
  guint n_arrived;
} BenchSink;

/* Makes a sink for at most n_messages at a time.  Free with bench_sink_free(). */
BenchSink *bench_sink_new(guint n_messages);

/* Lets go of what has arrived. */
void bench_sink_empty(BenchSink *self);

void bench_sink_free(BenchSink *self);

/* A pipe that sets the pairs and tags of a verdict, which it copies from a message, and does
 * nothing else: what syslog-ng itself takes for them. */
LogPipe *bench_setter_new(const LogMessage *message);

/* How many pairs of a verdict a message has. */
guint bench_count_pairs(const LogMessage *message);

/* How many tags of a verdict a message has. */
guint bench_count_tags(const LogMessage *message);

#endif
