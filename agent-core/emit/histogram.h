/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_HISTOGRAM_H
#define CD_HISTOGRAM_H

#include <glib.h>

/** Buckets; one more has what is over the last one's bound. */
#define CD_HISTOGRAM_BUCKETS 14

/**
 * CdHistogram:
 * @counts: how many durations, bucket by bucket
 * @count: of all of them
 * @sum: of all of them, in nanoseconds
 *
 * How long something took, from 1 microsecond to 50 milliseconds. Zeroed it is empty.
 */
typedef struct _CdHistogram
{
  guint64 counts[CD_HISTOGRAM_BUCKETS + 1];
  guint64 count;
  guint64 sum;
} CdHistogram;

/** Nanoseconds of a clock that only grows. */
gint64 cd_histogram_now(void);

/** Counts a duration. */
void cd_histogram_add(CdHistogram *self, gint64 nanoseconds);

/** The longest duration of a bucket, in nanoseconds. */
gint64 cd_histogram_get_bound(guint bucket);

/**
 * The bound of the bucket that this part of all durations (0 to 1) does not exceed, 0.99 say.
 *
 * Returns: nanoseconds; %G_MAXINT64 over the last bound, 0 where it is empty
 */
gint64 cd_histogram_get_quantile(const CdHistogram *self, gdouble part);

#endif
