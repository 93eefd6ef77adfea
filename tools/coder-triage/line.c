/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line.h"

#include "journal.h"
#include "rfc5424/header.h"
#include "rfc5424/sdata.h"
#include "slog/slog.h"

static gboolean
_read_text(CdText text, CdStatement *statement)
{
  cd_statement_clear(statement);
  cd_statement_init(statement, CD_SOURCE_TEXT);
  return text.length && cd_slog_read(text, CD_FORMATS_TEXT, statement);
}

/* A header that is broken leaves nothing to trust: whatever names us in it is only a claim. */
static gboolean
_read_broken_header(CdText line, const gchar *const *sd_ids, CdStatement *statement)
{
  statement->malformed = cd_sdata_claims(line, sd_ids);
  return statement->malformed;
}

static gboolean
_read_rfc5424(CdText line, const gchar *const *sd_ids, CdStatement *statement)
{
  CdHeader header;
  CdHeaderPart part = cd_header_read(line, &header);

  if (part < CD_HEADER_SDATA)
    return _read_broken_header(line, sd_ids, statement);
  cd_sdata_read(header.sdata, sd_ids, statement);
  if (cd_statement_is_record(statement) || part == CD_HEADER_SDATA)
    return cd_statement_is_record(statement) || statement->malformed;
  return _read_text(header.message, statement);
}

static gboolean
_read_journal(CdText line, CdStatement *statement)
{
  CdText message;

  switch (cd_journal_read(line, statement, &message))
    {
    case CD_JOURNAL_FIELDS:
      return TRUE;
    case CD_JOURNAL_TEXT:
      return message.length && cd_slog_read(message, CD_FORMATS_TEXT, statement);
    case CD_JOURNAL_NOTHING:
      break;
    }
  return FALSE;
}

/* A cut entry whose reason is gone still has the key. */
static gboolean
_read_entry(CdText line, CdStatement *statement)
{
  if (_read_journal(line, statement))
    return TRUE;
  return statement->malformed && cd_journal_claims(line);
}

gboolean
cd_line_read(CdText line, const gchar *const *sd_ids, CdStatement *statement)
{
  cd_statement_init(statement, CD_SOURCE_SDATA);
  if (cd_header_matters(line))
    return _read_rfc5424(line, sd_ids, statement);
  if (cd_text_has_prefix(line, CD_TEXT("{")) && cd_journal_matters(line)
      && _read_entry(line, statement))
    return TRUE;
  return _read_text(cd_text_skip(line, cd_header_pri_length(line)), statement);
}
