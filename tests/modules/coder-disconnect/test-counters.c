/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

#include "coder-disconnect-compat.h"

/* Counters by reason, initiator, layer, expected and event: a fixed number of them. */

#define HEADER "<30>1 2026-11-21T07:37:29Z ws coder-agentd 7 disconnect "

static gint
get_counter(const gchar *id, const gchar *kind, const gchar *value)
{
  StatsCounterItem *counter = NULL;

  stats_lock();
  CODER_COMPAT_WITH_KEY(id, kind, value, key,
                        counter = stats_get_counter(&key, SC_TYPE_SINGLE_VALUE));
  stats_unlock();
  return counter ? (gint) stats_counter_get(counter) : -1;
}

#define assert_counter(id, name, wanted)                                                           \
  do                                                                                               \
    {                                                                                              \
      g_auto(GStrv) kind_and_value = g_strsplit((name), "/", 2);                                   \
      g_assert_cmpint(get_counter((id), kind_and_value[0], kind_and_value[1]), ==, (wanted));      \
    }                                                                                              \
  while (0)

static const gchar *const all_counters[] = {
  "reason/unknown",
  "reason/graceful",
  "reason/client_closed",
  "reason/server_shutdown",
  "reason/network_error",
  "reason/protocol_error",
  "reason/workspace_stopped",
  "reason/control_plane_lost",
  "initiator/none",
  "initiator/client",
  "initiator/agent",
  "initiator/server",
  "initiator/network",
  "layer/none",
  "layer/server_to_agent",
  "layer/agent_to_client",
  "layer/client_to_server",
  "expected/true",
  "expected/false",
  "event/malformed",
  "event/derived",
  "event/contradiction",
  "event/rescued",
  "event/duplicate",
  "event/evicted",
};

typedef struct
{
  const gchar *name;
  const gchar *line;
  const gchar *counters[8];
} Row;

static const Row rows[] = {
  { "declared",
    HEADER "[coder@32473 connect_type=\"agent_to_client\" disconnect_reason=\"client_closed\" "
           "disconnect_initiator=\"client\"] text",
    { "reason/client_closed", "initiator/client", "layer/agent_to_client", "expected/true" } },
  { "no-layer-no-initiator",
    HEADER "[coder@32473 disconnect_reason=\"network_error\"] text",
    { "reason/network_error", "initiator/none", "layer/none", "expected/false" } },
  { "client-to-server",
    HEADER "[coder@32473 connect_type=\"client_to_server\" disconnect_reason=\"graceful\" "
           "disconnect_initiator=\"server\"] text",
    { "reason/graceful", "initiator/server", "layer/client_to_server", "expected/true" } },
  { "contradiction",
    HEADER "[coder@32473 disconnect_reason=\"protocol_error\" disconnect_expected=\"true\"] text",
    { "reason/protocol_error", "initiator/none", "layer/none", "expected/false",
      "event/contradiction" } },
  { "derived",
    HEADER "- [warn]  run exited with error  error=EOF",
    { "reason/network_error", "initiator/network", "layer/server_to_agent", "expected/false",
      "event/derived" } },
  { "malformed-record",
    HEADER "- [info]  ssh session closed  disconnect_reason=graceful  x=\"",
    { "reason/graceful", "initiator/none", "layer/agent_to_client", "expected/true",
      "event/malformed" } },
  { "malformed-only",
    HEADER "- [info]  x  y=\"z  disconnect_reason=graceful",
    { "event/malformed" } },
  { "not-ours", HEADER "- hello", { NULL } },
};

static gboolean
is_wanted(const Row *row, const gchar *counter)
{
  for (gsize i = 0; i < G_N_ELEMENTS(row->counters) && row->counters[i]; i++)
    if (g_str_equal(row->counters[i], counter))
      return TRUE;
  return FALSE;
}

static void
process(LogParser *parser, const gchar *line)
{
  LogMessage *message = sng_test_message(line, strlen(line));

  g_assert_true(sng_test_process(parser, &message));
  log_msg_unref(message);
}

/* Exactly the counters of the row go up, and no other. */
static void
test_counted(gconstpointer data)
{
  const Row *row = data;
  LogParser *parser = sng_test_new_parser("coder-disconnect(duplicate-window(0));");
  g_autofree gchar *id = g_strdup_printf("p_%s", row->name);

  parser->name = g_strdup(id);
  g_assert_true(log_pipe_init(&parser->super));
  for (gsize i = 0; i < G_N_ELEMENTS(all_counters); i++)
    assert_counter(id, all_counters[i], 0);
  process(parser, row->line);
  process(parser, row->line);
  for (gsize i = 0; i < G_N_ELEMENTS(all_counters); i++)
    assert_counter(id, all_counters[i], is_wanted(row, all_counters[i]) ? 2 : 0);
  sng_test_free_parser(parser);
}

static void
count_clusters(StatsCluster *cluster, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static guint
get_n_clusters(void)
{
  gboolean cancelled = FALSE;
  guint n = 0;

  stats_lock();
  stats_foreach_cluster(count_clusters, &n, &cancelled);
  stats_unlock();
  return n;
}

/* As many as are documented, and senders' words make no more. */
static void
test_fixed_number(void)
{
  LogParser *parser = sng_test_new_parser("coder-disconnect(duplicate-window(0));");
  guint before;

  parser->name = g_strdup("p_fixed");
  sng_test_free_parser(sng_test_parser("coder-disconnect(duplicate-window(0));"));
  before = get_n_clusters();
  g_assert_true(log_pipe_init(&parser->super));
  g_assert_cmpuint(get_n_clusters() - before, ==, G_N_ELEMENTS(all_counters));
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree gchar *line = g_strdup_printf(
        HEADER "[coder@32473 disconnect_reason=\"r%u\" connect_type=\"t%u\"] text", i, i);
      process(parser, line);
    }
  g_assert_cmpuint(get_n_clusters() - before, ==, G_N_ELEMENTS(all_counters));
  assert_counter("p_fixed", "reason/unknown", 1000);
  sng_test_free_parser(parser);
}

/* The name of a rule belongs to its place in the configuration, not to the parser's settings. */
static LogParser *
clone_named(LogParser *original, const gchar *name)
{
  LogParser *clone = (LogParser *) log_pipe_clone(&original->super);

  clone->name = g_strdup(name);
  g_assert_true(log_pipe_init(&clone->super));
  return clone;
}

/* A parser that is named twice counts with both of its clones, once each. */
static void
test_clones_share(void)
{
  LogParser *original = sng_test_new_parser("coder-disconnect(duplicate-window(0));");
  LogParser *first = clone_named(original, "p_shared");
  LogParser *second = clone_named(original, "p_shared");

  log_pipe_unref(&original->super);
  process(first, rows[0].line);
  process(second, rows[0].line);
  process(second, rows[0].line);
  assert_counter("p_shared", "reason/client_closed", 3);
  sng_test_free_parser(first);
  process(second, rows[0].line);
  assert_counter("p_shared", "reason/client_closed", 4);
  sng_test_free_parser(second);
}

/* As in a reload: the new configuration's parser goes on where the old one's stopped. */
static void
test_survives_reload(void)
{
  for (gint reload = 0; reload < 5; reload++)
    {
      LogParser *parser = sng_test_new_parser("coder-disconnect(duplicate-window(0));");

      parser->name = g_strdup("p_reload");
      g_assert_true(log_pipe_init(&parser->super));
      process(parser, rows[0].line);
      assert_counter("p_reload", "expected/true", reload + 1);
      sng_test_free_parser(parser);
    }
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/counters/%s", rows[i].name);
      g_test_add_data_func(path, &rows[i], test_counted);
    }
  g_test_add_func("/counters/fixed-number", test_fixed_number);
  g_test_add_func("/counters/clones-share", test_clones_share);
  g_test_add_func("/counters/survives-reload", test_survives_reload);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
