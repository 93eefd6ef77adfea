/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last flush, and servers over TCP that read all, or close without it, or never close. */
#include "emitter-fixture.h"

#include <glib-unix.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Seconds; a test that takes longer has failed. */
#define PATIENCE 60

#define N_RECORDS 20

/* Milliseconds: what was sent has arrived and was parted from by then. */
#define LATER 100

typedef enum
{
  READS_ALL,    /* and closes at the end */
  NEVER_CLOSES, /* but reads all */
  CLOSES_AT_ONCE,
  CLOSES_LATER, /* having read nothing: a reset */
} Manner;

typedef struct _Fixture
{
  Manner manner;
  Manner next; /* of the second connection on */
  gint listener;
  guint accepting;
  gint peer;
  guint serving;
  guint n_connections;
  guint n_late; /* records that come when all has been read */
  gchar *uri;
  GString *received;
  GString *troubles;
  CdEmitter *emitter;
} Fixture;

static void
hang_up(Fixture *self)
{
  if (self->peer >= 0)
    close(self->peer);
  self->peer = -1;
}

static gboolean
read_some(gint fd, GIOCondition condition, gpointer data)
{
  Fixture *self = data;
  gchar buffer[65536];
  gssize n = recv(fd, buffer, sizeof(buffer), 0);

  if (n > 0)
    {
      g_string_append_len(self->received, buffer, n);
      return G_SOURCE_CONTINUE;
    }
  emitter_accept_records(self->emitter, self->n_late);
  self->n_late = 0;
  self->serving = 0;
  if (self->manner == READS_ALL)
    hang_up(self);
  return G_SOURCE_REMOVE;
}

static gboolean
close_now(gpointer data)
{
  Fixture *self = data;

  self->serving = 0;
  hang_up(self);
  return G_SOURCE_REMOVE;
}

static gboolean
accept_one(gint fd, GIOCondition condition, gpointer data)
{
  Fixture *self = data;

  if (self->n_connections++ > 0)
    self->manner = self->next;
  self->peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint(self->peer, >=, 0);
  if (self->manner == CLOSES_AT_ONCE)
    hang_up(self);
  else if (self->manner == CLOSES_LATER)
    self->serving = g_timeout_add(LATER, close_now, self);
  else
    self->serving = g_unix_fd_add(self->peer, G_IO_IN, read_some, self);
  return G_SOURCE_CONTINUE;
}

static void
listen_there(Fixture *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { g_htonl(INADDR_LOOPBACK) } };
  socklen_t length = sizeof(address);

  self->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint(bind(self->listener, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint(getsockname(self->listener, (struct sockaddr *) &address, &length), ==, 0);
  g_assert_cmpint(listen(self->listener, 1), ==, 0);
  self->accepting = g_unix_fd_add(self->listener, G_IO_IN, accept_one, self);
  self->uri = g_strdup_printf("tcp:127.0.0.1:%u", g_ntohs(address.sin_port));
}

static void
open_emitter(Fixture *self)
{
  const gchar *const uris[] = { self->uri, NULL };
  const CdEmitterOptions options = {
    .app_name = "test-emitter-finish",
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
set_up(Fixture *self, gconstpointer data)
{
  self->manner = self->next = (Manner) GPOINTER_TO_INT(data);
  self->peer = -1;
  self->received = g_string_new(NULL);
  self->troubles = g_string_new(NULL);
  listen_there(self);
  open_emitter(self);
  emitter_accept_records(self->emitter, N_RECORDS);
  alarm(PATIENCE);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  alarm(0);
  g_clear_pointer(&self->emitter, cd_emitter_free);
  g_source_remove(self->accepting);
  g_clear_handle_id(&self->serving, g_source_remove);
  hang_up(self);
  close(self->listener);
  g_string_free(self->received, TRUE);
  g_string_free(self->troubles, TRUE);
  g_free(self->uri);
}

static void
assert_received(const Fixture *self, guint n_records)
{
  guint n = 0;

  for (const gchar *at = self->received->str; (at = strstr(at, "sequenceId=")); at++)
    n++;
  g_assert_cmpuint(n, ==, n_records);
}

static void
assert_nothing_arrived(Fixture *self)
{
  g_assert_cmpuint(emitter_get_feed_figures(self->emitter).backlog, ==, N_RECORDS);
  g_assert_nonnull(strstr(self->troubles->str, self->uri));
}

/* Nothing is unsure when it has closed, and nobody waits for longer. */
static void
test_who_closes_in_order_has_all(Fixture *self, gconstpointer data)
{
  g_assert_true(cd_emitter_finish(self->emitter, PATIENCE, NULL));
  assert_received(self, N_RECORDS);
  g_assert_cmpuint(emitter_get_feed_figures(self->emitter).backlog, ==, 0);
  g_assert_cmpuint(self->n_connections, ==, 1);
  g_assert_cmpstr(self->troubles->str, ==, "");
}

static void
test_who_closes_at_once_has_nothing(Fixture *self, gconstpointer data)
{
  g_assert_false(cd_emitter_finish(self->emitter, 1, NULL));
  assert_nothing_arrived(self);
}

static void
test_who_closes_unread_has_nothing(Fixture *self, gconstpointer data)
{
  g_assert_false(cd_emitter_finish(self->emitter, 1, NULL));
  assert_nothing_arrived(self);
  g_assert_nonnull(strstr(self->troubles->str, "reset by peer"));
}

static void
test_all_is_sent_again_after_a_reset(Fixture *self, gconstpointer data)
{
  self->next = READS_ALL;
  g_assert_true(cd_emitter_finish(self->emitter, PATIENCE, NULL));
  assert_received(self, N_RECORDS);
  g_assert_cmpuint(emitter_get_feed_figures(self->emitter).repeated, ==, N_RECORDS);
  g_assert_cmpuint(self->n_connections, ==, 2);
}

static void
test_who_never_closes_is_not_waited_for(Fixture *self, gconstpointer data)
{
  gint64 start = g_get_monotonic_time();

  g_assert_true(cd_emitter_finish(self->emitter, PATIENCE, NULL));
  g_assert_cmpint(g_get_monotonic_time() - start, <, PATIENCE / 2 * G_USEC_PER_SEC);
  assert_received(self, N_RECORDS);
  g_assert_cmpuint(self->n_connections, ==, 1);
  g_assert_cmpstr(self->troubles->str, ==, "");
}

/* The connection takes no line any more. */
static void
test_what_comes_while_parting_has_its_own_connection(Fixture *self, gconstpointer data)
{
  self->n_late = 1;
  g_assert_true(cd_emitter_finish(self->emitter, PATIENCE, NULL));
  assert_received(self, N_RECORDS + 1);
  g_assert_cmpuint(emitter_get_feed_figures(self->emitter).repeated, ==, 0);
  g_assert_cmpuint(self->n_connections, ==, 2);
  g_assert_cmpstr(self->troubles->str, ==, "");
}

static void
add(const gchar *path, Manner manner, void (*test)(Fixture *, gconstpointer))
{
  g_test_add(path, Fixture, GINT_TO_POINTER(manner), set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("/finish/who-closes-in-order-has-all", READS_ALL, test_who_closes_in_order_has_all);
  add("/finish/who-closes-at-once-has-nothing", CLOSES_AT_ONCE,
      test_who_closes_at_once_has_nothing);
  add("/finish/who-closes-unread-has-nothing", CLOSES_LATER, test_who_closes_unread_has_nothing);
  add("/finish/all-is-sent-again-after-a-reset", CLOSES_LATER,
      test_all_is_sent_again_after_a_reset);
  add("/finish/who-never-closes-is-not-waited-for", NEVER_CLOSES,
      test_who_never_closes_is_not_waited_for);
  add("/finish/what-comes-while-parting-has-its-own-connection", READS_ALL,
      test_what_comes_while_parting_has_its_own_connection);
  return g_test_run();
}
