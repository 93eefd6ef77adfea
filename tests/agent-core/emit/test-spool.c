/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the header of the spool says, while all is well. */
#include "spool-fixture.h"

FIXTURE_TEST(test_reads_what_was_appended)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
  fixture_append(self, 3);
  fixture_expect(cursor, 1, 3);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
  fixture_append(self, 1);
  fixture_expect(cursor, 4, 4);
}

FIXTURE_TEST(test_peek_stays)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 2);
  g_assert_cmpuint(fixture_peek(cursor), ==, 1);
  g_assert_cmpuint(fixture_peek(cursor), ==, 1);
  cd_cursor_advance(cursor);
  g_assert_cmpuint(fixture_peek(cursor), ==, 2);
}

FIXTURE_TEST(test_advance_needs_a_peek)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 2);
  cd_cursor_advance(cursor);
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 0);
  g_assert_cmpuint(fixture_peek(cursor), ==, 1);
}

FIXTURE_TEST(test_rewind_and_commit)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 5);
  fixture_expect(cursor, 1, 4);
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 4);
  cd_cursor_commit(cursor, 2);
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 2);
  cd_cursor_rewind(cursor);
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 0);
  fixture_expect(cursor, 3, 5);
}

FIXTURE_TEST(test_commit_takes_no_more_than_was_passed)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 3);
  fixture_expect(cursor, 1, 1);
  cd_cursor_commit(cursor, 100);
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 2);
  cd_cursor_rewind(cursor);
  fixture_expect(cursor, 2, 3);
}

FIXTURE_TEST(test_backlog)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 0);
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 2 * FIXTURE_PER_SEGMENT);
  fixture_expect(cursor, 1, 10);
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 2 * FIXTURE_PER_SEGMENT);
  cd_cursor_commit(cursor, 10);
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 2 * FIXTURE_PER_SEGMENT - 10);
}

static const gsize sizes[] = { 20, 21, 1000, 4095, 4096, CD_SPOOL_LINE_MAX - 1, CD_SPOOL_LINE_MAX };

FIXTURE_TEST(test_lines_of_all_sizes)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  for (guint i = 0; i < 100; i++)
    fixture_append_sized(self, sizes[i % G_N_ELEMENTS(sizes)]);
  for (guint i = 0; i < 100; i++)
    {
      guint64 number;
      CdText line;

      g_assert_true(cd_cursor_peek(cursor, &line, &number));
      g_assert_cmpuint(line.length, ==, sizes[i % G_N_ELEMENTS(sizes)]);
      g_assert_cmpuint(fixture_read(cursor), ==, i + 1);
    }
}

FIXTURE_TEST(test_any_byte_and_none)
{
  static const CdText lines[] = { { "", 0 }, { "\0\n\xff", 3 }, { "", 0 } };
  CdCursor *cursor;
  guint64 number;
  CdText line;

  fixture_open(self);
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    g_assert_true(cd_spool_append(self->spool, 7, 0, lines[i], NULL));
  fixture_cursor(self, "a");
  fixture_close(self);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    {
      g_assert_true(cd_cursor_peek(cursor, &line, &number));
      unit_assert_text(line, lines[i]);
      g_assert_cmpuint(number, ==, 7);
      cd_cursor_advance(cursor);
    }
}

FIXTURE_TEST(test_too_long)
{
  g_autofree gchar *line = fixture_line(1, CD_SPOOL_LINE_MAX + 1);
  GError *error = NULL;
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  g_assert_false(
    cd_spool_append(self->spool, 1, 0, (CdText) { line, CD_SPOOL_LINE_MAX + 1 }, &error));
  g_assert_error(error, CD_SPOOL_ERROR, CD_SPOOL_ERROR_TOO_LONG);
  g_clear_error(&error);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
  g_assert_cmpuint(fixture_figures(self).accepted, ==, 0);
}

FIXTURE_TEST(test_cursors_are_independent)
{
  CdCursor *a, *b;

  fixture_open(self);
  a = fixture_cursor(self, "a");
  b = fixture_cursor(self, "b");
  g_assert_true(a != b);
  g_assert_true(fixture_cursor(self, "a") == a);
  fixture_append(self, 3000);
  fixture_take(a, 1, 3000);
  g_assert_cmpuint(cd_cursor_get_backlog(b), ==, 3000);
  fixture_take(b, 1, 3000);
}

FIXTURE_TEST(test_new_cursor_begins_at_first_line)
{
  CdCursor *b;

  fixture_open(self);
  fixture_append(self, 5);
  fixture_take(fixture_cursor(self, "a"), 1, 3);
  b = fixture_cursor(self, "b");
  fixture_take(b, 1, 5);
}

FIXTURE_TEST(test_too_many_cursors)
{
  GError *error = NULL;

  fixture_open(self);
  for (guint i = 0; i < CD_SPOOL_CURSORS_MAX; i++)
    {
      g_autofree gchar *name = g_strdup_printf("%u", i);
      fixture_cursor(self, name);
    }
  g_assert_null(cd_spool_get_cursor(self->spool, "one more", &error));
  g_assert_error(error, CD_SPOOL_ERROR, CD_SPOOL_ERROR_TOO_MANY);
  g_clear_error(&error);
  g_assert_nonnull(cd_spool_get_cursor(self->spool, "15", NULL));
}

FIXTURE_TEST(test_name_too_long)
{
  g_autofree gchar *longest = g_strnfill(CD_SPOOL_NAME_MAX, 'x');
  g_autofree gchar *longer = g_strnfill(CD_SPOOL_NAME_MAX + 1, 'x');
  GError *error = NULL;

  fixture_open(self);
  g_assert_null(cd_spool_get_cursor(self->spool, longer, &error));
  g_assert_error(error, CD_SPOOL_ERROR, CD_SPOOL_ERROR_TOO_LONG);
  g_clear_error(&error);
  fixture_append(self, 2);
  fixture_take(fixture_cursor(self, longest), 1, 1);
  fixture_close(self);
  fixture_open(self);
  fixture_expect(fixture_cursor(self, longest), 2, 2);
}

FIXTURE_TEST(test_sixteen_longest_names_survive)
{
  gchar *names[CD_SPOOL_CURSORS_MAX];

  fixture_open(self);
  fixture_append(self, CD_SPOOL_CURSORS_MAX);
  for (guint i = 0; i < CD_SPOOL_CURSORS_MAX; i++)
    {
      names[i] = g_strnfill(CD_SPOOL_NAME_MAX, (gchar) ('a' + i));
      fixture_take(fixture_cursor(self, names[i]), 1, i);
    }
  fixture_close(self);
  fixture_open(self);
  for (guint i = 0; i < CD_SPOOL_CURSORS_MAX; i++)
    {
      fixture_expect(fixture_cursor(self, names[i]), i + 1, CD_SPOOL_CURSORS_MAX);
      g_free(names[i]);
    }
}

FIXTURE_TEST(test_reopen_goes_on)
{
  CdCursor *cursor;

  fixture_open(self);
  fixture_append(self, 2000);
  fixture_take(fixture_cursor(self, "a"), 1, 1500);
  g_assert_cmpuint(fixture_close(self), ==, 0);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 500);
  fixture_append(self, 10);
  fixture_take(cursor, 1501, 2010);
  fixture_expect_loss(cursor, 0, 0, 0);
}

FIXTURE_TEST(test_uncommitted_is_read_again)
{
  fixture_open(self);
  fixture_append(self, 10);
  fixture_expect(fixture_cursor(self, "a"), 1, 10);
  fixture_close(self);
  fixture_open(self);
  fixture_expect(fixture_cursor(self, "a"), 1, 10);
}

/* As coder-emit does it: a few lines a run, each with numbers of its own. */
FIXTURE_TEST(test_many_short_runs)
{
  CdCursor *cursor;

  for (guint run = 0; run < 20; run++)
    {
      self->appended = 0;
      fixture_open(self);
      fixture_cursor(self, "a");
      fixture_append(self, 3);
      fixture_close(self);
    }
  fixture_open(self);
  g_assert_cmpuint(fixture_figures(self).n_segments, ==, 1);
  cursor = fixture_cursor(self, "a");
  for (guint run = 0; run < 20; run++)
    fixture_take(cursor, 1, 3);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
}

FIXTURE_TEST(test_nothing_is_left_of_what_all_have_read)
{
  g_autoptr(GPtrArray) segments = NULL;
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 3000);
  fixture_take(cursor, 1, 3000);
  fixture_close(self);
  segments = fixture_segments(self);
  g_assert_cmpuint(segments->len, ==, 0);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
  fixture_append(self, 1);
  fixture_take(cursor, 3001, 3001);
  fixture_expect_loss(cursor, 0, 0, 0);
}

FIXTURE_TEST(test_passed_segments_go)
{
  CdCursor *a, *b;
  guint n;

  self->options.size_max = CD_SPOOL_SIZE_DEFAULT;
  fixture_open(self);
  a = fixture_cursor(self, "a");
  b = fixture_cursor(self, "b");
  fixture_append(self, 6 * FIXTURE_PER_SEGMENT);
  n = fixture_figures(self).n_segments;
  g_assert_cmpuint(n, ==, 6);
  fixture_take(a, 1, 6 * FIXTURE_PER_SEGMENT);
  fixture_take(b, 1, 2 * FIXTURE_PER_SEGMENT);
  for (gint64 end = g_get_monotonic_time() + 10 * G_TIME_SPAN_SECOND;
       fixture_figures(self).n_segments > 4 && g_get_monotonic_time() < end;)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpuint(fixture_figures(self).n_segments, ==, 4);
  fixture_take(b, 2 * FIXTURE_PER_SEGMENT + 1, 6 * FIXTURE_PER_SEGMENT);
}

FIXTURE_TEST(test_other_cursors_keep_their_lines)
{
  CdCursor *a;

  fixture_open(self);
  fixture_append(self, 10);
  a = fixture_cursor(self, "a");
  fixture_cursor(self, "b");
  fixture_take(a, 1, 8);
  fixture_close(self);
  fixture_open(self);
  a = fixture_cursor(self, "a");
  fixture_append(self, 1);
  fixture_take(a, 9, 11);
  fixture_close(self);
  fixture_open(self);
  fixture_take(fixture_cursor(self, "b"), 1, 11);
}

FIXTURE_TEST(test_forget_other_cursors)
{
  CdCursor *a;

  fixture_open(self);
  fixture_append(self, 10);
  a = fixture_cursor(self, "a");
  fixture_take(fixture_cursor(self, "b"), 1, 2);
  fixture_take(a, 1, 8);
  fixture_close(self);
  fixture_open(self);
  a = fixture_cursor(self, "a");
  g_assert_cmpuint(cd_spool_forget_other_cursors(self->spool), ==, 6);
  g_assert_cmpuint(cd_spool_forget_other_cursors(self->spool), ==, 0);
  fixture_take(a, 9, 10);
  fixture_close(self);
  fixture_open(self);
  g_assert_cmpuint(cd_spool_forget_other_cursors(self->spool), ==, 0);
}

FIXTURE_TEST(test_forget_all)
{
  fixture_open(self);
  fixture_append(self, 10);
  fixture_cursor(self, "a");
  fixture_close(self);
  fixture_open(self);
  g_assert_cmpuint(cd_spool_forget_other_cursors(self->spool), ==, 10);
  fixture_append(self, 1);
  fixture_expect(fixture_cursor(self, "new"), 11, 11);
}

static void
_expect_other(const Fixture *self, const gchar *name, guint64 backlog)
{
  g_autoptr(GPtrArray) others = cd_spool_list_other_cursors(self->spool);
  const CdSpoolOther *other;

  g_assert_cmpuint(others->len, ==, 1);
  other = g_ptr_array_index(others, 0);
  g_assert_cmpstr(other->name, ==, name);
  g_assert_cmpuint(other->backlog, ==, backlog);
  g_assert_cmpuint(other->lost, ==, 0);
}

static void
_expect_no_other_than(const Fixture *self, const gchar *one, const gchar *another)
{
  g_autoptr(GPtrArray) others = cd_spool_list_other_cursors(self->spool);

  g_assert_cmpuint(others->len, ==, 2);
  g_assert_cmpstr(((CdSpoolOther *) g_ptr_array_index(others, 0))->name, ==, one);
  g_assert_cmpstr(((CdSpoolOther *) g_ptr_array_index(others, 1))->name, ==, another);
}

static void
_expect_no_other(const Fixture *self)
{
  g_autoptr(GPtrArray) others = cd_spool_list_other_cursors(self->spool);

  g_assert_cmpuint(others->len, ==, 0);
}

FIXTURE_TEST(test_list_other_cursors)
{
  fixture_open(self);
  _expect_no_other(self);
  fixture_append(self, 10);
  fixture_take(fixture_cursor(self, "a"), 1, 10);
  fixture_take(fixture_cursor(self, "b"), 1, 2);
  _expect_no_other(self);
  fixture_close(self);
  fixture_open(self);
  fixture_cursor(self, "a");
  _expect_other(self, "b", 8);
  fixture_append(self, 1);
  _expect_other(self, "b", 9);
  fixture_cursor(self, "b");
  _expect_no_other(self);
}

/* A run without cursors leaves a nameless one behind, that keeps its lines. */
FIXTURE_TEST(test_list_no_nameless_cursor)
{
  fixture_open(self);
  fixture_append(self, 1);
  fixture_close(self);
  fixture_open(self);
  _expect_no_other(self);
  g_assert_false(cd_spool_forget_cursor(self->spool, ""));
  fixture_expect(fixture_cursor(self, "a"), 1, 1);
}

FIXTURE_TEST(test_list_what_others_lost)
{
  g_autoptr(GPtrArray) others = NULL;
  const CdSpoolOther *other;

  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, 6 * FIXTURE_PER_SEGMENT);
  fixture_close(self);
  fixture_open(self);
  others = cd_spool_list_other_cursors(self->spool);
  g_assert_cmpuint(others->len, ==, 1);
  other = g_ptr_array_index(others, 0);
  g_assert_cmpuint(other->lost, >, 0);
  g_assert_cmpuint(other->lost + other->backlog, ==, self->appended);
}

FIXTURE_TEST(test_forget_one_cursor)
{
  fixture_open(self);
  fixture_append(self, 3 * FIXTURE_PER_SEGMENT);
  fixture_take(fixture_cursor(self, "a"), 1, self->appended);
  fixture_cursor(self, "b");
  fixture_take(fixture_cursor(self, "c"), 1, 2 * FIXTURE_PER_SEGMENT);
  fixture_close(self);
  fixture_open(self);
  fixture_cursor(self, "a");
  g_assert_true(cd_spool_forget_cursor(self->spool, "b"));
  g_assert_false(cd_spool_forget_cursor(self->spool, "b"));
  _expect_other(self, "c", FIXTURE_PER_SEGMENT);
  fixture_close(self);
  fixture_open(self);
  g_assert_cmpuint(fixture_figures(self).n_segments, ==, 1);
  _expect_no_other_than(self, "a", "c");
}

FIXTURE_TEST(test_forget_no_cursor_in_use)
{
  fixture_open(self);
  fixture_append(self, 3);
  fixture_cursor(self, "a");
  g_assert_false(cd_spool_forget_cursor(self->spool, "a"));
  g_assert_false(cd_spool_forget_cursor(self->spool, "b"));
  fixture_expect(fixture_cursor(self, "a"), 1, 3);
}

FIXTURE_TEST(test_forget_the_only_cursor)
{
  fixture_open(self);
  fixture_append(self, 3);
  fixture_cursor(self, "a");
  fixture_close(self);
  fixture_open(self);
  g_assert_true(cd_spool_forget_cursor(self->spool, "a"));
  fixture_append(self, 1);
  fixture_expect(fixture_cursor(self, "b"), 4, 4);
}

FIXTURE_TEST(test_figures)
{
  CdCursor *a, *b;

  fixture_open(self);
  a = fixture_cursor(self, "a");
  b = fixture_cursor(self, "b");
  g_assert_cmpint(fixture_figures(self).oldest, ==, 0);
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_figures(self).accepted, ==, 2 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_figures(self).n_segments, ==, 2);
  g_assert_cmpuint(fixture_figures(self).bytes, >, 1000 * 1000);
  g_assert_cmpuint(fixture_figures(self).bytes, <=, 3 * 1024 * 1024);
  g_assert_cmpuint(fixture_figures(self).in_memory, ==, 0);
  g_assert_cmpint(fixture_figures(self).oldest, ==, 1000);
  fixture_take(a, 1, 100);
  g_assert_cmpint(fixture_figures(self).oldest, ==, 1000);
  fixture_take(b, 1, 10);
  g_assert_cmpint(fixture_figures(self).oldest, ==, 11 * 1000);
  fixture_take(b, 11, 2 * FIXTURE_PER_SEGMENT);
  g_assert_cmpint(fixture_figures(self).oldest, ==, 101 * 1000);
}

FIXTURE_TEST(test_oldest_of_an_earlier_run)
{
  fixture_open(self);
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  fixture_take(fixture_cursor(self, "a"), 1, 100);
  fixture_close(self);
  fixture_open(self);
  g_assert_cmpint(fixture_figures(self).oldest, ==, 101 * 1000);
}

FIXTURE_TEST(test_rewind_on_disk)
{
  CdCursor *cursor;

  self->options.size_max = CD_SPOOL_SIZE_DEFAULT;
  fixture_open(self);
  fixture_append(self, 10 * FIXTURE_PER_SEGMENT);
  cursor = fixture_cursor(self, "a");
  fixture_expect(cursor, 1, 500);
  cd_cursor_rewind(cursor);
  fixture_expect(cursor, 1, 1500);
  cd_cursor_commit(cursor, 10);
  cd_cursor_rewind(cursor);
  fixture_expect(cursor, 11, 10 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
}

FIXTURE_TEST(test_memory_alone)
{
  CdCursor *cursor;

  self->options.folder = NULL;
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 3000);
  g_assert_cmpuint(fixture_figures(self).bytes, >, 3000 * FIXTURE_LINE);
  g_assert_cmpuint(fixture_figures(self).in_memory, ==, 0);
  g_assert_cmpint(fixture_figures(self).oldest, ==, 1000);
  fixture_take(cursor, 1, 2000);
  cd_cursor_rewind(cursor);
  fixture_take(cursor, 2001, 2500);
  g_assert_cmpuint(fixture_close(self), ==, 500);
  g_assert_cmpuint(self->n_troubles, ==, 0);
}

/* The context that was the thread's default when the spool was opened runs its timers. */
FIXTURE_TEST(test_own_main_context)
{
  GMainContext *context = g_main_context_new();
  CdCursor *cursor;

  g_main_context_push_thread_default(context);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  fixture_take(cursor, 1, 2 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_figures(self).n_segments, ==, 2);
  while (fixture_figures(self).n_segments > 1)
    g_main_context_iteration(context, TRUE);
  fixture_close(self);
  g_main_context_pop_thread_default(context);
  g_main_context_unref(context);
}

FIXTURE_TEST(test_trailing_slash)
{
  g_autofree gchar *path = g_strconcat(self->folder, "//", NULL);

  self->options.folder = path;
  fixture_open(self);
  fixture_append(self, 1);
  g_assert_true(g_file_test(self->folder, G_FILE_TEST_IS_DIR));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/spool/reads-what-was-appended", test_reads_what_was_appended);
  g_test_add_func("/spool/peek-stays", test_peek_stays);
  g_test_add_func("/spool/advance-needs-a-peek", test_advance_needs_a_peek);
  g_test_add_func("/spool/rewind-and-commit", test_rewind_and_commit);
  g_test_add_func("/spool/commit-takes-no-more-than-was-passed",
                  test_commit_takes_no_more_than_was_passed);
  g_test_add_func("/spool/backlog", test_backlog);
  g_test_add_func("/spool/lines-of-all-sizes", test_lines_of_all_sizes);
  g_test_add_func("/spool/any-byte-and-none", test_any_byte_and_none);
  g_test_add_func("/spool/too-long", test_too_long);
  g_test_add_func("/spool/cursors-are-independent", test_cursors_are_independent);
  g_test_add_func("/spool/new-cursor-begins-at-first-line", test_new_cursor_begins_at_first_line);
  g_test_add_func("/spool/too-many-cursors", test_too_many_cursors);
  g_test_add_func("/spool/name-too-long", test_name_too_long);
  g_test_add_func("/spool/sixteen-longest-names-survive", test_sixteen_longest_names_survive);
  g_test_add_func("/spool/reopen-goes-on", test_reopen_goes_on);
  g_test_add_func("/spool/uncommitted-is-read-again", test_uncommitted_is_read_again);
  g_test_add_func("/spool/many-short-runs", test_many_short_runs);
  g_test_add_func("/spool/nothing-is-left-of-what-all-have-read",
                  test_nothing_is_left_of_what_all_have_read);
  g_test_add_func("/spool/passed-segments-go", test_passed_segments_go);
  g_test_add_func("/spool/other-cursors-keep-their-lines", test_other_cursors_keep_their_lines);
  g_test_add_func("/spool/forget-other-cursors", test_forget_other_cursors);
  g_test_add_func("/spool/forget-all", test_forget_all);
  g_test_add_func("/spool/list-other-cursors", test_list_other_cursors);
  g_test_add_func("/spool/list-no-nameless-cursor", test_list_no_nameless_cursor);
  g_test_add_func("/spool/list-what-others-lost", test_list_what_others_lost);
  g_test_add_func("/spool/forget-one-cursor", test_forget_one_cursor);
  g_test_add_func("/spool/forget-no-cursor-in-use", test_forget_no_cursor_in_use);
  g_test_add_func("/spool/forget-the-only-cursor", test_forget_the_only_cursor);
  g_test_add_func("/spool/figures", test_figures);
  g_test_add_func("/spool/oldest-of-an-earlier-run", test_oldest_of_an_earlier_run);
  g_test_add_func("/spool/rewind-on-disk", test_rewind_on_disk);
  g_test_add_func("/spool/memory-alone", test_memory_alone);
  g_test_add_func("/spool/own-main-context", test_own_main_context);
  g_test_add_func("/spool/trailing-slash", test_trailing_slash);
  return g_test_run();
}
