/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/backoff.h"

/* Doubling so often passes the maximum; more would overflow. */
#define DOUBLINGS_MAX 6
G_STATIC_ASSERT((CD_BACKOFF_FIRST_MS << DOUBLINGS_MAX) >= CD_BACKOFF_MAX_MS);

static guint
_random(guint max)
{
  return (guint) g_random_int_range(0, (gint32) max + 1);
}

void
cd_backoff_init(CdBackoff *self, CdBackoffRandom random)
{
  *self = (CdBackoff) { 0, random ? random : _random };
}

guint
cd_backoff_next(CdBackoff *self)
{
  guint longest = (guint) CD_BACKOFF_FIRST_MS << MIN(self->n_failures, DOUBLINGS_MAX);

  self->n_failures++;
  return self->random(MIN(longest, CD_BACKOFF_MAX_MS));
}

void
cd_backoff_reset(CdBackoff *self)
{
  self->n_failures = 0;
}
