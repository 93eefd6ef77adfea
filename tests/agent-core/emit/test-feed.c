/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emitter-fixture.h"

#include "../../support/unit.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A feed between a real spool and a real socket: what arrives, what is sent again, what is told of
 * lines that were lost. */

#define N_RECORDS 20

typedef struct _Fixture
{
  gchar *folder;
  gchar *path;
  gchar *uri;
  gint listener;
  gint peer;
  CdEmitter *emitter;
  GString *received;
  GString *troubles;
} Fixture;

static void
open_emitter(Fixture *self)
{
  const gchar *uris[] = { self->uri, NULL };
  const CdEmitterOptions options = {
    .app_name = "test-feed",
    .host = "ws",
    .pen = 32473,
    .uris = uris,
    .trouble = emitter_note_trouble,
    .user_data = self->troubles,
  };
  g_autoptr(GError) error = NULL;

  self->emitter = cd_emitter_new(&options, &error);
  g_assert_no_error(error);
}

static void
listen_there(Fixture *self)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  g_strlcpy(address.sun_path, self->path, sizeof(address.sun_path));
  self->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_cmpint(bind(self->listener, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  g_assert_cmpint(listen(self->listener, 1), ==, 0);
}

static void
set_up(Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp("test-feed-XXXXXX", NULL);
  self->path = g_build_filename(self->folder, "log", NULL);
  self->uri = g_strconcat("unix-stream:", self->path, NULL);
  self->peer = -1;
  self->received = g_string_new(NULL);
  self->troubles = g_string_new(NULL);
  listen_there(self);
  open_emitter(self);
}

static void
hang_up(Fixture *self)
{
  if (self->peer >= 0)
    close(self->peer);
  self->peer = -1;
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  cd_emitter_free(self->emitter);
  hang_up(self);
  close(self->listener);
  g_unlink(self->path);
  g_rmdir(self->folder);
  g_string_free(self->received, TRUE);
  g_string_free(self->troubles, TRUE);
  g_free(self->uri);
  g_free(self->path);
  g_free(self->folder);
}

static void
accept_connection(Fixture *self)
{
  while ((self->peer = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC)) < 0)
    {
      g_assert_cmpint(errno, ==, EAGAIN);
      g_main_context_iteration(NULL, FALSE);
    }
}

static void
read_some(Fixture *self)
{
  gchar buffer[65536];
  gssize length;

  g_main_context_iteration(NULL, FALSE);
  while ((length = recv(self->peer, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
    g_string_append_len(self->received, buffer, length);
}

static guint
count(const Fixture *self, const gchar *what)
{
  guint n = 0;

  for (const gchar *at = self->received->str; (at = strstr(at, what)); at++)
    n++;
  return n;
}

static void
read_until(Fixture *self, const gchar *what, guint n)
{
  const gint64 deadline = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;

  while (count(self, what) < n)
    {
      read_some(self);
      g_assert_cmpint(g_get_monotonic_time(), <, deadline);
    }
}

static void
wait_for_trouble(Fixture *self, const gchar *what)
{
  while (!strstr(self->troubles->str, what))
    g_main_context_iteration(NULL, TRUE);
}

static void
test_all_arrive_in_order(Fixture *self, gconstpointer data)
{
  emitter_accept_records(self->emitter, N_RECORDS);
  accept_connection(self);
  read_until(self, "\n", N_RECORDS);
  for (guint i = 1; i <= N_RECORDS; i++)
    {
      g_autofree gchar *id = g_strdup_printf("sequenceId=\"%u\"", i);
      g_assert_cmpuint(count(self, id), ==, 1);
    }
  g_assert_true(cd_emitter_flush(self->emitter, 60, NULL));
  g_assert_cmpuint(emitter_get_feed_figures(self->emitter).sent, ==, N_RECORDS);
  g_assert_cmpuint(emitter_get_feed_figures(self->emitter).waiting, ==, 0);
  g_assert_cmpstr(self->troubles->str, ==, "");
}

/* Plain syslog acknowledges nothing: what was sent just before a break is sent again, with the same
 * ids. */
static void
test_sent_again_after_a_break(Fixture *self, gconstpointer data)
{
  emitter_accept_records(self->emitter, N_RECORDS);
  accept_connection(self);
  read_until(self, "\n", N_RECORDS);
  hang_up(self);
  wait_for_trouble(self, self->uri);
  cd_emitter_retry(self->emitter);
  accept_connection(self);
  read_until(self, "\n", 2 * N_RECORDS);
  g_assert_cmpuint(count(self, "sequenceId=\"1\""), ==, 2);
  g_assert_cmpuint(count(self, "sequenceId=\"20\""), ==, 2);
  g_assert_cmpuint(emitter_get_feed_figures(self->emitter).repeated, ==, N_RECORDS);
  wait_for_trouble(self, "well: ");
}

static void
test_not_done_while_nobody_listens(Fixture *self, gconstpointer data)
{
  cd_emitter_free(self->emitter);
  close(self->listener);
  g_unlink(self->path);
  open_emitter(self);
  emitter_accept_records(self->emitter, 1);
  g_assert_false(cd_emitter_flush(self->emitter, 0, NULL));
  wait_for_trouble(self, self->uri);
  listen_there(self);
  cd_emitter_retry(self->emitter);
  accept_connection(self);
  read_until(self, "\n", 1);
  g_assert_true(cd_emitter_flush(self->emitter, 60, NULL));
}

/* More than memory holds, while the peer reads nothing. */
static void
lose_some(Fixture *self)
{
  CdRecord record = { 0 };
  g_autofree gchar *long_text = g_strnfill(1000, 'x');

  cd_record_set(&record, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  cd_record_set(&record, CD_FIELD_DISCONNECT_DETAIL, cd_text_from_string(long_text));
  for (guint i = 0; i < 2 * CD_SPOOL_MEMORY_MAX / 1000; i++)
    cd_emitter_accept(self->emitter, &record);
}

static void
test_loss_is_told(Fixture *self, gconstpointer data)
{
  lose_some(self);
  accept_connection(self);
  read_until(self, "records never reached this target", 1);
  g_assert_cmpuint(count(self, "[coderEmit@32473 count=\""), ==, 1);
  g_assert_nonnull(strstr(self->received->str, " first=\"1\" "));
}

/* The notice of it is as unsure as a line is. */
static void
test_loss_is_told_again_after_a_break(Fixture *self, gconstpointer data)
{
  lose_some(self);
  accept_connection(self);
  read_until(self, "records never reached this target", 1);
  hang_up(self);
  wait_for_trouble(self, self->uri);
  cd_emitter_retry(self->emitter);
  accept_connection(self);
  read_until(self, "records never reached this target", 2);
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
  add("/feed/all-arrive-in-order", test_all_arrive_in_order);
  add("/feed/sent-again-after-a-break", test_sent_again_after_a_break);
  add("/feed/not-done-while-nobody-listens", test_not_done_while_nobody_listens);
  add("/feed/loss-is-told", test_loss_is_told);
  add("/feed/loss-is-told-again-after-a-break", test_loss_is_told_again_after_a_break);
  return g_test_run();
}
