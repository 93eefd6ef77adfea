/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program writes, token by token, to libvterm. */
#include "pty/screen-paint.h"
#include "pty/screen-state.h"

/* Marks on one character at most: libvterm's memory for them has no end. */
#define MARKS_MAX 16

VTermPos
cd_screen_get_cursor(const CdScreenModel *self)
{
  VTermPos at;

  vterm_state_get_cursorpos(self->state, &at);
  return at;
}

void
cd_screen_pass(CdScreenModel *self, CdText bytes)
{
  if (bytes.length)
    vterm_input_write(self->vterm, bytes.data, bytes.length);
}

void
cd_screen_tell(CdScreenModel *self, const gchar *format, ...)
{
  gchar bytes[256];
  va_list args;
  gint length;

  va_start(args, format);
  length = g_vsnprintf(bytes, sizeof(bytes), format, args);
  va_end(args);
  cd_screen_pass(self, (CdText) { bytes, (gsize) MIN(length, (gint) sizeof(bytes) - 1) });
}

void
cd_screen_settle(CdScreenModel *self)
{
  const VTermPos at = cd_screen_get_cursor(self);

  if (!self->text_last)
    return;
  self->text_last = FALSE;
  self->waits = self->modes.autowrap && self->glyph.start_row == at.row
                && self->glyph.start_col == at.col && self->glyph.end_col >= self->columns;
}

/* Those that move no cursor leave it waiting at the margin, if it does. */
static gboolean
_passes_where_it_is(CdScreenModel *self)
{
  if (self->text_last)
    return FALSE;
  return TRUE;
}

static gboolean
_passes_and_moves(CdScreenModel *self)
{
  self->text_last = self->waits = FALSE;
  self->last = 0;
  return TRUE;
}

static gboolean
_control_passes(CdScreenModel *self, gchar control)
{
  return control >= '\b' && control <= '\r' && _passes_and_moves(self);
}

static gboolean
_text_passes(CdScreenModel *self, const CdScreenToken *token)
{
  if (!token->ascii || !cd_screen_modes_is_ascii(&self->modes))
    return FALSE;
  self->text_last = TRUE;
  self->last = (guchar) token->bytes.data[token->bytes.length - 1];
  return TRUE;
}

/* The attributes that libvterm has, each in one argument. */
static gboolean
_is_simple_pen(gint arg)
{
  return arg <= 1 || (arg >= 3 && arg <= 7 && arg != 6) || arg == 9
         || (arg >= 21 && arg <= 29 && arg != 22 && arg != 26 && arg != 28)
         || (arg >= 30 && arg <= 49 && arg != 38 && arg != 48) || (arg >= 90 && arg <= 107);
}

static gboolean
_pen_passes(const CdScreenToken *token)
{
  for (guint i = 0; i < token->n_args; i++)
    if (!_is_simple_pen(token->args[i]))
      return FALSE;
  return token->n_args <= 8 && !token->joined;
}

static gboolean
_csi_passes(CdScreenModel *self, const CdScreenToken *token)
{
  if (token->leader || token->intermediate || token->joined || token->n_args > 8)
    return FALSE;
  switch (token->final)
    {
    case 'm':
      return _pen_passes(token);
    case 'J':
    case 'K':
    case 'X':
      return _passes_where_it_is(self);
    case 'T':
      return token->n_args == 1 && _passes_where_it_is(self);
    default:
      return strchr("@ABCDEFGHILMPSZ`adefjk", token->final) && _passes_and_moves(self);
    }
}

static gboolean
_escape_passes(CdScreenModel *self, const CdScreenToken *token)
{
  if (token->intermediate)
    return token->intermediate == '#' && token->final == '8' && _passes_where_it_is(self);
  return strchr("DEM", token->final) && _passes_and_moves(self);
}

gboolean
cd_screen_passes(CdScreenModel *self, const CdScreenToken *token)
{
  switch (token->type)
    {
    case CD_SCREEN_TEXT:
      return _text_passes(self, token);
    case CD_SCREEN_CONTROL:
      return _control_passes(self, token->bytes.data[0]);
    case CD_SCREEN_ESCAPE:
      return _escape_passes(self, token);
    case CD_SCREEN_CSI:
      return _csi_passes(self, token);
    case CD_SCREEN_STRING:
    case CD_SCREEN_NOISE:
      return FALSE;
    }
  return FALSE;
}

/* A mark at the margin, or without anything before it, would be drawn as a character. */
static gboolean
_takes_mark(CdScreenModel *self, gboolean first, guint n_marks)
{
  if (first)
    cd_screen_settle(self);
  return self->last && !(first && self->waits) && n_marks < MARKS_MAX;
}

static gboolean
_is_control(gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

static gsize
_decode(CdText text, gunichar *c)
{
  const gunichar got = g_utf8_get_char_validated(text.data, (gssize) text.length);

  if (got == (gunichar) -1 || got == (gunichar) -2)
    {
      *c = 0xfffd;
      return 1;
    }
  *c = got;
  return (gsize) (g_utf8_next_char(text.data) - text.data);
}

/* libvterm takes a C1 control character for one that goes back a column. */
void
cd_screen_take_text(CdScreenModel *self, CdText text)
{
  g_autoptr(GString) clean = g_string_sized_new(text.length);
  guint n_marks = 0;

  while (text.length)
    {
      gunichar c;
      gsize length = _decode(text, &c);

      text = cd_text_skip(text, length);
      if (_is_control(c))
        continue;
      n_marks = cd_screen_is_mark(c) ? n_marks + 1 : 0;
      if (n_marks && !_takes_mark(self, clean->len == 0, n_marks))
        continue;
      self->last = n_marks ? self->last : c;
      g_string_append_unichar(clean, c);
    }
  cd_screen_pass(self, (CdText) { clean->str, clean->len });
  self->text_last = self->text_last || clean->len > 0;
}

/* libvterm reads UTF-8 worse once it was given a charset, so it never is. */
static void
_take_other_charset(CdScreenModel *self, CdText text)
{
  g_autoptr(GString) meant = g_string_sized_new(text.length);

  for (gsize i = 0; i < text.length; i++)
    if ((guchar) text.data[i] < 0x80)
      g_string_append_unichar(meant, cd_screen_modes_translate(&self->modes, text.data[i]));
    else
      g_string_append_c(meant, text.data[i]);
  cd_screen_take_text(self, (CdText) { meant->str, meant->len });
}

static void
_take_control(CdScreenModel *self, gchar control)
{
  if (control == 0x0e || control == 0x0f)
    self->modes.shift = control == 0x0e ? 1 : 0;
}

static void
_set_tab(CdScreenModel *self, CdText bytes)
{
  const gint column = cd_screen_get_cursor(self).col;

  self->tabs[column / 8] |= (guint8) (1 << column % 8);
  cd_screen_pass(self, bytes);
}

static void
_take_escape(CdScreenModel *self, const CdScreenToken *token)
{
  if (cd_screen_modes_take_escape(&self->modes, token) || token->intermediate)
    return;
  if (token->final == '7')
    cd_screen_take_save(self);
  else if (token->final == '8')
    cd_screen_take_unsave(self);
  else if (token->final == 'c')
    cd_screen_take_reset(self, FALSE);
  else if (token->final == 'H')
    _set_tab(self, token->bytes);
}

void
cd_screen_take(CdScreenModel *self, const CdScreenToken *token)
{
  cd_screen_settle(self);
  if (cd_screen_passes(self, token))
    {
      cd_screen_pass(self, token->bytes);
      return;
    }
  switch (token->type)
    {
    case CD_SCREEN_TEXT:
      if (cd_screen_modes_is_ascii(&self->modes))
        cd_screen_take_text(self, token->bytes);
      else
        _take_other_charset(self, token->bytes);
      return;
    case CD_SCREEN_CONTROL:
      _take_control(self, token->bytes.data[0]);
      return;
    case CD_SCREEN_ESCAPE:
      _take_escape(self, token);
      return;
    case CD_SCREEN_CSI:
      cd_screen_take_csi(self, token);
      return;
    case CD_SCREEN_STRING:
      cd_screen_modes_take_string(&self->modes, token);
      return;
    case CD_SCREEN_NOISE:
      return;
    }
}
