/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The emitter as a whole: what it refuses to begin with, and what it tells of itself. */
#include "emit/emitter.h"

#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct _Fixture
{
  gchar *folder;
  gchar *state; /* in the folder; does not exist */
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp("test-emitter-XXXXXX", NULL);
  self->state = g_build_filename(self->folder, "state", NULL);
}

static void
remove_folder(const gchar *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name(dir)))
    {
      g_autofree gchar *path = g_build_filename(folder, name, NULL);
      g_assert_cmpint(g_unlink(path), ==, 0);
    }
  g_rmdir(folder);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  remove_folder(self->state);
  g_assert_cmpint(g_rmdir(self->folder), ==, 0);
  g_free(self->state);
  g_free(self->folder);
}

/* Fails, and leaves no trace on disk. */
static void
assert_refused(const Fixture *self, const gchar *const *uris, const CdTargetTls *tls,
               CdTargetError code)
{
  const CdEmitterOptions options = {
    .app_name = "test-emitter",
    .pen = 32473,
    .folder = self->state,
    .uris = uris,
    .tls = tls,
  };
  g_autoptr(GError) error = NULL;

  g_assert_null(cd_emitter_new(&options, &error));
  g_assert_error(error, CD_TARGET_ERROR, (gint) code);
  g_assert_false(g_file_test(self->state, G_FILE_TEST_EXISTS));
}

static void
test_a_wrong_uri_opens_no_spool(Fixture *self, gconstpointer data)
{
  const gchar *const uris[] = { "stderr:", "tcp:nowhere", NULL };

  assert_refused(self, uris, NULL, CD_TARGET_ERROR_URI);
}

static void
test_a_missing_certificate_opens_no_spool(Fixture *self, gconstpointer data)
{
  const gchar *const uris[] = { "stderr:", "tls:localhost:6514", NULL };
  const CdTargetTls tls = { .certificate = "/nowhere/client.crt" };

  assert_refused(self, uris, &tls, CD_TARGET_ERROR_TLS);
}

/* Both would share one cursor. */
static void
test_a_target_is_given_once(Fixture *self, gconstpointer data)
{
  const gchar *const uris[] = { "udp:localhost:514", "stderr:", "udp:localhost:514", NULL };

  assert_refused(self, uris, NULL, CD_TARGET_ERROR_URI);
}

/* --- a thread of its own ---------------------------------------------------------------------- */

static gint
listen_at(const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  g_assert_cmpint(bind(listener, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  g_assert_cmpint(listen(listener, 1), ==, 0);
  return listener;
}

static CdEmitter *
open_emitter(const Fixture *self, const gchar *uri)
{
  const gchar *const uris[] = { uri, NULL };
  const CdEmitterOptions options = {
    .app_name = "test-emitter",
    .pen = 32473,
    .folder = self->state,
    .uris = uris,
  };
  g_autoptr(GError) error = NULL;
  CdEmitter *emitter = cd_emitter_new(&options, &error);

  g_assert_no_error(error);
  return emitter;
}

static void
accept_records(CdEmitter *emitter, guint n_records)
{
  CdRecord record = { 0 };

  cd_record_set(&record, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  for (guint i = 0; i < n_records; i++)
    cd_emitter_accept(emitter, &record);
}

/* No source is there whose time would come. */
static void
assert_nothing_is_due(GMainContext *context)
{
  gint priority, timeout;

  g_assert_true(g_main_context_acquire(context));
  g_assert_false(g_main_context_prepare(context, &priority));
  g_main_context_query(context, G_MAXINT, &timeout, NULL, 0);
  g_assert_cmpint(timeout, ==, -1);
  g_main_context_release(context);
}

static gpointer
emit_in_thread(gpointer data)
{
  const Fixture *self = data;
  g_autofree gchar *path = g_build_filename(self->folder, "log", NULL);
  g_autofree gchar *uri = g_strconcat("unix-stream:", path, NULL);
  g_autoptr(GMainContext) context = g_main_context_new();
  gint listener = listen_at(path);
  CdEmitterFigures figures;
  CdEmitter *emitter;
  gint peer;

  g_main_context_push_thread_default(context);
  emitter = open_emitter(self, uri);
  accept_records(emitter, 3);
  while ((cd_emitter_get_figures(emitter, &figures), figures.targets[0].sent < 3))
    g_main_context_iteration(context, TRUE);
  assert_nothing_is_due(g_main_context_default());
  peer = accept(listener, NULL, NULL);
  g_assert_cmpint(recv(peer, (gchar[4096]) { 0 }, 4096, 0), >, 0);
  g_assert_true(cd_emitter_flush(emitter, 60, NULL));
  cd_emitter_free(emitter);
  assert_nothing_is_due(context);
  g_main_context_pop_thread_default(context);
  close(peer);
  close(listener);
  g_unlink(path);
  return NULL;
}

static void
test_a_thread_has_its_own_main_context(Fixture *self, gconstpointer data)
{
  g_thread_join(g_thread_new("emitter", emit_in_thread, self));
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
  add("/emitter/a-wrong-uri-opens-no-spool", test_a_wrong_uri_opens_no_spool);
  add("/emitter/a-missing-certificate-opens-no-spool", test_a_missing_certificate_opens_no_spool);
  add("/emitter/a-target-is-given-once", test_a_target_is_given_once);
  add("/emitter/a-thread-has-its-own-main-context", test_a_thread_has_its_own_main_context);
  return g_test_run();
}
