/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/program.h"

#include <errno.h>
#include <glib/gstdio.h>

typedef struct _Fixture
{
  gchar *folder;
  gchar *runnable; /* first/tool */
  gchar *barred;   /* second/tool */
} Fixture;

static gchar *
_make(const gchar *folder, const gchar *name, gint mode)
{
  g_autofree gchar *below = g_build_filename(folder, name, NULL);
  gchar *path = g_build_filename(below, "tool", NULL);

  g_assert_cmpint(g_mkdir(below, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, "", 0, NULL));
  g_assert_cmpint(g_chmod(path, mode), ==, 0);
  return path;
}

static void
_set_up(Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp("cd-program-XXXXXX", NULL);
  self->runnable = _make(self->folder, "first", 0700);
  self->barred = _make(self->folder, "second", 0600);
}

static void
_remove(gchar *path)
{
  g_autofree gchar *folder = g_path_get_dirname(path);

  g_assert_cmpint(g_remove(path), ==, 0);
  g_assert_cmpint(g_rmdir(folder), ==, 0);
  g_free(path);
}

static void
_tear_down(Fixture *self, gconstpointer data)
{
  _remove(self->runnable);
  _remove(self->barred);
  g_assert_cmpint(g_rmdir(self->folder), ==, 0);
  g_free(self->folder);
}

/* @path has FOLDER for the fixture's. */
static void
_assert_found(Fixture *self, const gchar *name, const gchar *path, const gchar *expected, gint code)
{
  g_auto(GStrv) parts = path ? g_strsplit(path, "FOLDER", -1) : NULL;
  g_autofree gchar *whole = path ? g_strjoinv(self->folder, parts) : NULL;
  g_autofree gchar *variable = path ? g_strconcat("PATH=", whole, NULL) : g_strdup("NONE=");
  const gchar *const environment[] = { variable, NULL };
  gint got_code = -1;
  g_autofree gchar *got = cd_program_find(name, environment, self->folder, &got_code);

  g_assert_cmpstr(got, ==, expected);
  g_assert_cmpint(got_code, ==, code);
}

static void
test_a_path_stays_as_it_is(Fixture *self, gconstpointer data)
{
  _assert_found(self, "./no/such", "FOLDER/first", "./no/such", 0);
}

static void
test_the_first_that_may_be_run_counts(Fixture *self, gconstpointer data)
{
  _assert_found(self, "tool", "/no/such:FOLDER/second:FOLDER/first", self->runnable, 0);
}

static void
test_a_relative_folder_is_below_the_start(Fixture *self, gconstpointer data)
{
  _assert_found(self, "tool", "first", self->runnable, 0);
}

static void
test_one_that_may_not_be_run_is_told_of(Fixture *self, gconstpointer data)
{
  _assert_found(self, "tool", "FOLDER/second:/no/such", NULL, EACCES);
}

static void
test_a_folder_is_no_program(Fixture *self, gconstpointer data)
{
  _assert_found(self, "first", "FOLDER", NULL, EACCES);
}

static void
test_none_is_told_of(Fixture *self, gconstpointer data)
{
  _assert_found(self, "no-such-tool", "FOLDER/first", NULL, ENOENT);
  _assert_found(self, "", "FOLDER/first", NULL, ENOENT);
}

static void
test_without_a_path_there_is_a_default(Fixture *self, gconstpointer data)
{
  const gchar *const environment[] = { NULL };
  gint code;
  g_autofree gchar *got = cd_program_find("sh", environment, "/", &code);

  g_assert_nonnull(got);
  g_assert_cmpint(code, ==, 0);
}

static void
test_errors_keep_their_kind(Fixture *self, gconstpointer data)
{
  static const gint rows[][2] = {
    { EACCES, G_SPAWN_ERROR_ACCES }, { E2BIG, G_SPAWN_ERROR_TOO_BIG },
    { ENOENT, G_SPAWN_ERROR_NOENT }, { ENOEXEC, G_SPAWN_ERROR_NOEXEC },
    { ENOMEM, G_SPAWN_ERROR_NOMEM }, { EMFILE, G_SPAWN_ERROR_MFILE },
    { ENFILE, G_SPAWN_ERROR_NFILE }, { EIO, G_SPAWN_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    g_assert_cmpint(cd_program_get_error(rows[i][0]), ==, rows[i][1]);
}

#define ADD(path, test) g_test_add(path, Fixture, NULL, _set_up, test, _tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/program/a-path-stays-as-it-is", test_a_path_stays_as_it_is);
  ADD("/program/the-first-that-may-be-run-counts", test_the_first_that_may_be_run_counts);
  ADD("/program/a-relative-folder-is-below-the-start", test_a_relative_folder_is_below_the_start);
  ADD("/program/one-that-may-not-be-run-is-told-of", test_one_that_may_not_be_run_is_told_of);
  ADD("/program/a-folder-is-no-program", test_a_folder_is_no_program);
  ADD("/program/none-is-told-of", test_none_is_told_of);
  ADD("/program/without-a-path-there-is-a-default", test_without_a_path_there_is_a_default);
  ADD("/program/errors-keep-their-kind", test_errors_keep_their_kind);
  return g_test_run();
}
