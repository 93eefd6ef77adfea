/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BENCH_PLAY_H
#define BENCH_PLAY_H

#include <glib.h>

/* What a program can flood its terminal with. */
typedef enum
{
  BENCH_FLOOD_LINES,
  BENCH_FLOOD_LONG_LINES,
  BENCH_FLOOD_YES,
  BENCH_N_FLOODS
} BenchFlood;

/* Bytes that have the program do something; it sends any other one back. */
#define BENCH_PLAY_FLOOD 'A' /* and the next ones: that flood, and a mark */
#define BENCH_PLAY_MARK 'm'  /* a mark */
#define BENCH_PLAY_QUIT 'q'

/* Its name. */
const gchar *bench_flood_get_name(BenchFlood flood);

/* Bytes of a flood where one of lines has so many KiB; the terminal takes those of yes slowly. */
gsize bench_flood_get_size(BenchFlood flood, gsize kilobytes);

/* What the program prints as its nth mark; the first is 0 and says that it is ready. */
gchar *bench_play_get_mark(guint n);

/* Is that program. Returns: exit status */
gint bench_play(gsize kilobytes);

#endif
