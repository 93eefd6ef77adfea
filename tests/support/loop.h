/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The default main context of a test, turned until something is so. */
#ifndef CD_LOOP_H
#define CD_LOOP_H

#include <glib.h>

/* A test that waits for longer has failed. */
#define LOOP_PATIENCE_S 60

/* Milliseconds between two looks at what wakes no source. */
#define LOOP_TICK_MS 2

static inline gboolean
loop_lose_patience(gpointer where)
{
  g_error("waited in vain at %s", (const gchar *) where);
  return G_SOURCE_REMOVE;
}

static inline gboolean
loop_go_on(gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Turns the loop until @condition holds. */
#define loop_wait(condition)                                                                       \
  do                                                                                               \
    {                                                                                              \
      guint loop_guard = g_timeout_add_seconds(LOOP_PATIENCE_S, loop_lose_patience,                \
                                               (gpointer) (G_STRLOC ": " #condition));             \
      while (!(condition))                                                                         \
        g_main_context_iteration(NULL, TRUE);                                                      \
      g_source_remove(loop_guard);                                                                 \
    }                                                                                              \
  while (0)

/* The same for a condition about anything: what is none of the loop's wakes no source. */
#define loop_wait_polling(condition)                                                               \
  do                                                                                               \
    {                                                                                              \
      guint loop_tick = g_timeout_add(LOOP_TICK_MS, loop_go_on, NULL);                             \
      loop_wait(condition);                                                                        \
      g_source_remove(loop_tick);                                                                  \
    }                                                                                              \
  while (0)

/* What is due now, and no more. */
static inline void
loop_settle(void)
{
  while (g_main_context_iteration(NULL, FALSE))
    ;
}

#endif
