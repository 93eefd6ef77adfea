/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/histogram.h"

static void
test_bounds_grow(void)
{
  for (guint i = 1; i <= CD_HISTOGRAM_BUCKETS; i++)
    g_assert_cmpint(cd_histogram_get_bound(i), >, cd_histogram_get_bound(i - 1));
  g_assert_cmpint(cd_histogram_get_bound(CD_HISTOGRAM_BUCKETS), ==, G_MAXINT64);
}

static void
test_a_bound_is_in_its_bucket(void)
{
  for (guint i = 0; i < CD_HISTOGRAM_BUCKETS; i++)
    {
      CdHistogram histogram = { 0 };

      cd_histogram_add(&histogram, cd_histogram_get_bound(i));
      cd_histogram_add(&histogram, cd_histogram_get_bound(i) + 1);
      g_assert_cmpuint(histogram.counts[i], ==, 1);
      g_assert_cmpuint(histogram.counts[i + 1], ==, 1);
      g_assert_cmpuint(histogram.count, ==, 2);
      g_assert_cmpuint(histogram.sum, ==, 2 * (guint64) cd_histogram_get_bound(i) + 1);
    }
}

static void
test_quantiles(void)
{
  CdHistogram histogram = { 0 };

  g_assert_cmpint(cd_histogram_get_quantile(&histogram, 0.99), ==, 0);
  for (guint i = 0; i < 99; i++)
    cd_histogram_add(&histogram, 4000);
  cd_histogram_add(&histogram, G_GINT64_CONSTANT(60000000000));
  g_assert_cmpint(cd_histogram_get_quantile(&histogram, 0.5), ==, 5000);
  g_assert_cmpint(cd_histogram_get_quantile(&histogram, 0.99), ==, 5000);
  g_assert_cmpint(cd_histogram_get_quantile(&histogram, 0.995), ==, G_MAXINT64);
}

static void
test_the_clock_grows(void)
{
  gint64 before = cd_histogram_now();

  while (cd_histogram_now() == before)
    ;
  g_assert_cmpint(cd_histogram_now(), >, before);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/histogram/bounds-grow", test_bounds_grow);
  g_test_add_func("/histogram/a-bound-is-in-its-bucket", test_a_bound_is_in_its_bucket);
  g_test_add_func("/histogram/quantiles", test_quantiles);
  g_test_add_func("/histogram/the-clock-grows", test_the_clock_grows);
  return g_test_run();
}
