/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TALLY_H
#define CD_TALLY_H

#include "disconnect/record.h"
#include "disconnect/vocabulary.h"

/**
 * CdTally:
 * @counts: how many records of each verdict
 *
 * How many connections ended, by why, by whom and on which layer. Zeroed it is empty.
 */
typedef struct _CdTally
{
  guint64 counts[CD_N_REASONS][CD_N_INITIATORS][CD_N_LAYERS];
} CdTally;

/** Counts a record, if it tells of an end. A word that is not in the vocabulary counts as unknown
 * or empty. */
void cd_tally_add(CdTally *self, const CdRecord *record);

/**
 * Appends them in Prometheus' text format: `coder_disconnects_total`, with the verdicts that there
 * were.
 */
void cd_tally_append(const CdTally *self, GString *out);

#endif
