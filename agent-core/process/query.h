/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_QUERY_H
#define CD_QUERY_H

#include "process/inherited.h"

/**
 * CdQuery:
 *
 * A program without a terminal that is run for its answer: how it ends, and what it says. Use it
 * from one thread; its sources run in the thread's default main context.
 */
typedef struct _CdQuery CdQuery;

/**
 * CdQueryEnd:
 * @status: exit status; -1 where there is none
 * @is_late: whether it did not end in its time; it is being killed then
 * @output: what it wrote to standard output and error, at most 4 KiB of it
 */
typedef struct _CdQueryEnd
{
  gint status;
  gboolean is_late;
  const gchar *output;
} CdQueryEnd;

/** It has ended, or its time is over; called once, from the main loop. May free it. */
typedef void (*CdQueryEnded)(const CdQueryEnd *end, gpointer user_data);

/**
 * CdQueryOptions:
 * @argv: (array zero-terminated=1): program and arguments
 * @environment: (array zero-terminated=1): all of it
 * @folder: where it starts; `/` where that cannot be entered
 * @inherited: what it gets again
 * @timeout_ms: its time
 */
typedef struct _CdQueryOptions
{
  const gchar *const *argv;
  const gchar *const *environment;
  const gchar *folder;
  const CdInherited *inherited;
  guint timeout_ms;
} CdQueryOptions;

/**
 * Starts it. What fills a pipe (64 KiB) before its end is late.
 *
 * Errors: #GSpawnError; the message names the program and the reason.
 *
 * Returns: (transfer full): free with cd_query_free()
 */
CdQuery *cd_query_new(const CdQueryOptions *options, CdQueryEnded ended, gpointer user_data,
                      GError **error);

/** Frees it. One that still runs is killed. */
void cd_query_free(CdQuery *self);

/** Frees it. One that still runs does so on; what it says then would end it, by SIGPIPE. */
void cd_query_leave(CdQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdQuery, cd_query_free)

#endif
