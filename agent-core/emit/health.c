/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/health.h"

void
cd_health_fail(CdHealth *self, CdAilment ailment, GError *error)
{
  self->ailments |= ailment;
  if (self->first)
    g_error_free(error);
  else
    self->first = error;
}

void
cd_health_mend(CdHealth *self, CdAilment ailment)
{
  self->ailments &= ~(guint) ailment;
  if (self->ailments == 0)
    g_clear_error(&self->first);
}

gboolean
cd_health_has(const CdHealth *self, CdAilment ailment)
{
  return (self->ailments & ailment) != 0;
}

void
cd_health_tell(CdHealth *self)
{
  g_autoptr(GError) error = NULL;

  if (self->told == (self->ailments != 0))
    return;
  self->told = !self->told;
  if (!self->trouble)
    return;
  error = self->first ? g_error_copy(self->first) : NULL;
  self->trouble(error, self->user_data);
}

void
cd_health_clear(CdHealth *self)
{
  g_clear_error(&self->first);
}
