/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/feed-state.h"

/* What was accepted meanwhile goes over a connection of its own. */
static void
_parted(CdTarget *target, gpointer user_data)
{
  CdFeed *self = user_data;

  self->is_ready = FALSE;
  self->is_parting = FALSE;
  self->is_parted = TRUE;
  cd_feed_settle(self, G_MAXINT64, 0);
  if (!cd_feed_is_done(self))
    cd_target_retry(target);
}

void
cd_feed_part(CdFeed *self)
{
  if (self->is_parting || cd_window_is_empty(&self->window) || !cd_feed_is_done(self))
    return;
  self->is_parting = TRUE;
  if (cd_target_is_connected(self->target)) /* else that it broke is told in the next turn */
    cd_target_part(self->target, _parted);
}

gboolean
cd_feed_is_parting(const CdFeed *self)
{
  return self->is_parting;
}
