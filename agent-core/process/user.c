/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/user.h"

#include <errno.h>
#include <pwd.h>
#include <unistd.h>

#define BUFFER_FIRST 1024
#define BUFFER_MAX (1024 * 1024)

static const gchar *
_first_filled(const gchar *first, const gchar *second, const gchar *last)
{
  if (first && *first)
    return first;
  return second && *second ? second : last;
}

static void
_fill(CdUser *self, const struct passwd *entry)
{
  self->name = entry && *entry->pw_name
                 ? g_strdup(entry->pw_name)
                 : g_strdup_printf("%" G_GUINT64_FORMAT, (guint64) self->uid);
  self->home = g_strdup(_first_filled(g_getenv("HOME"), entry ? entry->pw_dir : NULL, "/"));
  self->shell = g_strdup(
    _first_filled(entry ? entry->pw_shell : NULL, g_getenv("SHELL"), "/bin/sh"));
}

/* Returns whether @size was enough. */
static gboolean
_look_up(CdUser *self, gsize size)
{
  g_autofree gchar *buffer = g_malloc(size);
  struct passwd room;
  struct passwd *entry = NULL;
  gint code;

  do
    code = getpwuid_r(self->uid, &room, buffer, size, &entry);
  while (code == EINTR);
  if (code == ERANGE && size < BUFFER_MAX)
    return FALSE;
  _fill(self, entry);
  return TRUE;
}

CdUser *
cd_user_new(void)
{
  CdUser *self = g_new0(CdUser, 1);
  gsize size = BUFFER_FIRST;

  self->uid = geteuid();
  while (!_look_up(self, size))
    size *= 4;
  return self;
}

void
cd_user_free(CdUser *self)
{
  if (!self)
    return;
  g_free(self->name);
  g_free(self->home);
  g_free(self->shell);
  g_free(self);
}
