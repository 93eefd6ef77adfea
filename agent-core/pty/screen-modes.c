/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/screen-modes.h"

typedef struct _Switch
{
  guint16 number;
  gboolean at_first;
} Switch;

/* 66, the keypad, is `ESC =` and `ESC >` as well. */
static const Switch switches[] = {
  { 1, FALSE },    { 5, FALSE },    { 12, FALSE },   { 25, TRUE },    { 45, FALSE },
  { 66, FALSE },   { 1004, FALSE }, { 1007, FALSE }, { 1034, FALSE }, { 1036, FALSE },
  { 1039, FALSE }, { 1042, FALSE }, { 2004, FALSE },
};

G_STATIC_ASSERT(G_N_ELEMENTS(switches) <= 32);

#define COLOUR_MAX 63

static guint32
_first_values(void)
{
  guint32 values = 0;

  for (guint i = 0; i < G_N_ELEMENTS(switches); i++)
    values |= (guint32) switches[i].at_first << i;
  return values;
}

static void
_reset_charsets(CdScreenModes *self)
{
  memset(self->charsets, 'B', sizeof(self->charsets));
  self->shift = 0;
}

void
cd_screen_modes_init(CdScreenModes *self)
{
  *self = (CdScreenModes) { .values = _first_values(), .cursor_shape = -1, .autowrap = TRUE };
  _reset_charsets(self);
}

static void
_clear_strings(CdScreenModes *self)
{
  g_clear_pointer(&self->title, g_free);
  g_clear_pointer(&self->icon, g_free);
  for (guint i = 0; i < G_N_ELEMENTS(self->colours); i++)
    g_clear_pointer(&self->colours[i], g_free);
  for (guint i = 0; self->palette && i < CD_SCREEN_PALETTE; i++)
    g_free(self->palette[i]);
  g_clear_pointer(&self->palette, g_free);
}

void
cd_screen_modes_clear(CdScreenModes *self)
{
  _clear_strings(self);
}

void
cd_screen_modes_reset(CdScreenModes *self, gboolean soft)
{
  self->insert = self->origin = FALSE;
  self->autowrap = TRUE;
  _reset_charsets(self);
  if (soft)
    {
      cd_screen_modes_set(self, 1, FALSE);
      cd_screen_modes_set(self, 25, TRUE);
      cd_screen_modes_set(self, 66, FALSE);
      return;
    }
  self->newline = FALSE;
  self->values = _first_values();
  self->mouse = self->mouse_format = 0;
  self->cursor_shape = self->cursor_shape < 0 ? -1 : 0;
}

static void
_set_switch(CdScreenModes *self, gint number, gboolean value)
{
  for (guint i = 0; i < G_N_ELEMENTS(switches); i++)
    if (switches[i].number == number)
      {
        self->values = (self->values & ~(1u << i)) | (guint32) value << i;
        self->touched |= 1u << i;
        return;
      }
}

void
cd_screen_modes_set(CdScreenModes *self, gint number, gboolean value)
{
  switch (number)
    {
    case 9:
    case 1000:
    case 1002:
    case 1003:
      self->mouse = value ? (guint16) number : 0;
      self->mouse_touched = TRUE;
      return;
    case 1005:
    case 1006:
    case 1015:
    case 1016:
      self->mouse_format = value ? (guint16) number : 0;
      self->mouse_format_touched = TRUE;
      return;
    default:
      _set_switch(self, number, value);
    }
}

/* Cuts behind a whole character; no control character, nor half of one, is left. */
static gchar *
_plain(CdText text, gsize max)
{
  GString *plain = g_string_new(NULL);
  g_autofree gchar *valid = g_utf8_make_valid(text.data, (gssize) MIN(text.length, 4 * max));

  for (const gchar *at = valid; *at; at = g_utf8_next_char(at))
    {
      gunichar c = g_utf8_get_char(at);
      gsize length = (gsize) (g_utf8_next_char(at) - at);

      if (plain->len + length > max)
        break;
      if (c >= 0x20 && (c < 0x7f || c > 0x9f))
        g_string_append_len(plain, at, (gssize) length);
    }
  return g_string_free(plain, FALSE);
}

/* A question would be answered by the client's terminal, into the program's input. */
static gboolean
_is_colour(CdText text)
{
  for (gsize i = 0; i < text.length; i++)
    if (!g_ascii_isalnum(text.data[i]) && !strchr("#:/.,- ", text.data[i]))
      return FALSE;
  return text.length > 0 && text.length <= COLOUR_MAX;
}

static void
_set_string(gchar **string, gchar *value)
{
  g_free(*string);
  *string = value;
}

static CdText
_until(CdText text, gchar end)
{
  const gchar *found = text.length ? memchr(text.data, end, text.length) : NULL;
  return found ? cd_text_between(text.data, found) : text;
}

static void
_set_colour(gchar **place, CdText colour)
{
  if (_is_colour(colour))
    _set_string(place, g_strndup(colour.data, colour.length));
}

/* INDEX;COLOUR, once or more. */
static void
_set_palette(CdScreenModes *self, CdText rest)
{
  while (rest.length)
    {
      const CdText index = _until(rest, ';');
      const CdText colour = _until(cd_text_skip(rest, index.length + 1), ';');
      gint64 number;

      if (!cd_text_to_integer(index, &number) || number < 0 || number >= CD_SCREEN_PALETTE)
        return;
      if (!self->palette)
        self->palette = g_new0(gchar *, CD_SCREEN_PALETTE);
      _set_colour(&self->palette[number], colour);
      rest = cd_text_skip(rest, index.length + colour.length + 2);
    }
}

static void
_reset_palette(CdScreenModes *self, CdText index)
{
  gint64 number;

  for (guint i = 0; self->palette && i < CD_SCREEN_PALETTE; i++)
    if (!index.length || (cd_text_to_integer(index, &number) && number == i))
      g_clear_pointer(&self->palette[i], g_free);
}

/* One that follows is for the next place: OSC 10 may set all three. */
static void
_set_colours(CdScreenModes *self, gsize place, CdText rest)
{
  for (; place < G_N_ELEMENTS(self->colours) && rest.length; place++)
    {
      const CdText colour = _until(rest, ';');

      _set_colour(&self->colours[place], colour);
      rest = cd_text_skip(rest, colour.length + 1);
    }
}

static void
_set_titles(CdScreenModes *self, gint64 number, CdText title)
{
  if (number != 2)
    _set_string(&self->icon, _plain(title, CD_SCREEN_TITLE_MAX));
  if (number != 1)
    _set_string(&self->title, _plain(title, CD_SCREEN_TITLE_MAX));
}

void
cd_screen_modes_take_string(CdScreenModes *self, const CdScreenToken *token)
{
  const CdText command = _until(token->content, ';');
  const CdText rest = cd_text_skip(token->content, command.length + 1);
  gint64 number;

  if (token->final != ']' || !cd_text_to_integer(command, &number))
    return;
  if (number >= 0 && number <= 2)
    _set_titles(self, number, rest);
  else if (number == 4)
    _set_palette(self, rest);
  else if (number >= 10 && number <= 12)
    _set_colours(self, (gsize) number - 10, rest);
  else if (number == 104)
    _reset_palette(self, rest);
  else if (number >= 110 && number <= 112)
    g_clear_pointer(&self->colours[number - 110], g_free);
}

static gboolean
_designate(CdScreenModes *self, const CdScreenToken *token)
{
  if (token->intermediate < '(' || token->intermediate > '+' || !strchr("0AB", token->final))
    return FALSE;
  self->charsets[token->intermediate - '('] = token->final;
  return TRUE;
}

gboolean
cd_screen_modes_take_escape(CdScreenModes *self, const CdScreenToken *token)
{
  if (token->intermediate)
    return _designate(self, token);
  switch (token->final)
    {
    case 'n':
    case 'o':
      self->shift = token->final == 'n' ? 2 : 3;
      return TRUE;
    case '=':
    case '>':
      cd_screen_modes_set(self, 66, token->final == '=');
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
cd_screen_modes_is_ascii(const CdScreenModes *self)
{
  return self->charsets[self->shift] == 'B';
}

/* From '_' to '~'. */
/* clang-format off */
static const gunichar drawing[] = {
  0x00a0, 0x25c6, 0x2592, 0x2409, 0x240c, 0x240d, 0x240a, 0x00b0,
  0x00b1, 0x2424, 0x240b, 0x2518, 0x2510, 0x250c, 0x2514, 0x253c,
  0x23ba, 0x23bb, 0x2500, 0x23bc, 0x23bd, 0x251c, 0x2524, 0x2534,
  0x252c, 0x2502, 0x2264, 0x2265, 0x03c0, 0x2260, 0x00a3, 0x00b7,
};
/* clang-format on */

G_STATIC_ASSERT(G_N_ELEMENTS(drawing) == '~' - '_' + 1);

gunichar
cd_screen_modes_translate(const CdScreenModes *self, gchar c)
{
  const gchar charset = self->charsets[self->shift];

  if (charset == '0' && c >= '_' && c <= '~')
    return drawing[c - '_'];
  return charset == 'A' && c == '#' ? 0x00a3 : (guchar) c;
}

static void
_write_switches(const CdScreenModes *self, GString *bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS(switches); i++)
    {
      gboolean value = self->values >> i & 1;

      if (!(self->touched >> i & 1))
        continue;
      if (switches[i].number == 66)
        g_string_append(bytes, value ? "\033=" : "\033>");
      else
        g_string_append_printf(bytes, "\033[?%u%c", switches[i].number, value ? 'h' : 'l');
    }
}

static void
_write_mouse(const CdScreenModes *self, GString *bytes)
{
  if (self->mouse)
    g_string_append_printf(bytes, "\033[?%uh", self->mouse);
  else if (self->mouse_touched)
    g_string_append(bytes, "\033[?1000l");
  if (self->mouse_format)
    g_string_append_printf(bytes, "\033[?%uh", self->mouse_format);
  else if (self->mouse_format_touched)
    g_string_append(bytes, "\033[?1006l");
}

static void
_write_strings(const CdScreenModes *self, GString *bytes)
{
  if (self->icon)
    g_string_append_printf(bytes, "\033]1;%s\033\\", self->icon);
  if (self->title)
    g_string_append_printf(bytes, "\033]2;%s\033\\", self->title);
  for (guint i = 0; i < G_N_ELEMENTS(self->colours); i++)
    if (self->colours[i])
      g_string_append_printf(bytes, "\033]%u;%s\033\\", 10 + i, self->colours[i]);
  for (guint i = 0; self->palette && i < CD_SCREEN_PALETTE; i++)
    if (self->palette[i])
      g_string_append_printf(bytes, "\033]4;%u;%s\033\\", i, self->palette[i]);
}

static void
_write_charsets(const CdScreenModes *self, GString *bytes)
{
  static const gchar *const shifts[] = { "", "\016", "\033n", "\033o" };

  for (guint i = 0; i < G_N_ELEMENTS(self->charsets); i++)
    if (self->charsets[i] != 'B')
      g_string_append_printf(bytes, "\033%c%c", '(' + i, self->charsets[i]);
  g_string_append(bytes, shifts[self->shift]);
}

void
cd_screen_modes_write(const CdScreenModes *self, GString *bytes)
{
  _write_strings(self, bytes);
  _write_switches(self, bytes);
  _write_mouse(self, bytes);
  if (self->cursor_shape >= 0)
    g_string_append_printf(bytes, "\033[%d q", self->cursor_shape);
  if (self->newline)
    g_string_append(bytes, "\033[20h");
  if (self->insert)
    g_string_append(bytes, "\033[4h");
  if (!self->autowrap)
    g_string_append(bytes, "\033[?7l");
  _write_charsets(self, bytes);
}
