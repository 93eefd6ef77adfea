/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The emitter as a whole: what it refuses to begin with, and what it tells of itself. */
#include "emitter-fixture.h"

#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Seconds; a test that takes longer has failed. */
#define PATIENCE 60

typedef struct _Fixture
{
  gchar *folder;
  gchar *state; /* in the folder; does not exist */
  GString *troubles;
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp("test-emitter-XXXXXX", NULL);
  self->state = g_build_filename(self->folder, "state", NULL);
  self->troubles = g_string_new(NULL);
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
  g_string_free(self->troubles, TRUE);
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
open_emitter(Fixture *self, const gchar *uri)
{
  const gchar *const uris[] = { uri, NULL };
  const CdEmitterOptions options = {
    .app_name = "test-emitter",
    .pen = 32473,
    .folder = self->state,
    .uris = uris,
    .trouble = emitter_note_trouble,
    .user_data = self->troubles,
  };
  g_autoptr(GError) error = NULL;
  CdEmitter *emitter = cd_emitter_new(&options, &error);

  g_assert_no_error(error);
  return emitter;
}

static gboolean
tick(gpointer data)
{
  return G_SOURCE_CONTINUE;
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
  Fixture *self = data;
  g_autofree gchar *path = g_build_filename(self->folder, "log", NULL);
  g_autofree gchar *uri = g_strconcat("unix-stream:", path, NULL);
  g_autoptr(GMainContext) context = g_main_context_new();
  gint listener = listen_at(path);
  CdEmitterFigures figures;
  CdEmitter *emitter;
  gint peer;

  g_main_context_push_thread_default(context);
  emitter = open_emitter(self, uri);
  emitter_accept_records(emitter, 3);
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
  alarm(PATIENCE);
  g_thread_join(g_thread_new("emitter", emit_in_thread, self));
  alarm(0);
}

/* --- the end ---------------------------------------------------------------------------------- */

/* Somebody else's, which always has something to do. */
static void
test_a_flush_ends_in_a_busy_main_context(Fixture *self, gconstpointer data)
{
  CdEmitter *emitter = open_emitter(self, "unix-dgram:/nowhere/log");
  guint busy = g_idle_add(tick, NULL);

  alarm(PATIENCE);
  emitter_accept_records(emitter, 1);
  g_assert_false(cd_emitter_flush(emitter, 0, NULL));
  g_assert_false(cd_emitter_flush(emitter, 1, NULL));
  g_source_remove(busy);
  cd_emitter_free(emitter);
  alarm(0);
}

/* Connected, with records that wait for no more than their turn. */
static void
test_records_on_their_way_are_hindered_by_nothing_else(Fixture *self, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename(self->folder, "log", NULL);
  g_autofree gchar *uri = g_strconcat("unix-stream:", path, NULL);
  gint listener = listen_at(path);
  CdEmitter *emitter = open_emitter(self, uri);
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;
  CdEmitterFigures figures;

  while ((cd_emitter_get_figures(emitter, &figures), !figures.targets[0].is_connected))
    g_main_context_iteration(NULL, TRUE);
  before = cd_emitter_describe_hindrance(emitter, 0);
  g_assert_null(before);
  emitter_accept_records(emitter, 1);
  after = cd_emitter_describe_hindrance(emitter, 0);
  g_assert_cmpstr(after, ==, "still sending");
  cd_emitter_free(emitter);
  close(listener);
  g_unlink(path);
}

/* --- figures ---------------------------------------------------------------------------------- */

static void
test_accepting_is_timed(Fixture *self, gconstpointer data)
{
  CdEmitter *emitter = open_emitter(self, "unix-dgram:/nowhere/log");
  CdEmitterFigures figures;

  cd_emitter_get_figures(emitter, &figures);
  g_assert_cmpuint(figures.accept_time.count, ==, 0);
  g_assert_cmpint(figures.oldest_age, ==, 0);
  emitter_accept_records(emitter, 5);
  cd_emitter_get_figures(emitter, &figures);
  g_assert_cmpuint(figures.accept_time.count, ==, 5);
  g_assert_cmpuint(figures.accept_time.sum, >, 0);
  g_assert_cmpint(cd_histogram_get_quantile(&figures.accept_time, 0.5), >, 0);
  cd_emitter_free(emitter);
}

static void
test_the_oldest_record_has_an_age(Fixture *self, gconstpointer data)
{
  CdEmitter *emitter = open_emitter(self, "unix-dgram:/nowhere/log");
  gint64 before = g_get_real_time();
  CdEmitterFigures figures;

  emitter_accept_records(emitter, 1);
  while (g_get_real_time() - before < 2000)
    ;
  cd_emitter_get_figures(emitter, &figures);
  g_assert_cmpint(figures.oldest_age, >, 0);
  g_assert_cmpint(figures.oldest_age, <=, g_get_real_time() - before);
  cd_emitter_free(emitter);
}

/* --- trouble ---------------------------------------------------------------------------------- */

/* Returns: its port */
static guint
bind_udp(guint port, gint *fd)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = g_htons((guint16) port),
                                 .sin_addr = { g_htonl(INADDR_LOOPBACK) } };
  socklen_t length = sizeof(address);

  *fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint(bind(*fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  g_assert_cmpint(getsockname(*fd, (struct sockaddr *) &address, &length), ==, 0);
  return g_ntohs(address.sin_port);
}

/* A record every few milliseconds, and no pause between attempts. */
static void
go_on(CdEmitter *emitter)
{
  emitter_accept_records(emitter, 1);
  cd_emitter_retry(emitter);
  for (guint i = 0; i < 4; i++)
    g_main_context_iteration(NULL, TRUE);
}

/* The kernel takes a line at each attempt, and its answer comes later. */
static void
test_a_closed_udp_port_is_one_trouble(Fixture *self, gconstpointer data)
{
  guint ticks = g_timeout_add(5, tick, NULL);
  g_autofree gchar *uri = NULL;
  g_autofree gchar *well = NULL;
  g_auto(GStrv) troubles = NULL;
  CdEmitter *emitter;
  gint fd;
  guint port = bind_udp(0, &fd);

  alarm(PATIENCE);
  close(fd);
  uri = g_strdup_printf("udp:127.0.0.1:%u", port);
  well = g_strdup_printf("well: %s is reached again", uri);
  emitter = open_emitter(self, uri);
  while (emitter_get_feed_figures(emitter).reconnects < 5)
    go_on(emitter);
  g_assert_true(g_str_has_suffix(self->troubles->str, ": nobody receives there\n"));
  bind_udp(port, &fd);
  while (!strstr(self->troubles->str, "well: "))
    go_on(emitter);
  troubles = g_strsplit(self->troubles->str, "\n", -1);
  g_assert_cmpuint(g_strv_length(troubles), ==, 3);
  g_assert_cmpstr(troubles[1], ==, well);
  g_source_remove(ticks);
  cd_emitter_free(emitter);
  close(fd);
  alarm(0);
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
  add("/emitter/a-closed-udp-port-is-one-trouble", test_a_closed_udp_port_is_one_trouble);
  add("/emitter/accepting-is-timed", test_accepting_is_timed);
  add("/emitter/the-oldest-record-has-an-age", test_the_oldest_record_has_an_age);
  add("/emitter/a-flush-ends-in-a-busy-main-context", test_a_flush_ends_in_a_busy_main_context);
  add("/emitter/records-on-their-way-are-hindered-by-nothing-else",
      test_records_on_their_way_are_hindered_by_nothing_else);
  return g_test_run();
}
