/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules.h"

#include "disconnect/field.h"
#include "disconnect/label.h"
#include "json-writer.h"
#include "name-table.h"
#include "when.h"

static void
_begin_table(JsonBuilder *builder, const gchar *name)
{
  json_builder_set_member_name(builder, name);
  json_builder_begin_array(builder);
}

static void
_add_names(JsonBuilder *builder, const gchar *name, const GPtrArray *names)
{
  _begin_table(builder, name);
  for (guint i = 0; i < names->len; i++)
    json_builder_add_string_value(builder, g_ptr_array_index(names, i));
  json_builder_end_array(builder);
}

static void
_add_when(JsonBuilder *builder, const CdRule *rule)
{
  json_builder_set_member_name(builder, "when");
  json_builder_begin_object(builder);
  for (guint i = 0; i < CD_N_WHENS; i++)
    {
      g_autoptr(GPtrArray) names = g_ptr_array_new();
      if (cd_when_get_names(i, rule, names))
        _add_names(builder, cd_when_get_name(i), names);
    }
  json_builder_end_object(builder);
}

static const gchar *
_name_gives(CdGives gives)
{
  switch (gives)
    {
    case CD_GIVES_FIXED:
      return "fixed";
    case CD_GIVES_DECLARED:
      return "declared";
    case CD_GIVES_DECLARED_INITIATOR:
      return "declared_initiator";
    case CD_GIVES_NOTHING:
      return "nothing";
    }
  g_return_val_if_reached("");
}

static void
_add_verdict(JsonBuilder *builder, const CdRule *rule)
{
  cd_json_add_string(builder, "gives", _name_gives(rule->gives));
  if (rule->gives == CD_GIVES_DECLARED)
    return;
  cd_json_add_string(builder, "reason", cd_reason_get_info(rule->reason)->name);
  cd_json_add_boolean(builder, "expected", cd_reason_is_expected(rule->reason));
  if (rule->gives == CD_GIVES_FIXED)
    cd_json_add_string(builder, "initiator", cd_initiator_get_info(rule->initiator)->name);
}

static void
_add_rules(JsonBuilder *builder)
{
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  _begin_table(builder, "rules");
  for (guint i = 0; i < n_rules; i++)
    {
      json_builder_begin_object(builder);
      cd_json_add_integer(builder, "number", rules[i].number);
      cd_json_add_string(builder, "name", rules[i].name);
      cd_json_add_string(builder, "sentence", rules[i].sentence);
      _add_when(builder, &rules[i]);
      _add_verdict(builder, &rules[i]);
      json_builder_end_object(builder);
    }
  json_builder_end_array(builder);
}

static void
_add_reasons(JsonBuilder *builder)
{
  _begin_table(builder, "reasons");
  for (guint i = 0; i < CD_N_REASONS; i++)
    {
      const CdReasonInfo *info = cd_reason_get_info(i);
      json_builder_begin_object(builder);
      cd_json_add_string(builder, "name", info->name);
      cd_json_add_boolean(builder, "expected", info->expected);
      cd_json_add_string(builder, "explanation", info->explanation);
      cd_json_add_string(builder, "next_step", info->next_step);
      json_builder_end_object(builder);
    }
  json_builder_end_array(builder);
}

static void
_add_name_table(JsonBuilder *builder, const CdNameTable *table)
{
  _begin_table(builder, table->key);
  for (guint i = 0; i < table->n_rows; i++)
    {
      const CdNameInfo *row = table->get_row(i);
      json_builder_begin_object(builder);
      cd_json_add_string(builder, "name", row->name);
      cd_json_add_string(builder, "explanation", row->explanation);
      json_builder_end_object(builder);
    }
  json_builder_end_array(builder);
}

static void
_add_name_tables(JsonBuilder *builder)
{
  guint n_tables;
  const CdNameTable *tables = cd_name_tables(&n_tables);

  for (guint i = 0; i < n_tables; i++)
    _add_name_table(builder, &tables[i]);
}

static void
_add_sites(JsonBuilder *builder)
{
  _begin_table(builder, "sites");
  for (guint i = CD_SITE_NONE + 1; i < CD_N_SITES; i++)
    {
      const CdSiteInfo *info = cd_site_get_info(i);
      json_builder_begin_object(builder);
      cd_json_add_string(builder, "name", info->name);
      cd_json_add_string(builder, "layer", cd_layer_get_info(info->layer)->name);
      cd_json_add_string(builder, "explanation", info->explanation);
      json_builder_end_object(builder);
    }
  json_builder_end_array(builder);
}

static void
_add_messages(JsonBuilder *builder)
{
  guint n_messages;
  const CdSiteMessage *messages = cd_site_messages(&n_messages);

  _begin_table(builder, "messages");
  for (guint i = 0; i < n_messages; i++)
    {
      json_builder_begin_object(builder);
      cd_json_add_string(builder, "text", messages[i].text.data);
      cd_json_add_string(builder, "site", cd_site_get_info(messages[i].site)->name);
      cd_json_add_boolean(builder, "needs_error", messages[i].needs_error);
      json_builder_end_object(builder);
    }
  json_builder_end_array(builder);
}

static void
_add_key(JsonBuilder *builder, const gchar *name, CdText key)
{
  if (!cd_text_is_empty(key))
    cd_json_add_string(builder, name, key.data);
}

static void
_add_field(JsonBuilder *builder, CdField field)
{
  const CdFieldInfo *info = cd_field_get_info(field);
  g_autofree gchar *journald = cd_field_to_journald(field);

  json_builder_begin_object(builder);
  cd_json_add_string(builder, "name", info->name.data);
  cd_json_add_string(builder, "kind", cd_kind_get_name(info->kind));
  cd_json_add_boolean(builder, "on_the_wire", field < CD_N_WIRE_FIELDS);
  _add_key(builder, "slog_key", info->slog_key);
  _add_key(builder, "connection_log_key", info->log_key);
  if (field < CD_N_WIRE_FIELDS)
    cd_json_add_string(builder, "journald_field", journald);
  cd_json_add_string(builder, "explanation", info->explanation);
  json_builder_end_object(builder);
}

static void
_add_fields(JsonBuilder *builder)
{
  _begin_table(builder, "fields");
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    _add_field(builder, i);
  json_builder_end_array(builder);
}

static void
_add_tag(JsonBuilder *builder, CdTag tag)
{
  g_autofree gchar *name = cd_tag_make_name(tag);

  json_builder_add_string_value(builder, name);
}

static void
_add_counter(JsonBuilder *builder, CdCounter counter)
{
  json_builder_begin_object(builder);
  cd_json_add_string(builder, "kind", cd_counter_get_kind(counter));
  cd_json_add_string(builder, "value", cd_counter_get_value(counter));
  json_builder_end_object(builder);
}

static void
_add_labels(JsonBuilder *builder)
{
  _begin_table(builder, "tags");
  for (guint i = 0; i < CD_N_TAGS; i++)
    _add_tag(builder, i);
  json_builder_end_array(builder);
  _begin_table(builder, "counters");
  for (guint i = 0; i < CD_N_COUNTERS; i++)
    _add_counter(builder, i);
  json_builder_end_array(builder);
}

void
cd_rules_print_json(FILE *out)
{
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable();

  json_builder_begin_object(builder);
  _add_rules(builder);
  _add_reasons(builder);
  _add_name_tables(builder);
  _add_sites(builder);
  _add_messages(builder);
  _add_fields(builder);
  _add_labels(builder);
  json_builder_end_object(builder);
  cd_json_print(builder, TRUE, out);
}
