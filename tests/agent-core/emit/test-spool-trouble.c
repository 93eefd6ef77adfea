/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk that is full, too small, or gone; descriptors that have run out. */
#include "spool-fixture.h"

#include "own-tmpfs.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* No file may grow over this, which no segment fits into. */
static void
_limit_files(rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void
_lift_limit(void)
{
  _limit_files(RLIM_INFINITY);
}

static void
_limit_descriptors(rlim_t n)
{
  struct rlimit limit;

  g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = n ? n : limit.rlim_max;
  g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &limit), ==, 0);
}

/* The spool tries again at the next line after a while. */
static void
_append_until_well(Fixture *self)
{
  fixture_append_until(self, &self->n_recoveries, self->n_recoveries + 1);
}

FIXTURE_TEST(test_full_disk)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 10);
  _limit_files(0);
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(self->n_troubles, ==, 1);
  g_assert_nonnull(strstr(self->trouble->message, self->folder));
  g_assert_cmpint(self->trouble->domain, ==, G_FILE_ERROR);
  g_assert_cmpuint(fixture_figures(self).in_memory, >=, 2 * FIXTURE_PER_SEGMENT * FIXTURE_LINE);
  fixture_expect(cursor, 1, self->appended);
  _lift_limit();
  _append_until_well(self);
  g_assert_cmpuint(self->n_troubles, ==, 1);
  g_assert_cmpuint(fixture_figures(self).in_memory, ==, 0);
  g_assert_cmpuint(fixture_close(self), ==, 0);
  fixture_open(self);
  fixture_expect(fixture_cursor(self, "a"), 1, self->appended);
}

FIXTURE_TEST(test_well_again_without_a_line)
{
  fixture_open(self);
  fixture_cursor(self, "a");
  _limit_files(0);
  fixture_append(self, 5);
  g_assert_cmpuint(self->n_troubles, ==, 1);
  _lift_limit();
  fixture_wait(&self->n_recoveries, 1);
  g_assert_cmpuint(fixture_figures(self).in_memory, ==, 0);
  g_assert_cmpuint(fixture_close(self), ==, 0);
  fixture_open(self);
  fixture_expect(fixture_cursor(self, "a"), 1, 5);
}

/* Nothing is told twice while it goes on. */
FIXTURE_TEST(test_told_once)
{
  guint append;

  fixture_open(self);
  fixture_cursor(self, "a");
  _limit_files(0);
  append = g_timeout_add(10, fixture_append_one, self);
  fixture_run(3000);
  g_source_remove(append);
  _lift_limit();
  g_assert_cmpuint(self->n_troubles, ==, 1);
  g_assert_cmpuint(self->n_recoveries, ==, 0);
}

static void
_check_overflow(Fixture *self)
{
  const guint64 n = 12 * FIXTURE_PER_SEGMENT;
  CdSpoolLoss loss;
  CdCursor *cursor;

  self->options.size_max = CD_SPOOL_SIZE_DEFAULT;
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 10);
  _limit_files(0);
  fixture_append(self, n);
  g_assert_cmpuint(fixture_figures(self).in_memory, <=, CD_SPOOL_MEMORY_MAX);
  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  g_assert_cmpuint(loss.last - loss.first + 1, ==, loss.count);
  _lift_limit();
  _append_until_well(self);
  fixture_expect(cursor, 1, loss.first - 1);
  fixture_expect(cursor, loss.last + 1, self->appended);
  fixture_close(self);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_take(cursor, 1, loss.first - 1);
  fixture_take(cursor, loss.last + 1, self->appended);
  fixture_expect_loss(cursor, loss.count, loss.first, loss.last);
}

FIXTURE_TEST(test_more_than_fits_into_memory_oldest)
{
  _check_overflow(self);
}

FIXTURE_TEST(test_more_than_fits_into_memory_newest)
{
  self->options.drop = CD_SPOOL_DROP_NEWEST;
  _check_overflow(self);
}

/* What is on disk already stays there when lines in memory have to go. */
FIXTURE_TEST(test_gap_behind_what_is_on_disk)
{
  CdSpoolLoss loss;
  CdCursor *cursor;

  self->options.size_max = CD_SPOOL_SIZE_DEFAULT;
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 3 * FIXTURE_PER_SEGMENT);
  _limit_files(0);
  fixture_append(self, 12 * FIXTURE_PER_SEGMENT);
  _lift_limit();
  _append_until_well(self);
  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  g_assert_cmpuint(loss.first, ==, 3 * FIXTURE_PER_SEGMENT + 1);
  fixture_close(self);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_take(cursor, 1, loss.first - 1);
  fixture_take(cursor, loss.last + 1, self->appended);
  fixture_expect_loss(cursor, loss.count, loss.first, loss.last);
}

FIXTURE_TEST(test_cursors_at_the_tail_lose_nothing)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  _limit_files(0);
  for (guint i = 0; i < 20 * FIXTURE_PER_SEGMENT; i++)
    {
      fixture_append(self, 1);
      fixture_take(cursor, self->appended, self->appended);
    }
  _lift_limit();
  fixture_expect_loss(cursor, 0, 0, 0);
  _append_until_well(self);
  fixture_expect_loss(cursor, 0, 0, 0);
}

FIXTURE_TEST(test_close_tells_what_is_lost)
{
  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, 10);
  _limit_files(0);
  fixture_append(self, 7);
  g_assert_cmpuint(fixture_close(self), ==, 7);
  _lift_limit();
  g_assert_cmpuint(self->n_troubles, ==, 1);
  fixture_open(self);
  fixture_expect(fixture_cursor(self, "a"), 1, 10);
}

/* A border within a line: what is half written is written again. */
FIXTURE_TEST(test_short_write)
{
  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, 10);
  _limit_files(24 + 12 * (FIXTURE_LINE + 24) + 100);
  fixture_append(self, 5);
  g_assert_cmpuint(self->n_troubles, ==, 1);
  _lift_limit();
  _append_until_well(self);
  fixture_close(self);
  fixture_open(self);
  fixture_expect(fixture_cursor(self, "a"), 1, self->appended);
}

/* The file of cursors is shorter. */
FIXTURE_TEST(test_short_write_and_no_more)
{
  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, 30);
  _limit_files(24 + 32 * (FIXTURE_LINE + 24) + 100);
  fixture_append(self, 5);
  g_assert_cmpuint(fixture_close(self), ==, 3);
  _lift_limit();
  fixture_open(self);
  fixture_append(self, 1);
  fixture_expect(fixture_cursor(self, "a"), 1, 32);
  fixture_expect(fixture_cursor(self, "a"), 36, 36);
  fixture_expect_loss(fixture_cursor(self, "a"), 3, 33, 35);
}

#define DISK (32 * 1024)

/* The file of cursors has its room already, no segment fits. */
static void
_fill_disk(void)
{
  _limit_files(DISK);
}

/* This run says so, and the next one can. */
FIXTURE_TEST(test_next_run_is_told_what_was_lost)
{
  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_cursor(self, "b");
  _fill_disk();
  fixture_append(self, 100);
  fixture_take(fixture_cursor(self, "a"), 1, 30);
  g_assert_cmpuint(fixture_close(self), ==, 100);
  for (guint i = 0; i < 2; i++)
    {
      fixture_open(self);
      fixture_expect_loss(fixture_cursor(self, "a"), 70, 31, 100);
      fixture_expect_loss(fixture_cursor(self, "b"), 100, 1, 100);
      g_assert_cmpuint(fixture_read(fixture_cursor(self, "b")), ==, 0);
      if (i == 0)
        fixture_close(self);
    }
  _lift_limit();
}

/* Lines that were written come; those behind them were lost. */
FIXTURE_TEST(test_next_run_is_told_what_was_lost_behind_what_is_on_disk)
{
  const guint64 n_written = FIXTURE_PER_SEGMENT + (DISK - 24) / (FIXTURE_LINE + 24);
  const guint64 n_lost = 15;

  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, FIXTURE_PER_SEGMENT);
  g_assert_true(fixture_wait_for_spare(self, 20000));
  _fill_disk();
  fixture_append(self, n_written + n_lost - FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_close(self), ==, n_lost);
  _lift_limit();
  fixture_open(self);
  fixture_append(self, 1);
  fixture_expect_loss(fixture_cursor(self, "a"), n_lost, n_written + 1, n_written + n_lost);
  fixture_expect(fixture_cursor(self, "a"), 1, n_written);
  fixture_expect(fixture_cursor(self, "a"), self->appended, self->appended);
  fixture_expect_loss(fixture_cursor(self, "a"), n_lost, n_written + 1, n_written + n_lost);
}

/* How many they are is saved within a second, their numbers are not. */
FIXTURE_TEST(test_run_after_a_killed_one_is_told_how_many_were_lost)
{
  int status;
  pid_t child = fork();

  if (child == 0)
    {
      fixture_open(self);
      fixture_cursor(self, "a");
      _fill_disk();
      fixture_append(self, 100);
      fixture_run(1500);
      kill(getpid(), SIGKILL);
    }
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFSIGNALED(status));
  fixture_open(self);
  fixture_expect_loss(fixture_cursor(self, "a"), 100, 0, 0);
  self->appended = 100;
  fixture_append(self, 1);
  fixture_expect(fixture_cursor(self, "a"), 101, 101);
}

FIXTURE_TEST(test_cursors_cannot_be_saved)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 10);
  _limit_files(0);
  fixture_take(cursor, 1, 5);
  fixture_wait(&self->n_troubles, 1);
  _lift_limit();
  fixture_wait(&self->n_recoveries, 1);
}

/* What a killed run would find lost stays until the cursors are saved. */
FIXTURE_TEST(test_nothing_goes_while_cursors_cannot_be_saved)
{
  g_autoptr(GPtrArray) segments = NULL;
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  _limit_files(0);
  fixture_take(cursor, 1, self->appended);
  fixture_wait(&self->n_troubles, 1);
  segments = fixture_segments(self);
  g_assert_cmpuint(segments->len, ==, 2);
  fixture_close(self);
  _lift_limit();
  fixture_open(self);
  fixture_expect(fixture_cursor(self, "a"), 1, self->appended);
  fixture_expect_loss(fixture_cursor(self, "a"), 0, 0, 0);
}

FIXTURE_TEST(test_no_descriptor_is_free)
{
  CdCursor *cursor;

  fixture_open(self);
  fixture_append(self, 3 * FIXTURE_PER_SEGMENT);
  fixture_cursor(self, "a");
  fixture_close(self);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  _limit_descriptors(3);
  g_assert_cmpuint(fixture_peek(cursor), ==, 0);
  g_assert_cmpuint(self->n_troubles, ==, 1);
  g_assert_cmpuint(fixture_peek(cursor), ==, 0);
  _limit_descriptors(0);
  fixture_wait(&self->n_recoveries, 1);
  fixture_expect(cursor, 1, self->appended);
  fixture_expect_loss(cursor, 0, 0, 0);
  g_assert_cmpuint(self->n_troubles, ==, 1);
}

FIXTURE_TEST(test_no_descriptor_to_sync_with)
{
  fixture_open(self);
  fixture_append(self, 1);
  _limit_descriptors(3);
  fixture_append_until(self, &self->n_troubles, 1);
  _limit_descriptors(0);
  fixture_wait(&self->n_recoveries, 1);
}

static void
_append_one(const GError *error, gpointer user_data)
{
  Fixture *self = user_data;

  fixture_note_trouble(error, self);
  fixture_append(self, 1);
}

FIXTURE_TEST(test_who_is_told_may_append)
{
  CdCursor *cursor;

  self->options.trouble = _append_one;
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  _limit_files(0);
  fixture_append(self, 1);
  g_assert_cmpuint(self->appended, ==, 2);
  _lift_limit();
  _append_until_well(self);
  fixture_expect(cursor, 1, self->appended);
}

FIXTURE_TEST(test_nobody_is_told)
{
  self->options.trouble = NULL;
  fixture_open(self);
  fixture_cursor(self, "a");
  _limit_files(0);
  fixture_append(self, 3);
  _lift_limit();
  fixture_expect(fixture_cursor(self, "a"), 1, 3);
}

FIXTURE_TEST(test_folder_goes_away)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 1);
  fixture_remove_folder(self->folder);
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(self->n_troubles, ==, 1);
  fixture_expect(cursor, 1, self->appended);
}

/* --- a file system of its own ----------------------------------------------------------------- */

static void
test_tmpfs_of_64_kib(void)
{
  Fixture self;
  CdCursor *cursor;

  if (own_tmpfs_init(&self, "64k"))
    {
      fixture_open(&self);
      cursor = fixture_cursor(&self, "a");
      fixture_append(&self, 3000);
      g_assert_cmpuint(self.n_troubles, ==, 1);
      g_assert_error(self.trouble, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
      fixture_take(cursor, 1, 2000);
      g_assert_cmpuint(fixture_close(&self), ==, 1000);
      fixture_open(&self);
      fixture_expect_loss(fixture_cursor(&self, "a"), 1000, 2001, 3000);
    }
  own_tmpfs_clear(&self);
}

static void
test_tmpfs_that_grows(void)
{
  Fixture self;

  if (own_tmpfs_init(&self, "3m"))
    {
      self.options.size_max = CD_SPOOL_SIZE_DEFAULT;
      fixture_open(&self);
      fixture_cursor(&self, "a");
      fixture_append(&self, 6 * FIXTURE_PER_SEGMENT);
      g_assert_cmpuint(self.n_troubles, ==, 1);
      g_assert_cmpuint(fixture_figures(&self).bytes, <=, 3 * 1024 * 1024);
      g_assert_true(own_tmpfs_mount(self.folder, "20m", MS_REMOUNT));
      _append_until_well(&self);
      g_assert_cmpuint(fixture_close(&self), ==, 0);
      fixture_open(&self);
      fixture_expect(fixture_cursor(&self, "a"), 1, self.appended);
      fixture_expect_loss(fixture_cursor(&self, "a"), 0, 0, 0);
    }
  own_tmpfs_clear(&self);
}

int
main(int argc, char **argv)
{
  signal(SIGXFSZ, SIG_IGN);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/spool-trouble/full-disk", test_full_disk);
  g_test_add_func("/spool-trouble/well-again-without-a-line", test_well_again_without_a_line);
  g_test_add_func("/spool-trouble/told-once", test_told_once);
  g_test_add_func("/spool-trouble/more-than-fits-into-memory-oldest",
                  test_more_than_fits_into_memory_oldest);
  g_test_add_func("/spool-trouble/more-than-fits-into-memory-newest",
                  test_more_than_fits_into_memory_newest);
  g_test_add_func("/spool-trouble/gap-behind-what-is-on-disk", test_gap_behind_what_is_on_disk);
  g_test_add_func("/spool-trouble/cursors-at-the-tail-lose-nothing",
                  test_cursors_at_the_tail_lose_nothing);
  g_test_add_func("/spool-trouble/close-tells-what-is-lost", test_close_tells_what_is_lost);
  g_test_add_func("/spool-trouble/short-write", test_short_write);
  g_test_add_func("/spool-trouble/short-write-and-no-more", test_short_write_and_no_more);
  g_test_add_func("/spool-trouble/next-run-is-told-what-was-lost",
                  test_next_run_is_told_what_was_lost);
  g_test_add_func("/spool-trouble/next-run-is-told-what-was-lost-behind-what-is-on-disk",
                  test_next_run_is_told_what_was_lost_behind_what_is_on_disk);
  g_test_add_func("/spool-trouble/run-after-a-killed-one-is-told-how-many-were-lost",
                  test_run_after_a_killed_one_is_told_how_many_were_lost);
  g_test_add_func("/spool-trouble/cursors-cannot-be-saved", test_cursors_cannot_be_saved);
  g_test_add_func("/spool-trouble/nothing-goes-while-cursors-cannot-be-saved",
                  test_nothing_goes_while_cursors_cannot_be_saved);
  g_test_add_func("/spool-trouble/no-descriptor-is-free", test_no_descriptor_is_free);
  g_test_add_func("/spool-trouble/no-descriptor-to-sync-with", test_no_descriptor_to_sync_with);
  g_test_add_func("/spool-trouble/who-is-told-may-append", test_who_is_told_may_append);
  g_test_add_func("/spool-trouble/nobody-is-told", test_nobody_is_told);
  g_test_add_func("/spool-trouble/folder-goes-away", test_folder_goes_away);
  g_test_add_func("/spool-trouble/tmpfs-of-64-kib", test_tmpfs_of_64_kib);
  g_test_add_func("/spool-trouble/tmpfs-that-grows", test_tmpfs_that_grows);
  return g_test_run();
}
