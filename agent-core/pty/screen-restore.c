/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes that draw the screen again. */
#include "pty/screen-paint.h"
#include "pty/screen-state.h"

/* A terminal that isn't fresh, too, is drawn on as if it were: out of the alternate screen by the
 * way that all terminals know, which takes the cursor from where it was saved. */
#define BLANK                                                                                      \
  "\0337\033[?1049l\033[?69l\033[?6l\033[r\033[4l\033[20l\033[?7h"                                 \
  "\033(B\033)B\033*B\033+B\017\033[m\033[H\033[2J"

/* libvterm shows the cells of the screen that is in use. It asks whether a switch is welcome
 * when it has made it, but before it erases anything. */
static void
_look_at(CdScreenModel *self, gboolean alternate)
{
  VTermValue value = { .boolean = alternate };

  self->refuses = TRUE;
  vterm_state_set_termprop(self->state, VTERM_PROP_ALTSCREEN, &value);
  self->refuses = FALSE;
}

static void
_write_cells(const CdScreenModel *self, GString *bytes)
{
  cd_screen_paint(self->screen, (VTermPos) { self->rows, self->columns }, bytes);
}

/* By origin mode no place outside the margins can be named. */
static void
_write_cursor(const CdScreenModel *self, VTermPos at, GString *bytes)
{
  if (self->modes.origin)
    {
      at.row = CLAMP(at.row, self->top, self->bottom - 1) - self->top;
      at.col = CLAMP(at.col, self->left, self->right - 1) - self->left;
    }
  g_string_append_printf(bytes, "\033[%d;%dH", at.row + 1, at.col + 1);
}

/* Before origin is set, or margins. */
static void
_write_saved(const CdScreenSaved *saved, GString *bytes)
{
  g_string_append_printf(bytes, "\033[%d;%dH", saved->at.row + 1, saved->at.col + 1);
  cd_screen_pen_write(&saved->pen, bytes);
}

static gboolean
_is_home(const CdScreenSaved *saved)
{
  return saved->at.row == 0 && saved->at.col == 0 && cd_screen_pen_is_plain(&saved->pen);
}

/* Not every terminal has a place for each screen, so nothing is saved without need. */
static void
_write_saved_here(const CdScreenModel *self, GString *bytes)
{
  const CdScreenSaved *saved = &self->saved[self->alternate];

  if (self->alternate && _is_home(saved))
    return;
  _write_saved(saved, bytes);
  g_string_append(bytes, "\0337");
}

/* The way in saves the cursor, from which the way out takes it. */
static void
_write_alternate(const CdScreenModel *self, GString *bytes)
{
  if (!self->alternate)
    return;
  _look_at((CdScreenModel *) self, FALSE);
  _write_cells(self, bytes);
  _look_at((CdScreenModel *) self, TRUE);
  _write_saved(&self->saved[0], bytes);
  g_string_append(bytes, "\033[?1049h\033[m\033[H\033[2J");
}

static gboolean
_has_tab(const CdScreenModel *self, gint column)
{
  return self->tabs[column / 8] >> column % 8 & 1;
}

static void
_write_tabs(const CdScreenModel *self, GString *bytes)
{
  gint column = 0;

  while (column < self->columns && _has_tab(self, column) == (column % 8 == 0))
    column++;
  if (column == self->columns)
    return;
  g_string_append(bytes, "\033[3g");
  for (column = 0; column < self->columns; column++)
    if (_has_tab(self, column))
      g_string_append_printf(bytes, "\033[%dG\033H", column + 1);
}

static void
_write_margins(const CdScreenModel *self, GString *bytes)
{
  if (self->side_margins)
    g_string_append_printf(bytes, "\033[?69h\033[%d;%ds", self->left + 1, self->right);
  if (self->top > 0 || self->bottom < self->rows)
    g_string_append_printf(bytes, "\033[%d;%dr", self->top + 1, self->bottom);
  if (self->modes.origin)
    g_string_append(bytes, "\033[?6h");
}

/* A cursor that waits at the margin does so behind a character, which is drawn once more. */
static void
_write_waiting(const CdScreenModel *self, VTermPos at, GString *bytes)
{
  VTermScreenCell cell;

  if (!self->waits)
    return;
  memset(&cell, 0, sizeof(cell));
  vterm_screen_get_cell(self->screen, at, &cell);
  if (at.col + MAX(cell.width, 1) < self->columns)
    return;
  if (cell.chars[0] && cell.chars[0] != (guint32) -1)
    {
      cd_screen_paint_cell(&cell, bytes);
      return;
    }
  cell.chars[0] = ' ';
  cell.chars[1] = 0;
  cd_screen_paint_cell(&cell, bytes);
  g_string_append(bytes, "\033[X");
}

static void
_write_place(const CdScreenModel *self, GString *bytes)
{
  CdScreenSaved here;

  cd_screen_save(self, &here);
  _write_cursor(self, here.at, bytes);
  if (!self->modes.origin || here.at.col < self->right)
    _write_waiting(self, here.at, bytes);
  cd_screen_pen_write(&here.pen, bytes);
}

static void
_write_held(const CdScreenModel *self, GString *bytes)
{
  g_string_append_len(bytes, self->held->str, (gssize) self->held->len);
}

void
cd_screen_model_restore(const CdScreenModel *self, GString *bytes)
{
  if (!self->vterm)
    {
      g_string_append_len(bytes, self->snapshot->str, (gssize) self->snapshot->len);
      return;
    }
  g_string_append(bytes, BLANK);
  _write_alternate(self, bytes);
  _write_cells(self, bytes);
  _write_tabs(self, bytes);
  _write_saved_here(self, bytes);
  _write_margins(self, bytes);
  _write_place(self, bytes);
  cd_screen_modes_write(&self->modes, bytes);
  _write_held(self, bytes);
}
