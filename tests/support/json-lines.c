/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What end-to-end tests need to know of JSON that a template wrote, and no shell tells:
 *
 *   json-lines clean FILE [RAW...]    whether each line is one object of UTF-8, and no string in it
 *                                     but those of the members RAW has a character that a reader
 *                                     does not see: controls, marks of direction, line separators
 *   json-lines get FILE MEMBER...     prints these members of each line, a blank between two */

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gboolean
is_invisible(gunichar c)
{
  switch (g_unichar_type(c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_clean(const gchar *text)
{
  for (; *text; text = g_utf8_next_char(text))
    if (is_invisible(g_utf8_get_char(text)))
      return FALSE;
  return TRUE;
}

/* Returns: what is wrong, NULL for nothing. */
static const gchar *
find_fault(JsonObject *object, const gchar *const *raw)
{
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init(&iter, object);
  while (json_object_iter_next(&iter, &name, &node))
    {
      if (!is_clean(name))
        return "a name";
      if (g_strv_contains(raw, name) || json_node_get_value_type(node) != G_TYPE_STRING)
        continue;
      if (!is_clean(json_node_get_string(node)))
        return g_intern_string(name);
    }
  return NULL;
}

static JsonObject *
parse_line(JsonParser *parser, const gchar *line)
{
  JsonNode *root;

  if (!g_utf8_validate(line, -1, NULL) || !json_parser_load_from_data(parser, line, -1, NULL))
    return NULL;
  root = json_parser_get_root(parser);
  return root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

static void
print_members(JsonObject *object, gchar **names)
{
  for (gchar **name = names; *name; name++)
    {
      JsonNode *node = json_object_get_member(object, *name);
      const gchar *text = node ? json_node_get_string(node) : NULL;
      printf("%s%s", name == names ? "" : " ", text ? text : "");
    }
  printf("\n");
}

static gchar **
read_lines(const gchar *path)
{
  g_autofree gchar *data = NULL;
  gsize length;

  if (!g_file_get_contents(path, &data, &length, NULL) || strlen(data) != length
      || (length && data[length - 1] != '\n'))
    {
      g_printerr("json-lines: %s: cannot be read, has a NUL, or does not end a line\n", path);
      exit(2);
    }
  if (length)
    data[length - 1] = '\0';
  return length ? g_strsplit(data, "\n", -1) : g_new0(gchar *, 1);
}

static gboolean
do_line(const gchar *command, JsonObject *object, const gchar *line, gchar **members)
{
  const gchar *fault;

  if (!object)
    fault = "is no object";
  else if (g_str_equal(command, "get"))
    {
      print_members(object, members);
      return TRUE;
    }
  else
    fault = find_fault(object, (const gchar *const *) members);
  if (fault)
    g_printerr("json-lines: %s: %s\n", fault, line);
  return !fault;
}

int
main(int argc, char **argv)
{
  g_autoptr(JsonParser) parser = json_parser_new();
  g_auto(GStrv) lines = NULL;
  gboolean is_good = TRUE;

  if (argc < 3 || (!g_str_equal(argv[1], "clean") && !g_str_equal(argv[1], "get")))
    {
      g_printerr("usage: json-lines clean FILE [RAW...] | json-lines get FILE MEMBER...\n");
      return 2;
    }
  lines = read_lines(argv[2]);
  for (gchar **line = lines; *line; line++)
    is_good &= do_line(argv[1], parse_line(parser, *line), *line, argv + 3);
  return is_good ? 0 : 1;
}
