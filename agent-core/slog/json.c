/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/json.h"

#include "slog/chain.h"
#include "slog/json-guard.h"

#include <json-glib/json-glib.h>

#define FORMAT(source) (1u << CD_SOURCE_##source)

/* Behind `"msg"` or `"message"` the log message follows as a string. */
static gboolean
_is_site_message_after(CdText text, CdText key)
{
  const gchar *at = cd_text_find(text, key);
  CdText rest;
  const gchar *end;

  if (!at)
    return FALSE;
  rest = cd_text_strip(cd_text_between(at + key.length, text.data + text.length));
  if (!cd_text_has_prefix(rest, CD_TEXT(":")))
    return FALSE;
  rest = cd_text_strip(cd_text_skip(rest, 1));
  if (!cd_text_has_prefix(rest, CD_TEXT("\"")))
    return FALSE;
  rest = cd_text_skip(rest, 1);
  end = rest.length ? memchr(rest.data, '"', rest.length) : NULL;
  return end && cd_site_message_find(cd_text_between(rest.data, end)) != NULL;
}

static gboolean
_has_site_message(CdText text)
{
  return _is_site_message_after(text, CD_TEXT("\"msg\""))
         || _is_site_message_after(text, CD_TEXT("\"message\""));
}

gboolean
cd_json_matters(CdText text)
{
  return cd_text_find(text, CD_TEXT("isconnect")) || _has_site_message(text);
}

gboolean
cd_json_claims(CdText text)
{
  return cd_text_find(text, CD_TEXT("\"disconnect_reason\"")) || _has_site_message(text);
}

static gboolean
_is_string(JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
}

static CdText
_get_string(JsonObject *object, const gchar *key)
{
  JsonNode *node = json_object_get_member(object, key);

  return _is_string(node) ? cd_text_from_string(json_node_get_string(node)) : CD_TEXT_NONE;
}

static CdText
_number_to_text(JsonNode *node, CdStatement *statement)
{
  gchar digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (json_node_get_value_type(node) == G_TYPE_INT64)
    g_snprintf(digits, sizeof(digits), "%" G_GINT64_FORMAT, json_node_get_int(node));
  else
    g_ascii_dtostr(digits, sizeof(digits), json_node_get_double(node));
  return cd_statement_store(statement, cd_text_from_string(digits));
}

static CdText
_value_to_text(JsonNode *node, CdStatement *statement)
{
  if (_is_string(node))
    return cd_text_from_string(json_node_get_string(node));
  if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean(node) ? CD_TEXT("true") : CD_TEXT("false");
  return _number_to_text(node, statement);
}

/* A layer of a wrapped error is {"msg", "fun", "loc"}; an API error {"message", "detail"}. */
static void
_append_layer(GString *chain, JsonNode *node)
{
  JsonObject *layer;

  if (_is_string(node))
    cd_chain_append(chain, cd_text_from_string(json_node_get_string(node)));
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return;
  layer = json_node_get_object(node);
  cd_chain_append(chain, _get_string(layer, "msg"));
  cd_chain_append(chain, _get_string(layer, "message"));
  cd_chain_append(chain, _get_string(layer, "detail"));
}

static gboolean
_is_empty(JsonNode *node)
{
  JsonObjectIter iter;

  if (JSON_NODE_HOLDS_ARRAY(node))
    return json_array_get_length(json_node_get_array(node)) == 0;
  json_object_iter_init(&iter, json_node_get_object(node));
  return !json_object_iter_next(&iter, NULL, NULL);
}

static CdText
_error_to_text(JsonNode *node, CdStatement *statement)
{
  g_autoptr(GString) chain = g_string_new(NULL);

  if (JSON_NODE_HOLDS_ARRAY(node))
    {
      JsonArray *layers = json_node_get_array(node);
      for (guint i = 0; i < json_array_get_length(layers); i++)
        _append_layer(chain, json_array_get_element(layers, i));
    }
  else
    _append_layer(chain, node);
  if (chain->len == 0 && !_is_empty(node))
    return CD_TEXT("(an error of no known form)"); /* there is one, and it proves nothing */
  return cd_statement_store(statement, (CdText) { chain->str, chain->len });
}

static CdText
_node_to_text(CdField field, JsonNode *node, CdStatement *statement)
{
  if (JSON_NODE_HOLDS_NULL(node))
    return field == CD_FIELD_ERROR ? CD_TEXT("<nil>") : CD_TEXT("");
  if (JSON_NODE_HOLDS_VALUE(node))
    return _value_to_text(node, statement);
  if (field == CD_FIELD_ERROR)
    return _error_to_text(node, statement);
  statement->malformed = TRUE;
  return CD_TEXT("");
}

/* A key of ours that was written with escapes, which Coder does not: somebody hides it. */
static gboolean
_is_hidden_field(const gchar *key)
{
  CdText name = cd_text_from_string(key);
  CdField field;

  return g_str_has_suffix(key, CD_JSON_ESCAPED)
         && cd_field_from_slog_key(cd_text_head(name, name.length - strlen(CD_JSON_ESCAPED)),
                                   &field);
}

/* A name that Coder itself could write so has never been seen; at worst a mark too many. */
static gboolean
_is_repeated(const gchar *key)
{
  return g_str_has_suffix(key, CD_JSON_REPEATED);
}

/* The first of two members stands, and its repetition is noticed. */
static void
_look_for_repeated(JsonObject *object, CdStatement *statement)
{
  JsonObjectIter iter;
  const gchar *key;

  json_object_iter_init(&iter, object);
  while (json_object_iter_next(&iter, &key, NULL))
    if (_is_repeated(key))
      statement->contradiction = TRUE;
}

static void
_read_object(JsonObject *object, CdStatement *statement)
{
  JsonObjectIter iter;
  const gchar *key;
  JsonNode *node;

  json_object_iter_init(&iter, object);
  while (json_object_iter_next(&iter, &key, &node))
    {
      CdField field;
      if (_is_repeated(key) || _is_hidden_field(key))
        statement->contradiction = TRUE;
      else if (cd_field_from_slog_key(cd_text_from_string(key), &field))
        cd_statement_add(statement, field, _node_to_text(field, node, statement));
    }
  cd_statement_settle_connection_log(statement);
}

/* Takes the object into the statement, which owns it from then on. */
static JsonObject *
_parse(CdText text, CdStatement *statement)
{
  g_autoptr(GString) safe = g_string_sized_new(text.length);
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  CdJsonState state = cd_json_guard(text, safe);
  JsonNode *root;

  if (state != CD_JSON_SOUND)
    statement->malformed = TRUE;
  if (state == CD_JSON_REFUSED || !json_parser_load_from_data(parser, safe->str, -1, NULL))
    return NULL;
  root = json_parser_get_root(parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT(root))
    return NULL;
  statement->owner = g_steal_pointer(&parser);
  statement->free_owner = g_object_unref;
  return json_node_get_object(root);
}

static gboolean
_read_slog(JsonObject *root, CdStatement *statement)
{
  CdText message = _get_string(root, "msg");
  JsonNode *fields = json_object_get_member(root, "fields");

  if (!message.data || !json_object_has_member(root, "level"))
    return FALSE;
  statement->source = CD_SOURCE_SLOG_JSON;
  statement->message = cd_site_message_find(message);
  _look_for_repeated(root, statement);
  if (fields && JSON_NODE_HOLDS_OBJECT(fields))
    _read_object(json_node_get_object(fields), statement);
  return TRUE;
}

static gboolean
_read_stackdriver(JsonObject *root, CdStatement *statement)
{
  CdText message = _get_string(root, "message");

  if (!message.data
      || !(json_object_has_member(root, "severity")
           || json_object_has_member(root, "logging.googleapis.com/severity")))
    return FALSE;
  statement->source = CD_SOURCE_STACKDRIVER;
  statement->message = cd_site_message_find(message);
  _read_object(root, statement);
  return TRUE;
}

gboolean
cd_json_read(CdText text, guint formats, CdStatement *statement)
{
  JsonObject *root = _parse(text, statement);

  if (!root)
    return FALSE;
  if ((formats & FORMAT(SLOG_JSON)) && _read_slog(root, statement))
    return TRUE;
  return (formats & FORMAT(STACKDRIVER)) && _read_stackdriver(root, statement);
}

gboolean
cd_json_read_fields(CdText text, CdStatement *statement)
{
  JsonObject *root = _parse(text, statement);

  if (root)
    _read_object(root, statement);
  return root != NULL;
}
