/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/connection-log.h"

#include "slog/prefix.h"
#include "slog/quote.h"

/* What may stand before a line: kubectl's pod, kubectl's time, docker's time and one more. */
#define PIECES_MAX 4

#define KEY CD_TEXT("DisconnectReason=")

/* The letter in the key that is rarest in log text. */
#define RARE_LETTER 'R'
#define RARE_OFFSET (sizeof("Disconnect") - 1)

static gboolean
_is_blank(gchar c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static gboolean
_is_key_at(CdText text, gsize at)
{
  return cd_text_has_prefix(cd_text_skip(text, at), KEY)
         && (at == 0 || _is_blank(text.data[at - 1]));
}

gboolean
cd_connection_log_matters(CdText text)
{
  const gchar *letter = text.data;
  const gchar *end;

  if (cd_text_is_empty(text))
    return FALSE;
  end = text.data + text.length;
  while (letter < end && (letter = memchr(letter, RARE_LETTER, (gsize) (end - letter))))
    {
      gsize at = (gsize) (letter - text.data);
      if (at >= RARE_OFFSET && _is_key_at(text, at - RARE_OFFSET))
        return TRUE;
      letter++;
    }
  return FALSE;
}

static gsize
_word_length(CdText text)
{
  gsize at = 0;

  while (at < text.length && !_is_blank(text.data[at]) && text.data[at] != '=')
    {
      gsize quoted;

      if (text.data[at] != '"')
        {
          at++;
          continue;
        }
      quoted = cd_quote_length(cd_text_skip(text, at));
      if (!quoted)
        return text.length;
      at += quoted;
    }
  return at;
}

static gsize
_plain_length(CdText text)
{
  gsize at = 0;

  while (at < text.length && !_is_blank(text.data[at]))
    at++;
  return at;
}

static void
_take(CdText key, CdText value, CdStatement *statement)
{
  CdField field;

  if (!cd_field_from_slog_key(key, &field) || field == CD_FIELD_DISCONNECT_REASON)
    return;
  if (value.length >= 2 && value.data[0] == '"'
      && !cd_quote_read(cd_text_head(cd_text_skip(value, 1), value.length - 2), statement, &value))
    statement->malformed = TRUE;
  else
    cd_statement_add(statement, field, value);
}

/* Reads one word and moves behind it. */
static CdText
_read_word(CdText rest, CdStatement *statement)
{
  gsize key = _word_length(rest);
  CdText value = cd_text_skip(rest, key + 1);
  gsize length;

  if (key >= rest.length || rest.data[key] != '=')
    return cd_text_skip(rest, key + 1);
  length = value.length && value.data[0] == '"' ? cd_quote_length(value) : _plain_length(value);
  if (value.length && value.data[0] == '"' && !length)
    {
      statement->malformed = TRUE;
      return CD_TEXT_NONE;
    }
  _take(cd_text_head(rest, key), cd_text_head(value, length), statement);
  return cd_text_skip(value, length);
}

static CdText
_skip_prefix(CdText text)
{
  gsize length = cd_prefix_read(text);

  for (guint pieces = 1; length && pieces < PIECES_MAX; pieces++)
    {
      text = cd_text_strip(cd_text_skip(text, length));
      length = cd_prefix_read(text);
    }
  return cd_text_strip(cd_text_skip(text, length));
}

static CdText
_skip_name(CdText text)
{
  const CdText names[] = { CD_TEXT("coderd "), CD_TEXT("coderd: "), CD_TEXT("connection_log ") };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (cd_text_has_prefix(text, names[i]))
      text = cd_text_strip(cd_text_skip(text, names[i].length));
  return text;
}

/* The log begins with a key, maybe behind its own name: further back in a text the keys may be what
 * a stranger had another program write down. */
static gboolean
_begins_with_key(CdText text)
{
  gsize key = _word_length(text);

  return key > 0 && key < text.length && text.data[key] == '=';
}

void
cd_connection_log_read(CdText text, CdStatement *statement)
{
  text = cd_text_strip(text);
  if (!_begins_with_key(text))
    text = _skip_name(_skip_prefix(text));
  if (!_begins_with_key(text))
    return;
  while (text.length)
    text = _read_word(text, statement);
  cd_statement_settle_connection_log(statement);
}
