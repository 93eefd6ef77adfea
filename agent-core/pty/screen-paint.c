/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/screen-paint.h"

/* The right half of a wide character. */
#define GAP ((guint32) -1)

/* All terminals draw what is below in one column: letters, lines and boxes. */
#define FIRST_DOUBTFUL 0x1100

/* Blank cells of one look, not yet drawn, are skipped or erased as one. */
typedef struct _Painter
{
  const VTermScreen *screen;
  GString *bytes;
  VTermPos at;
  VTermPos cursor;
  VTermScreenCell pen;
  gint blanks;
  VTermScreenCell blank;
  VTerm *probe;
} Painter;

static void
_get_bool(const VTermState *state, VTermAttr attr, gint *value)
{
  VTermValue got = { 0 };

  vterm_state_get_penattr(state, attr, &got);
  *value = got.boolean ? 1 : 0;
}

static gint
_get_number(const VTermState *state, VTermAttr attr)
{
  VTermValue got = { 0 };

  vterm_state_get_penattr(state, attr, &got);
  return got.number;
}

static VTermColor
_get_colour(const VTermState *state, VTermAttr attr)
{
  VTermValue got = { 0 };

  vterm_state_get_penattr(state, attr, &got);
  return got.color;
}

void
cd_screen_pen_get(const VTermState *state, VTermScreenCell *pen)
{
  gint value;

  memset(pen, 0, sizeof(*pen));
  _get_bool(state, VTERM_ATTR_BOLD, &value);
  pen->attrs.bold = value & 1;
  _get_bool(state, VTERM_ATTR_ITALIC, &value);
  pen->attrs.italic = value & 1;
  _get_bool(state, VTERM_ATTR_BLINK, &value);
  pen->attrs.blink = value & 1;
  _get_bool(state, VTERM_ATTR_REVERSE, &value);
  pen->attrs.reverse = value & 1;
  _get_bool(state, VTERM_ATTR_STRIKE, &value);
  pen->attrs.strike = value & 1;
  pen->attrs.underline = _get_number(state, VTERM_ATTR_UNDERLINE) & 3;
  pen->attrs.font = _get_number(state, VTERM_ATTR_FONT) & 15;
  pen->fg = _get_colour(state, VTERM_ATTR_FOREGROUND);
  pen->bg = _get_colour(state, VTERM_ATTR_BACKGROUND);
}

static gboolean
_pen_equal(const VTermScreenCell *a, const VTermScreenCell *b)
{
  return a->attrs.bold == b->attrs.bold && a->attrs.underline == b->attrs.underline
         && a->attrs.italic == b->attrs.italic && a->attrs.blink == b->attrs.blink
         && a->attrs.reverse == b->attrs.reverse && a->attrs.strike == b->attrs.strike
         && a->attrs.font == b->attrs.font && vterm_color_is_equal(&a->fg, &b->fg)
         && vterm_color_is_equal(&a->bg, &b->bg);
}

/* @base: 30 for text, 40 for ground. */
static void
_write_colour(const VTermColor *colour, guint base, GString *bytes)
{
  const guint index = colour->indexed.idx;

  if (base == 30 ? VTERM_COLOR_IS_DEFAULT_FG(colour) : VTERM_COLOR_IS_DEFAULT_BG(colour))
    return;
  if (VTERM_COLOR_IS_RGB(colour))
    g_string_append_printf(bytes, ";%u;2;%u;%u;%u", base + 8, colour->rgb.red, colour->rgb.green,
                           colour->rgb.blue);
  else if (index < 8)
    g_string_append_printf(bytes, ";%u", base + index);
  else if (index < 16)
    g_string_append_printf(bytes, ";%u", base + 60 + index - 8);
  else
    g_string_append_printf(bytes, ";%u;5;%u", base + 8, index);
}

gboolean
cd_screen_is_mark(gunichar c)
{
  return g_unichar_iszerowidth(c) || c == 0x6de || c == 0x1734 || c == 0x302e || c == 0x302f;
}

static void
_write_font(guint font, GString *bytes)
{
  if (font & CD_SCREEN_DIM)
    g_string_append(bytes, ";2");
  if (font & CD_SCREEN_CONCEALED)
    g_string_append(bytes, ";8");
  if (font & CD_SCREEN_OVERLINED)
    g_string_append(bytes, ";53");
}

void
cd_screen_pen_write(const VTermScreenCell *pen, GString *bytes)
{
  static const gchar *const underlines[] = { "", ";4", ";21", ";4:3" };

  g_string_append(bytes, "\033[0");
  if (pen->attrs.bold)
    g_string_append(bytes, ";1");
  _write_font(pen->attrs.font, bytes);
  if (pen->attrs.italic)
    g_string_append(bytes, ";3");
  g_string_append(bytes, underlines[pen->attrs.underline]);
  if (pen->attrs.blink)
    g_string_append(bytes, ";5");
  if (pen->attrs.reverse)
    g_string_append(bytes, ";7");
  if (pen->attrs.strike)
    g_string_append(bytes, ";9");
  _write_colour(&pen->fg, 30, bytes);
  _write_colour(&pen->bg, 40, bytes);
  g_string_append_c(bytes, 'm');
}

static void
_use_pen(Painter *self, const VTermScreenCell *pen)
{
  if (_pen_equal(&self->pen, pen))
    return;
  cd_screen_pen_write(pen, self->bytes);
  self->pen = *pen;
}

gboolean
cd_screen_pen_is_plain(const VTermScreenCell *cell)
{
  const VTermScreenCellAttrs *attrs = &cell->attrs;

  return !(attrs->bold || attrs->underline || attrs->italic || attrs->blink || attrs->reverse
           || attrs->strike || attrs->font)
         && VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) && VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);
}

static gboolean
_is_blank(const VTermScreenCell *cell)
{
  return cell->chars[0] == 0 || cell->chars[0] == GAP;
}

static void
_go(Painter *self)
{
  if (self->at.row != self->cursor.row)
    g_string_append_printf(self->bytes, "\033[%d;%dH", self->at.row + 1, self->at.col + 1);
  else if (self->at.col != self->cursor.col)
    g_string_append_printf(self->bytes, "\033[%dG", self->at.col + 1);
  self->cursor = self->at;
}

/* The cells before the present one. */
static void
_erase_blanks(Painter *self)
{
  const VTermPos here = self->at;

  if (self->blanks == 0)
    return;
  self->at.col -= self->blanks;
  _go(self);
  _use_pen(self, &self->blank);
  g_string_append_printf(self->bytes, "\033[%dX", self->blanks);
  self->at = here;
  self->blanks = 0;
}

static void
_add_blank(Painter *self, const VTermScreenCell *cell)
{
  if (self->blanks && !_pen_equal(&self->blank, cell))
    _erase_blanks(self);
  if (!self->blanks)
    self->blank = *cell;
  self->blanks++;
}

static void
_append_characters(const VTermScreenCell *cell, GString *bytes)
{
  for (guint i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
    g_string_append_unichar(bytes, cell->chars[i]);
}

void
cd_screen_paint_cell(const VTermScreenCell *cell, GString *bytes)
{
  cd_screen_pen_write(cell, bytes);
  _append_characters(cell, bytes);
}

/* Terminals don't agree on how wide all characters are, so the cursor is set behind some. */
static gboolean
_is_in_doubt(gunichar c)
{
  return c >= FIRST_DOUBTFUL && !(c >= 0x2190 && c < 0x2600);
}

/* Its width is no proof: libvterm takes half of a wide one behind it for its own. */
static gboolean
_is_surely_narrow(const VTermScreenCell *cell)
{
  return !_is_in_doubt(cell->chars[0]) && cell->chars[1] == 0;
}

static void
_draw(Painter *self, const VTermScreenCell *cell)
{
  _erase_blanks(self);
  _go(self);
  _use_pen(self, cell);
  _append_characters(cell, self->bytes);
  self->cursor.col = _is_surely_narrow(cell) ? self->at.col + 1 : -1;
}

/* libvterm doesn't tell how wide it takes a character to be, but draws it. */
static gboolean
_is_drawn_wide(Painter *self, gunichar c)
{
  gchar bytes[8] = "\r";
  VTermPos at;

  if (!self->probe)
    {
      self->probe = vterm_new(1, 4);
      vterm_set_utf8(self->probe, TRUE);
      vterm_state_reset(vterm_obtain_state(self->probe), TRUE);
    }
  vterm_input_write(self->probe, bytes, 1 + (gsize) g_unichar_to_utf8(c, bytes + 1));
  vterm_state_get_cursorpos(vterm_obtain_state(self->probe), &at);
  return at.col == 2;
}

/* GLib's table and libvterm's are of different ages. */
static gboolean
_is_wide(Painter *self, const VTermScreenCell *cell)
{
  if (!_is_in_doubt(cell->chars[0]))
    return FALSE;
  return (cell->width == 2 && g_unichar_iswide(cell->chars[0]))
         || _is_drawn_wide(self, cell->chars[0]);
}

static void
_paint_cell(Painter *self, gint *skip)
{
  VTermScreenCell cell;

  memset(&cell, 0, sizeof(cell));
  vterm_screen_get_cell(self->screen, self->at, &cell);
  *skip = !_is_blank(&cell) && _is_wide(self, &cell) ? 1 : 0;
  if ((*skip && cell.width == 1) || cd_screen_is_mark(cell.chars[0]))
    *skip = cell.chars[0] = 0;
  if (_is_blank(&cell))
    {
      if (!cd_screen_pen_is_plain(&cell))
        _add_blank(self, &cell);
      else
        _erase_blanks(self);
    }
  else
    _draw(self, &cell);
}

void
cd_screen_paint(const VTermScreen *screen, VTermPos size, GString *bytes)
{
  Painter painter = { .screen = screen, .bytes = bytes, .cursor = { -1, -1 } };

  memset(&painter.pen.attrs, 0xff, sizeof(painter.pen.attrs));
  for (painter.at.row = 0; painter.at.row < size.row; painter.at.row++)
    {
      gint skip = 0;

      for (painter.at.col = 0; painter.at.col < size.col; painter.at.col += 1 + skip)
        _paint_cell(&painter, &skip);
      _erase_blanks(&painter);
    }
  g_clear_pointer(&painter.probe, vterm_free);
}
