/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/window.h"

#include "../../support/unit.h"

#define NEVER G_MININT64
#define ALWAYS G_MAXINT64

static void
add_lines(CdWindow *self, guint n_lines, gsize length)
{
  while (n_lines-- > 0)
    cd_window_add(self, length, FALSE);
}

static guint64
settle(CdWindow *self, gint64 latest, gsize bytes_max, gsize unsent)
{
  gboolean has_notice;
  guint64 n_lines = cd_window_settle(self, latest, bytes_max, unsent, &has_notice);

  g_assert_false(has_notice);
  return n_lines;
}

static void
test_what_is_young_and_little_stays(void)
{
  CdWindow window = { 0 };

  add_lines(&window, 10, 100);
  g_assert_cmpuint(settle(&window, NEVER, 1000, 0), ==, 0);
  cd_window_clear(&window);
}

static void
test_what_is_old_is_sure(void)
{
  CdWindow window = { 0 };

  add_lines(&window, 10, 100);
  g_assert_cmpuint(settle(&window, ALWAYS, G_MAXSIZE, 0), ==, 10);
  g_assert_true(cd_window_is_empty(&window));
}

static void
test_what_is_too_much_goes_and_no_more(void)
{
  CdWindow window = { 0 };

  add_lines(&window, 10, 100);
  g_assert_cmpuint(settle(&window, NEVER, 650, 0), ==, 4);
  g_assert_cmpuint(window.bytes, ==, 600);
  cd_window_clear(&window);
}

static void
test_what_is_in_the_queue_is_never_sure(void)
{
  CdWindow window = { 0 };

  add_lines(&window, 10, 100);
  g_assert_cmpuint(settle(&window, ALWAYS, 0, 250), ==, 7);
  g_assert_cmpuint(settle(&window, ALWAYS, 0, 250), ==, 0);
  cd_window_clear(&window);
}

static void
test_a_notice_is_no_line(void)
{
  CdWindow window = { 0 };
  gboolean has_notice;

  cd_window_add(&window, 50, TRUE);
  add_lines(&window, 2, 100);
  g_assert_cmpuint(cd_window_settle(&window, ALWAYS, 0, 0, &has_notice), ==, 2);
  g_assert_true(has_notice);
}

static void
test_a_queue_that_stands_is_a_stall(void)
{
  CdWindow window = { 0 };

  add_lines(&window, 10, 100);
  g_assert_false(cd_window_is_stalled(&window, 600));
  g_assert_true(cd_window_is_stalled(&window, 600));
  add_lines(&window, 2, 100);
  g_assert_true(cd_window_is_stalled(&window, 810));
  g_assert_false(cd_window_is_stalled(&window, 500));
  cd_window_clear(&window);
}

static void
test_an_empty_queue_is_none(void)
{
  CdWindow window = { 0 };

  add_lines(&window, 1, 100);
  g_assert_false(cd_window_is_stalled(&window, 0));
  g_assert_false(cd_window_is_stalled(&window, 0));
  cd_window_clear(&window);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/window/what-is-young-and-little-stays", test_what_is_young_and_little_stays);
  g_test_add_func("/window/what-is-old-is-sure", test_what_is_old_is_sure);
  g_test_add_func("/window/what-is-too-much-goes-and-no-more",
                  test_what_is_too_much_goes_and_no_more);
  g_test_add_func("/window/what-is-in-the-queue-is-never-sure",
                  test_what_is_in_the_queue_is_never_sure);
  g_test_add_func("/window/a-notice-is-no-line", test_a_notice_is_no_line);
  g_test_add_func("/window/a-queue-that-stands-is-a-stall", test_a_queue_that_stands_is_a_stall);
  g_test_add_func("/window/an-empty-queue-is-none", test_an_empty_queue_is_none);
  return g_test_run();
}
