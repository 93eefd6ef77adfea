/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of the next segment is made ahead. */
#include "spool-fixture.h"

#include "own-tmpfs.h"

#define HALF (FIXTURE_PER_SEGMENT / 2)

static gboolean
_has_spare(const Fixture *self)
{
  g_autofree gchar *path = fixture_path(self, "spare");

  return access(path, F_OK) == 0;
}

static guint64
_inode_of(const gchar *path)
{
  GStatBuf is;

  g_assert_cmpint(g_lstat(path, &is), ==, 0);
  return is.st_ino;
}

FIXTURE_TEST(test_next_segment_takes_it)
{
  g_autofree gchar *spare = fixture_path(self, "spare");
  g_autoptr(GPtrArray) segments = NULL;
  guint64 inode;

  fixture_open(self);
  fixture_append(self, HALF);
  g_assert_true(fixture_wait_for_spare(self, 20000));
  inode = _inode_of(spare);
  fixture_append(self, HALF + 10);
  segments = fixture_segments(self);
  g_assert_cmpuint(segments->len, ==, 2);
  g_assert_cmpuint(_inode_of(g_ptr_array_index(segments, 1)), ==, inode);
  g_assert_false(_has_spare(self));
  fixture_close(self);
  fixture_open(self);
  fixture_expect(fixture_cursor(self, "a"), 1, self->appended);
}

/* One after the other, all of them sound. */
FIXTURE_TEST(test_each_segment_has_one)
{
  self->options.size_max = CD_SPOOL_SIZE_DEFAULT;
  fixture_open(self);
  for (guint i = 0; i < 6; i++)
    {
      fixture_append(self, HALF);
      g_assert_true(fixture_wait_for_spare(self, 20000));
      fixture_append(self, FIXTURE_PER_SEGMENT - HALF);
    }
  fixture_close(self);
  g_assert_cmpuint(self->n_troubles, ==, 0);
  fixture_open(self);
  fixture_expect(fixture_cursor(self, "a"), 1, self->appended);
}

FIXTURE_TEST(test_few_lines_make_none)
{
  fixture_open(self);
  fixture_append(self, HALF / 4);
  g_assert_false(fixture_wait_for_spare(self, 200));
  g_assert_false(_has_spare(self));
}

FIXTURE_TEST(test_few_lines_behind_those_of_an_earlier_run_make_none)
{
  fixture_open(self);
  fixture_append(self, HALF);
  fixture_close(self);
  fixture_open(self);
  fixture_append(self, 1);
  g_assert_false(fixture_wait_for_spare(self, 200));
}

FIXTURE_TEST(test_close_removes_it)
{
  fixture_open(self);
  fixture_append(self, HALF);
  g_assert_true(fixture_wait_for_spare(self, 20000));
  fixture_close(self);
  g_assert_false(_has_spare(self));
}

FIXTURE_TEST(test_open_removes_what_a_killed_run_left)
{
  g_autofree gchar *spare = fixture_path(self, "spare");

  fixture_open(self);
  fixture_close(self);
  g_assert_true(g_file_set_contents(spare, "x", 1, NULL));
  fixture_open(self);
  g_assert_false(_has_spare(self));
}

/* Bytes of all files but those that are always there. */
static guint64
_count_bytes(const Fixture *self)
{
  g_autoptr(GPtrArray) files = fixture_segments(self);
  guint64 bytes = 0;

  g_ptr_array_add(files, fixture_path(self, "spare"));
  for (guint i = 0; i < files->len; i++)
    {
      GStatBuf is;

      if (g_lstat(g_ptr_array_index(files, i), &is) == 0)
        bytes += (guint64) is.st_size;
    }
  return bytes;
}

FIXTURE_TEST(test_counts_for_the_limit)
{
  fixture_open(self);
  for (guint i = 0; i < 12; i++)
    {
      fixture_append(self, HALF);
      if (i < 6)
        g_assert_true(fixture_wait_for_spare(self, 20000));
      g_assert_cmpuint(_count_bytes(self), <=, CD_SPOOL_SIZE_MIN);
      g_assert_cmpint(_has_spare(self), ==, i < 6);
    }
  g_assert_cmpuint(self->n_troubles, ==, 0);
}

/* The border is crossed without it, as if nobody had tried. */
FIXTURE_TEST(test_something_stands_in_its_place)
{
  g_autofree gchar *spare = fixture_path(self, "spare");

  fixture_open(self);
  fixture_cursor(self, "a");
  g_assert_cmpint(g_mkdir(spare, 0700), ==, 0);
  fixture_append(self, HALF);
  fixture_wait(&self->n_troubles, 1);
  g_assert_nonnull(strstr(self->trouble->message, spare));
  fixture_append(self, FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_figures(self).in_memory, ==, 0);
  g_assert_cmpint(g_rmdir(spare), ==, 0);
  fixture_wait(&self->n_recoveries, 1);
  fixture_expect(fixture_cursor(self, "a"), 1, self->appended);
}

/* As without it: a link there is neither followed nor replaced. */
FIXTURE_TEST(test_link_in_the_place_of_the_next_segment)
{
  g_autofree gchar *next = g_strdup_printf("segment-%016x", FIXTURE_PER_SEGMENT);
  g_autofree gchar *path = fixture_path(self, next);
  g_autofree gchar *victim = g_build_filename(self->parent, "victim", NULL);
  g_autofree gchar *content = NULL;

  g_assert_true(g_file_set_contents(victim, "untouched", -1, NULL));
  fixture_open(self);
  fixture_append(self, HALF);
  g_assert_true(fixture_wait_for_spare(self, 20000));
  g_assert_cmpint(symlink(victim, path), ==, 0);
  fixture_append(self, FIXTURE_PER_SEGMENT);
  g_assert_error(self->trouble, CD_SPOOL_ERROR, CD_SPOOL_ERROR_UNSAFE);
  g_assert_true(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true(g_file_get_contents(victim, &content, NULL, NULL));
  g_assert_cmpstr(content, ==, "untouched");
}

/* The trouble is told while all lines are on disk still. */
static void
test_full_disk_is_told_early(void)
{
  Fixture self;

  if (own_tmpfs_init(&self, "1536k"))
    {
      fixture_open(&self);
      fixture_cursor(&self, "a");
      fixture_append(&self, HALF);
      fixture_wait(&self.n_troubles, 1);
      g_assert_error(self.trouble, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
      fixture_append(&self, HALF / 2);
      g_assert_cmpuint(fixture_figures(&self).in_memory, ==, 0);
      g_assert_true(own_tmpfs_mount(self.folder, "20m", MS_REMOUNT));
      fixture_wait(&self.n_recoveries, 1);
      fixture_append(&self, FIXTURE_PER_SEGMENT);
      g_assert_cmpuint(self.n_troubles, ==, 1);
      g_assert_cmpuint(fixture_close(&self), ==, 0);
    }
  own_tmpfs_clear(&self);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/spool-ahead/next-segment-takes-it", test_next_segment_takes_it);
  g_test_add_func("/spool-ahead/each-segment-has-one", test_each_segment_has_one);
  g_test_add_func("/spool-ahead/few-lines-make-none", test_few_lines_make_none);
  g_test_add_func("/spool-ahead/few-lines-behind-those-of-an-earlier-run-make-none",
                  test_few_lines_behind_those_of_an_earlier_run_make_none);
  g_test_add_func("/spool-ahead/close-removes-it", test_close_removes_it);
  g_test_add_func("/spool-ahead/open-removes-what-a-killed-run-left",
                  test_open_removes_what_a_killed_run_left);
  g_test_add_func("/spool-ahead/counts-for-the-limit", test_counts_for_the_limit);
  g_test_add_func("/spool-ahead/something-stands-in-its-place", test_something_stands_in_its_place);
  g_test_add_func("/spool-ahead/link-in-the-place-of-the-next-segment",
                  test_link_in_the_place_of_the_next_segment);
  g_test_add_func("/spool-ahead/full-disk-is-told-early", test_full_disk_is_told_early);
  return g_test_run();
}
