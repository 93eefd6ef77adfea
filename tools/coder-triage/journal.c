/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "journal.h"

#include "slog/json-guard.h"

#include <json-glib/json-glib.h>

#define PREFIX CD_TEXT("CODER_")
#define REASON "CODER_DISCONNECT_REASON"
#define MESSAGE "MESSAGE"

gboolean
cd_journal_claims(CdText text)
{
  return cd_text_find(text, CD_TEXT("\"" REASON "\"")) != NULL;
}

gboolean
cd_journal_matters(CdText text)
{
  return cd_journal_claims(text) || cd_text_find(text, CD_TEXT("\"" MESSAGE "\""));
}

static gboolean
_holds(JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

static gboolean
_is_byte(JsonNode *node)
{
  return _holds(node, G_TYPE_INT64) && json_node_get_int(node) >= 0
         && json_node_get_int(node) <= G_MAXUINT8;
}

static gboolean
_is_bytes(JsonNode *node)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY(node))
    return FALSE;
  array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); i++)
    if (!_is_byte(json_array_get_element(array, i)))
      return FALSE;
  return TRUE;
}

static CdText
_store_bytes(JsonArray *array, CdStatement *statement)
{
  g_autoptr(GString) bytes = g_string_new(NULL);

  for (guint i = 0; i < json_array_get_length(array); i++)
    g_string_append_c(bytes, (gchar) json_array_get_int_element(array, i));
  return cd_statement_store(statement, (CdText) { bytes->str, bytes->len });
}

/* One value of a field. Returns: %FALSE for what the journal does not write. */
static gboolean
_read_value(JsonNode *node, CdStatement *statement, CdText *value)
{
  if (_holds(node, G_TYPE_STRING))
    *value = cd_statement_store(statement, cd_text_from_string(json_node_get_string(node)));
  else if (_is_bytes(node))
    *value = _store_bytes(json_node_get_array(node), statement);
  else
    return FALSE;
  return TRUE;
}

static void
_add_value(CdField field, JsonNode *node, CdStatement *statement)
{
  CdText value;

  if (_read_value(node, statement, &value))
    cd_statement_add(statement, field, value);
  else
    statement->malformed = TRUE;
}

static void
_add_field(CdField field, JsonNode *node, CdStatement *statement)
{
  JsonArray *values;

  if (!JSON_NODE_HOLDS_ARRAY(node) || _is_bytes(node))
    {
      _add_value(field, node, statement);
      return;
    }
  values = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(values); i++)
    _add_value(field, json_array_get_element(values, i), statement);
}

static void
_read_fields(JsonObject *entry, CdStatement *statement)
{
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;
  CdField field;

  statement->source = CD_SOURCE_JOURNALD;
  json_object_iter_init(&iter, entry);
  while (json_object_iter_next(&iter, &name, &node))
    {
      CdText key = cd_text_from_string(name);
      if (cd_text_has_prefix(key, PREFIX) && cd_field_from_journald(key, &field))
        _add_field(field, node, statement);
    }
}

static JsonObject *
_parse(CdText text, JsonParser *parser, CdStatement *statement)
{
  g_autoptr(GString) safe = g_string_sized_new(text.length);
  CdJsonState state = cd_json_guard(text, safe);
  JsonNode *root;

  if (state != CD_JSON_SOUND)
    statement->malformed = TRUE;
  if (state == CD_JSON_REFUSED || !json_parser_load_from_data(parser, safe->str, -1, NULL))
    return NULL;
  root = json_parser_get_root(parser);
  return root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

CdJournalEntry
cd_journal_read(CdText text, CdStatement *statement, CdText *message)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  JsonObject *entry = _parse(text, parser, statement);
  JsonNode *node;

  if (!entry)
    return CD_JOURNAL_NOTHING;
  if (json_object_has_member(entry, REASON))
    {
      _read_fields(entry, statement);
      return CD_JOURNAL_FIELDS;
    }
  node = json_object_get_member(entry, MESSAGE);
  if (!node || !_read_value(node, statement, message))
    return CD_JOURNAL_NOTHING;
  return CD_JOURNAL_TEXT;
}
