/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record-json.h"

#include "disconnect/detail.h"
#include "disconnect/mark.h"
#include "json-writer.h"

static void
_add_text(JsonBuilder *builder, const gchar *name, CdText value)
{
  g_autoptr(GString) clean = g_string_new(NULL);

  cd_detail_append(clean, value);
  cd_json_add_string(builder, name, clean->str);
}

static void
_add_field(CdField field, CdText value, gpointer user_data)
{
  const CdFieldInfo *info = cd_field_get_info(field);
  JsonBuilder *builder = user_data;
  gint64 integer;

  if (info->kind == CD_KIND_BOOLEAN)
    cd_json_add_boolean(builder, info->name.data, cd_text_is(value, "true"));
  else if (info->kind == CD_KIND_INTEGER && cd_text_to_integer(value, &integer))
    cd_json_add_integer(builder, info->name.data, integer);
  else
    _add_text(builder, info->name.data, value);
}

static void
_add_verdict(JsonBuilder *builder, const CdJudgement *judgement)
{
  const CdVerdict *verdict = &judgement->verdict;

  cd_json_add_string(builder, "rule_name", verdict->rule->name);
  cd_json_add_string(builder, "rule_sentence", verdict->rule->sentence);
  cd_json_add_string(builder, "cause", cd_cause_get_name(verdict->cause));
  for (guint i = 0; i < CD_N_MARKS; i++)
    cd_json_add_boolean(builder, cd_mark_get_info(i)->name, cd_mark_is_set(i, judgement));
  cd_json_add_string(builder, "next_step", cd_reason_get_info(verdict->reason)->next_step);
}

void
cd_record_json_print(const CdFinding *finding, FILE *out)
{
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable();

  if (finding->kind == CD_FINDING_OTHER)
    return;
  json_builder_begin_object(builder);
  if (finding->kind == CD_FINDING_RECORD)
    {
      cd_record_foreach(&finding->statement.said, CD_N_PAIR_FIELDS, _add_field, builder);
      _add_verdict(builder, &finding->judgement);
    }
  else
    cd_json_add_boolean(builder, cd_mark_get_info(CD_MARK_MALFORMED)->name, TRUE);
  if (finding->file)
    _add_text(builder, "file", cd_text_from_string(finding->file));
  cd_json_add_integer(builder, "line_number", (gint64) finding->number);
  if (finding->is_cut)
    cd_json_add_boolean(builder, "cut", TRUE);
  json_builder_end_object(builder);
  cd_json_print(builder, FALSE, out);
}
