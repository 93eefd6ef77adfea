/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What coderd is told of connections to a terminal: the test takes the reports in its place. */
#include "../../support/loop.h"
#include "pty/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct _Fixture
{
  CdEmitter *emitter;
  CdInherited *inherited;
  CdUser *user;
  CdReports *reports;
  CdPtyHost host;
  CdPtyServer *server;
  guint16 port;
  gint client;
  GPtrArray *taken; /* of CdConnectionReport */
} Fixture;

static void
on_ready(gpointer user_data)
{
  Fixture *self = user_data;

  g_ptr_array_add(self->taken, cd_reports_take(self->reports));
}

static void
listen_somewhere(Fixture *self)
{
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string("127.0.0.1", 0);
  g_autoptr(GError) error = NULL;
  const gchar *address = cd_pty_server_listen(self->server, any, &error);

  g_assert_no_error(error);
  self->port = (guint16) atoi(strrchr(address, ':') + 1);
}

static void
set_up(Fixture *self, gconstpointer data)
{
  const CdEmitterOptions options = { .app_name = "test", .pen = CD_PEN };

  self->emitter = cd_emitter_new(&options, NULL);
  self->inherited = cd_inherited_new();
  self->user = cd_user_new();
  self->reports = cd_reports_new();
  self->host = (CdPtyHost) {
    .emitter = self->emitter,
    .reports = self->reports,
    .user = self->user,
    .inherited = self->inherited,
  };
  cd_pty_settings_init(&self->host.settings);
  self->server = cd_pty_server_new(&self->host, FALSE);
  self->taken = g_ptr_array_new_with_free_func((GDestroyNotify) cd_connection_report_free);
  cd_reports_watch(self->reports, on_ready, self);
  listen_somewhere(self);
  self->client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  close(self->client);
  cd_pty_server_free(self->server);
  cd_reports_free(self->reports);
  cd_emitter_free(self->emitter);
  cd_inherited_free(self->inherited);
  cd_user_free(self->user);
  g_ptr_array_unref(self->taken);
}

static void
greet(const Fixture *self, const gchar *json)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(self->port) };
  gsize length = strlen(json);
  guint8 head[2] = { (guint8) length, (guint8) (length >> 8) };

  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  g_assert_cmpint(connect(self->client, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  g_assert_cmpint(write(self->client, head, sizeof(head)), ==, sizeof(head));
  g_assert_cmpint(write(self->client, json, length), ==, length);
}

/* Returns: the NTH report, when it is there */
static const CdConnectionReport *
await(const Fixture *self, guint nth)
{
  loop_wait(self->taken->len > nth);
  return g_ptr_array_index(self->taken, nth);
}

#define INIT(command)                                                                              \
  "{\"ID\":\"f64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9\",\"Command\":\"" command "\"}"

static void
test_program_that_ends(Fixture *self, gconstpointer data)
{
  const CdConnectionReport *first;
  const CdConnectionReport *last;

  greet(self, INIT("exit 3"));
  first = await(self, 0);
  last = await(self, 1);
  g_assert_cmpint(first->action, ==, CD_REPORT_CONNECT);
  g_assert_cmpint(first->type, ==, CD_REPORT_RECONNECTING_PTY);
  g_assert_cmpstr(first->ip, ==, "127.0.0.1");
  g_assert_cmpint(last->action, ==, CD_REPORT_DISCONNECT);
  g_assert_cmpint(last->type, ==, CD_REPORT_RECONNECTING_PTY);
  g_assert_cmpstr(last->id, ==, first->id);
  g_assert_cmpint(last->status_code, ==, 0);
  g_assert_cmpstr(last->reason, ==, "graceful");
}

static void
test_agent_that_goes(Fixture *self, gconstpointer data)
{
  greet(self, INIT("sleep 1000"));
  await(self, 0);
  cd_pty_server_abort(self->server);
  g_assert_cmpint(await(self, 1)->status_code, ==, 1);
  g_assert_cmpstr(await(self, 1)->reason, ==, "server_shutdown");
}

/* Of one that never said who it is nothing is reported. */
static void
test_first_message_that_is_none(Fixture *self, gconstpointer data)
{
  greet(self, "no JSON");
  while (self->host.figures.errors == 0)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpuint(self->taken->len, ==, 0);
}

#define add(name, test) g_test_add("/reports/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("program-that-ends", test_program_that_ends);
  add("agent-that-goes", test_agent_that_goes);
  add("first-message-that-is-none", test_first_message_that_is_none);
  return g_test_run();
}
