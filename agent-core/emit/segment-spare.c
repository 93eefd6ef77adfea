/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/segment-spare.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define NAME "spare"

/* Whose turn it is: the thread's from WANTED to MADE or FAILED, the main context's else. */
typedef enum
{
  SPARE_NONE,
  SPARE_WANTED,
  SPARE_MADE,
  SPARE_FAILED,
} SpareState;

struct _CdSpare
{
  const CdFolder *folder;
  CdSyncer *syncer;
  CdSpareMade made;
  gpointer user_data;
  gint state; /* atomic */
  gboolean is_unwanted;
  guint32 size;
  int fd;
  GError *error;
};

CdSpare *
cd_spare_new(const CdFolder *folder, CdSyncer *syncer, CdSpareMade made, gpointer user_data)
{
  CdSpare *self = g_new0(CdSpare, 1);

  self->folder = folder;
  self->syncer = syncer;
  self->made = made;
  self->user_data = user_data;
  self->fd = -1;
  cd_folder_remove(folder, NAME);
  return self;
}

static SpareState
_get_state(CdSpare *self)
{
  return (SpareState) g_atomic_int_get(&self->state);
}

static void
_remove(CdSpare *self)
{
  if (self->fd >= 0)
    {
      close(self->fd);
      cd_folder_remove(self->folder, NAME);
    }
  self->fd = -1;
  g_clear_error(&self->error);
  g_atomic_int_set(&self->state, SPARE_NONE);
}

void
cd_spare_free(CdSpare *self)
{
  _remove(self);
  g_free(self);
}

/* --- in the thread ---------------------------------------------------------------------------- */

static gboolean
_allocate(CdSpare *self)
{
  int code;

  do
    code = posix_fallocate(self->fd, 0, self->size);
  while (code == EINTR);
  errno = code;
  return code == 0 || cd_folder_fail(self->folder, NAME, "allocate it", &self->error);
}

static void
_make(gpointer data)
{
  CdSpare *self = data;

  self->fd = cd_folder_open_file(self->folder, NAME, O_RDWR | O_CREAT | O_EXCL, &self->error);
  if (self->fd >= 0 && _allocate(self))
    g_atomic_int_set(&self->state, SPARE_MADE);
  else
    g_atomic_int_set(&self->state, SPARE_FAILED);
}

/* --- in the main context ---------------------------------------------------------------------- */

/* What was made may have been taken since, and the next one be under way. */
static void
_tell(gpointer data)
{
  CdSpare *self = data;
  SpareState state = _get_state(self);
  GError *error = NULL;

  if (state == SPARE_WANTED)
    return;
  if (state == SPARE_FAILED)
    error = g_steal_pointer(&self->error);
  if (state == SPARE_FAILED || self->is_unwanted)
    _remove(self);
  self->made(error, self->user_data);
}

void
cd_spare_prepare(CdSpare *self, guint32 size)
{
  self->is_unwanted = FALSE;
  if (_get_state(self) != SPARE_NONE)
    return;
  self->size = size;
  g_atomic_int_set(&self->state, SPARE_WANTED);
  if (!cd_syncer_run(self->syncer, _make, _tell, self))
    g_atomic_int_set(&self->state, SPARE_NONE);
}

gboolean
cd_spare_is_ready(CdSpare *self)
{
  return _get_state(self) == SPARE_MADE && !self->is_unwanted;
}

void
cd_spare_drop(CdSpare *self)
{
  self->is_unwanted = TRUE;
  if (_get_state(self) == SPARE_MADE)
    _remove(self);
}

int
cd_spare_take(CdSpare *self, const gchar *name)
{
  int fd;

  if (!cd_spare_is_ready(self))
    return -1;
  if (!cd_folder_rename(self->folder, NAME, name))
    {
      _remove(self);
      return -1;
    }
  fd = self->fd;
  self->fd = -1;
  g_atomic_int_set(&self->state, SPARE_NONE);
  return fd;
}
