/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the spool share. */
#ifndef CD_SPOOL_STATE_H
#define CD_SPOOL_STATE_H

#include "emit/health.h"
#include "emit/ledger.h"
#include "emit/reader.h"
#include "emit/store.h"
#include "emit/timer.h"

/** Name of the cursor that stands for those that nobody has asked for yet. */
#define CD_SPOOL_NAMELESS ""

struct _CdSpool
{
  CdStore *store;
  CdFolder *folder; /* these four NULL for memory alone */
  CdLedger *ledger;
  CdSyncer *syncer;
  CdSpare *spare;
  GPtrArray *cursors; /* never empty: a nameless one stands for those that are yet to come */
  guint64 size_max;
  CdSpoolDrop drop;
  CdHealth health;
  guint64 accepted;
  gboolean is_appending; /* a line that is not accepted yet */
  guint64 ahead_of;      /* first ordinal of the segment whose successor was asked for */
  gint64 next_attempt;   /* monotonic: not before, while the disk cannot be written */
  GSource *save;         /* the cursors, soon */
  GSource *retry;        /* what failed, in a while */
};

struct _CdCursor
{
  CdSpool *spool;
  gchar *name;
  gboolean is_asked_for;
  guint64 committed;    /* ordinal of the first line that is not */
  guint64 next;         /* ordinal of the line to read next */
  gboolean is_given;    /* whether cd_cursor_peek() gave a line that it has not gone past */
  guint64 given;        /* the ordinal of that */
  guint64 n_passed;     /* lines between the two */
  guint64 n_ghosts;     /* lines that it went past, and that were thrown away before it committed */
  CdLoss ghosts;        /* of those the ones that are lost if it goes back */
  CdLoss loss;          /* as cd_cursor_get_loss() gave it */
  CdLoss fresh;         /* since */
  guint64 counted_from; /* what cannot be read between these is in a loss already */
  guint64 counted_to;
  CdReader *reader; /* while it reads from disk */
};

/** Has the cursors saved within a second, and what they have passed removed. */
void cd_spool_save_soon(CdSpool *self);

/** Saves the cursors now. Returns: whether a later run will find them */
gboolean cd_spool_save_cursors(CdSpool *self);

/** The same, and removes what all of them have passed. */
void cd_spool_save(CdSpool *self);

/** Notes trouble, and that it has to be tried again. Takes @error. */
void cd_spool_fail(CdSpool *self, CdAilment ailment, GError *error);

/** Writes what is not on disk yet, as far as it goes. */
void cd_spool_write(CdSpool *self);

/** A #CdSpareMade. */
void cd_spool_spare_made(GError *error, gpointer user_data);

/** A #CdSyncerChanged. */
void cd_spool_sync_changed(int code, gpointer user_data);

/** Makes a cursor. */
CdCursor *cd_spool_add_cursor(CdSpool *self, const gchar *name, guint64 committed);

/** Ordinal of the first line that a cursor has not committed. */
guint64 cd_spool_get_hindmost(const CdSpool *self);

/** The cursor at a place of the array. */
static inline CdCursor *
cd_spool_get_nth_cursor(const CdSpool *self, guint i)
{
  return (CdCursor *) g_ptr_array_index(self->cursors, i);
}

#endif
