/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name in a text, with what joins its value to it. */
#include "disconnect/secret-naming.h"

#include "disconnect/secret-value.h"
#include "disconnect/secret.h"

/* How far a name is followed to its beginning. */
#define LOOKED_AT_MAX 64

/* Length of @name at the start of @text, 0 where it does not stand there. */
static gsize
_match_name(CdText text, const gchar *name)
{
  gsize at = 0;

  for (; *name; name++)
    if (at < text.length && g_ascii_tolower(text.data[at]) == *name)
      at++;
    else if (*name == '_')
      at += at < text.length && text.data[at] == '-';
    else
      return 0;
  return at;
}

static gboolean
_is_joined(gchar c)
{
  return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

static void
_read_word(CdNaming *self, CdText text, gsize at, gsize length)
{
  gsize start = at;

  while (start > 0 && at - start < LOOKED_AT_MAX && _is_joined(text.data[start - 1]))
    start--;
  self->word = (CdText) { text.data + start, at + length - start };
  self->before = start ? text.data[start - 1] : 0;
  self->n_backslashes = 0;
  for (; start >= 2 && text.data[start - 2] == '\\' && self->n_backslashes < LOOKED_AT_MAX; start--)
    self->n_backslashes++;
}

/* Length of a `=` or `:`, encoded or not; @sign receives which. */
static gsize
_match_sign(CdText text, gchar *sign)
{
  *sign = text.length ? text.data[0] : 0;
  if (cd_value_is_in(*sign, "=:>"))
    return 1;
  if (text.length < 3 || text.data[0] != '%' || text.data[1] != '3'
      || !cd_value_is_in(text.data[2], "DdAa"))
    return 0;
  *sign = g_ascii_toupper(text.data[2]) == 'D' ? '=' : ':';
  return 3;
}

/* The sign, with its second half: `=>`, `:=`. */
static gsize
_span_sign(CdText text, gchar *sign)
{
  gsize length = _match_sign(text, sign);

  return length == 1 && text.length > 1 && cd_value_is_in(text.data[1], "=>") ? 2 : length;
}

/* What ends a quoted name, or one in brackets. */
static gsize
_span_name_end(CdText text)
{
  gsize length = cd_value_span_backslashes(text);

  if (length < text.length && cd_value_is_in(text.data[length], "\"'`]"))
    return length + 1;
  return text.length >= 3 && memcmp(text.data, "%22", 3) == 0 ? 3 : 0;
}

/* `token[0]` */
static gsize
_span_index(CdText text)
{
  gsize length;

  if (!text.length || text.data[0] != '[')
    return 0;
  length = 1 + cd_text_count_digits(cd_text_skip(text, 1));
  return length < text.length && text.data[length] == ']' ? length + 1 : 0;
}

/* `{"value":`, where an object stands for its only member. */
static gsize
_span_member(CdText text)
{
  gsize at = 1 + cd_value_span_blanks(cd_text_skip(text, 1));
  CdText rest;
  gsize end;

  at += cd_value_span_backslashes(cd_text_skip(text, at)) + 1;
  rest = cd_text_skip(text, at);
  if (!rest.length || !cd_value_is_quote(rest.data[-1]) || !_match_name(rest, "value"))
    return 0;
  rest = cd_text_skip(rest, strlen("value"));
  end = _span_name_end(rest);
  end += cd_value_span_blanks(cd_text_skip(rest, end));
  rest = cd_text_skip(rest, end);
  if (!rest.length || rest.data[0] != ':')
    return 0;
  rest = cd_text_skip(rest, 1 + cd_value_span_blanks(cd_text_skip(rest, 1)));
  return (gsize) (rest.data - text.data);
}

/* A blank for a shell is escaped; quoted arguments in a list have a comma between them. */
static gsize
_span_gap(CdText text, gboolean has_end)
{
  if (cd_text_has_prefix(text, CD_TEXT("\\ ")))
    return 2;
  if (has_end && text.length && text.data[0] == ',')
    return 1 + cd_value_span_blanks(cd_text_skip(text, 1));
  return cd_value_span_blanks(text);
}

/* Returns: whether there is a place for a value. */
static gboolean
_read_sign(CdNaming *self, CdText text)
{
  gsize index = _span_index(text);
  gsize end = _span_name_end(cd_text_skip(text, index));
  gsize blanks;
  gsize sign;

  text = cd_text_skip(text, index);
  blanks = _span_gap(cd_text_skip(text, end), end > 0);
  sign = _span_sign(cd_text_skip(text, end + blanks), &self->sign);
  if (!sign)
    self->sign = 0;
  self->has_end = end > 0;
  self->is_spaced_before = blanks > 0;
  text = cd_text_skip(text, end + blanks + sign);
  blanks = cd_value_span_blanks(text);
  self->is_spaced = blanks > 0;
  self->value = cd_text_skip(text, blanks);
  if (self->sign == ':' && self->value.length && self->value.data[0] == '{')
    self->value = cd_text_skip(self->value, _span_member(self->value));
  return self->value.length > 0;
}

/* `db_pass` and `dbPass`, not `bypass`. */
static gboolean
_begins_part(CdText text, gsize at)
{
  return cd_secret_is_boundary(text, at)
         || (g_ascii_isupper(text.data[at]) && g_ascii_islower(text.data[at - 1]));
}

gboolean
cd_naming_read(CdNaming *self, CdNameKind kind, const gchar *name, CdText text, gsize at)
{
  CdText rest = cd_text_skip(text, at);

  self->kind = kind;
  if (self->kind == OF_WORD && !_begins_part(text, at))
    return FALSE;
  self->length = _match_name(rest, name);
  if (!self->length || !_read_sign(self, cd_text_skip(rest, self->length)))
    return FALSE;
  _read_word(self, text, at, self->length);
  return TRUE;
}
