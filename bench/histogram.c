/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "histogram.h"

#include <stdio.h>

#define BUCKET_NS 100

void
bench_histogram_count(BenchHistogram *self, gdouble ns)
{
  guint64 bucket = (guint64) (ns / BUCKET_NS);

  self->buckets[MIN(bucket, BENCH_HISTOGRAM_BUCKETS)]++;
  self->count++;
  self->longest = MAX(self->longest, ns);
}

gdouble
bench_histogram_get(const BenchHistogram *self, gdouble part)
{
  guint64 wanted = (guint64) (part * (gdouble) self->count);
  guint64 seen = 0;

  for (guint i = 0; i <= BENCH_HISTOGRAM_BUCKETS; i++)
    if ((seen += self->buckets[i]) > wanted)
      return (i + 1) * (BUCKET_NS / 1000.0);
  return 0;
}

void
bench_histogram_print(const BenchHistogram *self, const gchar *title)
{
  printf("%-34s p50 %6.1f us  p99 %6.1f us  p99.9 %7.1f us  longest %8.1f us\n", title,
         bench_histogram_get(self, 0.5), bench_histogram_get(self, 0.99),
         bench_histogram_get(self, 0.999), self->longest / 1000);
}
