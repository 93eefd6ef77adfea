/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attachment, and what a session costs that nobody uses. */
#include "clock.h"
#include "measures.h"
#include "play.h"

#include "tests/support/pty-peer.h"

#include <stdio.h>
#include <unistd.h>

/* So soon screens go to sleep here, in seconds, and how long we wait for it. */
#define SLEEP "15"
#define SLEEP_WAIT_S 17

/* A screen full of text, which says so once it is there. */
#define IDLE_COMMAND "seq -f 'line %075g' 1 30; echo =idle=; exec sleep 1000"
#define IDLE_MARK "=idle="

#define NS_PER_MS 1e6

typedef struct _Goal
{
  BenchServer server;
  gdouble attach_ms;
  gdouble kilobytes;
} Goal;

static const Goal goals[] = {
  { BENCH_SERVER_BUFFERED, 5, 64 },
  { BENCH_SERVER_TERMINAL, 50, 64 },
};

/* --- attachment ------------------------------------------------------------------------------- */

static gdouble
_attach(BenchPlace *place, BenchTerminal *terminal, BenchServer server)
{
  g_autofree gchar *mark = NULL;
  gdouble start = bench_clock_wall();
  gdouble taken;
  gint fd = bench_place_attach(place, server, bench_terminal_get_id(terminal), "");

  bench_terminal_type(terminal, BENCH_PLAY_MARK);
  mark = bench_terminal_expect_mark(terminal);
  bench_await(fd, mark);
  taken = bench_clock_wall() - start;
  close(fd);
  return taken;
}

static void
_measure_attach(BenchPlace *place, const Goal *goal, gint n_attaches)
{
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gdouble));
  BenchTerminal *terminal = bench_terminal_new(place, goal->server, 1);
  gdouble p99;

  for (gint i = 0; i < n_attaches; i++)
    {
      gdouble taken;
      bench_terminal_type(terminal, (gchar) (BENCH_PLAY_FLOOD + i % BENCH_N_FLOODS));
      bench_terminal_await_mark(terminal);
      taken = _attach(place, terminal, goal->server) / NS_PER_MS;
      g_array_append_val(times, taken);
    }
  bench_terminal_free(terminal);
  p99 = bench_quantile(times, 0.99);
  printf("  %-9s p50 %6.2f ms  p99 %6.2f ms  %s\n", bench_server_get_name(goal->server),
         bench_quantile(times, 0.5), p99, bench_judge_most(p99, goal->attach_ms));
}

void
bench_measure_attach(BenchPlace *place, const BenchExtent *extent)
{
  gsize kilobytes = place->kilobytes;

  place->kilobytes = MIN(kilobytes, 256);
  bench_place_start_agent(place, NULL);
  printf("attachment, just after %" G_GSIZE_FORMAT " KiB of output, %d times\n", place->kilobytes,
         extent->attaches);
  for (guint i = 0; i < G_N_ELEMENTS(goals); i++)
    _measure_attach(place, &goals[i], extent->attaches);
  bench_place_stop_agent(place);
  place->kilobytes = kilobytes;
}

/* --- memory ----------------------------------------------------------------------------------- */

/* Kilobytes that the agent has in memory; a process that may not be dumped shows others no more. */
static gdouble
_read_memory(const BenchPlace *place)
{
  g_autofree gchar *path = g_strdup_printf("/proc/%d/statm", place->agent);
  g_autofree gchar *text = NULL;
  gulong pages = 0;

  if (!g_file_get_contents(path, &text, NULL, NULL) || sscanf(text, "%*u %lu", &pages) != 1)
    bench_fail(path);
  return (gdouble) pages * (gdouble) sysconf(_SC_PAGESIZE) / 1024;
}

static GArray *
_attach_all(const BenchPlace *place, BenchServer server, gint n_sessions)
{
  GArray *fds = g_array_new(FALSE, FALSE, sizeof(gint));

  for (gint i = 0; i < n_sessions; i++)
    {
      g_autofree gchar *id = g_uuid_string_random();
      gint fd = bench_place_attach(place, server, id, IDLE_COMMAND);
      bench_await(fd, IDLE_MARK);
      g_array_append_val(fds, fd);
    }
  return fds;
}

static void
_close_all(GArray *fds)
{
  for (guint i = 0; i < fds->len; i++)
    close(g_array_index(fds, gint, i));
}

static void
_print_memory(const gchar *when, gdouble kilobytes, gdouble goal)
{
  printf("  %6.1f KiB %s %s", kilobytes, when, bench_judge_most(kilobytes, goal));
}

/* The ring has one page of the text, which counts here. */
static void
_measure_memory(BenchPlace *place, const Goal *goal, gint n_sessions)
{
  const gboolean sleeps = goal->server == BENCH_SERVER_TERMINAL;
  g_autoptr(GArray) fds = NULL;
  gdouble before;

  bench_place_start_agent(place, "--pty-sleep=" SLEEP);
  before = _read_memory(place);
  fds = _attach_all(place, goal->server, n_sessions);
  printf("  %-9s", bench_server_get_name(goal->server));
  _print_memory("at once", (_read_memory(place) - before) / n_sessions,
                sleeps ? 0 : goal->kilobytes);
  g_usleep(SLEEP_WAIT_S * G_USEC_PER_SEC);
  _print_memory("asleep", (_read_memory(place) - before) / n_sessions, goal->kilobytes);
  _close_all(fds);
  g_usleep(G_USEC_PER_SEC);
  _print_memory("without a client", (_read_memory(place) - before) / n_sessions, goal->kilobytes);
  printf("\n");
  bench_place_stop_agent(place);
}

void
bench_measure_memory(BenchPlace *place, const BenchExtent *extent)
{
  printf("memory of an idle session, at %d of them, with the screen's text\n", extent->sessions);
  for (guint i = 0; i < G_N_ELEMENTS(goals); i++)
    _measure_memory(place, &goals[i], extent->sessions);
}
