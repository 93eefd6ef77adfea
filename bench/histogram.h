/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <glib.h>

/* Buckets of 0.1 us, and one for all that is longer. */
#define BENCH_HISTOGRAM_BUCKETS 200000

typedef struct _BenchHistogram
{
  guint64 buckets[BENCH_HISTOGRAM_BUCKETS + 1];
  guint64 count;
  gdouble longest;
} BenchHistogram;

/* Counts a time in nanoseconds. */
void bench_histogram_count(BenchHistogram *self, gdouble ns);

/* Returns: microseconds that so large a part of the times did not pass; 0 for none. */
gdouble bench_histogram_get(const BenchHistogram *self, gdouble part);

/* Prints a row: p50, p99, p99.9 and the longest. */
void bench_histogram_print(const BenchHistogram *self, const gchar *title);

#endif
