/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proves that the time a function takes grows with the length of its input and not faster. */
#ifndef CD_UNIT_LINEAR_H
#define CD_UNIT_LINEAR_H

#include <time.h>

#include "unit.h"

#define UNIT_LINEAR_SHORT (100 * 1000)
#define UNIT_LINEAR_LONG (1000 * 1000)

/* Ten times the input may cost 40 times the time, since caches are small; 100 times is what a
 * quadratic path costs. */
#define UNIT_LINEAR_FACTOR 40

/* Below this the clock and the machine's other work say more than the function. */
#define UNIT_LINEAR_NOISE_US 1500

/* Whatever the machine and the sanitizers do. */
#define UNIT_LINEAR_MOST_US (20 * G_USEC_PER_SEC)

/**
 * UnitLinearRow:
 * @name: the row's name
 * @head: what the input begins with
 * @repeated: what follows until the length is reached
 * @tail: what the input ends in
 */
typedef struct _UnitLinearRow
{
  const gchar *name;
  const gchar *head;
  const gchar *repeated;
  const gchar *tail;
} UnitLinearRow;

typedef void (*UnitLinearFunc)(CdText text);

/** Microseconds of processor time of this thread, whatever else the machine does. */
static inline gint64
unit_processor_time(void)
{
  struct timespec now;

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/** The time that @run takes over @text, at its best. */
static inline gint64
unit_measure(UnitLinearFunc run, const GString *text)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < 3; i++)
    {
      gint64 start = unit_processor_time();
      run((CdText) { text->str, text->len });
      best = MIN(best, unit_processor_time() - start);
    }
  return best;
}

/** Compares the times over 100 KB and 1 MB of input. */
static inline void
unit_assert_linear_times(gint64 small, gint64 large)
{
  g_assert_cmpint(large, <=, MAX(small, UNIT_LINEAR_NOISE_US) * UNIT_LINEAR_FACTOR);
  g_assert_cmpint(large, <=, UNIT_LINEAR_MOST_US);
}

static inline gint64
unit_measure_row(const UnitLinearRow *row, UnitLinearFunc run, gsize length)
{
  g_autoptr(GString) text = g_string_new(row->head);

  while (text->len + strlen(row->tail) < length)
    g_string_append(text, row->repeated);
  g_string_append(text, row->tail);
  return unit_measure(run, text);
}

/** Runs @run over 100 KB and 1 MB of the row's input and compares the times. */
static inline void
unit_assert_linear(const UnitLinearRow *row, UnitLinearFunc run)
{
  unit_assert_linear_times(unit_measure_row(row, run, UNIT_LINEAR_SHORT),
                           unit_measure_row(row, run, UNIT_LINEAR_LONG));
}

#endif
