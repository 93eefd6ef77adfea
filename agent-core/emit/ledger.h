/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LEDGER_H
#define CD_LEDGER_H

#include "emit/folder.h"
#include "emit/loss.h"
#include "emit/syncer.h"

/**
 * CdLedgerEntry:
 * @name: of a cursor; owned by the entry that cd_ledger_read() gave, else by who made it
 * @committed: ordinal of the first line that it has not committed
 * @counted_from: ordinal of the first line that cannot be read and is in @loss, or was told
 * @counted_to: and of the first behind the last
 * @loss: what it has lost and nobody was told
 */
typedef struct _CdLedgerEntry
{
  gchar *name;
  guint64 committed;
  guint64 counted_from;
  guint64 counted_to;
  CdLoss loss;
} CdLedgerEntry;

/**
 * CdLedger:
 *
 * The file in which cursors survive. It has two slots, written in turn, each with a generation and
 * a CRC: whatever becomes of the one that is being written, the other stands. Its room on disk is
 * taken when it is made, so that it can be written when the disk is full.
 */
typedef struct _CdLedger CdLedger;

/** A ledger of a folder, which stays the caller's. */
CdLedger *cd_ledger_new(const CdFolder *folder);

/** Closes it. */
void cd_ledger_free(CdLedger *self);

/**
 * Reads what was written last. Nothing usable is no error: there are no cursors then.
 *
 * @tail: (out): ordinal of the line that was to come next
 *
 * Returns: (transfer full): of #CdLedgerEntry; %NULL with an error
 */
GArray *cd_ledger_read(CdLedger *self, guint64 *tail, GError **error);

/** Takes the room on disk, if it can be had now; else cd_ledger_write() tries again. */
void cd_ledger_prepare(CdLedger *self);

/** Writes the entries, CD_SPOOL_CURSORS_MAX at most, and has them synced. */
gboolean cd_ledger_write(CdLedger *self, guint64 tail, const CdLedgerEntry *entries, guint n,
                         CdSyncer *syncer, GError **error);

#endif
