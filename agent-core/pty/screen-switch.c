/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pens, modes and resets, as libvterm needs them: one thing at a time. */
#include "pty/screen-paint.h"
#include "pty/screen-state.h"

static guint
_get_font(const CdScreenModel *self)
{
  VTermScreenCell pen;

  cd_screen_pen_get(self->state, &pen);
  return pen.attrs.font;
}

static void
_set_font(CdScreenModel *self, guint on, guint off)
{
  cd_screen_tell(self, "\033[%um", 10 + ((_get_font(self) & ~off) | on));
}

/* 38, 48 or 58 at @i; with colons, what is left out between them counts. Returns: the next. */
static guint
_take_colour(CdScreenModel *self, const CdScreenToken *token, guint i)
{
  const gint base = token->args[i];
  const gboolean joined = token->joined >> i & 1;
  guint end = i + 1;
  gint kind = cd_screen_arg(token, i + 1, 0);
  guint first = i + 2;
  const guint needed = kind == 2 ? 3 : 1;

  while (joined && end < token->n_args && token->joined >> (end - 1) & 1)
    end++;
  if (joined && kind == 2 && end - i >= 6)
    first++;
  if (!joined)
    end = first + needed;
  if ((kind != 2 && kind != 5) || first + needed > MIN(end, token->n_args))
    return joined ? end : token->n_args;
  if (base != 58 && kind == 5)
    cd_screen_tell(self, "\033[%d;5;%dm", base, MIN(cd_screen_arg(token, first, 0), 255));
  else if (base != 58)
    cd_screen_tell(self, "\033[%d;2;%d;%d;%dm", base, MIN(cd_screen_arg(token, first, 0), 255),
                   MIN(cd_screen_arg(token, first + 1, 0), 255),
                   MIN(cd_screen_arg(token, first + 2, 0), 255));
  return end;
}

/* 4, with a kind behind a colon or without. */
static guint
_take_underline(CdScreenModel *self, const CdScreenToken *token, guint i)
{
  const gboolean joined = token->joined >> i & 1;
  const gint kind = joined && i + 1 < token->n_args ? token->args[i + 1] : 1;

  if (kind >= 0 && kind <= 3)
    cd_screen_tell(self, "\033[4:%dm", kind);
  else
    cd_screen_tell(self, "\033[4m");
  return i + (joined ? 2 : 1);
}

static void
_take_attribute(CdScreenModel *self, gint arg)
{
  if (arg == 2)
    _set_font(self, CD_SCREEN_DIM, 0);
  else if (arg == 8)
    _set_font(self, CD_SCREEN_CONCEALED, 0);
  else if (arg == 53)
    _set_font(self, CD_SCREEN_OVERLINED, 0);
  else if (arg == 22)
    _set_font(self, 0, CD_SCREEN_DIM);
  else if (arg == 28)
    _set_font(self, 0, CD_SCREEN_CONCEALED);
  else if (arg == 55)
    _set_font(self, 0, CD_SCREEN_OVERLINED);
  if (arg <= 0 || (arg > 2 && arg != 8 && arg < 10) || arg == 1 || (arg > 20 && arg < 50)
      || (arg >= 90 && arg <= 107))
    cd_screen_tell(self, "\033[%dm", MAX(arg, 0));
}

void
cd_screen_take_pen(CdScreenModel *self, const CdScreenToken *token)
{
  for (guint i = 0; i < token->n_args;)
    if (token->args[i] == 38 || token->args[i] == 48 || token->args[i] == 58)
      i = _take_colour(self, token, i);
    else if (token->args[i] == 4)
      i = _take_underline(self, token, i);
    else
      _take_attribute(self, token->args[i++]);
}

static void
_show_alternate(CdScreenModel *self, gboolean shown)
{
  if (shown && !self->has_alternate)
    vterm_screen_enable_altscreen(self->screen, TRUE);
  self->has_alternate |= shown;
  self->alternate = shown;
  self->waits = FALSE;
  cd_screen_tell(self, "\033[?1047%c", shown ? 'h' : 'l');
  cd_screen_tell(self, "\033[%dG", cd_screen_get_cursor(self).col + 1);
}

static void
_save_and_switch(CdScreenModel *self, gboolean alternate)
{
  if (alternate)
    cd_screen_take_save(self);
  _show_alternate(self, alternate);
  if (!alternate)
    cd_screen_take_unsave(self);
}

static void
_set_origin(CdScreenModel *self, gboolean origin)
{
  self->modes.origin = origin;
  self->waits = FALSE;
  cd_screen_tell(self, "\033[?6%c", origin ? 'h' : 'l');
}

static void
_set_autowrap(CdScreenModel *self, gboolean autowrap)
{
  self->modes.autowrap = autowrap;
  cd_screen_tell(self, "\033[?7%c", autowrap ? 'h' : 'l');
}

static void
_take_private_mode(CdScreenModel *self, gint number, gboolean value)
{
  switch (number)
    {
    case 6:
      _set_origin(self, value);
      return;
    case 7:
      _set_autowrap(self, value);
      return;
    case 47:
    case 1047:
      _show_alternate(self, value);
      return;
    case 69:
      cd_screen_enable_side_margins(self, value);
      return;
    case 1048:
      if (value)
        cd_screen_take_save(self);
      else
        cd_screen_take_unsave(self);
      return;
    case 1049:
      _save_and_switch(self, value);
      return;
    default:
      cd_screen_modes_set(&self->modes, number, value);
    }
}

static void
_take_mode(CdScreenModel *self, gint number, gboolean value)
{
  if (number != 4 && number != 20)
    return;
  *(number == 4 ? &self->modes.insert : &self->modes.newline) = value;
  cd_screen_tell(self, "\033[%d%c", number, value ? 'h' : 'l');
}

void
cd_screen_take_modes(CdScreenModel *self, const CdScreenToken *token)
{
  for (guint i = 0; i < token->n_args; i++)
    if (token->leader)
      _take_private_mode(self, token->args[i], token->final == 'h');
    else
      _take_mode(self, token->args[i], token->final == 'h');
}

static void
_reset_softly(CdScreenModel *self)
{
  CdScreenSaved here;

  cd_screen_save(self, &here);
  memset(&here.pen, 0, sizeof(here.pen));
  here.pen.fg.type = VTERM_COLOR_DEFAULT_FG;
  here.pen.bg.type = VTERM_COLOR_DEFAULT_BG;
  cd_screen_enable_side_margins(self, FALSE);
  cd_screen_set_margins(self, 1, self->rows);
  cd_screen_modes_reset(&self->modes, TRUE);
  cd_screen_tell(self, "\033[?6l\033[?7h\033[4l");
  self->saved[self->alternate] = (CdScreenSaved) { { 0, 0 }, here.pen };
  cd_screen_tell_cursor(self, &here);
}

void
cd_screen_take_reset(CdScreenModel *self, gboolean soft)
{
  if (soft)
    {
      _reset_softly(self);
      return;
    }
  if (self->alternate)
    _show_alternate(self, FALSE);
  cd_screen_tell(self, "\033c");
  cd_screen_modes_reset(&self->modes, FALSE);
  cd_screen_reset_state(self);
}
