/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_HEALTH_H
#define CD_HEALTH_H

#include "emit/spool.h"

/** What can be wrong with a spool, each by itself. */
typedef enum
{
  CD_AILMENT_WRITE = 1 << 0,  /* lines wait in memory */
  CD_AILMENT_LEDGER = 1 << 1, /* cursors are not saved */
  CD_AILMENT_SYNC = 1 << 2,   /* fsync failed */
  CD_AILMENT_READ = 1 << 3,   /* a cursor cannot read on */
  CD_AILMENT_SPARE = 1 << 4,  /* the next segment has no room, or no file */
} CdAilment;

/**
 * CdHealth:
 *
 * What is wrong with a spool now, and what of it was told: that it fell ill and that it is well
 * again, each once, however many ailments there were.
 */
typedef struct _CdHealth
{
  guint ailments;
  gboolean told;
  GError *first; /* of this illness */
  CdSpoolTrouble trouble;
  gpointer user_data;
} CdHealth;

/** Notes that an ailment is there. Takes @error. */
void cd_health_fail(CdHealth *self, CdAilment ailment, GError *error);

/** Notes that it is gone. */
void cd_health_mend(CdHealth *self, CdAilment ailment);

/** Whether it is there. */
gboolean cd_health_has(const CdHealth *self, CdAilment ailment);

/** Tells what has changed since; whoever is told may use the spool. */
void cd_health_tell(CdHealth *self);

/** Frees what it holds. */
void cd_health_clear(CdHealth *self);

#endif
