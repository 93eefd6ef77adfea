/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The readers of lines that are no JSON, behind every level a line can have. */
#include "slog/connection-log.h"
#include "slog/human.h"
#include "slog/legacy.h"
#include "slog/quote.h"
#include "slog/slog.h"

#include "invariants.h"

static gboolean
read_human(CdText text, CdStatement *statement)
{
  statement->source = CD_SOURCE_SLOG_HUMAN;
  cd_human_read(text, statement);
  return TRUE;
}

static gboolean
read_legacy(CdText text, CdStatement *statement)
{
  statement->source = CD_SOURCE_SLOG_LEGACY;
  cd_legacy_read(text, statement);
  return TRUE;
}

static gboolean
read_connection_log(CdText text, CdStatement *statement)
{
  cd_connection_log_read(text, statement);
  return TRUE;
}

static gboolean
read_line(CdText text, CdStatement *statement)
{
  return cd_slog_read(text, CD_FORMATS_TEXT, statement);
}

/* A copy without colours has none left but those that the removal itself made. */
static void
check_colours(CdText text)
{
  g_auto(CdStatement) storage;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  g_assert_cmpuint(cd_human_strip_colours(text, &storage).length, <=, text.length);
}

/* A quoted string ends in a quote and stands for no more bytes than it has. */
static void
check_quote(CdText text)
{
  g_auto(CdStatement) storage;
  gsize length = text.length && text.data[0] == '"' ? cd_quote_length(text) : 0;
  CdText value;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  if (!length)
    return;
  g_assert_cmpuint(length, <=, text.length);
  g_assert_cmpint(text.data[length - 1], ==, '"');
  if (cd_quote_read((CdText) { text.data + 1, length - 2 }, &storage, &value))
    g_assert_cmpuint(value.length, <=, length - 2);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  const CdText text = { (const gchar *) data, size };

  fuzz_read_and_judge(text, read_human);
  fuzz_read_and_judge(text, read_legacy);
  fuzz_read_and_judge(text, read_connection_log);
  fuzz_read_and_judge(text, read_line);
  check_colours(text);
  check_quote(text);
  return 0;
}
