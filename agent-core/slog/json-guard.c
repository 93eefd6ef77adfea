/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/json-guard.h"

#include "slog/json-keys.h"

/* Longer integers may not fit 64 bits. */
#define INTEGER_DIGITS_MAX 18

#define REPLACEMENT "\\ufffd"

typedef enum
{
  EXPECT_VALUE,     /* a value must come */
  EXPECT_FIRST,     /* after an opening bracket: a key or value, or the closing bracket */
  EXPECT_KEY,       /* a key must come */
  EXPECT_COLON,     /* behind a key */
  EXPECT_SEPARATOR, /* behind a value */
} Expect;

typedef struct _Guard
{
  CdText rest;
  GString *out;
  guint depth;
  guint64 is_object; /* a bit for each open bracket */
  Expect expect;
  guint members;
  gboolean is_refused;
  gboolean is_unclean;                /* bytes were replaced that no JSON may hold */
  CdJsonKeys keys[CD_JSON_DEPTH_MAX]; /* of each open object so far */
  gsize safe_length;                  /* of the output up to the last whole member */
  guint safe_depth;
} Guard;

static void
_mark_safe(Guard *self)
{
  self->safe_length = self->out->len;
  self->safe_depth = self->depth;
}

static gboolean
_in_object(const Guard *self)
{
  return self->depth > 0 && (self->is_object >> (self->depth - 1)) & 1;
}

static void
_take(Guard *self, gsize length)
{
  g_string_append_len(self->out, self->rest.data, (gssize) length);
  self->rest = cd_text_skip(self->rest, length);
}

static gboolean
_value_may_come(const Guard *self)
{
  return self->expect == EXPECT_VALUE || (self->expect == EXPECT_FIRST && !_in_object(self));
}

static gboolean
_open(Guard *self)
{
  guint64 bit = G_GUINT64_CONSTANT(1) << self->depth % 64;

  if (!_value_may_come(self))
    return FALSE;
  if (self->depth == CD_JSON_DEPTH_MAX)
    {
      self->is_refused = TRUE;
      return FALSE;
    }
  self->is_object = self->rest.data[0] == '{' ? self->is_object | bit : self->is_object & ~bit;
  self->keys[self->depth++] = (CdJsonKeys) { 0 };
  self->expect = EXPECT_FIRST;
  _take(self, 1);
  _mark_safe(self);
  return TRUE;
}

static gboolean
_close(Guard *self)
{
  gboolean is_object = self->rest.data[0] == '}';

  if (is_object != _in_object(self)
      || (self->expect != EXPECT_FIRST && self->expect != EXPECT_SEPARATOR))
    return FALSE;
  self->depth--;
  self->expect = EXPECT_SEPARATOR;
  _take(self, 1);
  _mark_safe(self);
  return TRUE;
}

static gboolean
_separate(Guard *self)
{
  if (self->rest.data[0] == ':' ? self->expect != EXPECT_COLON : self->expect != EXPECT_SEPARATOR)
    return FALSE;
  if (self->rest.data[0] == ',')
    _mark_safe(self);
  self->expect = self->rest.data[0] == ',' && _in_object(self) ? EXPECT_KEY : EXPECT_VALUE;
  _take(self, 1);
  return TRUE;
}

static gboolean
_read_unit(CdText text, guint *unit)
{
  *unit = 0;
  if (text.length < 6 || text.data[0] != '\\' || text.data[1] != 'u')
    return FALSE;
  for (gsize i = 2; i < 6; i++)
    {
      gint digit = g_ascii_xdigit_value(text.data[i]);
      if (digit < 0)
        return FALSE;
      *unit = *unit << 4 | (guint) digit;
    }
  return TRUE;
}

/* Half of a pair alone makes json-glib refuse the whole object; NUL ends its strings early. */
static gboolean
_take_unicode_escape(Guard *self)
{
  guint unit, low;

  if (!_read_unit(self->rest, &unit))
    return FALSE;
  if (unit >= 0xd800 && unit < 0xdc00 && _read_unit(cd_text_skip(self->rest, 6), &low)
      && low >= 0xdc00 && low < 0xe000)
    {
      _take(self, 12);
      return TRUE;
    }
  if (unit && (unit < 0xd800 || unit >= 0xe000))
    {
      _take(self, 6);
      return TRUE;
    }
  g_string_append(self->out, REPLACEMENT);
  self->rest = cd_text_skip(self->rest, 6);
  return TRUE;
}

static gboolean
_take_escape(Guard *self)
{
  if (self->rest.length < 2 || !self->rest.data[1])
    return FALSE;
  if (self->rest.data[1] == 'u')
    return _take_unicode_escape(self);
  if (!strchr("\"\\/bfnrt", self->rest.data[1]))
    return FALSE;
  _take(self, 2);
  return TRUE;
}

/* A control character is never raw in JSON, and a broken byte is nowhere. */
static gboolean
_take_character(Guard *self)
{
  gunichar c = g_utf8_get_char_validated(self->rest.data, (gssize) self->rest.length);

  if ((guchar) self->rest.data[0] >= 0x20 && c != (gunichar) -1 && c != (gunichar) -2)
    {
      _take(self, (gsize) g_unichar_to_utf8(c, NULL));
      return TRUE;
    }
  self->is_unclean = TRUE;
  g_string_append(self->out, REPLACEMENT);
  self->rest = cd_text_skip(self->rest, 1);
  return TRUE;
}

static gboolean
_is_plain(gchar c)
{
  return (guchar) c >= 0x20 && (guchar) c < 0x80 && c != '"' && c != '\\';
}

/* ASCII without controls, all at once: most of any string. */
static void
_take_plain(Guard *self)
{
  gsize length = 0;

  while (length < self->rest.length && _is_plain(self->rest.data[length]))
    length++;
  if (length)
    _take(self, length);
}

static gboolean
_take_string_body(Guard *self)
{
  _take(self, 1);
  _take_plain(self);
  while (self->rest.length && self->rest.data[0] != '"')
    {
      gboolean ok = self->rest.data[0] == '\\' ? _take_escape(self) : _take_character(self);
      if (!ok)
        return FALSE;
      _take_plain(self);
    }
  if (cd_text_is_empty(self->rest))
    return FALSE;
  _take(self, 1);
  return TRUE;
}

static void
_append_to_key(Guard *self, const gchar *suffix)
{
  g_string_insert(self->out, (gssize) self->out->len - 1, suffix);
}

/* json-glib keeps the last member of a name. The first one stands: a later one is renamed, and so
 * is a key with escapes, which Coder never writes, lest it become one of ours behind our back. */
static void
_rename_key(Guard *self, gsize start)
{
  const CdText key = { self->out->str + start + 1, self->out->len - start - 2 };

  if (key.length && memchr(key.data, '\\', key.length))
    _append_to_key(self, CD_JSON_ESCAPED);
  else if (!cd_json_keys_add(&self->keys[self->depth - 1], key))
    _append_to_key(self, CD_JSON_REPEATED);
}

static gboolean
_take_string(Guard *self)
{
  gsize start = self->out->len;
  gboolean is_key = _in_object(self) && !_value_may_come(self);

  if (is_key ? self->expect != EXPECT_FIRST && self->expect != EXPECT_KEY : !_value_may_come(self))
    return FALSE;
  if (is_key && ++self->members > CD_JSON_MEMBERS_MAX)
    return FALSE;
  if (!_take_string_body(self))
    return FALSE;
  self->expect = is_key ? EXPECT_COLON : EXPECT_SEPARATOR;
  if (is_key)
    _rename_key(self, start);
  else
    _mark_safe(self);
  return TRUE;
}

static gboolean
_is_literal_character(gchar c)
{
  return g_ascii_isalnum(c) || c == '+' || c == '-' || c == '.';
}

static CdText
_literal(CdText text)
{
  gsize length = 0;

  while (length < text.length && _is_literal_character(text.data[length]))
    length++;
  return cd_text_head(text, length);
}

static gboolean
_is_number(CdText text)
{
  gsize integer;

  text = cd_text_skip(text, text.length && text.data[0] == '-');
  integer = cd_text_count_digits(text);
  if (!integer || (integer > 1 && text.data[0] == '0'))
    return FALSE;
  text = cd_text_skip(text, integer);
  if (text.length && text.data[0] == '.')
    {
      gsize fraction = cd_text_count_digits(cd_text_skip(text, 1));
      if (!fraction)
        return FALSE;
      text = cd_text_skip(text, fraction + 1);
    }
  if (!text.length)
    return TRUE;
  if (text.data[0] != 'e' && text.data[0] != 'E')
    return FALSE;
  text = cd_text_skip(text, 1);
  text = cd_text_skip(text, text.length && (text.data[0] == '-' || text.data[0] == '+'));
  return text.length > 0 && cd_text_count_digits(text) == text.length;
}

static gboolean
_is_long_integer(CdText number)
{
  CdText digits = cd_text_skip(number, number.data[0] == '-');

  return digits.length > INTEGER_DIGITS_MAX && cd_text_count_digits(digits) == digits.length;
}

static gboolean
_take_literal(Guard *self)
{
  CdText literal = _literal(self->rest);
  gboolean is_word = cd_text_is(literal, "true") || cd_text_is(literal, "false")
                     || cd_text_is(literal, "null");
  gboolean is_long;

  if (!_value_may_come(self) || literal.length == self->rest.length
      || (!is_word && !_is_number(literal)))
    return FALSE;
  is_long = !is_word && _is_long_integer(literal);
  if (is_long)
    g_string_append_c(self->out, '"');
  _take(self, literal.length);
  if (is_long)
    g_string_append_c(self->out, '"');
  self->expect = EXPECT_SEPARATOR;
  return TRUE;
}

static gboolean
_step(Guard *self)
{
  switch (self->rest.data[0])
    {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      _take(self, 1);
      return TRUE;
    case '{':
    case '[':
      return _open(self);
    case '}':
    case ']':
      return _close(self);
    case ',':
    case ':':
      return _separate(self);
    case '"':
      return _take_string(self);
    default:
      return _take_literal(self);
    }
}

static void
_repair(Guard *self)
{
  g_string_truncate(self->out, self->safe_length);
  for (guint depth = self->safe_depth; depth > 0; depth--)
    g_string_append_c(self->out, (self->is_object >> (depth - 1)) & 1 ? '}' : ']');
}

CdJsonState
cd_json_guard(CdText text, GString *out)
{
  Guard guard = { .rest = text, .out = out, .expect = EXPECT_VALUE };

  while (guard.rest.length && _step(&guard) && guard.depth > 0)
    ;
  if (guard.is_refused)
    return CD_JSON_REFUSED;
  if (guard.depth > 0)
    {
      _repair(&guard);
      return CD_JSON_BROKEN;
    }
  return guard.is_unclean || !cd_text_is_empty(cd_text_strip(guard.rest)) ? CD_JSON_BROKEN
                                                                          : CD_JSON_SOUND;
}
