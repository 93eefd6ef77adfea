/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What coder-agentd costs between a program and its clients: output, echo, attachment, memory;
 * beside the bare pty, the least relay there can be (relay.c) and, where they are installed, dtach,
 * tmux and screen. All take turns.
 *
 *   bench-pty [OPTION...] [AGENTD] */
#include "measures.h"
#include "play.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KILOBYTES_DEFAULT (4 * 1024)

static BenchExtent extent = { .rounds = 25, .echoes = 1000, .attaches = 200, .sessions = 1000 };
static gint kilobytes = KILOBYTES_DEFAULT;

/* clang-format off */
static const GOptionEntry entries[] = {
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &extent.rounds, "of output and echo [25]", "N" },
  { "size", 'k', 0, G_OPTION_ARG_INT, &kilobytes, "of a flood of lines [4096]", "KIB" },
  { "echoes", 'e', 0, G_OPTION_ARG_INT, &extent.echoes, "of each round [1000]", "N" },
  { "attaches", 'a', 0, G_OPTION_ARG_INT, &extent.attaches, "of each backend [200]", "N" },
  { "sessions", 's', 0, G_OPTION_ARG_INT, &extent.sessions, "that are idle [1000]", "N" },
  { NULL }
};
/* clang-format on */

static gint
_compare(gconstpointer a, gconstpointer b)
{
  gdouble one = *(const gdouble *) a;
  gdouble other = *(const gdouble *) b;

  return (one > other) - (one < other);
}

gdouble
bench_quantile(GArray *numbers, gdouble part)
{
  guint i = (guint) (part * numbers->len);

  g_array_sort(numbers, _compare);
  return numbers->len ? g_array_index(numbers, gdouble, MIN(i, numbers->len - 1)) : 0;
}

const gchar *
bench_judge_most(gdouble value, gdouble goal)
{
  return goal == 0 ? "-" : value <= goal ? "ok" : "OVER";
}

const gchar *
bench_judge_least(gdouble value, gdouble goal)
{
  return goal == 0 ? "-" : value >= goal ? "ok" : "UNDER";
}

static void
_measure(const gchar *agentd)
{
  BenchPlace place;

  bench_place_init(&place, agentd, (gsize) kilobytes);
  if (extent.rounds > 0)
    {
      bench_place_start_agent(&place, NULL);
      bench_measure_output(&place, &extent);
      bench_measure_echo(&place, &extent);
      bench_place_stop_agent(&place);
    }
  if (extent.attaches > 0)
    bench_measure_attach(&place, &extent);
  if (extent.sessions > 0)
    bench_measure_memory(&place, &extent);
  bench_place_clear(&place);
}

int
main(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  g_autoptr(GError) error = NULL;

  if (argc == 3 && g_str_equal(argv[1], "--play"))
    return bench_play((gsize) g_ascii_strtoull(argv[2], NULL, 10));
  context = g_option_context_new("[AGENTD]");
  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    {
      fprintf(stderr, "bench-pty: %s\n", error->message);
      return 2;
    }
  setvbuf(stdout, NULL, _IOLBF, 0);
  signal(SIGPIPE, SIG_IGN);
  _measure(argc > 1 ? argv[1] : "agent-core/agent/coder-agentd");
  return 0;
}
