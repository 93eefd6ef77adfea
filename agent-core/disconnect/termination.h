/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TERMINATION_H
#define CD_TERMINATION_H

#include "disconnect/classify.h"

/**
 * CdTermination:
 * @is_set: whether the end is known
 * @reason: why it ended
 * @initiator: who ended it
 * @rule: the rule that decided
 * @detail: (nullable): words about it, made safe to log
 *
 * The end of one connection: set once, by the first end that is seen. A close, a cancellation or
 * a shutdown that comes later never overwrites it. Use it from one thread. Zeroed memory is a
 * valid, unset termination.
 */
typedef struct _CdTermination
{
  gboolean is_set;
  CdReason reason;
  CdInitiator initiator;
  const CdRule *rule;
  GString *detail;
} CdTermination;

/**
 * Classifies @evidence and keeps the verdict, if no end is known yet.
 *
 * Returns: whether this was the first end; the caller then owes the one closing record.
 */
gboolean cd_termination_set(CdTermination *self, const CdEvidence *evidence);

/**
 * Adds a later observation to the detail. Nothing else of the verdict changes. Without an end,
 * and for empty @text, it does nothing.
 */
void cd_termination_add_detail(CdTermination *self, CdText text);

/** Frees what it holds and makes it unset. */
void cd_termination_clear(CdTermination *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CdTermination, cd_termination_clear)

#endif
