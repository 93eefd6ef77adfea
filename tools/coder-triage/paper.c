/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "paper.h"

#include "disconnect/text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_MIN 20
#define WIDTH_MAX 100
#define WIDTH_NARROW 60

static const gchar *const inks[] = {
  [CD_INK_PLAIN] = "",          [CD_INK_STRONG] = "\x1b[1m", [CD_INK_FAINT] = "\x1b[2m",
  [CD_INK_GOOD] = "\x1b[1;32m", [CD_INK_BAD] = "\x1b[1;31m", [CD_INK_WARNING] = "\x1b[33m",
  [CD_INK_ADVICE] = "\x1b[36m",
};
G_STATIC_ASSERT(G_N_ELEMENTS(inks) == CD_N_INKS);

#define INK_END "\x1b[0m"

gboolean
cd_colour_parse(const gchar *word, CdColour *colour)
{
  static const gchar *const words[] = {
    [CD_COLOUR_AUTO] = "auto", [CD_COLOUR_ALWAYS] = "always", [CD_COLOUR_NEVER] = "never"
  };

  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_str_equal(word, words[i]))
      {
        *colour = i;
        return TRUE;
      }
  return FALSE;
}

/* NO_COLOR counts when it is set and not empty (no-color.org). */
static gboolean
_wants_colour(FILE *out, CdColour colour)
{
  const gchar *no_color = g_getenv("NO_COLOR");
  const gchar *term = g_getenv("TERM");

  if (colour != CD_COLOUR_AUTO)
    return colour == CD_COLOUR_ALWAYS;
  return isatty(fileno(out)) && !(no_color && *no_color) && !(term && g_str_equal(term, "dumb"));
}

static guint
_get_width(FILE *out)
{
  struct winsize size;
  gint64 columns;

  if (!cd_text_to_integer(cd_text_from_string(g_getenv("COLUMNS")), &columns) || columns <= 0)
    columns = ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  if (columns == 0)
    columns = CD_PAPER_WIDTH_DEFAULT;
  return (guint) CLAMP(columns, WIDTH_MIN, WIDTH_MAX);
}

void
cd_paper_init(CdPaper *self, FILE *out, CdColour colour)
{
  self->out = out;
  self->width = _get_width(out);
  self->has_colour = _wants_colour(out, colour);
  self->column = 0;
}

gboolean
cd_paper_is_narrow(const CdPaper *self)
{
  return self->width < WIDTH_NARROW;
}

static guint
_character_width(gunichar c)
{
  if (g_unichar_iszerowidth(c))
    return 0;
  return g_unichar_iswide(c) ? 2 : 1;
}

static guint
_word_width(const gchar *start, const gchar *end)
{
  guint width = 0;

  for (; start < end; start = g_utf8_next_char(start))
    width += _character_width(g_utf8_get_char(start));
  return width;
}

void
cd_paper_end_line(CdPaper *self)
{
  fputc('\n', self->out);
  self->column = 0;
}

void
cd_paper_tab(CdPaper *self, guint column)
{
  for (; self->column < column; self->column++)
    fputc(' ', self->out);
}

static void
_ink_on(CdPaper *self, CdInk ink)
{
  if (self->has_colour && ink != CD_INK_PLAIN)
    fputs(inks[ink], self->out);
}

static void
_ink_off(CdPaper *self, CdInk ink)
{
  if (self->has_colour && ink != CD_INK_PLAIN)
    fputs(INK_END, self->out);
}

/* Pagers forget an ink at the end of a line. */
static void
_new_line(CdPaper *self, guint indent, CdInk ink)
{
  _ink_off(self, ink);
  cd_paper_end_line(self);
  cd_paper_tab(self, indent);
  _ink_on(self, ink);
}

static void
_write(CdPaper *self, const gchar *start, const gchar *end)
{
  fwrite(start, 1, (gsize) (end - start), self->out);
  self->column += _word_width(start, end);
}

/* Where a word that is longer than a line has to be broken. */
static const gchar *
_fitting_end(const CdPaper *self, const gchar *start, const gchar *end)
{
  guint column = self->column;
  const gchar *at = start;

  while (at < end && column + _character_width(g_utf8_get_char(at)) <= self->width)
    {
      column += _character_width(g_utf8_get_char(at));
      at = g_utf8_next_char(at);
    }
  return at > start ? at : g_utf8_next_char(start);
}

static void
_add_word(CdPaper *self, guint indent, CdInk ink, const gchar *start, const gchar *end)
{
  for (;;)
    {
      const gchar *fitting = _fitting_end(self, start, end);
      _write(self, start, fitting);
      if (fitting == end)
        return;
      start = fitting;
      _new_line(self, indent, ink);
    }
}

void
cd_paper_add(CdPaper *self, guint indent, CdInk ink, const gchar *text)
{
  cd_paper_tab(self, indent);
  _ink_on(self, ink);
  while (*text)
    {
      gsize blanks = strspn(text, " ");
      const gchar *word = text + blanks;
      const gchar *end = word + strcspn(word, " ");

      if (word == end)
        break;
      if (self->column > indent && self->column + blanks + _word_width(word, end) > self->width)
        _new_line(self, indent, ink);
      else if (self->column > indent)
        cd_paper_tab(self, self->column + (guint) blanks);
      _add_word(self, indent, ink, word, end);
      text = end;
    }
  _ink_off(self, ink);
}

void
cd_paper_add_right(CdPaper *self, guint indent, CdInk ink, const gchar *text)
{
  guint width = _word_width(text, text + strlen(text));

  if (self->column + 2 + width > self->width)
    cd_paper_end_line(self);
  else
    cd_paper_tab(self, self->width - width);
  cd_paper_add(self, indent, ink, text);
  cd_paper_end_line(self);
}

void
cd_paper_paragraph(CdPaper *self, guint indent, CdInk ink, const gchar *text)
{
  cd_paper_add(self, indent, ink, text);
  cd_paper_end_line(self);
}
