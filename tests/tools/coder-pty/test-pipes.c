/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Standard input and output are pipes: addresses, the end of input, slow readers. */
#include "client-fixture.h"

/* More than all buffers on the way have room for. */
#define MUCH (8 * 1024 * 1024)

static void
begin(Client *self, const gchar *options)
{
  client_init(self, CLIENT_UNIX);
  client_start_on_pipes(self, options);
  client_meet(self);
}

static void
end(Client *self, gint status)
{
  client_hang_up(self);
  client_wait_for_exit(self, status);
}

static void
end_input(Client *self)
{
  close(self->keys);
  self->keys = -1;
}

/* --- addresses -------------------------------------------------------------------------------- */

static void
test_address(gconstpointer net)
{
  g_auto(Client) client;

  client_init(&client, GPOINTER_TO_INT(net));
  client_start_on_pipes(&client, "");
  client_meet(&client);
  client_show(&client, "hello\n", -1);
  end(&client, 0);
  g_assert_cmpstr(client.screen->str, ==, "hello\n");
  g_assert_cmpstr(client.said->str, ==, "");
}

static void
test_address6(void)
{
  gint fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  gboolean has_it = fd >= 0 && bind(fd, (struct sockaddr *) &address, sizeof(address)) == 0;

  if (fd >= 0)
    close(fd);
  if (has_it)
    test_address(GINT_TO_POINTER(CLIENT_TCP6));
  else
    g_test_skip("there is no IPv6 loopback");
}

static void
test_host_name(void)
{
  g_auto(Client) client;
  g_autofree gchar *address = NULL;

  client_init(&client, CLIENT_TCP);
  address = g_strconcat("localhost", strchr(client.address, ':'), NULL);
  g_free(client.address);
  client.address = g_steal_pointer(&address);
  client_start_on_pipes(&client, "");
  client_meet(&client);
  end(&client, 0);
}

/* --- without a terminal ----------------------------------------------------------------------- */

static void
test_no_size(void)
{
  g_auto(Client) client;

  begin(&client, "");
  g_assert_true(client_has_heard(&client, "\"Height\":0,\"Width\":0,"));
  end(&client, 0);
}

/* Only a terminal has keys. */
static void
test_no_detach_key(void)
{
  g_auto(Client) client;

  begin(&client, "");
  client_type(&client, "a\035b", -1);
  client_wait(&client, client_has_heard(&client, "b\"}"));
  client_assert_requests(&client, "{\"data\":\"a\\u001db\"}");
  end(&client, 0);
}

/* --- the end of input ------------------------------------------------------------------------- */

static void
test_end_types_ctrl_d(void)
{
  g_auto(Client) client;

  begin(&client, "");
  client_type(&client, "ls\n", -1);
  end_input(&client);
  client_wait(&client, client_has_heard(&client, "\\u0004"));
  client_assert_requests(&client, "{\"data\":\"ls\\u000a\\u0004\"}");
  g_assert_false(client.is_heard_out);
  client_show(&client, "file\r\n", -1);
  end(&client, 0);
  g_assert_cmpstr(client.screen->str, ==, "file\r\n");
}

static void
test_broken_character_at_end(void)
{
  g_auto(Client) client;

  begin(&client, "");
  client_type(&client, "\342\202", -1);
  end_input(&client);
  client_wait(&client, client_has_heard(&client, "\\u0004"));
  client_assert_requests(&client, "{\"data\":\"\357\277\275\\u0004\"}");
  end(&client, 0);
}

/* The client listens on; the agent has heard nothing before it hangs up. */
static void
assert_stays(Client *self, const gchar *requests)
{
  gint64 until = g_get_monotonic_time() + G_USEC_PER_SEC / 5;

  client_wait(self, g_get_monotonic_time() > until);
  g_assert_false(self->is_heard_out);
  client_assert_requests(self, requests);
  client_show(self, "more", -1);
  client_wait(self, strstr(self->screen->str, "more"));
  end(self, 0);
}

static void
test_empty_input(void)
{
  g_auto(Client) client;

  begin(&client, "");
  end_input(&client);
  assert_stays(&client, "");
}

static void
test_wait_at_eof(void)
{
  g_auto(Client) client;

  begin(&client, "--wait-at-eof");
  client_type(&client, "ls\n", -1);
  end_input(&client);
  client_wait(&client, client_has_heard(&client, "ls"));
  assert_stays(&client, "{\"data\":\"ls\\u000a\"}");
}

static void
test_detach_at_eof(void)
{
  g_auto(Client) client;

  begin(&client, "--detach-at-eof");
  client_type(&client, "ls\n", -1);
  end_input(&client);
  client_wait_for_leave(&client);
  client_assert_requests(&client, "{\"data\":\"ls\\u000a\"}");
  client_show(&client, "the rest", -1);
  end(&client, 0);
  g_assert_cmpstr(client.screen->str, ==, "the rest");
  g_assert_nonnull(strstr(client.said->str, "detached; come back with: "));
}

/* --- slow ends -------------------------------------------------------------------------------- */

static gsize
type_until_full(Client *self)
{
  static gchar text[4096];
  gsize total = 0;
  gint64 moved = g_get_monotonic_time();
  gssize n;

  memset(text, 'a', sizeof(text));
  while (total < MUCH && g_get_monotonic_time() < moved + G_USEC_PER_SEC / 2)
    if ((n = write(self->keys, text, sizeof(text))) > 0)
      {
        total += (gsize) n;
        moved = g_get_monotonic_time();
      }
    else
      g_usleep(1000);
  return total;
}

/* Whether the agent has the whole text. */
static gboolean
has_typed(const Client *self, gsize total)
{
  g_autofree gchar *requests = self->heard->len > total ? client_get_requests(self) : NULL;

  return requests && g_str_has_prefix(requests, "{\"data\":\"")
         && strspn(requests + strlen("{\"data\":\""), "a") == total;
}

/* The agent reads nothing: neither does the client, after a while, and nothing is lost. */
static void
test_slow_agent(void)
{
  g_auto(Client) client;
  gsize total;

  client_init(&client, CLIENT_UNIX);
  client_start_on_pipes(&client, "--wait-at-eof");
  client_accept(&client);
  total = type_until_full(&client);
  g_assert_cmpuint(total, <, 2 * 1024 * 1024);
  g_assert_cmpuint(total, >, 64 * 1024);
  end_input(&client);
  client_wait(&client, has_typed(&client, total));
  end(&client, 0);
}

static gsize
show_until_full(Client *self)
{
  static gchar text[4096];
  gsize total = 0;
  gint64 moved = g_get_monotonic_time();
  gssize n;

  memset(text, 'b', sizeof(text));
  while (total < MUCH && g_get_monotonic_time() < moved + G_USEC_PER_SEC / 2)
    if ((n = send(self->peer, text, sizeof(text), MSG_NOSIGNAL)) > 0)
      {
        total += (gsize) n;
        moved = g_get_monotonic_time();
      }
    else
      g_usleep(1000);
  return total;
}

/* Nobody reads what is shown: the agent is held up, after a while, and nothing is lost. */
static void
test_slow_output(void)
{
  g_auto(Client) client;
  gsize total;

  begin(&client, "");
  total = show_until_full(&client);
  g_assert_cmpuint(total, <, 2 * 1024 * 1024);
  client_hang_up(&client);
  client_wait_for_exit(&client, 0);
  client_drain(client.shown, client.screen, NULL);
  g_assert_cmpuint(client.screen->len, ==, total);
}

/* What is typed goes to the agent all the same. */
static void
test_typing_beside_slow_output(void)
{
  g_auto(Client) client;

  begin(&client, "");
  show_until_full(&client);
  client_type(&client, "\003", -1);
  client_wait_on(&client, FALSE, client_has_heard(&client, "\\u0003"));
  end(&client, 0);
}

/* A signal ends the waiting for who reads nothing. */
static void
test_signal_beside_slow_output(void)
{
  g_auto(Client) client;

  begin(&client, "");
  show_until_full(&client);
  client_hang_up(&client);
  kill(client.pid, SIGTERM);
  client_wait_on(&client, FALSE, client.is_done);
  client_wait_for_exit(&client, 1);
}

/* It is not the agent that is slow, and so nobody loses patience with it. */
static void
test_leaving_beside_slow_output(void)
{
  g_auto(Client) client;
  gsize total;
  gint64 late;

  begin(&client, "--detach-at-eof");
  total = show_until_full(&client);
  end_input(&client);
  client_wait_on(&client, FALSE, client.is_heard_out);
  late = g_get_monotonic_time() + 6 * G_USEC_PER_SEC;
  client_wait_on(&client, FALSE, client.is_done || g_get_monotonic_time() > late);
  end(&client, 0);
  client_drain(client.shown, client.screen, NULL);
  g_assert_cmpuint(client.screen->len, ==, total);
}

/* Who read has gone. */
static void
test_output_closed(void)
{
  g_auto(Client) client;

  begin(&client, "");
  close(client.shown);
  client.shown = -1;
  client_show(&client, "x", -1);
  client_wait_for_leave(&client);
  end(&client, 1);
  g_assert_nonnull(strstr(client.said->str, "standard output: Broken pipe; come back with: "));
}

int
main(int argc, char **argv)
{
  signal(SIGPIPE, SIG_IGN);
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/pipes/address/unix", GINT_TO_POINTER(CLIENT_UNIX), test_address);
  g_test_add_data_func("/pipes/address/ipv4", GINT_TO_POINTER(CLIENT_TCP), test_address);
  g_test_add_func("/pipes/address/ipv6", test_address6);
  g_test_add_func("/pipes/address/host-name", test_host_name);
  g_test_add_func("/pipes/no-size", test_no_size);
  g_test_add_func("/pipes/no-detach-key", test_no_detach_key);
  g_test_add_func("/pipes/end/types-ctrl-d", test_end_types_ctrl_d);
  g_test_add_func("/pipes/end/broken-character", test_broken_character_at_end);
  g_test_add_func("/pipes/end/empty-input", test_empty_input);
  g_test_add_func("/pipes/end/wait", test_wait_at_eof);
  g_test_add_func("/pipes/end/detach", test_detach_at_eof);
  g_test_add_func("/pipes/slow/agent", test_slow_agent);
  g_test_add_func("/pipes/slow/output", test_slow_output);
  g_test_add_func("/pipes/slow/output/typing", test_typing_beside_slow_output);
  g_test_add_func("/pipes/slow/output/signal", test_signal_beside_slow_output);
  g_test_add_func("/pipes/slow/output/leaving", test_leaving_beside_slow_output);
  g_test_add_func("/pipes/output-closed", test_output_closed);
  return g_test_run();
}
