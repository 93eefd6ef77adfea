/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statements for the unit tests: made from lines of text, and printed for a comparison. */
#ifndef CD_UNIT_STATEMENT_H
#define CD_UNIT_STATEMENT_H

#include "disconnect/statement.h"

#include "unit.h"

/** A field's name, or for those without one its key in a log line. */
static inline CdText
unit_field_key(CdField field)
{
  const CdFieldInfo *info = cd_field_get_info(field);

  if (!cd_text_is_empty(info->name))
    return info->name;
  return cd_text_is_empty(info->slog_key) ? info->log_key : info->slog_key;
}

/** `KEY=VALUE` for every field before @end that is there, a line each; free with g_free(). */
static inline gchar *
unit_show_record(const CdRecord *record, CdField end)
{
  GString *shown = g_string_new(NULL);

  for (guint i = 0; i < end; i++)
    if (cd_record_has(record, i))
      {
        g_autofree gchar *value = unit_show(record->values[i]);
        g_string_append_printf(shown, "%s=%s\n", unit_field_key(i).data, value);
      }
  return g_string_free(shown, FALSE);
}

/** The same with the message in front and the marks behind, as far as there are any. */
static inline gchar *
unit_show_statement(const CdStatement *statement)
{
  g_autofree gchar *message = statement->message
                                ? g_strconcat("[", statement->message->text.data, "]\n", NULL)
                                : NULL;
  g_autofree gchar *record = unit_show_record(&statement->said, CD_N_FIELDS);

  return g_strconcat(message ? message : "", record,
                     statement->contradiction ? "CONTRADICTION\n" : "",
                     statement->malformed ? "MALFORMED\n" : "", NULL);
}

/** Takes `KEY=VALUE` lines for a sender's fields; the views last as long as @lines. */
static inline void
unit_say(CdStatement *statement, const gchar *lines)
{
  while (*lines)
    {
      const gchar *end = strchrnul(lines, '\n');
      const gchar *equals = strchr(lines, '=');
      CdText key = cd_text_between(lines, equals);
      CdField field;

      g_assert_true(cd_field_from_name(key, &field) || cd_field_from_slog_key(key, &field));
      cd_statement_add(statement, field, cd_text_between(equals + 1, end));
      lines = *end ? end + 1 : end;
    }
}

#endif
