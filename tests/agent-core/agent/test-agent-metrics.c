/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Prometheus gets from the real daemon. */
#include "agent-fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define ADDRESS "--prometheus-address=127.0.0.1:0"
#define DEFAULT_PORT 2112

static const gchar *const arguments[] = { ADDRESS, NULL };

static guint16
get_port(const Agent *self)
{
  return (guint16) atoi(strstr(self->ready, " prometheus=127.0.0.1:") + 22);
}

static gint
open_connection(guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
  gint fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  g_assert_cmpint(connect(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  return fd;
}

/* Returns: (transfer full): head and body of the answer */
static gchar *
ask(const Agent *self, const gchar *request)
{
  gint fd = open_connection(get_port(self));
  gchar *answer;

  g_assert_cmpint(send(fd, request, strlen(request), MSG_NOSIGNAL), ==, strlen(request));
  answer = agent_read_until(fd, NULL);
  close(fd);
  return answer;
}

static gchar *
get(const Agent *self)
{
  return ask(self, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
}

static gboolean
has_line(const gchar *text, const gchar *line)
{
  g_autofree gchar *whole = g_strdup_printf("\n%s\n", line);

  return strstr(text, whole) != NULL;
}

#define assert_line(text, line)                                                                    \
  do                                                                                               \
    if (!has_line(text, line))                                                                     \
      g_error("no line %s in: %s", line, text);                                                    \
  while (0)

/* --- content ---------------------------------------------------------------------------------- */

static void
test_content(Agent *self, gconstpointer data)
{
  g_autofree gchar *text = NULL;
  gint ended;
  gint open;

  agent_start(self, arguments);
  ended = agent_greet(self, AGENT_ID, "exit 0");
  g_free(agent_read_until(ended, NULL));
  close(ended);
  agent_await_record(self, "disconnect_reason=\"graceful\"");
  open = agent_greet(self, AGENT_ID, "echo re''ady; sleep 1000");
  agent_await_output(open, "ready");
  text = get(self);
  assert_line(text, "agent_reconnecting_pty_connections_total 2");
  assert_line(text, "agent_reconnecting_pty_errors_total{error_type=\"create_command\"} 0");
  assert_line(text, "coder_pty_sessions_total 2");
  assert_line(text, "coder_pty_sessions 1");
  assert_line(text, "coder_pty_refused_connections_total 0");
  assert_line(text, "coder_emit_accepted_total 1");
  assert_line(text, "coder_disconnects_total{reason=\"graceful\",initiator=\"agent\","
                    "layer=\"agent_to_client\"} 1");
  close(open);
}

static void
test_silent_connection(Agent *self, gconstpointer data)
{
  g_autofree gchar *text = NULL;
  gint fd;

  agent_start(self, arguments);
  fd = agent_connect(self);
  close(fd);
  do
    {
      g_free(text);
      text = get(self);
    }
  while (!has_line(text, "coder_pty_silent_connections_total 1"));
  g_assert_null(strstr(text, "\ncoder_disconnects_total{"));
}

static void
test_start_that_fails(Agent *self, gconstpointer data)
{
  g_autofree gchar *text = NULL;
  gint fd;

  self->environment = g_environ_setenv(self->environment, "SHELL", "/nonexistent/shell", TRUE);
  self->environment = g_environ_setenv(self->environment, "PATH", "/nonexistent", TRUE);
  agent_start(self, arguments);
  fd = agent_greet(self, AGENT_ID, "#!interpreter-that-is-none\\n");
  agent_await_record(self, "could not be started");
  close(fd);
  text = get(self);
  assert_line(text, "agent_reconnecting_pty_errors_total{error_type=\"create_command\"} 1");
}

/* --- requests --------------------------------------------------------------------------------- */

typedef struct _Request
{
  const gchar *name;
  const gchar *request;
  const gchar *status;
} Request;

static const Request requests[] = {
  { "get", "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n" },
  { "get-1.0", "GET /metrics HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n" },
  { "query", "GET /metrics?a=b HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n" },
  { "root", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 Not Found\r\n" },
  { "below", "GET /metrics/a HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 Not Found\r\n" },
  { "post", "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
    "HTTP/1.1 405 Method Not Allowed\r\n" },
  { "head", "HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\n" },
  { "delete", "DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/1.1 405 Method Not Allowed\r\n" },
  { "nonsense", "nonsense\r\n\r\n", "HTTP/1." },
};

static void
test_request(gconstpointer data)
{
  const Request *request = data;
  Agent self;
  g_autofree gchar *answer = NULL;

  agent_set_up(&self, NULL);
  agent_start(&self, arguments);
  answer = ask(&self, request->request);
  if (!g_str_has_prefix(answer, request->status))
    g_assert_cmpstr(answer, ==, request->status);
  agent_tear_down(&self, NULL);
}

static void
test_type(Agent *self, gconstpointer data)
{
  g_autofree gchar *text = NULL;

  agent_start(self, arguments);
  text = get(self);
  g_assert_nonnull(strstr(text, "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
}

/* --- limits ----------------------------------------------------------------------------------- */

/* The first connections are idle; when their time is over, others get in. */
static void
test_idle_connections(Agent *self, gconstpointer data)
{
  gint fds[16];
  gint one_more;
  gchar byte;
  g_autofree gchar *text = NULL;

  agent_start(self, arguments);
  for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
    fds[i] = open_connection(get_port(self));
  one_more = open_connection(get_port(self));
  g_assert_cmpint(read(one_more, &byte, 1), ==, 0);
  g_assert_cmpint(recv(fds[0], &byte, 1, MSG_DONTWAIT), ==, -1);
  for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
    {
      g_assert_cmpint(read(fds[i], &byte, 1), ==, 0);
      close(fds[i]);
    }
  do
    {
      g_free(text);
      text = get(self);
    }
  while (!*text);
  g_assert_true(g_str_has_prefix(text, "HTTP/1.1 200 OK\r\n"));
  close(one_more);
}

/* Sends until the other side has had enough, or all is out. Returns: how much went out */
static gsize
send_much(gint fd, const gchar *head, gsize length)
{
  static const gchar piece[16 * 1024] = { [0 ... sizeof(piece) - 1] = 'a' };
  gsize sent = 0;

  g_assert_cmpint(send(fd, head, strlen(head), MSG_NOSIGNAL), >, 0);
  while (sent < length)
    {
      gssize n = send(fd, piece, sizeof(piece), MSG_NOSIGNAL);

      if (n < 0)
        break;
      sent += (gsize) n;
    }
  return sent;
}

static gsize
get_memory(const Agent *self)
{
  g_autofree gchar *path = g_strdup_printf("/proc/%d/statm", self->pid);
  g_autofree gchar *text = NULL;

  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return (gsize) g_ascii_strtoull(strchr(text, ' '), NULL, 10) * (gsize) sysconf(_SC_PAGESIZE);
}

/* A sanitizer keeps for a while what was freed. */
static gboolean
has_true_memory(void)
{
  const gchar *sanitizers = g_getenv("CODER_SANITIZERS");

  return !sanitizers || !*sanitizers || g_str_equal(sanitizers, "no");
}

typedef struct _Flood
{
  const gchar *name;
  const gchar *head;
} Flood;

static const Flood floods[] = {
  { "header", "GET /metrics HTTP/1.1\r\nHost: " },
  { "body", "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n" },
};

/* 64 MiB of it leave no trace in memory. */
static void
test_flood(gconstpointer data)
{
  const Flood *flood = data;
  const gsize length = 64 << 20;
  Agent self;
  gsize before;
  g_autofree gchar *text = NULL;
  gint fd;

  agent_set_up(&self, NULL);
  agent_start(&self, arguments);
  text = get(&self);
  before = get_memory(&self);
  fd = open_connection(get_port(&self));
  send_much(fd, flood->head, length);
  g_free(g_steal_pointer(&text));
  text = get(&self);
  g_assert_true(g_str_has_prefix(text, "HTTP/1.1 200 OK\r\n"));
  if (has_true_memory())
    g_assert_cmpuint(get_memory(&self), <, before + length / 4);
  close(fd);
  agent_tear_down(&self, NULL);
}

/* --- the port --------------------------------------------------------------------------------- */

static gint
take_port(guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(*port) };
  socklen_t size = sizeof(address);
  gint fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, (struct sockaddr *) &address, size) == 0)
    g_assert_cmpint(listen(fd, 1), ==, 0);
  getsockname(fd, (struct sockaddr *) &address, &size);
  *port = ntohs(address.sin_port);
  return fd;
}

static void
test_port_that_was_asked_for(Agent *self, gconstpointer data)
{
  guint16 port = 0;
  gint fd = take_port(&port);
  g_autofree gchar *listen = g_strconcat("--pty-listen=unix:", self->socket, NULL);
  g_autofree gchar *address = g_strdup_printf("--prometheus-address=127.0.0.1:%u", port);
  const gchar *const flags[] = { listen, address, "--syslog=stderr:", NULL };

  agent_spawn(self, flags);
  g_assert_cmpint(agent_wait(self), ==, 1);
  g_assert_true(agent_has_said(self, "coder-agentd: prometheus-address: "));
  close(fd);
}

/* Whoever has the default port, be it this test or another agent: it serves without. */
static void
test_default_port(Agent *self, gconstpointer data)
{
  guint16 port = DEFAULT_PORT;
  gint fd = take_port(&port);
  g_autofree gchar *listen = g_strconcat("--pty-listen=unix:", self->socket, NULL);
  const gchar *const flags[] = { listen, "--syslog=stderr:", NULL };
  gsize size = 0;

  agent_spawn(self, flags);
  g_assert_cmpint(getline(&self->ready, &size, self->output), >, 0);
  g_assert_true(agent_has_said(self, "no metrics are served: "));
  g_assert_null(strstr(self->ready, "prometheus"));
  close(fd);
}

static void
test_none(Agent *self, gconstpointer data)
{
  agent_start(self, NULL);
  g_assert_false(agent_has_said(self, "metrics"));
  g_assert_null(strstr(self->ready, "prometheus"));
}

#define add(name, test)                                                                            \
  g_test_add("/metrics/" name, Agent, NULL, agent_set_up, test, agent_tear_down)

#define add_rows(folder, rows, test)                                                               \
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)                                                   \
    {                                                                                              \
      g_autofree gchar *path = g_strconcat(folder, "/", (rows)[i].name, NULL);                     \
      g_test_add_data_func(path, &(rows)[i], test);                                                \
    }

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("content", test_content);
  add("silent-connection", test_silent_connection);
  add("start-that-fails", test_start_that_fails);
  add_rows("/metrics/request", requests, test_request);
  add("type", test_type);
  add("idle-connections", test_idle_connections);
  add_rows("/metrics/flood", floods, test_flood);
  add("port-that-was-asked-for", test_port_that_was_asked_for);
  add("default-port", test_default_port);
  add("none", test_none);
  return g_test_run();
}
