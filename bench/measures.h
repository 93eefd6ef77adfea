/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BENCH_MEASURES_H
#define BENCH_MEASURES_H

#include "terminal.h"

/* How long bench-pty measures; 0 leaves a measure out. */
typedef struct _BenchExtent
{
  gint rounds;
  gint echoes;   /* of a round */
  gint attaches; /* of each backend */
  gint sessions; /* for memory */
} BenchExtent;

/* Output to one and to four clients, in pairs with what it is compared to. */
void bench_measure_output(BenchPlace *place, const BenchExtent *extent);

/* From a key typed to the program's answer, in turns with the relay. */
void bench_measure_echo(BenchPlace *place, const BenchExtent *extent);

/* From connect(2) until all that restores the screen has come, just after a flood. */
void bench_measure_attach(BenchPlace *place, const BenchExtent *extent);

/* What an idle session costs the agent, without its program. */
void bench_measure_memory(BenchPlace *place, const BenchExtent *extent);

/* Sorts numbers. Returns: the one that so large a part of them does not pass */
gdouble bench_quantile(GArray *numbers, gdouble part);

/* "ok", or "OVER", or "-" for a goal of 0. */
const gchar *bench_judge_most(gdouble value, gdouble goal);
const gchar *bench_judge_least(gdouble value, gdouble goal);

#endif
