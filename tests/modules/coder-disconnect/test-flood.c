/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

#include "logmsg/tags.h"
#include "scratch-buffers.h"
#include "stats/stats-registry.h"

#include <malloc.h>

/* Names, ids and words by the thousand, no two alike: the parser adds no name, no tag and no
 * counter of syslog-ng's, which are never freed, and keeps no memory.  A million of each kind with
 * CODER_SOAK=full. */

#define N_SHORT 20000
#define N_FULL 1000000

#define HEADER "<28>1 2026-11-21T07:37:29Z "
#define HUMAN HEADER "ws app 7 - - 2026-11-21 07:37:29.225 [info]  "
#define JSON HEADER "ws app 7 - - {\"ts\":\"x\",\"level\":\"INFO\","
#define OURS "[coder@32473 disconnect_reason=\"network_error\" "

typedef struct
{
  const gchar *name;
  gboolean is_record;
  const gchar *format; /* each %1$u is the message's number */
} Kind;

/* clang-format off */
static const Kind kinds[] = {
  { "hosts", TRUE, HEADER "host-%1$u app 7 - " OURS "site=\"pty\"] text" },
  { "programs", TRUE, HEADER "ws app-%1$u %1$u m-%1$u " OURS "site=\"pty\"] text" },
  { "ids", TRUE, HEADER "ws app 7 - " OURS "session_id=\"%1$u\" connection_id=\"c-%1$u\" "
           "workspace_id=\"w-%1$u\" remote_addr=\"10.0.0.1:%1$u\" run_id=\"r-%1$u\"] text" },
  { "reasons", TRUE, HEADER "ws app 7 - [coder@32473 disconnect_reason=\"reason-%1$u\" "
               "disconnect_initiator=\"who-%1$u\" connect_type=\"layer-%1$u\" site=\"s-%1$u\" "
               "connection_method=\"m-%1$u\" exit_code=\"%1$u\"] text" },
  { "sd-names", FALSE, HEADER "ws app 7 - [sd-%1$u@32473 disconnect_reason=\"graceful\"] text" },
  { "sd-names-beside-ours", TRUE, HEADER "ws app 7 - [beside-%1$u@32473 x=\"y\"]" OURS
                                  "site=\"pty\"] text" },
  { "parameters", TRUE, HEADER "ws app 7 - " OURS "p-%1$u=\"v\"] text" },
  { "refused", FALSE, HEADER "ws app 7 - [coder@32473 p-%1$u=\"x\"y "
                      "disconnect_reason=\"graceful\"] text" },
  { "rescued", TRUE, "<28>2026-11-21T07:37:29Z ws 1: 2026-11-21T07:37:29Z host-%1$u app 7 - "
               "[coder@32473 q-%1$u=\"v\" disconnect_reason=\"network_error\"] text" },
  { "keys", TRUE, HUMAN "logger-%1$u: message %1$u  key-%1$u=value  "
                  "disconnect_reason=reason-%1$u" },
  { "sites", TRUE, HUMAN "ssh-server: ssh session closed  id=%1$u  error=\"code %1$u: EOF\"" },
  { "members", TRUE, JSON "\"msg\":\"m-%1$u\",\"fields\":{\"key-%1$u\":%1$u,"
               "\"disconnect_reason\":\"reason-%1$u\"}}" },
  { "nothing", FALSE, HEADER "ws app 7 - - key-%1$u=%1$u" },
};
/* clang-format on */

static guint
count_names(void)
{
  return logmsg_registry->names->len;
}

/* Ids are given in order, so that a new tag tells how many there are. */
static guint
count_tags(void)
{
  static guint n_probes;
  g_autofree gchar *probe = g_strdup_printf("probe-%u", n_probes++);

  return log_tags_get_by_name(probe);
}

static void
count_cluster(StatsCluster *cluster, gpointer n)
{
  ++*(guint *) n;
}

static guint
count_counters(void)
{
  guint n = 0;

  stats_lock();
  stats_foreach_cluster(count_cluster, &n, NULL);
  stats_unlock();
  return n;
}

/* Bytes that are allocated; 0 where a sanitizer keeps the books. */
static gsize
count_memory(void)
{
  return mallinfo2().uordblks;
}

/* Returns: the message as its source makes it, with what names syslog-ng itself gives it. */
static LogMessage *
make_message(const Kind *kind, guint i)
{
  g_autofree gchar *line = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  line = g_strdup_printf(kind->format, i);
#pragma GCC diagnostic pop
  return sng_test_message(line, strlen(line));
}

static void
process(LogParser *parser, const Kind *kind, guint i)
{
  LogMessage *message = make_message(kind, i);
  guint n_names = count_names();

  g_assert_true(sng_test_process(parser, &message));
  g_assert_cmpuint(count_names(), ==, n_names);
  g_assert_cmpint(log_msg_is_tag_by_name(message, "coder.disconnect"), ==, kind->is_record);
  log_msg_unref(message);
}

static guint
get_size(void)
{
  return g_strcmp0(g_getenv("CODER_SOAK"), "full") == 0 ? N_FULL : N_SHORT;
}

static void
test_flood(gconstpointer data)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");
  guint n = get_size();
  guint n_tags, n_counters;
  gsize memory;

  for (guint i = 0; i < n; i++)
    log_msg_unref(make_message(data, i));
  process(parser, data, n);
  n_tags = count_tags();
  n_counters = count_counters();
  scratch_buffers_explicit_gc();
  memory = count_memory();
  for (guint i = 0; i < n; i++)
    process(parser, data, i);
  scratch_buffers_explicit_gc();
  g_assert_cmpuint(count_memory(), <=, memory + 65536);
  g_assert_cmpuint(count_counters(), ==, n_counters);
  g_assert_cmpuint(count_tags(), ==, n_tags + 1);
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/flood/%s", kinds[i].name);
      g_test_add_data_func(path, &kinds[i], test_flood);
    }
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
