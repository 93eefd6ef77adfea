/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the emitter and of its feeds share. */
#ifndef CD_EMITTER_FIXTURE_H
#define CD_EMITTER_FIXTURE_H

#include "emit/emitter.h"

/* A #CdEmitterTrouble: a line of a GString for each change. */
static inline void
emitter_note_trouble(const gchar *what, gboolean is_well, gpointer troubles)
{
  g_string_append_printf(troubles, "%s%s\n", is_well ? "well: " : "", what);
}

static inline void
emitter_accept_records(CdEmitter *emitter, guint n_records)
{
  CdRecord record = { 0 };

  cd_record_set(&record, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  for (guint i = 0; i < n_records; i++)
    cd_emitter_accept(emitter, &record);
}

/* Of the only target. */
static inline CdFeedFigures
emitter_get_feed_figures(const CdEmitter *emitter)
{
  CdEmitterFigures figures;

  cd_emitter_get_figures(emitter, &figures);
  g_assert_cmpuint(figures.n_targets, ==, 1);
  return figures.targets[0];
}

#endif
