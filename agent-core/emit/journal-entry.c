/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/journal-entry.h"

#include "rfc5424/header.h"
#include "rfc5424/sdata.h"

#define SEVERITY_MASK 7
#define FACILITY_SHIFT 3

static gboolean
_is_ours(CdText sd_id)
{
  return cd_text_has_prefix(sd_id, CD_TEXT("coder@"));
}

/* A value with a newline has its length before it, 64 bits in little endian. */
static void
_append_field(GString *entry, const gchar *name, CdText value)
{
  guint64 length = GUINT64_TO_LE(value.length);

  g_string_append(entry, name);
  if (value.length && memchr(value.data, '\n', value.length))
    {
      g_string_append_c(entry, '\n');
      g_string_append_len(entry, (const gchar *) &length, sizeof(length));
    }
  else
    g_string_append_c(entry, '=');
  g_string_append_len(entry, value.data, (gssize) value.length);
  g_string_append_c(entry, '\n');
}

static void
_append_if_present(GString *entry, const gchar *name, CdText value)
{
  if (value.data)
    _append_field(entry, name, value);
}

static void
_append_number(GString *entry, const gchar *name, guint number)
{
  g_string_append_printf(entry, "%s=%u\n", name, number);
}

static void
_append_param(GString *entry, CdText name, CdText escaped, CdStatement *seen)
{
  g_autofree gchar *journal_name = NULL;
  CdField field;

  if (!cd_field_from_name(name, &field) || cd_record_has(&seen->said, field))
    return;
  cd_record_set(&seen->said, field, escaped);
  journal_name = cd_field_to_journald(field);
  _append_field(entry, journal_name, cd_sdata_unescape(escaped, seen));
}

static void
_append_params(GString *entry, CdSdata *reader, CdStatement *seen)
{
  CdText name, value;

  while (cd_sdata_next_param(reader, &name, &value))
    _append_param(entry, name, value, seen);
}

/* The number of RFC 5424, 7.3.1; with the run's id it names a record for ever. */
static CdText
_find_sequence(CdSdata *reader)
{
  CdText name, value;
  gint64 number;

  while (cd_sdata_next_param(reader, &name, &value))
    if (cd_text_is(name, "sequenceId") && cd_text_to_integer(value, &number))
      return value;
  return CD_TEXT_NONE;
}

static void
_append_fields(GString *entry, CdText sdata)
{
  g_auto(CdStatement) seen;
  gboolean has_ours = FALSE;
  CdText sequence = CD_TEXT_NONE;
  CdSdata reader;
  CdText id;

  cd_statement_init(&seen, CD_SOURCE_SDATA);
  cd_sdata_init(&reader, sdata);
  while (cd_sdata_next_element(&reader, &id))
    if (!has_ours && _is_ours(id))
      {
        has_ours = TRUE;
        _append_params(entry, &reader, &seen);
      }
    else if (!sequence.data && cd_text_is(id, "meta"))
      sequence = _find_sequence(&reader);
  if (has_ours)
    _append_if_present(entry, "CODER_SEQUENCE_ID", sequence);
}

void
cd_journal_entry_append(GString *entry, CdText line)
{
  CdHeader header;

  if (cd_header_read(line, &header) != CD_HEADER_WHOLE)
    {
      _append_field(entry, "MESSAGE", line);
      return;
    }
  _append_field(entry, "MESSAGE", header.message);
  _append_number(entry, "PRIORITY", header.priority & SEVERITY_MASK);
  _append_number(entry, "SYSLOG_FACILITY", header.priority >> FACILITY_SHIFT);
  _append_if_present(entry, "SYSLOG_IDENTIFIER", header.app_name);
  _append_if_present(entry, "SYSLOG_PID", header.procid);
  _append_fields(entry, header.sdata);
}
