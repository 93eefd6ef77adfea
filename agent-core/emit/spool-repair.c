/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a spool does about trouble. */
#include "emit/cursor.h"
#include "emit/room.h"
#include "emit/spool-state.h"

#include <errno.h>

#define RETRY_MILLISECONDS 2000

/* After a failed fsync the kernel takes for clean what it could not write: it gets it once more. */
static void
_sync_again(CdSpool *self)
{
  cd_store_write_again(self->store);
  cd_spool_save_cursors(self);
  cd_spool_write(self);
}

static void
_read_again(CdSpool *self)
{
  cd_health_mend(&self->health, CD_AILMENT_READ);
  for (guint i = 0; i < self->cursors->len; i++)
    cd_cursor_try(cd_spool_get_nth_cursor(self, i));
}

static gboolean
_retry(gpointer user_data)
{
  CdSpool *self = user_data;

  cd_timer_stop(&self->retry);
  cd_spool_save(self);
  if (cd_health_has(&self->health, CD_AILMENT_WRITE))
    cd_spool_write(self);
  if (cd_health_has(&self->health, CD_AILMENT_SYNC))
    _sync_again(self);
  if (cd_health_has(&self->health, CD_AILMENT_READ))
    _read_again(self);
  if (cd_health_has(&self->health, CD_AILMENT_SPARE))
    cd_room_ahead(self);
  if (self->health.ailments && !self->retry)
    self->retry = cd_timer_start(RETRY_MILLISECONDS, _retry, self);
  cd_health_tell(&self->health);
  return G_SOURCE_REMOVE;
}

void
cd_spool_fail(CdSpool *self, CdAilment ailment, GError *error)
{
  cd_health_fail(&self->health, ailment, error);
  if (!self->retry)
    self->retry = cd_timer_start(RETRY_MILLISECONDS, _retry, self);
}

void
cd_spool_spare_made(GError *error, gpointer user_data)
{
  CdSpool *self = user_data;

  if (error)
    cd_spool_fail(self, CD_AILMENT_SPARE, error);
  else
    cd_health_mend(&self->health, CD_AILMENT_SPARE);
  cd_health_tell(&self->health);
}

static void
_fail_sync(CdSpool *self, int code)
{
  GError *error = NULL;

  errno = code;
  cd_folder_fail(self->folder, NULL, "sync it", &error);
  cd_spool_fail(self, CD_AILMENT_SYNC, error);
}

void
cd_spool_sync_changed(int code, gpointer user_data)
{
  CdSpool *self = user_data;

  if (code == 0)
    cd_health_mend(&self->health, CD_AILMENT_SYNC);
  else
    _fail_sync(self, code);
  cd_health_tell(&self->health);
}
