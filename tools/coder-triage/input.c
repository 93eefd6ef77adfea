/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input.h"

#define BUFFER_SIZE (64 * 1024)

#define CONTINUED CD_TEXT(" ...")
#define BLOCK_INDENT CD_TEXT("    ")

/* A line of the stream. */
typedef struct _Physical
{
  GString *text;
  guint64 number;
  gboolean is_cut;
} Physical;

struct _CdInput
{
  GBufferedInputStream *stream;
  Physical current;
  Physical ahead; /* read to see whether it goes on with the current one */
  gboolean has_ahead;
  guint64 n_lines;
};

CdInput *
cd_input_new(GInputStream *stream)
{
  CdInput *self = g_new0(CdInput, 1);

  self->stream = G_BUFFERED_INPUT_STREAM(g_buffered_input_stream_new_sized(stream, BUFFER_SIZE));
  self->current.text = g_string_new(NULL);
  self->ahead.text = g_string_new(NULL);
  return self;
}

void
cd_input_free(CdInput *self)
{
  g_string_free(self->current.text, TRUE);
  g_string_free(self->ahead.text, TRUE);
  g_object_unref(self->stream);
  g_free(self);
}

gboolean
cd_input_would_wait(const CdInput *self)
{
  return !self->has_ahead && g_buffered_input_stream_get_available(self->stream) == 0;
}

guint64
cd_input_n_lines(const CdInput *self)
{
  return self->n_lines;
}

/* What lies in the buffer, read anew where it is empty. Returns an empty text at the end. */
static CdText
_peek(CdInput *self, GError **error)
{
  CdText buffered;

  if (g_buffered_input_stream_get_available(self->stream) == 0
      && g_buffered_input_stream_fill(self->stream, -1, NULL, error) <= 0)
    return CD_TEXT_NONE;
  buffered.data = g_buffered_input_stream_peek_buffer(self->stream, &buffered.length);
  return buffered;
}

static void
_append(Physical *line, CdText text)
{
  gsize room = CD_INPUT_LINE_MAX - MIN(line->text->len, CD_INPUT_LINE_MAX);

  if (text.length > room)
    line->is_cut = TRUE;
  g_string_append_len(line->text, text.data, (gssize) MIN(text.length, room));
}

static void
_drop_carriage_return(GString *text)
{
  if (text->len && text->str[text->len - 1] == '\r')
    g_string_truncate(text, text->len - 1);
}

/* Returns: %FALSE where nothing was left to read. */
static gboolean
_read_physical(CdInput *self, Physical *line, GError **error)
{
  CdText buffered;

  g_string_truncate(line->text, 0);
  line->is_cut = FALSE;
  line->number = self->n_lines + 1;
  while ((buffered = _peek(self, error)).length)
    {
      const gchar *newline = memchr(buffered.data, '\n', buffered.length);
      gsize length = newline ? (gsize) (newline - buffered.data) : buffered.length;

      self->n_lines = line->number;
      _append(line, cd_text_head(buffered, length));
      g_input_stream_skip(G_INPUT_STREAM(self->stream), length + (newline ? 1 : 0), NULL, NULL);
      if (newline)
        break;
    }
  _drop_carriage_return(line->text);
  return self->n_lines == line->number;
}

static CdText
_get_text(const Physical *line)
{
  return (CdText) { line->text->str, line->text->len };
}

static gboolean
_is_continued(CdText line)
{
  return line.length >= CONTINUED.length
         && cd_text_equal(cd_text_skip(line, line.length - CONTINUED.length), CONTINUED);
}

/* The key of the format before May 2023, with or without two blanks before it. */
static gboolean
_is_quoted_key(CdText line)
{
  if (cd_text_has_prefix(line, CD_TEXT("  ")))
    line = cd_text_skip(line, 2);
  return cd_text_has_prefix(line, CD_TEXT("\"")) && cd_text_find(line, CD_TEXT("\": "));
}

static gboolean
_goes_on(CdText line, gboolean is_first)
{
  if (cd_text_has_prefix(line, BLOCK_INDENT))
    return TRUE;
  return is_first ? _is_quoted_key(line) : cd_text_is_empty(line);
}

/* An error here shows again when the next line is read. */
static void
_read_block(CdInput *self)
{
  for (gboolean is_first = TRUE;; is_first = FALSE)
    {
      self->has_ahead = _read_physical(self, &self->ahead, NULL);
      if (!self->has_ahead || !_goes_on(_get_text(&self->ahead), is_first))
        return;
      _append(&self->current, CD_TEXT("\n"));
      _append(&self->current, _get_text(&self->ahead));
      self->current.is_cut |= self->ahead.is_cut;
      self->has_ahead = FALSE;
    }
}

static gboolean
_take_next(CdInput *self, GError **error)
{
  Physical taken = self->ahead;

  if (!self->has_ahead)
    return _read_physical(self, &self->current, error);
  self->ahead = self->current;
  self->current = taken;
  self->has_ahead = FALSE;
  return TRUE;
}

gboolean
cd_input_next(CdInput *self, CdInputLine *line, GError **error)
{
  if (!_take_next(self, error))
    return FALSE;
  if (_is_continued(_get_text(&self->current)))
    _read_block(self);
  *line = (CdInputLine) { _get_text(&self->current), self->current.number, self->current.is_cut };
  return TRUE;
}
