/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proves that the time a function takes grows with the length of its input and not faster. */
#ifndef CD_UNIT_LINEAR_H
#define CD_UNIT_LINEAR_H

#include "unit.h"

#define UNIT_LINEAR_SHORT (100 * 1000)
#define UNIT_LINEAR_LONG (1000 * 1000)

/* Ten times the input may cost 30 times the time; 100 times is what a quadratic path costs. */
#define UNIT_LINEAR_FACTOR 30

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

static inline gint64
unit_measure(UnitLinearFunc run, const UnitLinearRow *row, gsize length)
{
  g_autoptr(GString) text = g_string_new(row->head);
  gint64 best = G_MAXINT64;

  while (text->len + strlen(row->tail) < length)
    g_string_append(text, row->repeated);
  g_string_append(text, row->tail);
  for (guint i = 0; i < 3; i++)
    {
      gint64 start = g_get_monotonic_time();
      run((CdText) { text->str, text->len });
      best = MIN(best, g_get_monotonic_time() - start);
    }
  return best;
}

/** Runs @run over 100 KB and 1 MB of the row's input and compares the times. */
static inline void
unit_assert_linear(const UnitLinearRow *row, UnitLinearFunc run)
{
  gint64 small = MAX(unit_measure(run, row, UNIT_LINEAR_SHORT), UNIT_LINEAR_NOISE_US);
  gint64 large = unit_measure(run, row, UNIT_LINEAR_LONG);

  g_assert_cmpint(large, <=, small * UNIT_LINEAR_FACTOR);
  g_assert_cmpint(large, <=, UNIT_LINEAR_MOST_US);
}

#endif
