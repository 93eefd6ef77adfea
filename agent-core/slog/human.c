/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/human.h"

#include "slog/chain.h"
#include "slog/quote.h"

/* Between message and fields, and between fields. */
#define GAP CD_TEXT("  ")

/* Before the key of a continuation block. */
#define BLOCK_INDENT CD_TEXT("    ")

/* Mark, line end and indent where a source has made one line of it (flags(no-multi-line)). */
#define CONTINUED_FLAT CD_TEXT(" ...     ")

#define ESCAPE '\x1b'

static gboolean
_is_key_character(gchar c)
{
  return c != '=' && c != ' ' && c != '\t' && c != '"' && c != '{' && c != '}' && c != '\0';
}

/* The length of "KEY=" at the start of @text, 0 where no key stands there. */
static gsize
_key_length(CdText text)
{
  gsize at = 0;

  if (text.length && text.data[0] == '"')
    at = cd_quote_length(text);
  else
    while (at < text.length && _is_key_character(text.data[at]))
      at++;
  return at > 0 && at < text.length && text.data[at] == '=' ? at + 1 : 0;
}

/* Where the next gap begins, the end of @text where there is none. */
static gsize
_gap_offset(CdText text)
{
  const gchar *end = text.data + text.length;
  const gchar *blank = text.data;

  while (blank < end && (blank = memchr(blank, ' ', (gsize) (end - blank))))
    {
      if (blank + 1 < end && blank[1] == ' ')
        return (gsize) (blank - text.data);
      blank++;
    }
  return text.length;
}

static gboolean
_is_field(CdText text)
{
  return cd_text_has_prefix(text, GAP) && _key_length(cd_text_skip(text, GAP.length)) > 0;
}

/* The mark of a flattened block ends where a gap begins: how much of it stands before @at. */
static gsize
_flat_mark_before(CdText text, gsize at)
{
  if (at < CD_CHAIN_MARK.length
      || !cd_text_has_prefix(cd_text_skip(text, at - CD_CHAIN_MARK.length), CONTINUED_FLAT))
    return 0;
  return CD_CHAIN_MARK.length;
}

static gsize
_message_length(CdText line)
{
  gsize at = 0;

  while (at < line.length)
    {
      at += _gap_offset(cd_text_skip(line, at));
      if (_flat_mark_before(line, at) || _is_field(cd_text_skip(line, at)))
        return at - _flat_mark_before(line, at);
      at++;
    }
  return line.length;
}

const CdSiteMessage *
cd_human_find_message(CdText message)
{
  const CdSiteMessage *row = cd_site_message_find(message);
  const gchar *colon = row ? NULL : cd_text_find(message, CD_TEXT(": "));
  CdText logger;

  if (!colon)
    return row;
  logger = cd_text_between(message.data, colon);
  if (cd_text_is_empty(logger) || memchr(logger.data, ' ', logger.length))
    return NULL;
  return cd_site_message_find(cd_text_skip(message, logger.length + 2));
}

/* Structs, maps and lists of texts stand as JSON, unquoted, blanks inside. Returns their length, 0
 * where they are cut off. */
static gsize
_json_length(CdText text)
{
  guint depth = 0;

  for (gsize i = 0; i < text.length; i++)
    {
      gchar c = text.data[i];
      gsize quoted = c == '"' ? cd_quote_length(cd_text_skip(text, i)) : 1;

      if (!quoted)
        return 0;
      i += quoted - 1;
      depth += c == '{' || c == '[';
      if ((c == '}' || c == ']') && --depth == 0)
        return i + 1;
    }
  return 0;
}

/* Only JSON has quotes inside and stands unquoted all the same: a bracket that opens one and never
 * closes is broken, and nothing behind it is a field. */
static gsize
_bare_value_length(CdText text)
{
  gsize length = _gap_offset(text);
  gboolean is_bracketed = text.data[0] == '{' || text.data[0] == '[';

  if (is_bracketed && memchr(text.data, '"', length))
    return _json_length(text);
  return length - _flat_mark_before(text, length);
}

/* Returns how long the value is, 0 where it is broken; an empty one cannot be. */
static gsize
_value_length(CdText text)
{
  if (cd_text_is_empty(text))
    return 0;
  return text.data[0] == '"' ? cd_quote_length(text) : _bare_value_length(text);
}

static gboolean
_take_value(CdField field, CdText value, CdStatement *statement)
{
  if (value.data[0] == '"'
      && !cd_quote_read(cd_text_head(cd_text_skip(value, 1), value.length - 2), statement, &value))
    return FALSE;
  cd_statement_add(statement, field, value);
  return TRUE;
}

/* Reads one field and moves @rest behind it. Returns: %FALSE where it is broken. */
static gboolean
_read_field(CdText *rest, CdStatement *statement)
{
  CdText text = cd_text_skip(*rest, GAP.length);
  gsize key = _key_length(text);
  CdText value = cd_text_skip(text, key);
  gsize length = key ? _value_length(value) : 0;
  CdField field;

  if (!length || !cd_text_has_prefix(*rest, GAP))
    return FALSE;
  *rest = cd_text_skip(value, length);
  if (!cd_field_from_slog_key(cd_text_head(text, key - 1), &field))
    return TRUE;
  return _take_value(field, cd_text_head(value, length), statement);
}

/* Returns: the flattened continuation block behind the fields, empty where there is none. */
static CdText
_read_fields(CdText rest, CdStatement *statement)
{
  while (rest.length)
    {
      if (cd_text_has_prefix(rest, CONTINUED_FLAT))
        return cd_text_skip(rest, CD_CHAIN_MARK.length + 1);
      if (!_read_field(&rest, statement))
        {
          statement->malformed = TRUE;
          return CD_TEXT_NONE;
        }
    }
  return CD_TEXT_NONE;
}

static void
_read_block(CdText block, CdStatement *statement)
{
  CdText key = cd_text_skip(block, BLOCK_INDENT.length);

  if (!cd_text_has_prefix(block, BLOCK_INDENT) || !cd_text_has_prefix(key, CD_TEXT("error=")))
    return;
  cd_statement_add(statement, CD_FIELD_ERROR,
                   cd_chain_from_block(cd_text_skip(key, strlen("error=")), statement));
}

/* Blanks at the end are nobody's: a value with blanks stands in quotes. */
static CdText
_without_mark(CdText line)
{
  while (line.length && memchr(" \t\r", line.data[line.length - 1], 3))
    line.length--;
  return cd_chain_cut_mark(line);
}

void
cd_human_read(CdText body, CdStatement *statement)
{
  const gchar *newline = body.length ? memchr(body.data, '\n', body.length) : NULL;
  gsize first_length = newline ? (gsize) (newline - body.data) : body.length;
  CdText line = _without_mark(cd_text_head(body, first_length));
  gsize message = _message_length(line);
  CdText flat_block;

  statement->message = cd_human_find_message(cd_text_strip(cd_text_head(line, message)));
  flat_block = _read_fields(cd_text_skip(line, message), statement);
  _read_block(newline ? cd_text_skip(body, first_length + 1) : flat_block, statement);
  cd_statement_settle_connection_log(statement);
}

CdText
cd_human_strip_colours(CdText text, CdStatement *storage)
{
  g_autoptr(GString) plain = g_string_sized_new(text.length);

  for (gsize i = 0; i < text.length; i++)
    {
      if (text.data[i] != ESCAPE || i + 1 >= text.length || text.data[i + 1] != '[')
        {
          g_string_append_c(plain, text.data[i]);
          continue;
        }
      i += 2;
      while (i < text.length && !g_ascii_isalpha(text.data[i]))
        i++;
    }
  return cd_statement_store(storage, (CdText) { plain->str, plain->len });
}
