/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A record of anything is one sound line: it can be read back, and what was read is written as the
 * same line again.
 *
 * The input is a row of values: a byte that says which field, the value, a byte 0x1f. */
#include "emit/sender.h"
#include "rfc5424/header.h"
#include "rfc5424/sdata.h"

#include "invariants.h"

#define SEPARATOR '\x1f'
#define TIME G_GINT64_CONSTANT(1763712450000000)

static const gchar *const sd_ids[] = { "coder@32473", NULL };

static CdText
_take_value(CdText *rest)
{
  const gchar *end = memchr(rest->data, SEPARATOR, rest->length);
  CdText value = end ? cd_text_between(rest->data, end) : *rest;

  *rest = cd_text_skip(*rest, value.length + 1);
  return value;
}

static void
_read_input(CdText input, CdRecord *record)
{
  cd_record_set(record, CD_FIELD_DISCONNECT_REASON, CD_TEXT("unknown"));
  while (!cd_text_is_empty(input))
    {
      CdField field = (guchar) input.data[0] % CD_N_WIRE_FIELDS;

      input = cd_text_skip(input, 1);
      cd_record_set(record, field, _take_value(&input));
    }
}

/* No byte of it is another line to anybody, or an order to a terminal. */
static void
_check_bytes(CdText line)
{
  g_assert_cmpuint(line.length, <=, CD_SPOOL_LINE_MAX);
  g_assert_true(g_utf8_validate(line.data, (gssize) line.length, NULL));
  for (const gchar *at = line.data; at < line.data + line.length; at = g_utf8_next_char(at))
    g_assert_false(fuzz_is_control(g_utf8_get_char(at)));
}

static void
_read_back(CdText line, CdStatement *statement)
{
  CdHeader header;

  g_assert_cmpint(cd_header_read(line, &header), ==, CD_HEADER_WHOLE);
  g_assert_true(cd_sdata_read(header.sdata, sd_ids, statement));
  g_assert_false(statement->malformed);
}

/* The sender's own, which differs from run to run. */
static void
_check_run_id(const CdSender *sender, const CdRecord *record)
{
  g_assert_true(cd_text_is(cd_record_get(record, CD_FIELD_RUN_ID), cd_sender_get_run_id(sender)));
}

static void
_check(CdSender *sender, const CdRecord *record)
{
  g_autoptr(GString) line = g_string_new(NULL);
  g_autoptr(GString) again = g_string_new(NULL);
  CdStatement statement;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  cd_sender_set_sequence(sender, 0);
  cd_sender_append_record(sender, line, record, TIME);
  _check_bytes((CdText) { line->str, line->len });
  _read_back((CdText) { line->str, line->len }, &statement);
  _check_run_id(sender, &statement.said);
  cd_sender_set_sequence(sender, 0);
  cd_sender_append_record(sender, again, &statement.said, TIME);
  g_assert_cmpstr(again->str, ==, line->str);
  cd_statement_clear(&statement);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  static CdSender *sender;
  CdRecord record = { 0 };

  if (!sender)
    sender = cd_sender_new("fuzz-sender", CD_SENDER_PEN_EXAMPLE);
  _read_input((CdText) { (const gchar *) data, size }, &record);
  _check(sender, &record);
  return 0;
}
