/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/slog.h"

#include "slog/connection-log.h"
#include "slog/human.h"
#include "slog/json.h"
#include "slog/legacy.h"
#include "slog/shape.h"

/* A broken line of which no verdict can be had claims to be ours by its key. */
static gboolean
_is_ours(const CdStatement *statement, CdText text)
{
  if (cd_statement_is_record(statement))
    return TRUE;
  return statement->malformed && cd_text_find(text, CD_TEXT("disconnect_reason"));
}

static gboolean
_read_human(CdText text, gsize at, CdStatement *statement)
{
  statement->source = CD_SOURCE_SLOG_HUMAN;
  cd_human_read(cd_text_skip(text, at), statement);
  return _is_ours(statement, text);
}

static gboolean
_read_legacy(CdText text, gsize at, CdStatement *statement)
{
  statement->source = CD_SOURCE_SLOG_LEGACY;
  cd_legacy_read(cd_text_skip(text, at + 1), statement);
  return _is_ours(statement, text);
}

static gboolean
_read_json(CdText text, gsize at, guint formats, CdStatement *statement)
{
  text = cd_text_skip(text, at);
  if (!cd_json_matters(text))
    return FALSE;
  if (cd_json_read(text, formats, statement))
    return _is_ours(statement, text);
  return statement->malformed && !statement->owner && cd_json_claims(text);
}

static gboolean
_read_connection_log(CdText text, CdStatement *statement)
{
  if (!cd_connection_log_matters(text))
    return FALSE;
  statement->source = CD_SOURCE_TEXT;
  cd_connection_log_read(text, statement);
  return cd_statement_is_record(statement);
}

static guint
_formats_of(CdShape shape)
{
  switch (shape)
    {
    case CD_SHAPE_HUMAN:
      return CD_FORMAT_BIT(CD_SOURCE_SLOG_HUMAN);
    case CD_SHAPE_LEGACY:
      return CD_FORMAT_BIT(CD_SOURCE_SLOG_LEGACY);
    case CD_SHAPE_JSON:
      return CD_FORMAT_BIT(CD_SOURCE_SLOG_JSON) | CD_FORMAT_BIT(CD_SOURCE_STACKDRIVER);
    case CD_SHAPE_COLOURED:
    case CD_SHAPE_OTHER:
      return CD_FORMAT_BIT(CD_SOURCE_TEXT);
    }
  g_return_val_if_reached(0);
}

static gboolean
_read_shape(CdText text, CdShape shape, gsize at, guint formats, CdStatement *statement)
{
  switch (shape)
    {
    case CD_SHAPE_HUMAN:
      return _read_human(text, at, statement);
    case CD_SHAPE_LEGACY:
      return _read_legacy(text, at, statement);
    case CD_SHAPE_JSON:
      return _read_json(text, at, formats, statement);
    case CD_SHAPE_COLOURED:
    case CD_SHAPE_OTHER:
      return _read_connection_log(text, statement);
    }
  g_return_val_if_reached(FALSE);
}

/* Where a file begins that was made on Windows. */
static CdText
_skip_byte_order_mark(CdText text)
{
  const CdText mark = CD_TEXT("\xef\xbb\xbf");

  return cd_text_skip(text, cd_text_has_prefix(text, mark) ? mark.length : 0);
}

gboolean
cd_slog_read(CdText text, guint formats, CdStatement *statement)
{
  gsize at = 0;
  CdShape shape;

  text = _skip_byte_order_mark(text);
  shape = cd_shape_find(text, &at);
  if (shape == CD_SHAPE_COLOURED)
    {
      text = cd_human_strip_colours(text, statement);
      shape = cd_shape_find(text, &at);
    }
  if (!(formats & _formats_of(shape)))
    shape = CD_SHAPE_OTHER;
  return (formats & _formats_of(shape)) && _read_shape(text, shape, at, formats, statement);
}
