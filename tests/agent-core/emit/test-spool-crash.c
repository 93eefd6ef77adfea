/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a crash leaves, and what else files may hold. */
#include "spool-fixture.h"

#include "emit/frame.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Kills in a usual run; SPOOL_KILLS in the environment asks for more. */
#define N_KILLS 40

typedef struct _Bytes
{
  gchar *path;
  gchar *data;
  gsize size;
} Bytes;

static Bytes
_load(const gchar *path)
{
  Bytes bytes = { g_strdup(path), NULL, 0 };

  g_assert_true(g_file_get_contents(path, &bytes.data, &bytes.size, NULL));
  return bytes;
}

static void
_clear(Bytes *bytes)
{
  g_free(bytes->path);
  g_free(bytes->data);
}

static void
_store(const gchar *path, const gchar *data, gsize size)
{
  g_assert_true(g_file_set_contents(path, data, (gssize) size, NULL));
  g_assert_cmpint(g_chmod(path, 0600), ==, 0);
}

static gchar *
_nth_segment(const Fixture *self, guint i)
{
  g_autoptr(GPtrArray) segments = fixture_segments(self);

  g_assert_cmpuint(i, <, segments->len);
  return g_strdup(g_ptr_array_index(segments, i));
}

/* The file of a spool with lines of @size bytes, closed. */
static Bytes
_make_segment(Fixture *self, guint n, gsize size)
{
  g_autofree gchar *path = NULL;

  fixture_open(self);
  for (guint i = 0; i < n; i++)
    fixture_append_sized(self, size);
  fixture_close(self);
  path = _nth_segment(self, 0);
  return _load(path);
}

/* Returns: lines that a cursor finds, which are those from 1 on. */
static guint64
_count_lines(CdCursor *cursor)
{
  guint64 count = 0;

  while (fixture_peek(cursor))
    g_assert_cmpuint(fixture_read(cursor), ==, ++count);
  return count;
}

/* Without the file of cursors: a new cursor sees all that there is. */
static void
_reset(Fixture *self, const gchar *path, const gchar *data, gsize size)
{
  fixture_remove_folder(self->folder);
  g_assert_cmpint(g_mkdir(self->folder, 0700), ==, 0);
  _store(path, data, size);
  self->appended = 100;
}

static void
_check_cut(Fixture *self, const Bytes *whole, gsize cut)
{
  const gsize frame = CD_FRAME_SIZE(30);
  const guint64 n_whole = cut < 24 ? 0 : (cut - 24) / frame;
  CdCursor *cursor;

  _reset(self, whole->path, whole->data, cut);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_expect(cursor, 1, n_whole);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
  fixture_append_sized(self, 20);
  fixture_expect(cursor, 101, 101);
  fixture_close(self);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_expect(cursor, 1, n_whole);
  fixture_expect(cursor, 101, 101);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
  fixture_expect_loss(cursor, 0, 0, 0);
  fixture_close(self);
}

FIXTURE_TEST(test_cut_off_anywhere)
{
  Bytes whole;

  fixture_move_to_memory(self);
  whole = _make_segment(self, 3, 30);
  for (gsize cut = 0; cut <= whole.size; cut += cut % 9 ? 1 : 3)
    _check_cut(self, &whole, cut);
  _clear(&whole);
}

/* What stood behind a broken line must not come back behind the next one. */
FIXTURE_TEST(test_nothing_comes_back)
{
  Bytes whole = _make_segment(self, 5, 30);
  Bytes as_killed;
  CdCursor *cursor;

  whole.data[24 + 2 * CD_FRAME_SIZE(30) + 40] ^= 1;
  _reset(self, whole.path, whole.data, whole.size);
  fixture_open(self);
  fixture_append_sized(self, 30);
  as_killed = _load(whole.path);
  fixture_close(self);
  _store(whole.path, as_killed.data, as_killed.size);
  _clear(&as_killed);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_expect(cursor, 1, 2);
  fixture_expect(cursor, 101, 101);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
  _clear(&whole);
}

FIXTURE_TEST(test_any_bit)
{
  Bytes whole;

  fixture_move_to_memory(self);
  whole = _make_segment(self, 3, 30);
  for (gsize i = 0; i < whole.size; i += 1 + i % 3)
    {
      const guint64 n_whole = i < 24 ? 0 : (i - 24) / CD_FRAME_SIZE(30);

      whole.data[i] ^= (gchar) (1 << (i % 8));
      _reset(self, whole.path, whole.data, whole.size);
      whole.data[i] ^= (gchar) (1 << (i % 8));
      fixture_open(self);
      fixture_expect(fixture_cursor(self, "a"), 1, n_whole);
      g_assert_cmpuint(fixture_read(fixture_cursor(self, "a")), ==, 0);
      fixture_close(self);
    }
  _clear(&whole);
}

/* --- in the middle ---------------------------------------------------------------------------- */

/* Four segments, that a cursor has read @read lines of. */
static void
_make_four(Fixture *self, guint64 read)
{
  self->options.size_max = CD_SPOOL_SIZE_DEFAULT;
  fixture_open(self);
  fixture_append(self, 4 * FIXTURE_PER_SEGMENT);
  fixture_take(fixture_cursor(self, "a"), 1, read);
  fixture_close(self);
}

static void
_break_segment(Fixture *self, guint i, gsize offset)
{
  g_autofree gchar *path = _nth_segment(self, i);
  Bytes bytes = _load(path);

  bytes.data[offset] ^= 0x55;
  _store(path, bytes.data, bytes.size);
  _clear(&bytes);
}

/* Lines @first to @last cannot be read: they are counted, and the rest comes. */
static void
_expect_gap(Fixture *self, guint64 from, guint64 first, guint64 last)
{
  CdCursor *cursor;

  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_take(cursor, from, first - 1);
  fixture_take(cursor, last + 1, self->appended);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
  fixture_expect_loss(cursor, last - first + 1, 0, 0);
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 0);
}

FIXTURE_TEST(test_broken_line_in_the_middle)
{
  _make_four(self, 10);
  _break_segment(self, 1, 24 + 100 * CD_FRAME_SIZE(FIXTURE_LINE) + 50);
  _expect_gap(self, 11, FIXTURE_PER_SEGMENT + 101, 2 * FIXTURE_PER_SEGMENT);
}

FIXTURE_TEST(test_broken_head_in_the_middle)
{
  _make_four(self, 10);
  _break_segment(self, 1, 3);
  _expect_gap(self, 11, FIXTURE_PER_SEGMENT + 1, 2 * FIXTURE_PER_SEGMENT);
}

FIXTURE_TEST(test_missing_in_the_middle)
{
  g_autofree gchar *path = NULL;

  _make_four(self, 10);
  path = _nth_segment(self, 2);
  g_unlink(path);
  _expect_gap(self, 11, 2 * FIXTURE_PER_SEGMENT + 1, 3 * FIXTURE_PER_SEGMENT);
}

FIXTURE_TEST(test_missing_at_the_beginning)
{
  g_autofree gchar *path = NULL;

  _make_four(self, 10);
  path = _nth_segment(self, 0);
  g_unlink(path);
  _expect_gap(self, 11, 11, FIXTURE_PER_SEGMENT);
}

FIXTURE_TEST(test_file_goes_away_while_it_is_open)
{
  g_autofree gchar *path = NULL;
  CdCursor *cursor;

  _make_four(self, 10);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_take(cursor, 11, 20);
  path = _nth_segment(self, 1);
  g_unlink(path);
  fixture_take(cursor, 21, FIXTURE_PER_SEGMENT);
  fixture_take(cursor, 2 * FIXTURE_PER_SEGMENT + 1, self->appended);
  fixture_expect_loss(cursor, FIXTURE_PER_SEGMENT, 0, 0);
}

FIXTURE_TEST(test_truncated_in_the_middle)
{
  g_autofree gchar *path = NULL;

  _make_four(self, 10);
  path = _nth_segment(self, 1);
  g_assert_cmpint(truncate(path, 24 + 7 * CD_FRAME_SIZE(FIXTURE_LINE) + 1), ==, 0);
  _expect_gap(self, 11, FIXTURE_PER_SEGMENT + 8, 2 * FIXTURE_PER_SEGMENT);
}

FIXTURE_TEST(test_garbage_in_the_middle)
{
  g_autofree gchar *path = NULL;

  _make_four(self, 10);
  path = _nth_segment(self, 1);
  _store(path, "garbage", 7);
  _expect_gap(self, 11, FIXTURE_PER_SEGMENT + 1, 2 * FIXTURE_PER_SEGMENT);
}

static void
_read_over_gap(CdCursor *cursor)
{
  fixture_expect(cursor, 1, FIXTURE_PER_SEGMENT);
  fixture_expect(cursor, 2 * FIXTURE_PER_SEGMENT + 1, 4 * FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(fixture_read(cursor), ==, 0);
}

/* Not when it is committed, which may be after the reader has said that all is well. */
FIXTURE_TEST(test_gap_is_counted_when_it_is_met)
{
  CdCursor *cursor;

  _make_four(self, 0);
  _break_segment(self, 1, 24);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  fixture_expect_loss(cursor, 0, 0, 0);
  for (guint i = 0; i < 2; i++)
    {
      cd_cursor_rewind(cursor);
      _read_over_gap(cursor);
      fixture_expect_loss(cursor, FIXTURE_PER_SEGMENT, 0, 0);
    }
  g_assert_cmpuint(cd_cursor_get_n_uncommitted(cursor), ==, 3 * FIXTURE_PER_SEGMENT);
  cd_cursor_commit(cursor, 3 * FIXTURE_PER_SEGMENT);
  fixture_expect_loss(cursor, FIXTURE_PER_SEGMENT, 0, 0);
  g_assert_cmpuint(cd_cursor_get_backlog(cursor), ==, 0);
}

FIXTURE_TEST(test_gap_that_was_told_is_not_told_again)
{
  CdCursor *cursor;

  _make_four(self, 0);
  _break_segment(self, 1, 24);
  for (guint i = 0; i < 2; i++)
    {
      fixture_open(self);
      cursor = fixture_cursor(self, "a");
      _read_over_gap(cursor);
      fixture_expect_loss(cursor, i == 0 ? FIXTURE_PER_SEGMENT : 0, 0, 0);
      cd_cursor_clear_loss(cursor);
      cd_cursor_rewind(cursor);
      _read_over_gap(cursor);
      fixture_expect_loss(cursor, 0, 0, 0);
      fixture_close(self);
    }
}

FIXTURE_TEST(test_gap_that_nobody_was_told_of_is_kept)
{
  for (guint i = 0; i < 3; i++)
    {
      if (i == 0)
        _make_four(self, 0);
      if (i == 0)
        _break_segment(self, 1, 24);
      fixture_open(self);
      _read_over_gap(fixture_cursor(self, "a"));
      fixture_expect_loss(fixture_cursor(self, "a"), FIXTURE_PER_SEGMENT, 0, 0);
      fixture_close(self);
    }
}

/* What has become worse since is counted, the rest is not counted twice. */
FIXTURE_TEST(test_gap_that_grows)
{
  CdCursor *cursor;

  _make_four(self, 0);
  _break_segment(self, 1, 24 + 100 * CD_FRAME_SIZE(FIXTURE_LINE));
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  while (fixture_read(cursor))
    ;
  fixture_expect_loss(cursor, FIXTURE_PER_SEGMENT - 100, 0, 0);
  fixture_close(self);
  _break_segment(self, 1, 24);
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  _read_over_gap(cursor);
  fixture_expect_loss(cursor, FIXTURE_PER_SEGMENT, 0, 0);
}

/* Each cursor loses what it had not passed. */
FIXTURE_TEST(test_gap_of_several_cursors)
{
  self->options.size_max = CD_SPOOL_SIZE_DEFAULT;
  fixture_open(self);
  fixture_append(self, 3 * FIXTURE_PER_SEGMENT);
  fixture_take(fixture_cursor(self, "past"), 1, 2 * FIXTURE_PER_SEGMENT);
  fixture_take(fixture_cursor(self, "within"), 1, FIXTURE_PER_SEGMENT + 200);
  fixture_cursor(self, "before");
  fixture_close(self);
  _break_segment(self, 1, 24 + 100 * CD_FRAME_SIZE(FIXTURE_LINE));
  fixture_open(self);
  fixture_take(fixture_cursor(self, "past"), 2 * FIXTURE_PER_SEGMENT + 1, self->appended);
  fixture_take(fixture_cursor(self, "within"), 2 * FIXTURE_PER_SEGMENT + 1, self->appended);
  fixture_take(fixture_cursor(self, "before"), 1, FIXTURE_PER_SEGMENT + 100);
  fixture_take(fixture_cursor(self, "before"), 2 * FIXTURE_PER_SEGMENT + 1, self->appended);
  fixture_expect_loss(fixture_cursor(self, "past"), 0, 0, 0);
  fixture_expect_loss(fixture_cursor(self, "within"), FIXTURE_PER_SEGMENT - 200, 0, 0);
  fixture_expect_loss(fixture_cursor(self, "before"), FIXTURE_PER_SEGMENT - 100, 0, 0);
}

/* The lines of a broken segment are lost with it when it goes. */
FIXTURE_TEST(test_broken_segment_is_thrown_away)
{
  CdCursor *cursor, *reader;
  CdSpoolLoss loss;

  self->options.size_max = CD_SPOOL_SIZE_MIN;
  fixture_open(self);
  fixture_append(self, 3 * FIXTURE_PER_SEGMENT);
  fixture_cursor(self, "a");
  fixture_cursor(self, "b");
  fixture_close(self);
  _break_segment(self, 0, 24 + 100 * CD_FRAME_SIZE(FIXTURE_LINE));
  fixture_open(self);
  cursor = fixture_cursor(self, "a");
  reader = fixture_cursor(self, "b");
  fixture_take(reader, 1, 100);
  fixture_take(reader, FIXTURE_PER_SEGMENT + 1, self->appended);
  fixture_append(self, 2 * FIXTURE_PER_SEGMENT);
  g_assert_true(cd_cursor_get_loss(cursor, &loss));
  g_assert_cmpuint(loss.count, ==, FIXTURE_PER_SEGMENT);
  g_assert_cmpuint(loss.first, ==, 1);
  g_assert_cmpuint(loss.last, ==, 100);
  fixture_expect_loss(reader, FIXTURE_PER_SEGMENT - 100, 0, 0);
}

/* --- at the end ------------------------------------------------------------------------------- */

/* What was read and committed is gone: what comes is not taken for it. */
FIXTURE_TEST(test_end_is_before_what_was_committed)
{
  g_autofree gchar *path = NULL;
  Bytes bytes;

  fixture_open(self);
  fixture_append(self, 10);
  fixture_take(fixture_cursor(self, "a"), 1, 8);
  fixture_take(fixture_cursor(self, "b"), 1, 2);
  fixture_close(self);
  path = _nth_segment(self, 0);
  bytes = _load(path);
  _store(path, bytes.data, 24 + 5 * CD_FRAME_SIZE(FIXTURE_LINE));
  _clear(&bytes);
  fixture_open(self);
  fixture_append(self, 3);
  fixture_take(fixture_cursor(self, "a"), 11, 13);
  fixture_take(fixture_cursor(self, "b"), 3, 5);
  fixture_take(fixture_cursor(self, "b"), 11, 13);
  fixture_expect_loss(fixture_cursor(self, "a"), 2, 0, 0);
  fixture_expect_loss(fixture_cursor(self, "b"), 5, 0, 0);
}

FIXTURE_TEST(test_all_segments_are_gone)
{
  g_autoptr(GPtrArray) segments = NULL;

  fixture_open(self);
  fixture_append(self, 10);
  fixture_take(fixture_cursor(self, "a"), 1, 8);
  fixture_take(fixture_cursor(self, "b"), 1, 2);
  fixture_close(self);
  segments = fixture_segments(self);
  g_unlink(g_ptr_array_index(segments, 0));
  fixture_open(self);
  fixture_append(self, 1);
  fixture_take(fixture_cursor(self, "a"), 11, 11);
  fixture_take(fixture_cursor(self, "b"), 11, 11);
  fixture_expect_loss(fixture_cursor(self, "a"), 2, 0, 0);
  fixture_expect_loss(fixture_cursor(self, "b"), 8, 0, 0);
}

/* Ten lines, of which the one at @offset is broken, with or without the cursors' word for it. */
static void
_check_damage_at_the_end(Fixture *self, gsize offset, guint64 n_sound, gboolean has_cursors)
{
  g_autofree gchar *cursors = fixture_path(self, "cursors");

  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, 10);
  fixture_close(self);
  _break_segment(self, 0, offset);
  if (!has_cursors)
    g_unlink(cursors);
  for (guint i = 0; i < 2; i++)
    {
      CdCursor *cursor;

      fixture_open(self);
      fixture_append(self, 1);
      cursor = fixture_cursor(self, "a");
      fixture_expect(cursor, 1, n_sound);
      fixture_expect(cursor, 11, 11 + i);
      g_assert_cmpuint(fixture_read(cursor), ==, 0);
      fixture_expect_loss(cursor, 10 - n_sound, 0, 0);
      fixture_close(self);
    }
}

FIXTURE_TEST(test_broken_line_before_the_end)
{
  _check_damage_at_the_end(self, 24 + 2 * CD_FRAME_SIZE(FIXTURE_LINE) + 50, 2, TRUE);
}

FIXTURE_TEST(test_broken_line_before_the_end_without_cursors)
{
  _check_damage_at_the_end(self, 24 + 2 * CD_FRAME_SIZE(FIXTURE_LINE), 2, FALSE);
}

FIXTURE_TEST(test_broken_last_line)
{
  _check_damage_at_the_end(self, 24 + 9 * CD_FRAME_SIZE(FIXTURE_LINE) + 50, 9, TRUE);
}

FIXTURE_TEST(test_broken_head_at_the_end)
{
  _check_damage_at_the_end(self, 3, 0, TRUE);
}

FIXTURE_TEST(test_broken_head_at_the_end_without_cursors)
{
  _check_damage_at_the_end(self, 3, 0, FALSE);
}

FIXTURE_TEST(test_note_at_the_end)
{
  static const gchar *const tails[] = { NULL, "", "garbage" };
  g_autofree gchar *last = NULL;

  self->options.drop = CD_SPOOL_DROP_NEWEST;
  for (guint i = 0; i < G_N_ELEMENTS(tails); i++)
    {
      CdSpoolLoss loss;

      fixture_remove_folder(self->folder);
      self->appended = 0;
      fixture_open(self);
      fixture_cursor(self, "a");
      fixture_append(self, 5 * FIXTURE_PER_SEGMENT);
      fixture_close(self);
      g_free(last);
      last = _nth_segment(self, 4);
      g_unlink(last);
      if (tails[i])
        _store(last, tails[i], strlen(tails[i]));
      fixture_open(self);
      g_assert_true(cd_cursor_get_loss(fixture_cursor(self, "a"), &loss));
      fixture_append(self, 1);
      fixture_expect(fixture_cursor(self, "a"), 1, loss.first - 1);
      fixture_expect(fixture_cursor(self, "a"), self->appended, self->appended);
    }
}

/* --- cursors ---------------------------------------------------------------------------------- */

static Bytes
_make_cursors(Fixture *self, guint n_saves)
{
  g_autofree gchar *path = fixture_path(self, "cursors");

  for (guint i = 0; i < n_saves; i++)
    {
      fixture_open(self);
      fixture_append(self, 10);
      fixture_take(fixture_cursor(self, "a"), i + 1, i + 1);
      fixture_close(self);
    }
  return _load(path);
}

/* One slot stands whatever becomes of the other: the cursor is where it was or one save before. */
FIXTURE_TEST(test_cursors_cut_off_anywhere)
{
  Bytes whole;

  fixture_move_to_memory(self);
  whole = _make_cursors(self, 2);
  for (gsize cut = 0; cut < whole.size; cut += cut < 200 || cut % 12288 < 120 ? 7 : 1000)
    {
      guint64 next;

      _store(whole.path, whole.data, cut);
      fixture_open(self);
      next = fixture_peek(fixture_cursor(self, "a"));
      g_assert_cmpuint(next, >=, cut >= 12288 ? 2 : 1);
      g_assert_cmpuint(next, <=, 3);
      fixture_close(self);
    }
  _clear(&whole);
}

FIXTURE_TEST(test_one_slot_is_broken)
{
  Bytes whole;

  fixture_move_to_memory(self);
  whole = _make_cursors(self, 3);
  for (gsize i = 0; i < whole.size; i += i % 12288 < 100 ? 3 : 12288 - i % 12288)
    {
      guint64 next;

      whole.data[i] ^= 0x10;
      _store(whole.path, whole.data, whole.size);
      whole.data[i] ^= 0x10;
      fixture_open(self);
      next = fixture_peek(fixture_cursor(self, "a"));
      g_assert_cmpuint(next, >=, 3);
      g_assert_cmpuint(next, <=, 4);
      fixture_close(self);
    }
  _clear(&whole);
}

FIXTURE_TEST(test_no_slot_is_sound)
{
  g_autofree gchar *garbage = g_strnfill(20000, 'x');
  Bytes whole = _make_cursors(self, 2);

  _store(whole.path, garbage, 20000);
  fixture_open(self);
  g_assert_cmpuint(_count_lines(fixture_cursor(self, "a")), ==, 20);
  fixture_close(self);
  fixture_open(self);
  fixture_take(fixture_cursor(self, "a"), 1, 20);
  _clear(&whole);
}

/* A new cursor is saved at once, in the first slot; what it takes in the second one. */
static gboolean
_is_saved_again(const gchar *path)
{
  Bytes bytes = _load(path);
  gboolean is_saved = bytes.data[12288] != '\0';

  _clear(&bytes);
  return is_saved;
}

/* Within a run as well. */
FIXTURE_TEST(test_saves_take_turns)
{
  g_autofree gchar *path = fixture_path(self, "cursors");
  Bytes bytes;

  fixture_open(self);
  fixture_append(self, 10);
  fixture_take(fixture_cursor(self, "a"), 1, 2);
  while (!_is_saved_again(path))
    g_main_context_iteration(NULL, TRUE);
  fixture_take(fixture_cursor(self, "a"), 3, 4);
  fixture_close(self);
  bytes = _load(path);
  bytes.data[8] ^= 1;
  _store(path, bytes.data, bytes.size);
  _clear(&bytes);
  fixture_open(self);
  g_assert_cmpuint(fixture_peek(fixture_cursor(self, "a")), ==, 3);
}

/* Who asks which cursors there is something for sends to these alone. */
FIXTURE_TEST(test_nothing_is_sound_and_others_are_listed)
{
  g_autoptr(GPtrArray) others = NULL;
  Bytes whole;

  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_close(self);
  whole = _make_segment(self, 3, 30);
  whole.data[24 + 40] ^= 1;
  _store(whole.path, whole.data, whole.size);
  _clear(&whole);
  for (guint i = 0; i < 2; i++)
    {
      fixture_open(self);
      g_clear_pointer(&others, g_ptr_array_unref);
      others = cd_spool_list_other_cursors(self->spool);
      g_assert_cmpuint(others->len, ==, 1);
      g_assert_cmpuint(((const CdSpoolOther *) others->pdata[0])->backlog, ==, 0);
      g_assert_cmpuint(((const CdSpoolOther *) others->pdata[0])->lost, ==, 3);
      if (i == 0)
        fixture_close(self);
    }
  fixture_expect_loss(fixture_cursor(self, "a"), 3, 0, 0);
  g_assert_cmpuint(fixture_read(fixture_cursor(self, "a")), ==, 0);
  fixture_expect_loss(fixture_cursor(self, "a"), 3, 0, 0);
}

/* Whose lines they are, before a second has passed. */
FIXTURE_TEST(test_killed_before_the_first_save)
{
  g_autoptr(GPtrArray) others = NULL;
  const CdSpoolOther *other;
  int status;
  pid_t child = fork();

  if (child == 0)
    {
      fixture_open(self);
      fixture_cursor(self, "a");
      fixture_append(self, 3);
      kill(getpid(), SIGKILL);
    }
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFSIGNALED(status));
  fixture_open(self);
  others = cd_spool_list_other_cursors(self->spool);
  g_assert_cmpuint(others->len, ==, 1);
  other = others->pdata[0];
  g_assert_cmpstr(other->name, ==, "a");
  g_assert_cmpuint(other->backlog, ==, 3);
}

/* --- kill ------------------------------------------------------------------------------------- */

static GPid
_start_writer(const Fixture *self, guint64 first, int *reports)
{
  g_autofree gchar *own = g_file_read_link("/proc/self/exe", NULL);
  g_autofree gchar *beside = g_path_get_dirname(own);
  g_autofree gchar *program = g_build_filename(beside, "spool-driver", NULL);
  g_autofree gchar *number = g_strdup_printf("%" G_GUINT64_FORMAT, first);
  g_autofree gchar *size = g_strdup_printf("%" G_GUINT64_FORMAT, self->options.size_max);
  gchar *argv[] = { program, (gchar *) "write", self->folder, number, size, NULL };
  GError *error = NULL;
  GPid child;

  g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child, NULL,
                           reports, NULL, &error);
  g_assert_no_error(error);
  return child;
}

/* Returns: the number that was reported last, 0 at the end. */
static guint64
_read_report(int reports)
{
  guint64 number = 0;
  gssize got = read(reports, &number, sizeof(number));

  return got == sizeof(number) ? number : 0;
}

/* Lets it append about @n_reports lines. Returns: the last number that was accepted. */
static guint64
_write_and_kill(Fixture *self, guint64 first, guint64 n_reports)
{
  guint64 last = first - 1;
  guint64 number;
  int reports;
  GPid child = _start_writer(self, first, &reports);

  while (n_reports-- > 0 && (number = _read_report(reports)))
    last = number;
  g_usleep((gulong) g_test_rand_int_range(0, 2000));
  g_assert_cmpint(kill(child, SIGKILL), ==, 0);
  while ((number = _read_report(reports)))
    last = number;
  close(reports);
  waitpid(child, NULL, 0);
  return last;
}

/* Returns: the last line that is there; all from @first on are. */
static guint64
_expect_accepted(CdCursor *cursor, guint64 first, guint64 accepted)
{
  guint64 next = first;

  while (fixture_peek(cursor))
    g_assert_cmpuint(fixture_read(cursor), ==, next++);
  g_assert_cmpuint(next, >, accepted);
  g_assert_cmpuint(next, <=, accepted + 2);
  fixture_expect_loss(cursor, 0, 0, 0);
  return next - 1;
}

static guint
_get_n_kills(void)
{
  const gchar *wanted = g_getenv("SPOOL_KILLS");

  return wanted ? (guint) g_ascii_strtoull(wanted, NULL, 10) : N_KILLS;
}

FIXTURE_TEST(test_killed_anywhere)
{
  guint64 first = 1; /* that "behind" has not committed */
  guint64 last = 0;

  self->options.size_max = CD_SPOOL_SIZE_DEFAULT;
  for (guint i = _get_n_kills(); i > 0; i--)
    {
      guint64 n_reports = (guint64) g_test_rand_int_range(0, 1500);
      guint64 accepted = _write_and_kill(self, last + 1, n_reports);
      CdCursor *ahead, *behind;
      guint64 next;

      fixture_open(self);
      behind = fixture_cursor(self, "behind");
      ahead = fixture_cursor(self, "ahead");
      last = _expect_accepted(behind, first, accepted);
      next = fixture_peek(ahead);
      if (next)
        _expect_accepted(ahead, next, accepted);
      cd_cursor_commit(ahead, G_MAXUINT64);
      if (i % 3 == 0)
        {
          cd_cursor_commit(behind, G_MAXUINT64);
          first = last + 1;
        }
      fixture_close(self);
    }
}

/* A signal ends it when it makes the next segment's file. */
static void
_die_at_border(Fixture *self)
{
  const struct rlimit small = { 32 * 1024, 32 * 1024 };

  fixture_open(self);
  fixture_cursor(self, "a");
  fixture_append(self, 4 * FIXTURE_PER_SEGMENT);
  setrlimit(RLIMIT_FSIZE, &small);
  fixture_append(self, 1);
}

/* Cursors are saved in between: the line that was never accepted is no loss. */
FIXTURE_TEST(test_killed_at_a_border)
{
  int status;
  pid_t child = fork();

  if (child == 0)
    _die_at_border(self);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFSIGNALED(status));
  fixture_open(self);
  fixture_expect_loss(fixture_cursor(self, "a"), FIXTURE_PER_SEGMENT, 1, FIXTURE_PER_SEGMENT);
  fixture_expect(fixture_cursor(self, "a"), FIXTURE_PER_SEGMENT + 1, 4 * FIXTURE_PER_SEGMENT);
}

/* What was thrown away until then is known to the line. */
FIXTURE_TEST(test_killed_when_full)
{
  guint64 last = 0;

  for (guint i = _get_n_kills() / 4; i > 0; i--)
    {
      guint64 n_reports = (guint64) g_test_rand_int_range(3000, 4000);
      guint64 accepted = _write_and_kill(self, last + 1, n_reports);
      CdCursor *behind;
      CdSpoolLoss loss;

      fixture_open(self);
      behind = fixture_cursor(self, "behind");
      if (cd_cursor_get_loss(behind, &loss))
        {
          g_assert_cmpuint(loss.first, ==, 1);
          g_assert_cmpuint(loss.last, ==, loss.count);
        }
      last = loss.count;
      while (fixture_peek(behind))
        g_assert_cmpuint(fixture_read(behind), ==, ++last);
      g_assert_cmpuint(last, >=, accepted);
      g_assert_cmpuint(last, <=, accepted + 1);
      fixture_close(self);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  /* They fork, which has to be before there are threads. */
  g_test_add_func("/spool-crash/killed-before-the-first-save", test_killed_before_the_first_save);
  g_test_add_func("/spool-crash/killed-at-a-border", test_killed_at_a_border);
  g_test_add_func("/spool-crash/cut-off-anywhere", test_cut_off_anywhere);
  g_test_add_func("/spool-crash/nothing-comes-back", test_nothing_comes_back);
  g_test_add_func("/spool-crash/any-bit", test_any_bit);
  g_test_add_func("/spool-crash/broken-line-in-the-middle", test_broken_line_in_the_middle);
  g_test_add_func("/spool-crash/broken-head-in-the-middle", test_broken_head_in_the_middle);
  g_test_add_func("/spool-crash/missing-in-the-middle", test_missing_in_the_middle);
  g_test_add_func("/spool-crash/missing-at-the-beginning", test_missing_at_the_beginning);
  g_test_add_func("/spool-crash/file-goes-away-while-it-is-open",
                  test_file_goes_away_while_it_is_open);
  g_test_add_func("/spool-crash/truncated-in-the-middle", test_truncated_in_the_middle);
  g_test_add_func("/spool-crash/garbage-in-the-middle", test_garbage_in_the_middle);
  g_test_add_func("/spool-crash/gap-is-counted-when-it-is-met", test_gap_is_counted_when_it_is_met);
  g_test_add_func("/spool-crash/gap-that-was-told-is-not-told-again",
                  test_gap_that_was_told_is_not_told_again);
  g_test_add_func("/spool-crash/gap-that-nobody-was-told-of-is-kept",
                  test_gap_that_nobody_was_told_of_is_kept);
  g_test_add_func("/spool-crash/gap-that-grows", test_gap_that_grows);
  g_test_add_func("/spool-crash/gap-of-several-cursors", test_gap_of_several_cursors);
  g_test_add_func("/spool-crash/broken-segment-is-thrown-away", test_broken_segment_is_thrown_away);
  g_test_add_func("/spool-crash/end-is-before-what-was-committed",
                  test_end_is_before_what_was_committed);
  g_test_add_func("/spool-crash/all-segments-are-gone", test_all_segments_are_gone);
  g_test_add_func("/spool-crash/broken-line-before-the-end", test_broken_line_before_the_end);
  g_test_add_func("/spool-crash/broken-line-before-the-end-without-cursors",
                  test_broken_line_before_the_end_without_cursors);
  g_test_add_func("/spool-crash/broken-last-line", test_broken_last_line);
  g_test_add_func("/spool-crash/broken-head-at-the-end", test_broken_head_at_the_end);
  g_test_add_func("/spool-crash/broken-head-at-the-end-without-cursors",
                  test_broken_head_at_the_end_without_cursors);
  g_test_add_func("/spool-crash/nothing-is-sound-and-others-are-listed",
                  test_nothing_is_sound_and_others_are_listed);
  g_test_add_func("/spool-crash/note-at-the-end", test_note_at_the_end);
  g_test_add_func("/spool-crash/cursors-cut-off-anywhere", test_cursors_cut_off_anywhere);
  g_test_add_func("/spool-crash/one-slot-is-broken", test_one_slot_is_broken);
  g_test_add_func("/spool-crash/no-slot-is-sound", test_no_slot_is_sound);
  g_test_add_func("/spool-crash/saves-take-turns", test_saves_take_turns);
  g_test_add_func("/spool-crash/killed-anywhere", test_killed_anywhere);
  g_test_add_func("/spool-crash/killed-when-full", test_killed_when_full);
  return g_test_run();
}
