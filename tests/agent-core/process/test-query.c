/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/query.h"

#include "child-fixture.h"

typedef struct _Answer
{
  CdInherited *inherited;
  gboolean is_there;
  gint status;
  gboolean is_late;
  gchar *output;
} Answer;

static void
_on_ended(const CdQueryEnd *end, gpointer user_data)
{
  Answer *self = user_data;

  self->is_there = TRUE;
  self->status = end->status;
  self->is_late = end->is_late;
  self->output = g_strdup(end->output);
}

static CdQuery *
_ask(Answer *self, const gchar *program, const gchar *script, guint timeout_ms, GError **error)
{
  const gchar *const argv[] = { program, "-c", script, NULL };
  const gchar *const environment[] = { FIXTURE_PATH, NULL };
  const CdQueryOptions options = { argv, environment, "/", self->inherited, timeout_ms };

  return cd_query_new(&options, _on_ended, self, error);
}

static void
_clear(Answer *self)
{
  cd_inherited_free(self->inherited);
  g_free(self->output);
}

static void
_test_answer(void)
{
  Answer answer = { .inherited = cd_inherited_new() };
  g_autoptr(CdQuery) query = _ask(&answer, "sh", "echo out; echo err >&2; exit 3", 60000, NULL);

  loop_wait(answer.is_there);
  g_assert_cmpint(answer.status, ==, 3);
  g_assert_false(answer.is_late);
  g_assert_cmpstr(answer.output, ==, "out\nerr\n");
  _clear(&answer);
}

static void
_test_no_input(void)
{
  Answer answer = { .inherited = cd_inherited_new() };
  g_autoptr(CdQuery) query = _ask(&answer, "sh", "cat; test -t 0 || echo none", 60000, NULL);

  loop_wait(answer.is_there);
  g_assert_cmpstr(answer.output, ==, "none\n");
  _clear(&answer);
}

static void
_test_late(void)
{
  Answer answer = { .inherited = cd_inherited_new() };
  g_autoptr(CdQuery) query = _ask(&answer, "sh", "echo so far; exec sleep 600", 300, NULL);

  loop_wait(answer.is_there);
  g_assert_true(answer.is_late);
  g_assert_cmpint(answer.status, ==, -1);
  _clear(&answer);
}

static void
_test_not_there(void)
{
  Answer answer = { .inherited = cd_inherited_new() };
  g_autoptr(GError) error = NULL;

  g_assert_null(_ask(&answer, "no-such-program", "", 60000, &error));
  g_assert_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  _clear(&answer);
}

static void
_test_freed_is_killed(void)
{
  Answer answer = { .inherited = cd_inherited_new() };

  cd_query_free(_ask(&answer, "sh", "exec sleep 600", 60000, NULL));
  g_assert_cmpint(waitpid(-1, NULL, 0), ==, -1);
  g_assert_cmpint(errno, ==, ECHILD);
  _clear(&answer);
}

static gboolean
_is_there(const gchar *path)
{
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
_test_left_runs_on(void)
{
  Answer answer = { .inherited = cd_inherited_new() };
  g_autofree gchar *folder = g_dir_make_tmp("cd-query-XXXXXX", NULL);
  g_autofree gchar *file = g_build_filename(folder, "done", NULL);
  g_autofree gchar *script = g_strdup_printf("sleep 0.1; : > %s", file);

  cd_query_leave(_ask(&answer, "sh", script, 60000, NULL));
  loop_wait_polling(_is_there(file));
  g_assert_false(answer.is_there);
  unlink(file);
  rmdir(folder);
  _clear(&answer);
}

int
main(int argc, char *argv[])
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/query/answer", _test_answer);
  g_test_add_func("/query/no-input", _test_no_input);
  g_test_add_func("/query/late", _test_late);
  g_test_add_func("/query/not-there", _test_not_there);
  g_test_add_func("/query/freed-is-killed", _test_freed_is_killed);
  g_test_add_func("/query/left-runs-on", _test_left_runs_on);
  return g_test_run();
}
