/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output and echo: each server in pairs with the one that it is compared to, so that what else the
 * machine does counts for both. */
#include "clock.h"
#include "measures.h"
#include "play.h"

#include <stdio.h>

typedef struct _Row
{
  BenchServer server;
  BenchServer base;
  guint n_clients;
  gdouble goal; /* of the ratio of rates, at least; 0 for none */
} Row;

static const Row rows[] = {
  { BENCH_SERVER_RELAY, BENCH_SERVER_BARE, 1, 0 },
  { BENCH_SERVER_BUFFERED, BENCH_SERVER_BARE, 1, 0.9 },
  { BENCH_SERVER_TERMINAL, BENCH_SERVER_BARE, 1, 0.8 },
  { BENCH_SERVER_DTACH, BENCH_SERVER_BARE, 1, 0 },
  { BENCH_SERVER_TMUX, BENCH_SERVER_BARE, 1, 0 },
  { BENCH_SERVER_SCREEN, BENCH_SERVER_BARE, 1, 0 },
  { BENCH_SERVER_BUFFERED, BENCH_SERVER_RELAY, 4, 0.95 },
  { BENCH_SERVER_TERMINAL, BENCH_SERVER_RELAY, 4, 0.95 },
};

/* Of the times to the relay's, at most. */
#define ECHO_GOAL 1.15

#define NS_PER_US 1e3
#define NS_PER_MS 1e6
#define BYTES_PER_MB 1e6

/* --- output ----------------------------------------------------------------------------------- */

/* What a row got, in all rounds. */
typedef struct _Output
{
  BenchTerminal *subject;
  BenchTerminal *base;
  GArray *rates; /* bytes a nanosecond */
  GArray *ratios;
  GArray *loads;      /* CPU nanoseconds of the server for a byte */
  GArray *base_loads; /* of the base's server */
} Output;

static GArray *
_new_numbers(void)
{
  return g_array_new(FALSE, FALSE, sizeof(gdouble));
}

static void
_output_init(Output *self, BenchPlace *place, const Row *row)
{
  *self = (Output) { .subject = bench_terminal_new(place, row->server, row->n_clients) };
  if (self->subject)
    self->base = bench_terminal_new(place, row->base, row->n_clients);
  self->rates = _new_numbers();
  self->ratios = _new_numbers();
  self->loads = _new_numbers();
  self->base_loads = _new_numbers();
}

static void
_output_clear(Output *self)
{
  g_clear_pointer(&self->subject, bench_terminal_free);
  g_clear_pointer(&self->base, bench_terminal_free);
  g_array_unref(self->rates);
  g_array_unref(self->ratios);
  g_array_unref(self->loads);
  g_array_unref(self->base_loads);
}

/* Returns: nanoseconds. */
static gdouble
_flood(BenchTerminal *terminal, BenchFlood flood, gsize size, GArray *loads)
{
  gdouble cpu = bench_terminal_get_cpu(terminal);
  gdouble start = bench_clock_wall();
  gdouble taken;
  gdouble load;

  bench_terminal_type(terminal, (gchar) (BENCH_PLAY_FLOOD + flood));
  bench_terminal_await_mark(terminal);
  taken = bench_clock_wall() - start;
  load = (bench_terminal_get_cpu(terminal) - cpu) / (gdouble) size;
  g_array_append_val(loads, load);
  return taken;
}

static void
_run_pair(Output *self, BenchFlood flood, gsize size, gboolean base_first)
{
  gdouble base = base_first ? _flood(self->base, flood, size, self->base_loads) : 0;
  gdouble subject = _flood(self->subject, flood, size, self->loads);
  gdouble ratio;
  gdouble rate = (gdouble) size / subject;

  if (!base_first)
    base = _flood(self->base, flood, size, self->base_loads);
  ratio = base / subject;
  g_array_append_val(self->ratios, ratio);
  g_array_append_val(self->rates, rate);
}

static void
_print_output(Output *self, const Row *row)
{
  gdouble ratio = bench_quantile(self->ratios, 0.5);

  printf("  %-9s %u  %7.1f MB/s  CPU %6.2f ms/MB (%5.2f)  to %-8s %5.2f  %5.2f - %5.2f  %s\n",
         bench_server_get_name(row->server), row->n_clients,
         bench_quantile(self->rates, 0.5) * NS_PER_US,
         bench_quantile(self->loads, 0.5) * BYTES_PER_MB / NS_PER_MS,
         bench_quantile(self->base_loads, 0.5) * BYTES_PER_MB / NS_PER_MS,
         bench_server_get_name(row->base), ratio, bench_quantile(self->ratios, 0.25),
         bench_quantile(self->ratios, 0.75), bench_judge_least(ratio, row->goal));
}

static void
_measure_flood(BenchPlace *place, BenchFlood flood, gint n_rounds)
{
  gsize size = bench_flood_get_size(flood, place->kilobytes);
  Output outputs[G_N_ELEMENTS(rows)];

  printf("output, %s, %.1f MB: clients, rate, CPU of the server (of what it is compared to), "
         "ratio, quartiles\n",
         bench_flood_get_name(flood), (gdouble) size / BYTES_PER_MB);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    _output_init(&outputs[i], place, &rows[i]);
  for (gint round = 0; round < n_rounds; round++)
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
      if (outputs[i].subject)
        _run_pair(&outputs[i], flood, size, round % 2 == 0);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      if (outputs[i].subject)
        _print_output(&outputs[i], &rows[i]);
      _output_clear(&outputs[i]);
    }
}

void
bench_measure_output(BenchPlace *place, const BenchExtent *extent)
{
  for (guint i = 0; i < BENCH_N_FLOODS; i++)
    _measure_flood(place, (BenchFlood) i, extent->rounds);
}

/* --- echo ------------------------------------------------------------------------------------- */

static void
_echo(BenchTerminal *terminal, GArray *times)
{
  gdouble start = bench_clock_wall();
  gdouble taken;

  bench_terminal_type(terminal, '.');
  bench_terminal_await_any(terminal);
  taken = bench_clock_wall() - start;
  g_array_append_val(times, taken);
}

static void
_append_ratio(GArray *ratios, GArray *subject, GArray *base, gdouble part)
{
  gdouble ratio = bench_quantile(subject, part) / bench_quantile(base, part);

  g_array_append_val(ratios, ratio);
}

static void
_print_echo(BenchServer server, GArray *times, GArray *medians, GArray *tails)
{
  gboolean is_ours = server == BENCH_SERVER_BUFFERED || server == BENCH_SERVER_TERMINAL;
  gdouble goal = is_ours ? ECHO_GOAL : 0;
  gdouble median = bench_quantile(medians, 0.5);
  gdouble tail = bench_quantile(tails, 0.5);

  printf("  %-9s p50 %7.1f us  to relay %5.2f %-4s  p99 %8.1f us  to relay %5.2f %s\n",
         bench_server_get_name(server), bench_quantile(times, 0.5) / NS_PER_US, median,
         bench_judge_most(median, goal), bench_quantile(times, 0.99) / NS_PER_US, tail,
         bench_judge_most(tail, goal));
}

/* One echo of each in turn. */
static void
_run_echoes(BenchTerminal *subject, BenchTerminal *base, const BenchExtent *extent,
            BenchServer server)
{
  g_autoptr(GArray) all = _new_numbers();
  g_autoptr(GArray) medians = _new_numbers();
  g_autoptr(GArray) tails = _new_numbers();

  for (gint round = 0; round < extent->rounds; round++)
    {
      g_autoptr(GArray) times = _new_numbers();
      g_autoptr(GArray) base_times = _new_numbers();
      for (gint i = 0; i < extent->echoes; i++)
        {
          _echo(base, base_times);
          _echo(subject, times);
        }
      _append_ratio(medians, times, base_times, 0.5);
      _append_ratio(tails, times, base_times, 0.99);
      g_array_append_vals(all, times->data, times->len);
    }
  _print_echo(server, all, medians, tails);
}

void
bench_measure_echo(BenchPlace *place, const BenchExtent *extent)
{
  BenchTerminal *relay = bench_terminal_new(place, BENCH_SERVER_RELAY, 1);

  printf("echo of a key, %d rounds of %d\n", extent->rounds, extent->echoes);
  for (guint i = 0; i < BENCH_N_SERVERS; i++)
    {
      BenchTerminal *subject = i == BENCH_SERVER_RELAY
                                 ? NULL
                                 : bench_terminal_new(place, (BenchServer) i, 1);
      if (subject)
        {
          _run_echoes(subject, relay, extent, (BenchServer) i);
          bench_terminal_free(subject);
        }
    }
  bench_terminal_free(relay);
}
