/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A spool in a folder of its own, and lines that tell their number. */
#ifndef CD_SPOOL_FIXTURE_H
#define CD_SPOOL_FIXTURE_H

#include "emit/spool.h"

#include "../../support/unit.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIXTURE_LINE 900

/** Lines of FIXTURE_LINE bytes that a segment takes, with their heads and places in memory. */
#define FIXTURE_PER_SEGMENT ((1024 * 1024 - 24) / (FIXTURE_LINE + 24 + 4))

typedef struct _Fixture
{
  gchar *parent;
  gchar *folder;
  CdSpoolOptions options;
  CdSpool *spool;
  guint64 appended; /* number of the last line */
  guint n_troubles;
  guint n_recoveries;
  GError *trouble; /* the last */
} Fixture;

static inline void
fixture_note_trouble(const GError *error, gpointer user_data)
{
  Fixture *self = user_data;

  if (!error)
    {
      self->n_recoveries++;
      return;
    }
  self->n_troubles++;
  g_clear_error(&self->trouble);
  self->trouble = g_error_copy(error);
}

static inline void
fixture_init_in(Fixture *self, const gchar *where)
{
  memset(self, 0, sizeof(*self));
  self->parent = g_build_filename(where, "spool-XXXXXX", NULL);
  g_assert_nonnull(g_mkdtemp(self->parent));
  self->folder = g_build_filename(self->parent, "spool", NULL);
  self->options.folder = self->folder;
  self->options.size_max = CD_SPOOL_SIZE_MIN;
  self->options.trouble = fixture_note_trouble;
  self->options.user_data = self;
}

static inline void
fixture_init(Fixture *self)
{
  fixture_init_in(self, g_get_tmp_dir());
}

static inline void
fixture_open(Fixture *self)
{
  GError *error = NULL;

  self->spool = cd_spool_open(&self->options, &error);
  g_assert_no_error(error);
  g_assert_nonnull(self->spool);
}

static inline guint64
fixture_close(Fixture *self)
{
  CdSpool *spool = self->spool;

  self->spool = NULL;
  return cd_spool_close(spool);
}

/** Path of a file in the folder; free with g_free(). */
static inline gchar *
fixture_path(const Fixture *self, const gchar *name)
{
  return g_build_filename(self->folder, name, NULL);
}

static inline gint
fixture_compare(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

/** Paths of the segments, in order; free with g_ptr_array_unref(). */
static inline GPtrArray *
fixture_segments(const Fixture *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  GDir *dir = g_dir_open(self->folder, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name(dir)))
    if (g_str_has_prefix(name, "segment-"))
      g_ptr_array_add(names, g_build_filename(self->folder, name, NULL));
  if (dir)
    g_dir_close(dir);
  g_ptr_array_sort(names, fixture_compare);
  return names;
}

static inline void
fixture_remove_folder(const gchar *path)
{
  GDir *dir = g_dir_open(path, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name(dir)))
    {
      g_autofree gchar *inner = g_build_filename(path, name, NULL);
      if (g_file_test(inner, G_FILE_TEST_IS_DIR) && !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
        fixture_remove_folder(inner);
      else
        g_unlink(inner);
    }
  if (dir)
    g_dir_close(dir);
  g_rmdir(path);
}

static inline void
fixture_clear(Fixture *self)
{
  if (self->spool)
    cd_spool_close(self->spool);
  fixture_remove_folder(self->parent);
  g_clear_error(&self->trouble);
  g_free(self->folder);
  g_free(self->parent);
}

/** A line of @size bytes, 20 at least, that begins with its number. */
static inline gchar *
fixture_line(guint64 number, gsize size)
{
  gchar *line = g_malloc(size + 1);
  gint begin = g_snprintf(line, size + 1, "%019" G_GUINT64_FORMAT " ", number);

  for (gsize i = (gsize) begin; i < size; i++)
    line[i] = (gchar) ('a' + (number + i) % 26);
  line[size] = '\0';
  return line;
}

static inline void
fixture_append_sized(Fixture *self, gsize size)
{
  guint64 number = ++self->appended;
  g_autofree gchar *line = fixture_line(number, size);
  GError *error = NULL;

  cd_spool_append(self->spool, number, (gint64) number * 1000, (CdText) { line, size }, &error);
  g_assert_no_error(error);
}

/** Appends @n lines; their numbers go on. */
static inline void
fixture_append(Fixture *self, guint64 n)
{
  while (n-- > 0)
    fixture_append_sized(self, FIXTURE_LINE);
}

static inline CdCursor *
fixture_cursor(Fixture *self, const gchar *name)
{
  GError *error = NULL;
  CdCursor *cursor = cd_spool_get_cursor(self->spool, name, &error);

  g_assert_no_error(error);
  return cursor;
}

/** The next line's number, 0 at the tail; the line has to be the one with that number. */
static inline guint64
fixture_peek(CdCursor *cursor)
{
  g_autofree gchar *expected = NULL;
  guint64 number;
  CdText line;

  if (!cd_cursor_peek(cursor, &line, &number))
    return 0;
  expected = fixture_line(number, line.length);
  unit_assert_text(line, cd_text_from_string(expected));
  return number;
}

/** Goes past the next line. Returns: its number, 0 at the tail */
static inline guint64
fixture_read(CdCursor *cursor)
{
  guint64 number = fixture_peek(cursor);

  if (number)
    cd_cursor_advance(cursor);
  return number;
}

/** Goes past lines that must be @first to @last. */
static inline void
fixture_expect(CdCursor *cursor, guint64 first, guint64 last)
{
  for (guint64 number = first; number <= last; number++)
    g_assert_cmpuint(fixture_read(cursor), ==, number);
}

/** The same, and commits them. */
static inline void
fixture_take(CdCursor *cursor, guint64 first, guint64 last)
{
  for (guint64 number = first; number <= last; number++)
    {
      g_assert_cmpuint(fixture_read(cursor), ==, number);
      cd_cursor_commit(cursor, 1);
    }
}

static inline void
fixture_expect_loss(CdCursor *cursor, guint64 count, guint64 first, guint64 last)
{
  CdSpoolLoss loss;

  g_assert_cmpint(cd_cursor_get_loss(cursor, &loss), ==, count > 0);
  g_assert_cmpuint(loss.count, ==, count);
  g_assert_cmpuint(loss.first, ==, first);
  g_assert_cmpuint(loss.last, ==, last);
}

static inline CdSpoolFigures
fixture_figures(const Fixture *self)
{
  CdSpoolFigures figures;

  cd_spool_get_figures(self->spool, &figures);
  return figures;
}

static inline gboolean
fixture_set_flag(gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_CONTINUE;
}

/** Runs the main context for so long. */
static inline void
fixture_run(guint milliseconds)
{
  gboolean is_over = FALSE;
  guint timer = g_timeout_add(milliseconds, fixture_set_flag, &is_over);

  while (!is_over)
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(timer);
}

/** Runs the main context until @value is @wanted; fails after 20 s. */
static inline void
fixture_wait(const guint *value, guint wanted)
{
  gboolean is_late = FALSE;
  guint timer = g_timeout_add_seconds(20, fixture_set_flag, &is_late);

  while (*value != wanted && !is_late)
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(timer);
  g_assert_cmpuint(*value, ==, wanted);
}

static inline gboolean
fixture_append_one(gpointer user_data)
{
  fixture_append(user_data, 1);
  return G_SOURCE_CONTINUE;
}

/** The same, while lines come in, a hundred a second at most. */
static inline void
fixture_append_until(Fixture *self, const guint *value, guint wanted)
{
  guint timer = g_timeout_add(10, fixture_append_one, self);

  fixture_wait(value, wanted);
  g_source_remove(timer);
}

static inline gboolean
fixture_continue(gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/** Whether the next segment's file is there already. */
static inline gboolean
fixture_has_spare(const Fixture *self)
{
  const CdSpoolFigures figures = fixture_figures(self);

  return figures.bytes > (guint64) figures.n_segments * 1024 * 1024;
}

/** Runs the main context until it is, or for so long. Returns: whether it is */
static inline gboolean
fixture_wait_for_spare(const Fixture *self, guint milliseconds)
{
  gboolean is_late = FALSE;
  guint timer = g_timeout_add(milliseconds, fixture_set_flag, &is_late);
  guint look = g_timeout_add(5, fixture_continue, NULL);

  while (!fixture_has_spare(self) && !is_late)
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(look);
  g_source_remove(timer);
  return fixture_has_spare(self);
}

/** Moves a fixture that is not open to where fsync costs nothing, if there is such a place. */
static inline void
fixture_move_to_memory(Fixture *self)
{
  if (access("/dev/shm", W_OK) != 0)
    return;
  fixture_clear(self);
  fixture_init_in(self, "/dev/shm");
}

/** A test of its own folder. */
#define FIXTURE_TEST(name)                                                                         \
  static void name##_in(Fixture *self);                                                            \
  static void name(void)                                                                           \
  {                                                                                                \
    Fixture fixture;                                                                               \
                                                                                                   \
    fixture_init(&fixture);                                                                        \
    name##_in(&fixture);                                                                           \
    fixture_clear(&fixture);                                                                       \
  }                                                                                                \
  static void name##_in(Fixture *self)

#endif
