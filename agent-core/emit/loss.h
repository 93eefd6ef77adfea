/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LOSS_H
#define CD_LOSS_H

#include "emit/spool.h"

/**
 * CdLoss:
 * @told: as others see it; a number that is not known is 0
 * @first_at: ordinal of the first line whose number is known
 * @last_at: of the last
 *
 * Lines that a cursor lost. Numbers begin anew in each run, so it takes ordinals to know the first
 * and the last.
 */
typedef struct _CdLoss
{
  CdSpoolLoss told;
  guint64 first_at;
  guint64 last_at;
} CdLoss;

#define CD_LOSS_NONE ((CdLoss) { { 0, 0, 0 }, 0, 0 })

/** Adds lines to it. */
void cd_loss_add(CdLoss *self, const CdLoss *more);

/** Adds lines of which nothing is known. */
void cd_loss_add_unknown(CdLoss *self, guint64 count);

/** Takes the first @count lines away, of as many at least. */
void cd_loss_take(CdLoss *self, guint64 count);

#endif
