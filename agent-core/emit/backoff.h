/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_BACKOFF_H
#define CD_BACKOFF_H

#include <glib.h>

/** The longest of the first pause, and of any, in milliseconds. */
#define CD_BACKOFF_FIRST_MS 1000
#define CD_BACKOFF_MAX_MS (60 * 1000)

/** A number from 0 to @max, each as likely as any other. */
typedef guint (*CdBackoffRandom)(guint max);

/**
 * CdBackoff:
 * @n_failures: in a row
 * @random: where chance comes from
 *
 * How long to wait before the next attempt: a random time up to 1, 2, 4 ... 60 s ("full jitter"),
 * so that many who lost the same server do not come back at once.
 */
typedef struct _CdBackoff
{
  guint n_failures;
  CdBackoffRandom random;
} CdBackoff;

/** Starts without a failure. @random: (nullable): for tests */
void cd_backoff_init(CdBackoff *self, CdBackoffRandom random);

/** Counts a failure. Returns: milliseconds to wait */
guint cd_backoff_next(CdBackoff *self);

/** All is well, or shall be taken for it: the next pause is a short one. */
void cd_backoff_reset(CdBackoff *self);

#endif
