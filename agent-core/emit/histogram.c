/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/histogram.h"

#include <time.h>

#define MICROSECONDS(n) ((n) *G_GINT64_CONSTANT(1000))
#define NS_PER_SECOND G_GINT64_CONSTANT(1000000000)

static const gint64 bounds[] = {
  MICROSECONDS(1),     MICROSECONDS(2),     MICROSECONDS(5),    MICROSECONDS(10),
  MICROSECONDS(20),    MICROSECONDS(50),    MICROSECONDS(100),  MICROSECONDS(200),
  MICROSECONDS(500),   MICROSECONDS(1000),  MICROSECONDS(2000), MICROSECONDS(5000),
  MICROSECONDS(20000), MICROSECONDS(50000),
};
G_STATIC_ASSERT(G_N_ELEMENTS(bounds) == CD_HISTOGRAM_BUCKETS);

gint64
cd_histogram_now(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

void
cd_histogram_add(CdHistogram *self, gint64 nanoseconds)
{
  guint bucket = 0;

  while (bucket < CD_HISTOGRAM_BUCKETS && nanoseconds > bounds[bucket])
    bucket++;
  self->counts[bucket]++;
  self->count++;
  self->sum += (guint64) MAX(nanoseconds, 0);
}

gint64
cd_histogram_get_bound(guint bucket)
{
  return bucket < CD_HISTOGRAM_BUCKETS ? bounds[bucket] : G_MAXINT64;
}

gint64
cd_histogram_get_quantile(const CdHistogram *self, gdouble part)
{
  guint64 n = 0;

  if (!self->count)
    return 0;
  for (guint i = 0; i < CD_HISTOGRAM_BUCKETS; i++)
    {
      n += self->counts[i];
      if ((gdouble) n >= part * (gdouble) self->count)
        return bounds[i];
    }
  return G_MAXINT64;
}
