/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the service manager hears, and what SIGHUP changes; the test is the manager. */
#include "agent-fixture.h"

#include <poll.h>

#define OTHER_ID "0f4f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f0"

static void
write_conf(const Agent *self, const gchar *keys)
{
  g_autofree gchar *text = g_strconcat("[coder-agentd]\n", keys, NULL);

  g_assert_true(g_file_set_contents(self->conf, text, -1, NULL));
}

/* Waits until SIGHUP has been dealt with. */
static void
reload(Agent *self)
{
  agent_await_notice(self, "READY=1");
  kill(self->pid, SIGHUP);
  agent_await_notice(self, "READY=1");
}

/* --- notices ---------------------------------------------------------------------------------- */

static void
test_ready(Agent *self, gconstpointer data)
{
  g_autofree gchar *status = g_strdup_printf("READY=1\nSTATUS=Serving terminals at unix:%s; "
                                             "sessions: 0, connections: 0\n",
                                             self->socket);

  agent_start(self, NULL);
  agent_await_notice(self, status);
}

static void
test_status_counts(Agent *self, gconstpointer data)
{
  gint client;

  agent_start(self, NULL);
  client = agent_greet(self, AGENT_ID, "echo re''ady; sleep 1000");
  agent_await_notice(self, "; sessions: 1, connections: 1\n");
  close(client);
  agent_await_notice(self, "; sessions: 1, connections: 0\n");
}

static void
test_stopping(Agent *self, gconstpointer data)
{
  agent_start(self, NULL);
  agent_await_notice(self, "READY=1");
  kill(self->pid, SIGTERM);
  agent_await_notice(self, "STOPPING=1\nSTATUS=");
}

static void
test_watchdog(Agent *self, gconstpointer data)
{
  self->environment = g_environ_setenv(self->environment, "WATCHDOG_USEC", "100000", TRUE);
  agent_start(self, NULL);
  agent_await_notice(self, "WATCHDOG=1");
  agent_await_notice(self, "WATCHDOG=1");
}

static void
test_no_watchdog(Agent *self, gconstpointer data)
{
  agent_start(self, NULL);
  kill(self->pid, SIGTERM);
  agent_receive(self->manager, self->heard, "STOPPING=1");
  g_assert_null(strstr(self->heard->str, "WATCHDOG"));
}

static void
test_reloading(Agent *self, gconstpointer data)
{
  gint64 before = g_get_monotonic_time();
  const gchar *time;

  agent_start(self, NULL);
  agent_await_notice(self, "READY=1");
  kill(self->pid, SIGHUP);
  agent_receive(self->manager, self->heard, "READY=1");
  time = strstr(self->heard->str, "RELOADING=1\nMONOTONIC_USEC=");
  g_assert_nonnull(time);
  g_assert_cmpint(g_ascii_strtoll(strchr(time + 12, '=') + 1, NULL, 10), >, before);
  g_assert_true(time < strstr(self->heard->str, "READY=1"));
}

/* --- SIGHUP ----------------------------------------------------------------------------------- */

static void
test_limit_changes(Agent *self, gconstpointer data)
{
  gint first;
  gint second;

  write_conf(self, "max-sessions=1\n");
  agent_start(self, NULL);
  first = agent_greet(self, AGENT_ID, "echo re''ady; sleep 1000");
  agent_await_output(first, "ready");
  second = agent_greet(self, OTHER_ID, "echo re''ady");
  agent_await_record(self, "session limit of 1 reached");
  close(second);
  write_conf(self, "max-sessions=2\n");
  reload(self);
  second = agent_greet(self, OTHER_ID, "echo re''ady");
  agent_await_output(second, "ready");
  close(first);
  close(second);
}

static void
test_idle_timeout_changes(Agent *self, gconstpointer data)
{
  gint client;

  agent_start(self, NULL);
  write_conf(self, "pty-idle-timeout=1\n");
  reload(self);
  client = agent_greet(self, AGENT_ID, "echo re''ady; sleep 1000");
  agent_await_output(client, "ready");
  close(client);
  agent_await_words(self, "nobody came back for 1 s");
}

static void
test_session_token_changes(Agent *self, gconstpointer data)
{
  gint client;

  self->environment = g_environ_setenv(self->environment, "CODER_AGENT_TOKEN", "s3cr", TRUE);
  agent_start(self, NULL);
  client = agent_greet(self, AGENT_ID, "echo token=$CODER_AGENT_TOKEN.");
  agent_await_output(client, "token=.");
  close(client);
  write_conf(self, "session-token=true\n");
  reload(self);
  client = agent_greet(self, OTHER_ID, "echo token=$CODER_AGENT_TOKEN.");
  agent_await_output(client, "token=s3cr.");
  close(client);
}

static void
test_wrong_settings_change_nothing(Agent *self, gconstpointer data)
{
  gint client;

  agent_start(self, NULL);
  write_conf(self, "session-token=true\npen=0\nnonsense=1\n");
  reload(self);
  g_assert_true(agent_has_said(self, "nonsense: no such key"));
  g_assert_true(agent_has_said(self, "pen=0: allowed: "));
  g_assert_true(agent_has_said(self, "the settings stay as they were"));
  client = agent_greet(self, AGENT_ID, "echo token=$CODER_AGENT_TOKEN.");
  agent_await_output(client, "token=.");
  close(client);
}

static void
test_what_needs_a_restart_is_named(Agent *self, gconstpointer data)
{
  agent_start(self, NULL);
  write_conf(self, "pen=7\nhost=other\nmax-sessions=5\n");
  reload(self);
  g_assert_true(agent_has_said(self, "pen has another value now, which needs a restart"));
  g_assert_true(agent_has_said(self, "host has another value now, which needs a restart"));
  g_assert_false(agent_has_said(self, "max-sessions has"));
}

/* Nobody tells when the agent has seen that its connection is gone: so SIGHUP comes again. */
static void
await_attempt(Agent *self, gint listener)
{
  struct pollfd waiting = { .fd = listener, .events = POLLIN };

  while (poll(&waiting, 1, 20) == 0)
    {
      kill(self->pid, SIGHUP);
      agent_await_notice(self, "READY=1");
    }
}

/* A server that closes at once makes the pauses grow: without SIGHUP, so many attempts would take
 * minutes. */
static void
test_targets_are_tried_at_once(Agent *self, gconstpointer data)
{
  g_autofree gchar *path = agent_get_path(self, "stream");
  g_autofree gchar *target = g_strdup_printf("unix-stream:%s", path);
  const gchar *const arguments[] = { "--syslog", target, NULL };
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  g_assert_cmpint(bind(listener, (struct sockaddr *) &address, sizeof(address)), ==, 0);
  g_assert_cmpint(listen(listener, 1), ==, 0);
  agent_start(self, arguments);
  for (guint i = 0; i < 14; i++)
    {
      await_attempt(self, listener);
      close(accept(listener, NULL, NULL));
    }
  close(listener);
}

#define add(name, test)                                                                            \
  g_test_add("/notify/" name, Agent, NULL, agent_set_up, test, agent_tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_unsetenv("CODER_AGENT_TOKEN");
  add("ready", test_ready);
  add("status-counts", test_status_counts);
  add("stopping", test_stopping);
  add("watchdog", test_watchdog);
  add("no-watchdog", test_no_watchdog);
  add("reloading", test_reloading);
  add("limit-changes", test_limit_changes);
  add("idle-timeout-changes", test_idle_timeout_changes);
  add("session-token-changes", test_session_token_changes);
  add("wrong-settings-change-nothing", test_wrong_settings_change_nothing);
  add("what-needs-a-restart-is-named", test_what_needs_a_restart_is_named);
  add("targets-are-tried-at-once", test_targets_are_tried_at_once);
  return g_test_run();
}
