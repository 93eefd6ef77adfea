/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/loss.h"

static void
_take_over_numbers(CdLoss *self, const CdLoss *more)
{
  if (self->told.first == 0 || more->first_at < self->first_at)
    {
      self->told.first = more->told.first;
      self->first_at = more->first_at;
    }
  if (self->told.last == 0 || more->last_at > self->last_at)
    {
      self->told.last = more->told.last;
      self->last_at = more->last_at;
    }
}

void
cd_loss_add(CdLoss *self, const CdLoss *more)
{
  if (more->told.first != 0)
    _take_over_numbers(self, more);
  self->told.count += more->told.count;
}

void
cd_loss_add_unknown(CdLoss *self, guint64 count)
{
  self->told.count += count;
}

/* Only where numbers follow each other is it known which is the first of the rest. */
void
cd_loss_take(CdLoss *self, guint64 count)
{
  if (count >= self->told.count)
    {
      *self = CD_LOSS_NONE;
      return;
    }
  if (self->told.last - self->told.first + 1 == self->told.count)
    {
      self->told.first += count;
      self->first_at += count;
    }
  self->told.count -= count;
}
