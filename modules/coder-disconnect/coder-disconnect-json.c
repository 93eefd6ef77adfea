/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-json.h"

#include <dlfcn.h>
#include <json-glib/json-glib.h>

#define JSON_GLIB "libjson-glib-1.0.so.0"

/* The functions of json-glib that agent-core/slog calls, with their own names and types: inside
 * this module they stand for the library's, outside of it nobody sees them. */

typedef struct
{
  const gchar *name;
  gpointer *function;
} JsonFunction;

static __typeof__(json_parser_new_immutable) *_json_parser_new_immutable;
static __typeof__(json_parser_load_from_data) *_json_parser_load_from_data;
static __typeof__(json_parser_get_root) *_json_parser_get_root;
static __typeof__(json_node_get_node_type) *_json_node_get_node_type;
static __typeof__(json_node_get_value_type) *_json_node_get_value_type;
static __typeof__(json_node_get_object) *_json_node_get_object;
static __typeof__(json_node_get_array) *_json_node_get_array;
static __typeof__(json_node_get_string) *_json_node_get_string;
static __typeof__(json_node_get_boolean) *_json_node_get_boolean;
static __typeof__(json_node_get_int) *_json_node_get_int;
static __typeof__(json_node_get_double) *_json_node_get_double;
static __typeof__(json_object_get_member) *_json_object_get_member;
static __typeof__(json_object_has_member) *_json_object_has_member;
static __typeof__(json_object_iter_init) *_json_object_iter_init;
static __typeof__(json_object_iter_next) *_json_object_iter_next;
static __typeof__(json_array_get_length) *_json_array_get_length;
static __typeof__(json_array_get_element) *_json_array_get_element;

static const JsonFunction functions[] = {
  { "json_parser_new_immutable", (gpointer *) &_json_parser_new_immutable },
  { "json_parser_load_from_data", (gpointer *) &_json_parser_load_from_data },
  { "json_parser_get_root", (gpointer *) &_json_parser_get_root },
  { "json_node_get_node_type", (gpointer *) &_json_node_get_node_type },
  { "json_node_get_value_type", (gpointer *) &_json_node_get_value_type },
  { "json_node_get_object", (gpointer *) &_json_node_get_object },
  { "json_node_get_array", (gpointer *) &_json_node_get_array },
  { "json_node_get_string", (gpointer *) &_json_node_get_string },
  { "json_node_get_boolean", (gpointer *) &_json_node_get_boolean },
  { "json_node_get_int", (gpointer *) &_json_node_get_int },
  { "json_node_get_double", (gpointer *) &_json_node_get_double },
  { "json_object_get_member", (gpointer *) &_json_object_get_member },
  { "json_object_has_member", (gpointer *) &_json_object_has_member },
  { "json_object_iter_init", (gpointer *) &_json_object_iter_init },
  { "json_object_iter_next", (gpointer *) &_json_object_iter_next },
  { "json_array_get_length", (gpointer *) &_json_array_get_length },
  { "json_array_get_element", (gpointer *) &_json_array_get_element },
};

JsonParser *
json_parser_new_immutable(void)
{
  return _json_parser_new_immutable();
}

gboolean
json_parser_load_from_data(JsonParser *parser, const gchar *data, gssize length, GError **error)
{
  return _json_parser_load_from_data(parser, data, length, error);
}

JsonNode *
json_parser_get_root(JsonParser *parser)
{
  return _json_parser_get_root(parser);
}

JsonNodeType
json_node_get_node_type(JsonNode *node)
{
  return _json_node_get_node_type(node);
}

GType
json_node_get_value_type(JsonNode *node)
{
  return _json_node_get_value_type(node);
}

JsonObject *
json_node_get_object(JsonNode *node)
{
  return _json_node_get_object(node);
}

JsonArray *
json_node_get_array(JsonNode *node)
{
  return _json_node_get_array(node);
}

const gchar *
json_node_get_string(JsonNode *node)
{
  return _json_node_get_string(node);
}

gboolean
json_node_get_boolean(JsonNode *node)
{
  return _json_node_get_boolean(node);
}

gint64
json_node_get_int(JsonNode *node)
{
  return _json_node_get_int(node);
}

gdouble
json_node_get_double(JsonNode *node)
{
  return _json_node_get_double(node);
}

JsonNode *
json_object_get_member(JsonObject *object, const gchar *name)
{
  return _json_object_get_member(object, name);
}

gboolean
json_object_has_member(JsonObject *object, const gchar *name)
{
  return _json_object_has_member(object, name);
}

void
json_object_iter_init(JsonObjectIter *iter, JsonObject *object)
{
  _json_object_iter_init(iter, object);
}

gboolean
json_object_iter_next(JsonObjectIter *iter, const gchar **name, JsonNode **node)
{
  return _json_object_iter_next(iter, name, node);
}

guint
json_array_get_length(JsonArray *array)
{
  return _json_array_get_length(array);
}

JsonNode *
json_array_get_element(JsonArray *array, guint index)
{
  return _json_array_get_element(array, index);
}

static gboolean
_resolve(gpointer library, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
    {
      *functions[i].function = dlsym(library, functions[i].name);
      if (*functions[i].function)
        continue;
      g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s has no function %s", JSON_GLIB,
                  functions[i].name);
      return FALSE;
    }
  return TRUE;
}

/* Never closed: its types stay registered with GObject for as long as the process lives. */
gboolean
coder_json_load(GError **error)
{
  static gpointer library;

  if (library)
    return TRUE;
  library = dlopen(JSON_GLIB, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library && _resolve(library, error))
    return TRUE;
  if (!library)
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                "cannot load json-glib (Debian's package libjson-glib-1.0-0): %s", dlerror());
  library = NULL;
  return FALSE;
}
