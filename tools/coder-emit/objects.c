/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "objects.h"

#include "slog/json-guard.h"

#include <json-glib/json-glib.h>

#define BLOCK_SIZE (16 * 1024)

struct _CdObjects
{
  GInputStream *stream;
  CdObjectsFunc func;
  CdObjectsEnd end;
  gpointer user_data;
  GCancellable *cancellable;
  GString *line;
  guint64 number;
  gboolean is_too_long;
  gboolean is_reading;
  gboolean is_paused;
  gchar block[BLOCK_SIZE];
};

G_DEFINE_QUARK(cd-objects-error-quark, cd_objects_error);

CdObjects *
cd_objects_new(GInputStream *stream, CdObjectsFunc func, CdObjectsEnd end, gpointer user_data)
{
  CdObjects *self = g_new0(CdObjects, 1);

  self->stream = g_object_ref(stream);
  self->func = func;
  self->end = end;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new();
  self->line = g_string_new(NULL);
  return self;
}

/* --- one line --------------------------------------------------------------------------------- */

/* Returns: (transfer full): %NULL for what is no plain value. */
static gchar *
_value_of(JsonNode *node)
{
  switch (JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID)
    {
    case G_TYPE_STRING:
      return json_node_dup_string(node);
    case G_TYPE_INT64:
      return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
    case G_TYPE_BOOLEAN:
      return g_strdup(json_node_get_boolean(node) ? "true" : "false");
    default:
      return NULL;
    }
}

/* The keys of a line. */
typedef struct _Keys
{
  GHashTable *seen;
  gchar *repeated; /* the first one that came twice */
} Keys;

static void
_clear_keys(Keys *self)
{
  g_hash_table_unref(self->seen);
  g_free(self->repeated);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keys, _clear_keys)

static gchar *
_without(const gchar *key, const gchar *mark)
{
  return g_strndup(key, strlen(key) - (g_str_has_suffix(key, mark) ? strlen(mark) : 0));
}

/* json-glib announces each member and keeps the last of a key; the guard renames what it knows. */
static void
_note_member(JsonParser *parser, JsonObject *object, const gchar *key, gpointer user_data)
{
  Keys *self = user_data;
  g_autofree gchar *plain = _without(key, CD_JSON_REPEATED);

  if (!g_hash_table_add(self->seen, g_strdup_printf("%p %s", (gpointer) object, plain))
      && !self->repeated)
    self->repeated = g_steal_pointer(&plain);
}

static gboolean
_refuse(GError **error, const gchar *key, const gchar *why)
{
  g_set_error(error, CD_OBJECTS_ERROR, CD_OBJECTS_ERROR_LINE, "%s: %s", *key ? key : "\"\"", why);
  return FALSE;
}

static gboolean
_set_member(CdClosing *closing, const gchar *key, JsonNode *node, GError **error)
{
  g_autofree gchar *value = _value_of(node);
  g_autofree gchar *plain = _without(key, CD_JSON_ESCAPED);

  if (!g_str_equal(plain, key))
    return _refuse(error, plain, "a key is written without escapes");
  if (!value)
    return _refuse(error, key, "allowed: a string, an integer, true or false");
  return cd_closing_set(closing, cd_text_from_string(key), cd_text_from_string(value), error);
}

static gboolean
_set_members(CdClosing *closing, JsonObject *object, GError **error)
{
  JsonObjectIter iter;
  const gchar *key;
  JsonNode *node;

  json_object_iter_init(&iter, object);
  while (json_object_iter_next(&iter, &key, &node))
    if (!_set_member(closing, key, node, error))
      return FALSE;
  return TRUE;
}

static gboolean
_parse(CdText line, JsonParser *parser, GError **error)
{
  g_autoptr(GString) safe = g_string_new(NULL);
  g_auto(Keys) keys = { g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), NULL };

  if (!cd_text_has_prefix(line, CD_TEXT("{")) || cd_json_guard(line, safe) != CD_JSON_SOUND)
    {
      g_set_error(error, CD_OBJECTS_ERROR, CD_OBJECTS_ERROR_LINE, "no whole JSON object");
      return FALSE;
    }
  g_signal_connect(parser, "object-member", G_CALLBACK(_note_member), &keys);
  if (!json_parser_load_from_data(parser, safe->str, (gssize) safe->len, error))
    return FALSE;
  return !keys.repeated || _refuse(error, keys.repeated, "is given twice");
}

/* Returns: (transfer none): %NULL with an error */
static const CdRecord *
_read_line(const CdObjects *self, CdText line, CdClosing *closing, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new();

  if (self->is_too_long)
    {
      g_set_error(error, CD_OBJECTS_ERROR, CD_OBJECTS_ERROR_LINE, "over %d bytes",
                  CD_OBJECTS_LINE_MAX);
      return NULL;
    }
  if (!_parse(line, parser, error)
      || !_set_members(closing, json_node_get_object(json_parser_get_root(parser)), error))
    return NULL;
  return cd_closing_finish(closing, error);
}

static void
_hand_out(const CdObjects *self, CdText line)
{
  g_autoptr(CdClosing) closing = cd_closing_new();
  g_autoptr(GError) error = NULL;
  const CdRecord *record = _read_line(self, line, closing, &error);

  if (!record)
    g_prefix_error(&error, "line %" G_GUINT64_FORMAT ": ", self->number);
  self->func(record, error, self->user_data);
}

static void
_end_line(CdObjects *self)
{
  CdText line = cd_text_strip((CdText) { self->line->str, self->line->len });

  self->number++;
  if (line.length || self->is_too_long)
    _hand_out(self, line);
  g_string_truncate(self->line, 0);
  self->is_too_long = FALSE;
}

/* --- the stream ------------------------------------------------------------------------------- */

static void
_append(CdObjects *self, CdText part)
{
  if (self->line->len + part.length > CD_OBJECTS_LINE_MAX)
    self->is_too_long = TRUE;
  else
    g_string_append_len(self->line, part.data, (gssize) part.length);
}

static void
_take_block(CdObjects *self, CdText block)
{
  const gchar *newline;

  while ((newline = memchr(block.data, '\n', block.length)))
    {
      gsize length = (gsize) (newline - block.data);

      _append(self, cd_text_head(block, length));
      _end_line(self);
      block = cd_text_skip(block, length + 1);
    }
  _append(self, block);
}

static void _read_on(CdObjects *self);

static void
_read_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  gssize length = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);
  CdObjects *self = user_data;

  self->is_reading = FALSE;
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (length > 0)
    {
      _take_block(self, (CdText) { self->block, (gsize) length });
      _read_on(self);
      return;
    }
  if (self->line->len || self->is_too_long)
    _end_line(self);
  self->end(error, self->user_data);
}

static void
_read_on(CdObjects *self)
{
  if (self->is_reading || self->is_paused)
    return;
  self->is_reading = TRUE;
  g_input_stream_read_async(self->stream, self->block, sizeof(self->block), G_PRIORITY_DEFAULT,
                            self->cancellable, _read_done, self);
}

void
cd_objects_resume(CdObjects *self)
{
  self->is_paused = FALSE;
  _read_on(self);
}

void
cd_objects_pause(CdObjects *self)
{
  self->is_paused = TRUE;
}

/* A read that is under way writes into the block. */
void
cd_objects_free(CdObjects *self)
{
  g_cancellable_cancel(self->cancellable);
  while (self->is_reading)
    g_main_context_iteration(NULL, TRUE);
  g_object_unref(self->cancellable);
  g_object_unref(self->stream);
  g_string_free(self->line, TRUE);
  g_free(self);
}
