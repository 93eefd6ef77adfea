/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a session on a terminal ends: the terminal is as it was, and the agent sees no reset. */
#include "client-fixture.h"

static gboolean
is_raw(const Client *self)
{
  struct termios now;

  g_assert_no_errno(tcgetattr(self->slave, &now));
  return !(now.c_lflag & ICANON);
}

static void
begin(Client *self, ClientNet net, const gchar *options)
{
  client_init(self, net);
  client_start_on_terminal(self, options);
  client_meet(self);
  client_wait(self, is_raw(self));
}

static void
assert_says(const Client *self, const gchar *what)
{
  if (!strstr(self->screen->str, what))
    g_error("no %s in: %s", what, self->screen->str);
}

/* What the client left of the program's is switched off. tmux(1) puts the cursor where it was when
 * the alternate screen was entered last, which must not have been long ago. */
static void
assert_reset(const Client *self)
{
  assert_says(self, "\033[?1049h\033[?1049l");
  assert_says(self, "\033[?2004l");
  assert_says(self, "\033[?25h");
}

/* --- the user detaches ------------------------------------------------------------------------ */

static void
test_key(gconstpointer data)
{
  g_auto(Client) client;

  begin(&client, CLIENT_UNIX, "");
  client_type(&client, "x", -1);
  client_type(&client, data, -1);
  client_wait_for_leave(&client);
  client_assert_requests(&client, "{\"data\":\"x\"}");
  client_hang_up(&client);
  client_wait_for_exit(&client, 0);
  assert_says(&client, "coder-pty: detached; come back with: coder-pty unix:");
  assert_says(&client, " --id " CLIENT_ID "\n");
  assert_reset(&client);
}

static void
test_other_key(void)
{
  g_auto(Client) client;

  begin(&client, CLIENT_UNIX, "--detach-key ^A");
  client_type(&client, "\035\001", -1);
  client_wait_for_leave(&client);
  client_assert_requests(&client, "{\"data\":\"\\u001d\"}");
  client_hang_up(&client);
  client_wait_for_exit(&client, 0);
}

static void
test_no_key(void)
{
  g_auto(Client) client;

  begin(&client, CLIENT_UNIX, "--detach-key none");
  client_type(&client, "\035.", -1);
  client_wait(&client, client_has_heard(&client, "."));
  client_assert_requests(&client, "{\"data\":\"\\u001d.\"}");
  client_hang_up(&client);
  client_wait_for_exit(&client, 0);
  g_assert_null(strstr(client.screen->str, "detaches"));
}

/* --- without a reset, also over unread output ------------------------------------------------- */

/* Sends until the connection takes no more; whether it is whole. */
static gboolean
fill(Client *self)
{
  static gchar lines[65536];
  gssize n;

  memset(lines, 'y', sizeof(lines));
  while ((n = send(self->peer, lines, sizeof(lines), MSG_NOSIGNAL)) > 0)
    ;
  return n < 0 && errno == EAGAIN;
}

static void
keep_full(Client *self, gint milliseconds)
{
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;

  for (; g_get_monotonic_time() < end; g_usleep(1000))
    g_assert_true(fill(self));
}

static void
test_unread_output(gconstpointer net)
{
  g_auto(Client) client;

  begin(&client, GPOINTER_TO_INT(net), "");
  keep_full(&client, 500);
  client_type(&client, "\035", -1);
  client_wait_on(&client, FALSE, client.is_heard_out);
  g_assert_cmpint(client.peer_error, ==, 0);
  /* An agent that has more to say can say it. */
  keep_full(&client, 100);
  client_hang_up(&client);
  /* Neither does the terminal hold it up, which takes no more. */
  client_wait_on(&client, FALSE, client.is_done);
  client_wait_for_exit(&client, 0);
}

/* --- signals ---------------------------------------------------------------------------------- */

typedef struct
{
  const gchar *name;
  gint number;
} Signal;

static const Signal signals[] = {
  { "SIGTERM", SIGTERM },
  { "SIGHUP", SIGHUP },
  { "SIGINT", SIGINT },
  { "SIGQUIT", SIGQUIT },
};

static void
test_signal(gconstpointer data)
{
  g_auto(Client) client;
  const Signal *row = data;
  g_autofree gchar *words = g_strdup_printf("ended by %s; come back with: ", row->name);

  begin(&client, CLIENT_TCP, "");
  kill(client.pid, row->number);
  client_wait_for_leave(&client);
  client_hang_up(&client);
  client_wait_for_exit(&client, 1);
  assert_says(&client, words);
  assert_reset(&client);
}

/* The agent does not close; whoever is in a hurry asks twice. */
static void
test_second_signal(void)
{
  g_auto(Client) client;
  gint64 start = g_get_monotonic_time();

  begin(&client, CLIENT_UNIX, "");
  kill(client.pid, SIGTERM);
  client_wait_for_leave(&client);
  kill(client.pid, SIGINT);
  client_wait_for_exit(&client, 1);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
  assert_says(&client, "ended by SIGINT");
}

/* Typed before the connection stands: the terminal is still the user's. */
static void
test_signal_while_connecting(void)
{
  g_auto(Client) client;

  client_init(&client, CLIENT_UNIX);
  client_start_on_terminal(&client, "");
  client_accept(&client);
  client_wait(&client, is_raw(&client));
  kill(client.pid, SIGINT);
  client_wait_for_leave(&client);
  client_hang_up(&client);
  client_wait_for_exit(&client, 1);
}

static void
test_ignored_signal(void)
{
  g_auto(Client) client;

  signal(SIGHUP, SIG_IGN);
  begin(&client, CLIENT_UNIX, "");
  signal(SIGHUP, SIG_DFL);
  kill(client.pid, SIGHUP);
  client_type(&client, "still there", -1);
  client_wait(&client, client_has_heard(&client, "still there"));
  client_hang_up(&client);
  client_wait_for_exit(&client, 0);
}

/* The user closes the window. */
static void
test_terminal_gone(gconstpointer hangup)
{
  g_auto(Client) client;

  signal(SIGHUP, hangup ? SIG_DFL : SIG_IGN);
  begin(&client, CLIENT_UNIX, "");
  signal(SIGHUP, SIG_DFL);
  close(client.slave);
  close(client.master);
  client.slave = client.master = client.keys = client.shown = -1;
  client_wait_for_leave(&client);
  client_hang_up(&client);
  client_wait_for_exit(&client, 1);
}

/* --- the agent ends it ------------------------------------------------------------------------ */

static void
test_closed(void)
{
  g_auto(Client) client;

  begin(&client, CLIENT_TCP, "");
  client_show(&client, "\033[?1049hbye", -1);
  client_hang_up(&client);
  client_wait_for_exit(&client, 0);
  assert_says(&client, "bye");
  assert_says(&client, "coder-pty: closed by the agent");
  g_assert_null(strstr(client.screen->str, "come back"));
  assert_reset(&client);
}

/* As it does where there was no session for it. */
static void
test_closed_without_output(void)
{
  g_auto(Client) client;

  begin(&client, CLIENT_TCP, "");
  client_hang_up(&client);
  client_wait_for_exit(&client, 0);
  assert_says(&client,
              "coder-pty: closed by the agent without any output; its closing record says why");
}

/* The agent closed in order, with typing of ours on the way to it. */
static void
test_closed_while_typing(void)
{
  g_auto(Client) client;

  begin(&client, CLIENT_TCP, "");
  g_assert_no_errno(shutdown(client.peer, SHUT_WR));
  client_type(&client, "x", -1);
  client_wait_for_exit(&client, 0);
}

static void
test_reset(void)
{
  g_auto(Client) client;
  const struct linger hard = { .l_onoff = 1, .l_linger = 0 };

  begin(&client, CLIENT_TCP, "");
  g_assert_no_errno(setsockopt(client.peer, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)));
  client_hang_up(&client);
  client_wait_for_exit(&client, 1);
  assert_says(&client, "the connection broke: Connection reset by peer; come back with: ");
  assert_reset(&client);
}

static void
test_reset_while_leaving(void)
{
  g_auto(Client) client;
  const struct linger hard = { .l_onoff = 1, .l_linger = 0 };

  begin(&client, CLIENT_TCP, "");
  client_type(&client, "\035", -1);
  client_wait_for_leave(&client);
  g_assert_no_errno(setsockopt(client.peer, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)));
  client_hang_up(&client);
  client_wait_for_exit(&client, 1);
  assert_says(&client, "the connection broke: Connection reset by peer");
}

static void
test_agent_hangs(void)
{
  g_auto(Client) client;

  begin(&client, CLIENT_UNIX, "");
  client_type(&client, "\035", -1);
  client_wait_for_leave(&client);
  client_wait_for_exit(&client, 1);
  assert_says(&client, "the agent did not close within 5 seconds; come back with: ");
}

static void
test_refused(void)
{
  g_auto(Client) client;

  client_init(&client, CLIENT_TCP);
  close(client.listener);
  client.listener = -1;
  client_start_on_terminal(&client, "");
  client_wait_for_exit(&client, 1);
  assert_says(&client, "coder-pty: cannot reach 127.0.0.1:");
  assert_says(&client, "Connection refused");
  g_assert_null(strchr(client.screen->str, '\033'));
}

int
main(int argc, char **argv)
{
  signal(SIGPIPE, SIG_IGN);
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/leaving/detach", "\035", test_key);
  g_test_add_data_func("/leaving/detach/csi-u", "\033[93;5u", test_key);
  g_test_add_data_func("/leaving/detach/what-follows-is-not-sent", "\035yz", test_key);
  g_test_add_func("/leaving/detach/other-key", test_other_key);
  g_test_add_func("/leaving/detach/no-key", test_no_key);
  g_test_add_data_func("/leaving/unread-output/unix", GINT_TO_POINTER(CLIENT_UNIX),
                       test_unread_output);
  g_test_add_data_func("/leaving/unread-output/tcp", GINT_TO_POINTER(CLIENT_TCP),
                       test_unread_output);
  for (gsize i = 0; i < G_N_ELEMENTS(signals); i++)
    {
      g_autofree gchar *path = g_strconcat("/leaving/signal/", signals[i].name, NULL);
      g_test_add_data_func(path, &signals[i], test_signal);
    }
  g_test_add_func("/leaving/signal/second", test_second_signal);
  g_test_add_func("/leaving/signal/at-once", test_signal_while_connecting);
  g_test_add_func("/leaving/signal/ignored", test_ignored_signal);
  g_test_add_data_func("/leaving/terminal-gone", "", test_terminal_gone);
  g_test_add_data_func("/leaving/terminal-gone/without-a-signal", NULL, test_terminal_gone);
  g_test_add_func("/leaving/agent/closed", test_closed);
  g_test_add_func("/leaving/agent/closed-without-output", test_closed_without_output);
  g_test_add_func("/leaving/agent/closed-while-typing", test_closed_while_typing);
  g_test_add_func("/leaving/agent/reset", test_reset);
  g_test_add_func("/leaving/agent/reset-while-leaving", test_reset_while_leaving);
  g_test_add_func("/leaving/agent/hangs", test_agent_hangs);
  g_test_add_func("/leaving/agent/refused", test_refused);
  return g_test_run();
}
