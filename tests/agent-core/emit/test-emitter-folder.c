/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a folder keeps for targets of earlier runs, and what closing it loses. */
#include "emit/emitter.h"

#include <glib/gstdio.h>

typedef struct _Fixture
{
  gchar *folder;
  gchar *state; /* in the folder; does not exist */
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp("test-emitter-folder-XXXXXX", NULL);
  self->state = g_build_filename(self->folder, "state", NULL);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  g_assert_cmpint(g_rmdir(self->folder), ==, 0);
  g_free(self->state);
  g_free(self->folder);
}

static CdEmitter *
open_emitter(const Fixture *self, const gchar *const *uris)
{
  const CdEmitterOptions options = {
    .app_name = "test-emitter-folder",
    .pen = 32473,
    .folder = self->state,
    .uris = uris,
  };
  CdEmitter *emitter = cd_emitter_new(&options, NULL);

  g_assert_nonnull(emitter);
  return emitter;
}

/* A run that accepts a record for a target that is not there. */
static void
leave_a_record(const Fixture *self, const gchar *uri)
{
  const gchar *const uris[] = { uri, NULL };
  const CdRecord record = { 0 };
  g_autoptr(CdEmitter) emitter = open_emitter(self, uris);

  cd_emitter_accept(emitter, &record);
}

static void
remove_state(const Fixture *self)
{
  GDir *files = g_dir_open(self->state, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name(files)))
    {
      g_autofree gchar *path = g_build_filename(self->state, name, NULL);
      g_assert_cmpint(g_unlink(path), ==, 0);
    }
  g_dir_close(files);
  g_assert_cmpint(g_rmdir(self->state), ==, 0);
}

static void
assert_others(const CdEmitter *emitter, const gchar *expected)
{
  g_autoptr(GPtrArray) others = cd_emitter_list_others(emitter);
  g_autoptr(GString) actual = g_string_new(NULL);

  for (guint i = 0; i < others->len; i++)
    {
      const CdSpoolOther *other = others->pdata[i];
      g_string_append_printf(actual, "%s%s %" G_GUINT64_FORMAT, i ? ", " : "", other->name,
                             other->backlog);
    }
  g_assert_cmpstr(actual->str, ==, expected);
}

static void
test_without_targets_the_folders_own(Fixture *self, gconstpointer data)
{
  CdEmitterFigures figures;
  g_autoptr(CdEmitter) emitter = NULL;

  leave_a_record(self, "unix-stream:/nowhere/one");
  emitter = open_emitter(self, NULL);
  cd_emitter_get_figures(emitter, &figures);
  g_assert_cmpint(figures.n_targets, ==, 1);
  g_assert_cmpstr(figures.uris[0], ==, "unix-stream:/nowhere/one");
  g_assert_cmpint(figures.targets[0].backlog, ==, 1);
  assert_others(emitter, "");
  g_clear_pointer(&emitter, cd_emitter_free);
  remove_state(self);
}

static void
test_another_target_is_forgotten(Fixture *self, gconstpointer data)
{
  const gchar *const uris[] = { "unix-stream:/nowhere/two", NULL };
  g_autoptr(CdEmitter) emitter = NULL;

  leave_a_record(self, "unix-stream:/nowhere/one");
  emitter = open_emitter(self, uris);
  assert_others(emitter, "unix-stream:/nowhere/one 1");
  g_assert_false(cd_emitter_forget(emitter, "unix-stream:/nowhere/two"));
  g_assert_true(cd_emitter_forget(emitter, "unix-stream:/nowhere/one"));
  assert_others(emitter, "");
  g_clear_pointer(&emitter, cd_emitter_free);
  emitter = open_emitter(self, uris);
  assert_others(emitter, "");
  g_clear_pointer(&emitter, cd_emitter_free);
  remove_state(self);
}

static guint64
close_with_a_record(const gchar *folder)
{
  const gchar *const uris[] = { "unix-stream:/nowhere/one", NULL };
  const Fixture fixture = { .state = (gchar *) folder };
  const CdRecord record = { 0 };
  CdEmitter *emitter = open_emitter(&fixture, uris);

  cd_emitter_accept(emitter, &record);
  return cd_emitter_close(emitter);
}

static void
test_closing_tells_what_is_lost(Fixture *self, gconstpointer data)
{
  g_assert_cmpint(close_with_a_record(NULL), ==, 1);
  g_assert_cmpint(close_with_a_record(self->state), ==, 0);
  remove_state(self);
}

static void
add(const gchar *path, void (*test)(Fixture *, gconstpointer))
{
  g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("/emitter-folder/without-targets-the-folders-own", test_without_targets_the_folders_own);
  add("/emitter-folder/another-target-is-forgotten", test_another_target_is_forgotten);
  add("/emitter-folder/closing-tells-what-is-lost", test_closing_tells_what_is_lost);
  return g_test_run();
}
