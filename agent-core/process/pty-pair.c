/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/pty-pair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static gboolean
_fail(const gchar *call, gint code, GError **error)
{
  g_set_error(error, G_FILE_ERROR, (gint) g_file_error_from_errno(code), "no terminal: %s: %s",
              call, g_strerror(code));
  return FALSE;
}

/* So that erasing takes a character and not a byte. */
static gboolean
_set_utf8(gint master)
{
  struct termios modes;

  if (tcgetattr(master, &modes) != 0)
    return FALSE;
  modes.c_iflag |= IUTF8;
  return tcsetattr(master, TCSANOW, &modes) == 0;
}

static gboolean
_set_size(gint master, guint16 rows, guint16 columns)
{
  const struct winsize size = { .ws_row = rows, .ws_col = columns };

  return ioctl(master, TIOCSWINSZ, &size) == 0;
}

static gboolean
_set_up(CdPtyPair *self, guint16 rows, guint16 columns, GError **error)
{
  const gboolean is_default = rows == 0 || columns == 0;
  gint code;

  if (grantpt(self->master) != 0)
    return _fail("grantpt", errno, error);
  if (unlockpt(self->master) != 0)
    return _fail("unlockpt", errno, error);
  code = ptsname_r(self->master, self->name, sizeof(self->name));
  if (code != 0)
    return _fail("ptsname", code, error);
  if (!_set_utf8(self->master))
    return _fail("tcsetattr", errno, error);
  if (!_set_size(self->master, is_default ? CD_PTY_ROWS_DEFAULT : rows,
                 is_default ? CD_PTY_COLUMNS_DEFAULT : columns))
    return _fail("TIOCSWINSZ", errno, error);
  return TRUE;
}

gboolean
cd_pty_pair_open(CdPtyPair *self, guint16 rows, guint16 columns, GError **error)
{
  *self = (CdPtyPair) { .master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK) };
  if (self->master < 0)
    return _fail("posix_openpt", errno, error);
  if (_set_up(self, rows, columns, error))
    return TRUE;
  cd_pty_pair_close(self);
  return FALSE;
}

gboolean
cd_pty_pair_resize(const CdPtyPair *self, guint16 rows, guint16 columns, GError **error)
{
  if (rows == 0 || columns == 0 || _set_size(self->master, rows, columns))
    return TRUE;
  return _fail("TIOCSWINSZ", errno, error);
}

gboolean
cd_pty_pair_is_raw(const CdPtyPair *self)
{
  struct termios is;

  return tcgetattr(self->master, &is) == 0 && !(is.c_lflag & ICANON);
}

void
cd_pty_pair_close(CdPtyPair *self)
{
  if (self->master >= 0)
    close(self->master);
  self->master = -1;
}
