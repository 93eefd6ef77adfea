/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sequences that libvterm doesn't get as they are. */
#include "pty/screen-paint.h"
#include "pty/screen-state.h"

void
cd_screen_save(const CdScreenModel *self, CdScreenSaved *saved)
{
  saved->at = cd_screen_get_cursor(self);
  cd_screen_pen_get(self->state, &saved->pen);
}

/* libvterm has only its own attributes: the font holds the others, and is set by itself. */
static void
_tell_pen(CdScreenModel *self, const VTermScreenCell *pen)
{
  VTermScreenCell plain = *pen;
  g_autoptr(GString) bytes = g_string_new(NULL);

  plain.attrs.font = 0;
  cd_screen_pen_write(&plain, bytes);
  cd_screen_tell(self, "%s\033[%um", bytes->str, 10 + pen->attrs.font);
}

void
cd_screen_tell_cursor(CdScreenModel *self, const CdScreenSaved *saved)
{
  VTermPos at = saved->at;

  if (self->modes.origin)
    {
      at.row -= self->top;
      at.col -= self->side_margins ? self->left : 0;
    }
  cd_screen_tell(self, "\033[%d;%dH", MAX(at.row, 0) + 1, MAX(at.col, 0) + 1);
  _tell_pen(self, &saved->pen);
  self->waits = FALSE;
}

void
cd_screen_take_save(CdScreenModel *self)
{
  cd_screen_save(self, &self->saved[self->alternate]);
}

void
cd_screen_take_unsave(CdScreenModel *self)
{
  cd_screen_tell_cursor(self, &self->saved[self->alternate]);
}

gboolean
cd_screen_has_margins(const CdScreenModel *self)
{
  return self->top > 0 || self->bottom < self->rows || self->side_margins;
}

/* Both count from 1. */
void
cd_screen_set_margins(CdScreenModel *self, gint first, gint last)
{
  last = MIN(last, self->rows);
  if (first >= last)
    return;
  self->top = first - 1;
  self->bottom = last;
  self->waits = FALSE;
  cd_screen_tell(self, "\033[%d;%dr", first, last);
}

void
cd_screen_set_side_margins(CdScreenModel *self, gint first, gint last)
{
  last = MIN(last, self->columns);
  if (first >= last)
    return;
  self->left = first - 1;
  self->right = last;
  self->waits = FALSE;
  cd_screen_tell(self, "\033[%d;%ds", first, last);
}

void
cd_screen_enable_side_margins(CdScreenModel *self, gboolean enabled)
{
  if (self->side_margins == enabled)
    return;
  self->side_margins = enabled;
  self->left = 0;
  self->right = self->columns;
  cd_screen_tell(self, "\033[?69%c", enabled ? 'h' : 'l');
}

static void
_repeat(CdScreenModel *self, gint count)
{
  g_autoptr(GString) text = g_string_new(NULL);

  if (!self->last)
    return;
  for (count = MIN(count, self->columns); count > 0; count--)
    g_string_append_unichar(text, self->last);
  cd_screen_take_text(self, (CdText) { text->str, text->len });
}

void
cd_screen_default_tabs(CdScreenModel *self, gint column)
{
  for (; column < CD_SCREEN_COLUMNS_MAX; column++)
    if (column % 8 == 0)
      self->tabs[column / 8] |= 1;
    else
      self->tabs[column / 8] &= (guint8) ~(1 << column % 8);
}

static void
_clear_tabs(CdScreenModel *self, const CdScreenToken *token)
{
  const gint column = cd_screen_get_cursor(self).col;
  const gint which = cd_screen_arg(token, 0, 0);

  if (which == 0)
    self->tabs[column / 8] &= (guint8) ~(1 << column % 8);
  else if (which == 3)
    memset(self->tabs, 0, sizeof(self->tabs));
  else
    return;
  cd_screen_tell(self, "\033[%dg", which);
}

static void
_take_s(CdScreenModel *self, const CdScreenToken *token)
{
  if (self->side_margins)
    cd_screen_set_side_margins(self, cd_screen_arg(token, 0, 1),
                               cd_screen_arg(token, 1, self->columns));
  else
    cd_screen_take_save(self);
}

static void
_take_plain(CdScreenModel *self, const CdScreenToken *token)
{
  switch (token->final)
    {
    case 'b':
      _repeat(self, cd_screen_arg(token, 0, 1));
      return;
    case 'g':
      _clear_tabs(self, token);
      return;
    case 'h':
    case 'l':
      cd_screen_take_modes(self, token);
      return;
    case 'm':
      cd_screen_take_pen(self, token);
      return;
    case 'r':
      cd_screen_set_margins(self, cd_screen_arg(token, 0, 1), cd_screen_arg(token, 1, self->rows));
      return;
    case 's':
      _take_s(self, token);
      return;
    case 'u':
      cd_screen_take_unsave(self);
      return;
    case 'J':
    case 'K':
    case 'T':
    case 'X':
      if (token->n_args == 1)
        cd_screen_tell(self, "\033[%d%c", MAX(token->args[0], 0), token->final);
      return;
    }
}

/* Columns put in and taken out: only where libvterm knows where they end. */
static void
_take_columns(CdScreenModel *self, const CdScreenToken *token)
{
  if (token->final == '}' || token->final == '~')
    cd_screen_tell(self, "\033[%d'%c", cd_screen_arg(token, 0, 1), token->final);
}

void
cd_screen_take_csi(CdScreenModel *self, const CdScreenToken *token)
{
  if (!token->leader && !token->intermediate)
    _take_plain(self, token);
  else if (token->leader == '?' && !token->intermediate)
    {
      if (token->final == 'h' || token->final == 'l')
        cd_screen_take_modes(self, token);
      else if (token->final == 'J' || token->final == 'K')
        cd_screen_tell(self, "\033[%d%c", MAX(token->args[0], 0), token->final);
    }
  else if (token->leader)
    return;
  else if (token->intermediate == ' ' && token->final == 'q')
    self->modes.cursor_shape = CLAMP(token->args[0], 0, 6);
  else if (token->intermediate == '!' && token->final == 'p')
    cd_screen_take_reset(self, TRUE);
  else if (token->intermediate == '\'')
    _take_columns(self, token);
}
