/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/backoff.h"

static guint longest;

static guint
_note(guint max)
{
  longest = max;
  return max / 3;
}

static void
test_pauses_double_up_to_a_minute(void)
{
  const guint expected[] = { 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000 };
  CdBackoff backoff;

  cd_backoff_init(&backoff, _note);
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
    {
      g_assert_cmpuint(cd_backoff_next(&backoff), ==, expected[i] / 3);
      g_assert_cmpuint(longest, ==, expected[i]);
    }
}

static void
test_it_never_overflows(void)
{
  CdBackoff backoff;

  cd_backoff_init(&backoff, _note);
  for (guint i = 0; i < 1000; i++)
    cd_backoff_next(&backoff);
  g_assert_cmpuint(longest, ==, 60000);
}

static void
test_a_reset_starts_over(void)
{
  CdBackoff backoff;

  cd_backoff_init(&backoff, _note);
  for (guint i = 0; i < 5; i++)
    cd_backoff_next(&backoff);
  cd_backoff_reset(&backoff);
  cd_backoff_next(&backoff);
  g_assert_cmpuint(longest, ==, 1000);
}

/* A thousand first pauses: each within its second, and spread over all of it. */
static void
test_chance_fills_the_whole_range(void)
{
  guint low = 0, high = 0;

  for (guint i = 0; i < 1000; i++)
    {
      CdBackoff backoff;
      guint pause;

      cd_backoff_init(&backoff, NULL);
      pause = cd_backoff_next(&backoff);
      g_assert_cmpuint(pause, <=, 1000);
      low += pause < 250;
      high += pause > 750;
    }
  g_assert_cmpuint(low, >, 100);
  g_assert_cmpuint(high, >, 100);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/backoff/pauses-double-up-to-a-minute", test_pauses_double_up_to_a_minute);
  g_test_add_func("/backoff/it-never-overflows", test_it_never_overflows);
  g_test_add_func("/backoff/a-reset-starts-over", test_a_reset_starts_over);
  g_test_add_func("/backoff/chance-fills-the-whole-range", test_chance_fills_the_whole_range);
  return g_test_run();
}
