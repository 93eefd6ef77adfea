/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* At the limit: whose lines go, and that it is told. */
#include "spool-fixture.h"

#define N_SEGMENTS_MAX (CD_SPOOL_SIZE_MIN / (1024 * 1024))

/* Reads to the tail. Returns: how many lines; their numbers grow. */
static guint64
_drain(CdCursor *cursor, guint64 *first, guint64 *last)
{
  guint64 count = 0;
  guint64 number;

  *first = *last = 0;
  while ((number = fixture_read(cursor)))
    {
      g_assert_cmpuint(number, >, *last);
      if (!*first)
        *first = number;
      *last = number;
      count++;
      cd_cursor_commit(cursor, 1);
    }
  return count;
}

/* Has a cursor at the tail get everything, while others stand. */
static void
_feed(Fixture *self, CdCursor *cursor, guint64 n)
{
  while (n-- > 0)
    {
      fixture_append(self, 1);
      fixture_take(cursor, self->appended, self->appended);
    }
}

FIXTURE_TEST(test_drop_oldest)
{
  CdCursor *ahead, *behind;
  guint64 first, last, count;
  CdSpoolLoss loss;

  fixture_open(self);
  ahead = fixture_cursor(self, "ahead");
  behind = fixture_cursor(self, "behind");
  _feed(self, ahead, 10 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_figures(self).bytes, <=, CD_SPOOL_SIZE_MIN);
  g_assert_cmpuint(fixture_figures(self).n_segments, ==, N_SEGMENTS_MAX);
  fixture_expect_loss(ahead, 0, 0, 0);
  g_assert_true(cd_cursor_get_loss(behind, &loss));
  g_assert_cmpuint(loss.first, ==, 1);
  g_assert_cmpuint(loss.last, ==, loss.count);
  count = _drain(behind, &first, &last);
  g_assert_cmpuint(first, ==, loss.last + 1);
  g_assert_cmpuint(last, ==, self->appended);
  g_assert_cmpuint(count + loss.count, ==, self->appended);
  g_assert_cmpuint(count, >=, (N_SEGMENTS_MAX - 1) * FIXTURE_PER_SEGMENT);
}

FIXTURE_TEST(test_drop_oldest_from_the_middle_of_a_segment)
{
  CdCursor *behind;
  CdSpoolLoss loss;

  fixture_open(self);
  behind = fixture_cursor(self, "behind");
  fixture_append(self, 50);
  fixture_take(behind, 1, 20);
  fixture_append(self, 5 * FIXTURE_PER_SEGMENT);
  g_assert_true(cd_cursor_get_loss(behind, &loss));
  g_assert_cmpuint(loss.first, ==, 21);
  g_assert_cmpuint(loss.last, ==, 20 + loss.count);
  fixture_expect(behind, loss.last + 1, self->appended);
}

FIXTURE_TEST(test_drop_newest)
{
  CdCursor *ahead, *behind;
  CdSpoolLoss loss;

  self->options.drop = CD_SPOOL_DROP_NEWEST;
  fixture_open(self);
  ahead = fixture_cursor(self, "ahead");
  behind = fixture_cursor(self, "behind");
  _feed(self, ahead, 10 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_figures(self).bytes, <=, CD_SPOOL_SIZE_MIN + 1024);
  fixture_expect_loss(ahead, 0, 0, 0);
  g_assert_true(cd_cursor_get_loss(behind, &loss));
  g_assert_cmpuint(loss.first, >=, 2 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(loss.last - loss.first + 1, ==, loss.count);
  g_assert_cmpuint(cd_cursor_get_backlog(behind), ==, self->appended - loss.count);
  fixture_take(behind, 1, loss.first - 1);
  fixture_take(behind, loss.last + 1, self->appended);
  cd_cursor_clear_loss(behind);
  fixture_expect_loss(behind, 0, 0, 0);
}

/* What was counted when it was thrown away is not counted again by who comes to the gap. */
FIXTURE_TEST(test_drop_newest_over_a_restart)
{
  CdCursor *ahead, *behind;
  CdSpoolLoss loss;

  self->options.drop = CD_SPOOL_DROP_NEWEST;
  fixture_open(self);
  ahead = fixture_cursor(self, "ahead");
  behind = fixture_cursor(self, "behind");
  _feed(self, ahead, 8 * FIXTURE_PER_SEGMENT);
  g_assert_true(cd_cursor_get_loss(behind, &loss));
  fixture_close(self);
  fixture_open(self);
  behind = fixture_cursor(self, "behind");
  fixture_expect_loss(behind, loss.count, loss.first, loss.last);
  fixture_take(behind, 1, loss.first - 1);
  fixture_take(behind, loss.last + 1, self->appended);
  fixture_expect_loss(behind, loss.count, loss.first, loss.last);
}

/* Between the two that lag, the one further on loses nothing. */
FIXTURE_TEST(test_newest_that_only_the_hindmost_needs)
{
  CdCursor *tail, *middle, *behind;
  const guint64 halfway = 2 * FIXTURE_PER_SEGMENT + 5;

  self->options.drop = CD_SPOOL_DROP_NEWEST;
  fixture_open(self);
  tail = fixture_cursor(self, "tail");
  middle = fixture_cursor(self, "middle");
  behind = fixture_cursor(self, "behind");
  _feed(self, tail, halfway);
  fixture_take(middle, 1, halfway);
  _feed(self, tail, 2 * FIXTURE_PER_SEGMENT);
  fixture_expect_loss(behind, FIXTURE_PER_SEGMENT, FIXTURE_PER_SEGMENT + 1,
                      2 * FIXTURE_PER_SEGMENT);
  _feed(self, tail, FIXTURE_PER_SEGMENT);
  fixture_expect_loss(behind, 2 * FIXTURE_PER_SEGMENT, 1, 2 * FIXTURE_PER_SEGMENT);
  fixture_expect_loss(middle, 0, 0, 0);
  fixture_expect_loss(tail, 0, 0, 0);
  fixture_take(middle, halfway + 1, self->appended);
  fixture_take(behind, 2 * FIXTURE_PER_SEGMENT + 1, self->appended);
}

static void
_check_two_stopped(Fixture *self)
{
  CdCursor *a, *b;
  guint64 first, last;
  CdSpoolLoss loss_a, loss_b;

  fixture_open(self);
  a = fixture_cursor(self, "a");
  b = fixture_cursor(self, "b");
  fixture_append(self, 7 * FIXTURE_PER_SEGMENT);
  g_assert_true(cd_cursor_get_loss(a, &loss_a));
  g_assert_true(cd_cursor_get_loss(b, &loss_b));
  g_assert_cmpmem(&loss_a, sizeof(loss_a), &loss_b, sizeof(loss_b));
  g_assert_cmpuint(_drain(a, &first, &last) + loss_a.count, ==, self->appended);
  g_assert_cmpuint(_drain(b, &first, &last) + loss_b.count, ==, self->appended);
}

FIXTURE_TEST(test_two_stopped_drop_oldest)
{
  _check_two_stopped(self);
}

FIXTURE_TEST(test_two_stopped_drop_newest)
{
  self->options.drop = CD_SPOOL_DROP_NEWEST;
  _check_two_stopped(self);
}

FIXTURE_TEST(test_memory_drop_oldest)
{
  CdCursor *ahead, *behind;
  CdSpoolLoss loss;

  self->options.folder = NULL;
  fixture_open(self);
  ahead = fixture_cursor(self, "ahead");
  behind = fixture_cursor(self, "behind");
  _feed(self, ahead, 20 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_figures(self).bytes, <=, CD_SPOOL_MEMORY_MAX);
  fixture_expect_loss(ahead, 0, 0, 0);
  g_assert_true(cd_cursor_get_loss(behind, &loss));
  g_assert_cmpuint(loss.count, ==, 12 * FIXTURE_PER_SEGMENT);
  fixture_expect(behind, loss.last + 1, self->appended);
}

FIXTURE_TEST(test_memory_drop_newest)
{
  CdCursor *ahead, *behind;
  CdSpoolLoss loss;

  self->options.folder = NULL;
  self->options.drop = CD_SPOOL_DROP_NEWEST;
  fixture_open(self);
  ahead = fixture_cursor(self, "ahead");
  behind = fixture_cursor(self, "behind");
  _feed(self, ahead, 20 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_figures(self).bytes, <=, CD_SPOOL_MEMORY_MAX + 1024);
  fixture_expect_loss(ahead, 0, 0, 0);
  g_assert_true(cd_cursor_get_loss(behind, &loss));
  fixture_expect(behind, 1, loss.first - 1);
  fixture_expect(behind, loss.last + 1, self->appended);
}

FIXTURE_TEST(test_nobody_asked_yet)
{
  CdCursor *cursor;
  CdSpoolLoss loss;

  fixture_open(self);
  fixture_append(self, 6 * FIXTURE_PER_SEGMENT);
  cursor = fixture_cursor(self, "a");
  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  g_assert_cmpuint(loss.first, ==, 1);
  fixture_expect(cursor, loss.last + 1, self->appended);
}

/* Returns: a cursor that has passed 100 lines; of those behind them, some were thrown away */
static CdCursor *
_pass_and_overflow(Fixture *self)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 100);
  fixture_expect(cursor, 1, 100);
  fixture_append(self, 5 * FIXTURE_PER_SEGMENT);
  return cursor;
}

/* What is on its way to somebody is lost when the cursor goes back for it, and not before. */
FIXTURE_TEST(test_passed_lines_are_lost_by_rewind)
{
  CdCursor *cursor = _pass_and_overflow(self);
  CdSpoolLoss loss;

  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 100);
  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  g_assert_cmpuint(loss.first, ==, 101);
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, self->appended - loss.count);
  cd_cursor_commit(cursor, 30);
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 70);
  cd_cursor_clear_loss(cursor);
  fixture_expect_loss(cursor, 0, 0, 0);
  cd_cursor_rewind(cursor);
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 0);
  fixture_expect_loss(cursor, 70, 31, 100);
}

FIXTURE_TEST(test_passed_lines_that_arrived_are_not_lost)
{
  CdCursor *cursor = _pass_and_overflow(self);
  CdSpoolLoss loss;

  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  cd_cursor_commit(cursor, 100);
  cd_cursor_rewind(cursor);
  fixture_expect_loss(cursor, loss.count, 101, loss.last);
  fixture_expect(cursor, loss.last + 1, self->appended);
}

FIXTURE_TEST(test_passed_lines_are_lost_by_a_restart)
{
  CdSpoolLoss loss;

  _pass_and_overflow(self);
  fixture_close(self);
  fixture_open(self);
  g_assert_true(cd_cursor_get_loss(fixture_cursor(self, "a"), &loss));
  g_assert_cmpuint(loss.first, ==, 1);
  fixture_expect(fixture_cursor(self, "a"), loss.last + 1, self->appended);
}

/* In the middle of what a cursor has passed: told as lost at once, and nothing is committed that
 * was not. */
FIXTURE_TEST(test_newest_of_what_was_passed)
{
  CdCursor *cursor;
  CdSpoolLoss loss;

  self->options.drop = CD_SPOOL_DROP_NEWEST;
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 4 * FIXTURE_PER_SEGMENT);
  fixture_expect(cursor, 1, self->appended);
  fixture_append(self, FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 4 * FIXTURE_PER_SEGMENT);
  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  fixture_expect(cursor, 4 * FIXTURE_PER_SEGMENT + 1, self->appended);
  cd_cursor_commit(cursor, loss.count + 3);
  cd_cursor_rewind(cursor);
  fixture_expect(cursor, 4, loss.first - 1);
  fixture_expect(cursor, loss.last + 1, self->appended);
  cd_cursor_commit(cursor, self->appended);
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 0);
}

FIXTURE_TEST(test_loss_is_remembered_until_it_was_told)
{
  CdSpoolLoss loss, again;

  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, 6 * FIXTURE_PER_SEGMENT);
  fixture_close(self);
  fixture_open(self);
  g_assert_true(cd_cursor_get_loss(fixture_cursor(self, "a"), &loss));
  g_assert_cmpuint(loss.first, ==, 1);
  fixture_close(self);
  fixture_open(self);
  g_assert_true(cd_cursor_get_loss(fixture_cursor(self, "a"), &again));
  g_assert_cmpmem(&loss, sizeof(loss), &again, sizeof(again));
  cd_cursor_clear_loss(fixture_cursor(self, "a"));
  fixture_close(self);
  fixture_open(self);
  fixture_expect_loss(fixture_cursor(self, "a"), 0, 0, 0);
}

FIXTURE_TEST(test_loss_while_one_is_told)
{
  CdSpoolLoss told, more;
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 6 * FIXTURE_PER_SEGMENT);
  g_assert_true(cd_cursor_get_loss(cursor, &told));
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  cd_cursor_clear_loss(cursor);
  g_assert_true(cd_cursor_get_loss(cursor, &more));
  g_assert_cmpuint(more.first, ==, told.last + 1);
  g_assert_cmpuint(more.count, ==, 2 * FIXTURE_PER_SEGMENT);
}

/* Segments of an earlier run, which have to be looked into for their numbers. */
FIXTURE_TEST(test_drop_lines_of_an_earlier_run)
{
  CdSpoolLoss loss;
  CdCursor *cursor;

  fixture_open(self);
  fixture_append(self, 3 * FIXTURE_PER_SEGMENT);
  fixture_take(fixture_cursor(self, "a"), 1, 7);
  fixture_close(self);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 3 * FIXTURE_PER_SEGMENT);
  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  g_assert_cmpuint(loss.first, ==, 8);
  g_assert_cmpuint(loss.last, ==, loss.count + 7);
  fixture_expect(cursor, loss.last + 1, self->appended);
}

/* A line that was given, and thrown away before the cursor went past it. */
FIXTURE_TEST(test_given_line_is_thrown_away)
{
  CdCursor *cursor;
  CdSpoolLoss loss;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 10);
  g_assert_cmpuint(fixture_peek(cursor), ==, 1);
  fixture_append(self, 5 * FIXTURE_PER_SEGMENT);
  cd_cursor_advance(cursor);
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 1);
  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  g_assert_cmpuint(loss.first, ==, 1);
  g_assert_cmpuint(fixture_peek(cursor), ==, loss.last + 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/spool-full/drop-oldest", test_drop_oldest);
  g_test_add_func("/spool-full/drop-oldest-from-the-middle-of-a-segment",
                  test_drop_oldest_from_the_middle_of_a_segment);
  g_test_add_func("/spool-full/drop-newest", test_drop_newest);
  g_test_add_func("/spool-full/drop-newest-over-a-restart", test_drop_newest_over_a_restart);
  g_test_add_func("/spool-full/newest-that-only-the-hindmost-needs",
                  test_newest_that_only_the_hindmost_needs);
  g_test_add_func("/spool-full/two-stopped-drop-oldest", test_two_stopped_drop_oldest);
  g_test_add_func("/spool-full/two-stopped-drop-newest", test_two_stopped_drop_newest);
  g_test_add_func("/spool-full/memory-drop-oldest", test_memory_drop_oldest);
  g_test_add_func("/spool-full/memory-drop-newest", test_memory_drop_newest);
  g_test_add_func("/spool-full/nobody-asked-yet", test_nobody_asked_yet);
  g_test_add_func("/spool-full/passed-lines-are-lost-by-rewind",
                  test_passed_lines_are_lost_by_rewind);
  g_test_add_func("/spool-full/passed-lines-that-arrived-are-not-lost",
                  test_passed_lines_that_arrived_are_not_lost);
  g_test_add_func("/spool-full/passed-lines-are-lost-by-a-restart",
                  test_passed_lines_are_lost_by_a_restart);
  g_test_add_func("/spool-full/newest-of-what-was-passed", test_newest_of_what_was_passed);
  g_test_add_func("/spool-full/loss-is-remembered-until-it-was-told",
                  test_loss_is_remembered_until_it_was_told);
  g_test_add_func("/spool-full/loss-while-one-is-told", test_loss_while_one_is_told);
  g_test_add_func("/spool-full/drop-lines-of-an-earlier-run", test_drop_lines_of_an_earlier_run);
  g_test_add_func("/spool-full/given-line-is-thrown-away", test_given_line_is_thrown_away);
  return g_test_run();
}
