/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support/screen-reference.h"

#include <vterm.h>

#define GAP ((guint32) -1)

/* What the terminal answers of its modes, its margins and the cursor's shape. */
#define QUESTIONS                                                                                  \
  "\033[?1$p\033[?6$p\033[?7$p\033[?25$p\033[?69$p\033[?1000$p\033[?1002$p\033[?1003$p"            \
  "\033[?1004$p\033[?1005$p\033[?1006$p\033[?1015$p\033[?1047$p\033[?2004$p"                       \
  "\033P$qr\033\\\033P$qs\033\\\033P$q q\033\\"

struct _ScreenReference
{
  VTerm *vterm;
  VTermState *state;
  VTermScreen *screen;
  gint rows;
  gint columns;
  GString *output;
  GString *title;
  GString *icon;
  VTerm *probe; /* how wide libvterm takes a character to be */
};

static void
_on_output(const gchar *bytes, gsize length, gpointer user_data)
{
  g_string_append_len(((ScreenReference *) user_data)->output, bytes, (gssize) length);
}

static void
_take_string(GString *place, const VTermValue *value)
{
#if VTERM_VERSION_MAJOR > 0 || VTERM_VERSION_MINOR >= 2
  if (value->string.initial)
    g_string_truncate(place, 0);
  g_string_append_len(place, value->string.str, (gssize) value->string.len);
#else
  g_string_assign(place, value->string);
#endif
}

static gint
_on_property(VTermProp property, VTermValue *value, gpointer user_data)
{
  ScreenReference *self = user_data;

  if (property == VTERM_PROP_TITLE)
    _take_string(self->title, value);
  else if (property == VTERM_PROP_ICONNAME)
    _take_string(self->icon, value);
  return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = _on_property };

ScreenReference *
screen_reference_new(gint rows, gint columns)
{
  ScreenReference *self = g_new0(ScreenReference, 1);

  self->rows = rows;
  self->columns = columns;
  self->output = g_string_new(NULL);
  self->title = g_string_new(NULL);
  self->icon = g_string_new(NULL);
  self->probe = vterm_new(1, 4);
  vterm_set_utf8(self->probe, TRUE);
  vterm_state_reset(vterm_obtain_state(self->probe), TRUE);
  self->vterm = vterm_new(rows, columns);
  vterm_set_utf8(self->vterm, TRUE);
  vterm_output_set_callback(self->vterm, _on_output, self);
  self->state = vterm_obtain_state(self->vterm);
  self->screen = vterm_obtain_screen(self->vterm);
  vterm_screen_set_callbacks(self->screen, &callbacks, self);
  vterm_screen_enable_altscreen(self->screen, TRUE);
  vterm_screen_reset(self->screen, TRUE);
  screen_reference_feed(self, CD_TEXT("\0337"));
  return self;
}

void
screen_reference_free(ScreenReference *self)
{
  vterm_free(self->vterm);
  vterm_free(self->probe);
  g_string_free(self->output, TRUE);
  g_string_free(self->title, TRUE);
  g_string_free(self->icon, TRUE);
  g_free(self);
}

/* libvterm takes only the first of the modes in one sequence. */
void
screen_reference_feed(ScreenReference *self, CdText bytes)
{
  g_autoptr(GRegex) modes = g_regex_new("\033\\[\\?(\\d+);(\\d+)([hl])", G_REGEX_RAW, 0, NULL);
  g_autofree gchar *split = NULL;

  if (!bytes.length)
    return;
  split = g_regex_replace(modes, bytes.data, (gssize) bytes.length, 0, "\033[?\\1\\3\033[?\\2\\3",
                          0, NULL);
  vterm_input_write(self->vterm, split, strlen(split));
}

void
screen_reference_resize(ScreenReference *self, gint rows, gint columns)
{
  self->rows = rows;
  self->columns = columns;
  vterm_set_size(self->vterm, rows, columns);
}

static void
_describe_colour(GString *to, const gchar *name, const VTermColor *colour)
{
  if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour))
    return;
  if (VTERM_COLOR_IS_INDEXED(colour))
    g_string_append_printf(to, " %s=%u", name, colour->indexed.idx);
  else
    g_string_append_printf(to, " %s=#%02x%02x%02x", name, colour->rgb.red, colour->rgb.green,
                           colour->rgb.blue);
}

static gboolean
_is_wide(const ScreenReference *self, gunichar c)
{
  gchar bytes[8] = "\r";
  VTermPos at;

  vterm_input_write(self->probe, bytes, 1 + (gsize) g_unichar_to_utf8(c, bytes + 1));
  vterm_state_get_cursorpos(vterm_obtain_state(self->probe), &at);
  return at.col == 2;
}

/* A character of which a half was overwritten is none. */
static gboolean
_is_blank(const ScreenReference *self, const VTermScreenCell *cell)
{
  return cell->chars[0] == 0 || cell->chars[0] == GAP
         || (cell->width == 1 && cell->chars[0] >= 0x1100 && _is_wide(self, cell->chars[0]));
}

/* Pens are compared of every cell, but for the second half of a wide character, which has none. */
static void
_describe_cell(const ScreenReference *self, const VTermScreenCell *cell, gboolean is_second_half,
               GString *to)
{
  const VTermScreenCellAttrs *is = &cell->attrs;

  if (is_second_half)
    return;
  for (guint i = 0; !_is_blank(self, cell) && i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
    g_string_append_unichar(to, cell->chars[i]);
  if (is->bold || is->underline || is->italic || is->blink || is->reverse || is->strike)
    g_string_append_printf(to, " b%uu%ui%uk%ur%us%u", is->bold, is->underline, is->italic,
                           is->blink, is->reverse, is->strike);
  _describe_colour(to, "fg", &cell->fg);
  _describe_colour(to, "bg", &cell->bg);
}

static gboolean
_describe_at(const ScreenReference *self, VTermPos at, gboolean is_second_half, GString *to)
{
  VTermScreenCell cell;
  g_autoptr(GString) looks = g_string_new(NULL);

  memset(&cell, 0, sizeof(cell));
  vterm_screen_get_cell(self->screen, at, &cell);
  _describe_cell(self, &cell, is_second_half, looks);
  if (looks->len)
    g_string_append_printf(to, "%d,%d:%s\n", at.row, at.col, looks->str);
  return cell.width == 2 && !_is_blank(self, &cell) && _is_wide(self, cell.chars[0]);
}

static void
_describe_cells(const ScreenReference *self, GString *to)
{
  for (VTermPos at = { 0, 0 }; at.row < self->rows; at.row++)
    for (gboolean half = at.col = 0; at.col < self->columns; at.col++)
      half = _describe_at(self, at, half, to);
}

static void
_describe_pen(const ScreenReference *self, GString *to)
{
  VTermValue value;

  for (VTermAttr attr = VTERM_ATTR_BOLD; attr < VTERM_N_ATTRS; attr++)
    {
      if (attr == VTERM_ATTR_FONT)
        continue;
      memset(&value, 0, sizeof(value));
      vterm_state_get_penattr(self->state, attr, &value);
      if (attr == VTERM_ATTR_FOREGROUND || attr == VTERM_ATTR_BACKGROUND)
        _describe_colour(to, attr == VTERM_ATTR_FOREGROUND ? "pen fg" : "pen bg", &value.color);
      else
        g_string_append_printf(to, " %d", value.number);
    }
}

static void
_describe_answers(ScreenReference *self, GString *to)
{
  g_autofree gchar *shown = NULL;

  g_string_truncate(self->output, 0);
  screen_reference_feed(self, CD_TEXT("\030" QUESTIONS));
  vterm_keyboard_key(self->vterm, VTERM_KEY_KP_5, VTERM_MOD_NONE);
  vterm_keyboard_key(self->vterm, VTERM_KEY_UP, VTERM_MOD_NONE);
  shown = g_strescape(self->output->str, NULL);
  g_string_append_printf(to, "answers %s\n", shown);
}

gchar *
screen_reference_describe(ScreenReference *self)
{
  GString *to = g_string_new("\n");
  VTermPos at;

  vterm_state_get_cursorpos(self->state, &at);
  _describe_cells(self, to);
  g_string_append_printf(to, "cursor %d,%d, pen", at.row, at.col);
  _describe_pen(self, to);
  g_string_append_printf(to, "\ntitle %s, icon %s\n", self->title->str, self->icon->str);
  _describe_answers(self, to);
  return g_string_free(to, FALSE);
}
