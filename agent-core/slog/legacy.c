/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/legacy.h"

#include "slog/chain.h"
#include "slog/json.h"
#include "slog/quote.h"

#define BLOCK_KEY CD_TEXT("\"error\": ")

static CdText
_take_column(CdText *rest)
{
  const gchar *tab = rest->length ? memchr(rest->data, '\t', rest->length) : NULL;
  gsize length = tab ? (gsize) (tab - rest->data) : rest->length;
  CdText column = cd_text_head(*rest, length);

  *rest = cd_text_skip(*rest, length + 1);
  return column;
}

static gboolean
_is_within(CdText column, gchar open, gchar close)
{
  return column.length >= 2 && column.data[0] == open && column.data[column.length - 1] == close;
}

static CdText
_take_message(CdText *rest, CdStatement *statement)
{
  CdText message = cd_text_strip(_take_column(rest));

  if (_is_within(message, '"', '"')
      && !cd_quote_read(cd_text_head(cd_text_skip(message, 1), message.length - 2), statement,
                        &message))
    statement->malformed = TRUE;
  return message;
}

static void
_read_block(CdText block, CdStatement *statement)
{
  block = cd_text_strip(block);
  if (cd_text_has_prefix(block, BLOCK_KEY))
    cd_statement_add(statement, CD_FIELD_ERROR,
                     cd_chain_from_block(cd_text_skip(block, BLOCK_KEY.length), statement));
}

void
cd_legacy_read(CdText body, CdStatement *statement)
{
  const gchar *newline = body.length ? memchr(body.data, '\n', body.length) : NULL;
  gsize first_length = newline ? (gsize) (newline - body.data) : body.length;
  CdText rest = cd_chain_cut_mark(cd_text_strip(cd_text_head(body, first_length)));
  CdText column;

  column = _take_column(&rest);
  if (_is_within(column, '(', ')'))
    column = _take_column(&rest);
  if (!_is_within(column, '<', '>'))
    return;
  _take_column(&rest); /* the function */
  statement->message = cd_site_message_find(_take_message(&rest, statement));
  rest = cd_text_strip(rest);
  if (cd_text_has_prefix(rest, CD_TEXT("{")) && !cd_json_read_fields(rest, statement))
    statement->malformed = TRUE;
  _read_block(cd_text_skip(body, first_length + 1), statement);
}
