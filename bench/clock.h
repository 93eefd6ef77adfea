/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <glib.h>
#include <time.h>

/* Nanoseconds by a clock of clock_gettime(2). */
static inline gdouble
bench_clock_read(clockid_t clock)
{
  struct timespec now;

  clock_gettime(clock, &now);
  return (gdouble) now.tv_sec * 1e9 + (gdouble) now.tv_nsec;
}

/* CPU of this thread, so that another process on the core does not count. */
static inline gdouble
bench_clock_cpu(void)
{
  return bench_clock_read(CLOCK_THREAD_CPUTIME_ID);
}

/* Time that goes by. */
static inline gdouble
bench_clock_wall(void)
{
  return bench_clock_read(CLOCK_MONOTONIC);
}

#endif
