/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "terminal.h"

#include "descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* How long a terminal that takes nothing is waited for, milliseconds. */
#define PATIENCE 1000

/* A string that was cut ends first.  The alternate screen is entered before it is left: a terminal
 * that is not on it would put the cursor where it was when it entered last, as tmux does; one that
 * is takes no notice.  The cursor is saved around the scroll region, whose reset moves it. */
static const gchar reset[] = "\033\\"
                             "\033[?1049h\033[?1049l"                  /* alternate screen */
                             "\0337\033[r\0338"                        /* scroll region */
                             "\033[?9;1000;1002;1003;1004;1006l"       /* mouse, focus */
                             "\033[?2004l\033[?1l\033>\033[<9u"        /* paste, keys */
                             "\033[>4m\033[m\017\033(B\033[?7h\033[4l" /* text */
                             "\033[?25h\r\n";                          /* cursor */

void
cd_terminal_init(CdTerminal *self)
{
  memset(self, 0, sizeof(*self));
  self->has_input = isatty(STDIN_FILENO) == 1;
  self->has_output = isatty(STDOUT_FILENO) == 1;
}

gboolean
cd_terminal_get_size(const CdTerminal *self, guint16 *rows, guint16 *columns)
{
  struct winsize size;

  if (!self->has_input && !self->has_output)
    return FALSE;
  if (ioctl(self->has_input ? STDIN_FILENO : STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
    return FALSE;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return TRUE;
}

/* A shell that has taken the terminal back has its own settings on it. */
static gboolean
_is_anothers(void)
{
  pid_t owner = tcgetpgrp(STDIN_FILENO);

  return owner >= 0 && owner != getpgrp();
}

void
cd_terminal_take(CdTerminal *self)
{
  struct termios raw;

  self->is_taken = TRUE;
  if (!self->has_input || (self->is_raw && _is_anothers()))
    return;
  if (!self->is_raw && tcgetattr(STDIN_FILENO, &self->saved) != 0)
    return;
  raw = self->saved;
  cfmakeraw(&raw);
  if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0)
    self->is_raw = TRUE;
}

/* Without waiting for ever for a terminal that takes nothing. */
static void
_write_reset(void)
{
  gint fd = cd_descriptor_open_own(STDOUT_FILENO, O_WRONLY);
  struct pollfd ready = { .fd = fd, .events = POLLOUT };

  if (poll(&ready, 1, PATIENCE) == 1 && (ready.revents & POLLOUT)
      && write(fd, reset, sizeof(reset) - 1) < 0)
    g_debug("the terminal does not take its reset: %s", g_strerror(errno));
  close(fd);
}

void
cd_terminal_give_back(CdTerminal *self)
{
  if (!self->is_taken || (self->has_input && _is_anothers()))
    return;
  if (self->has_output)
    _write_reset();
  if (self->is_raw)
    tcsetattr(STDIN_FILENO, TCSANOW, &self->saved);
  self->is_raw = FALSE;
  self->is_taken = FALSE;
}
