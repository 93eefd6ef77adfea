/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

#include "coder-disconnect-compat.h"

#include "apphook.h"

/* One instance works for all threads of a source at once. */

#define N_THREADS 8
#define N_ROUNDS 500

/* So few that their table forgets none. */
#define N_ENDS 200

#define HEADER "<30>1 2026-11-21T07:37:29Z ws coder-agentd 7 disconnect "

static const struct
{
  const gchar *line;
  const gchar *pairs;
  const gchar *tags;
} rows[] = {
  { HEADER "[coder@32473 connect_type=\"agent_to_client\" disconnect_reason=\"client_closed\" "
           "disconnect_initiator=\"client\"] text",
    "connect_type=agent_to_client\ndisconnect_expected=true\ndisconnect_initiator=client\n"
    "disconnect_reason=client_closed\nrule=2\nsource=sdata",
    "disconnect expected layer.agent_to_client reason.client_closed" },
  { HEADER "- [warn]  run exited with error  error=EOF",
    "connect_type=server_to_agent\ndisconnect_detail=EOF\ndisconnect_expected=false\n"
    "disconnect_initiator=network\ndisconnect_reason=network_error\nrule=21\nsite=run-loop\n"
    "source=slog-human",
    "derived disconnect layer.server_to_agent reason.network_error unexpected" },
  { HEADER "- {\"ts\":\"x\",\"level\":\"INFO\",\"msg\":\"reconnecting pty closed\",\"fields\":{"
           "\"disconnect_reason\":\"graceful\",\"disconnect_detail\":\"caf\\u00e9\"}}",
    "connect_type=agent_to_client\ndisconnect_detail=caf\303\251\ndisconnect_expected=true\n"
    "disconnect_reason=graceful\nrule=2\nsite=pty\nsource=slog-json",
    "disconnect expected layer.agent_to_client reason.graceful" },
  { HEADER "- hello", "", "" },
};

static gint
get_counter(const gchar *kind, const gchar *value)
{
  StatsCounterItem *counter = NULL;

  stats_lock();
  CODER_COMPAT_WITH_KEY("p_threads", kind, value, key,
                        counter = stats_get_counter(&key, SC_TYPE_SINGLE_VALUE));
  stats_unlock();
  return (gint) stats_counter_get(counter);
}

static gint
get_reason_counter(const gchar *reason)
{
  return get_counter("reason", reason);
}

/* What one thread processes. */
typedef struct
{
  LogParser *parser;
  GPtrArray *messages;
  void (*check)(const LogMessage *message, guint at);
} Work;

static gpointer
run_thread(gpointer data)
{
  Work *work = data;

  app_thread_start();
  for (guint i = 0; i < work->messages->len; i++)
    {
      LogMessage *message = g_ptr_array_index(work->messages, i);
      g_assert_true(sng_test_process(work->parser, &message));
      if (work->check)
        work->check(message, i);
      log_msg_unref(message);
    }
  app_thread_stop();
  g_ptr_array_free(work->messages, TRUE);
  return NULL;
}

/* The messages are made here and not in their threads, in which syslog-ng would leave its own
 * buffers behind. */
static void
run_all(LogParser *parser, GPtrArray *(*make_messages)(void),
        void (*check)(const LogMessage *message, guint at))
{
  GThread *threads[N_THREADS];
  Work works[N_THREADS];

  for (gsize i = 0; i < N_THREADS; i++)
    works[i] = (Work) { parser, make_messages(), check };
  for (gsize i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new("worker", run_thread, &works[i]);
  for (gsize i = 0; i < N_THREADS; i++)
    g_thread_join(threads[i]);
}

static LogParser *
new_parser(const gchar *text)
{
  LogParser *parser = sng_test_new_parser(text);

  parser->name = g_strdup("p_threads");
  g_assert_true(log_pipe_init(&parser->super));
  return parser;
}

/* Every second round has messages that may not be written. */
static GPtrArray *
make_rows(void)
{
  GPtrArray *messages = g_ptr_array_new();

  for (guint i = 0; i < N_ROUNDS; i++)
    for (gsize row = 0; row < G_N_ELEMENTS(rows); row++)
      {
        LogMessage *message = sng_test_message(rows[row].line, strlen(rows[row].line));
        if (i % 2)
          log_msg_write_protect(message);
        g_ptr_array_add(messages, message);
      }
  return messages;
}

static void
check_row(const LogMessage *message, guint at)
{
  const gsize row = at % G_N_ELEMENTS(rows);

  sng_test_assert_pairs(message, ".coder.", rows[row].pairs);
  sng_test_assert_tags(message, "coder.", rows[row].tags);
}

static void
test_threads(void)
{
  LogParser *parser = new_parser("coder-disconnect(duplicate-window(0));");

  run_all(parser, make_rows, check_row);
  g_assert_cmpint(get_reason_counter("client_closed"), ==, N_THREADS * N_ROUNDS);
  g_assert_cmpint(get_reason_counter("network_error"), ==, N_THREADS * N_ROUNDS);
  g_assert_cmpint(get_reason_counter("graceful"), ==, N_THREADS * N_ROUNDS);
  g_assert_cmpint(get_reason_counter("unknown"), ==, 0);
  sng_test_free_parser(parser);
}

static GPtrArray *
make_ends(void)
{
  GPtrArray *messages = g_ptr_array_new();

  for (guint i = 0; i < N_ENDS; i++)
    {
      g_autofree gchar *line = g_strdup_printf(
        HEADER "- [info]  reconnecting pty closed  remote=10.0.0.1:%u  disconnect_reason=unknown",
        i + 1);
      g_ptr_array_add(messages, sng_test_message(line, strlen(line)));
    }
  return messages;
}

/* All tell of the same ends: whoever is first with one, it counts once. */
static void
test_duplicates(void)
{
  LogParser *parser = new_parser("coder-disconnect();");

  run_all(parser, make_ends, NULL);
  g_assert_cmpint(get_reason_counter("unknown"), ==, N_ENDS);
  g_assert_cmpint(get_counter("event", "duplicate"), ==, N_ENDS * (N_THREADS - 1));
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  g_test_add_func("/threads/one-instance", test_threads);
  g_test_add_func("/threads/one-end-counts-once", test_duplicates);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
