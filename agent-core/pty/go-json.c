/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/go-json.h"

/* A request has one level; Go knows no limit, our memory does. */
#define DEPTH_MAX 8

#define REPLACEMENT "\357\277\275"

/* clang-format off */
G_DEFINE_QUARK(cd-pty-error-quark, cd_pty_error)
/* clang-format on */

json_tokener *
cd_go_json_new_tokener(void)
{
  json_tokener *self = json_tokener_new_ex(DEPTH_MAX);

  json_tokener_set_flags(self, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
  return self;
}

json_object *
cd_go_json_get(json_object *object, const gchar *key)
{
  json_object *found = NULL;

  json_object_object_foreach(object, name, value)
  {
    if (g_ascii_strcasecmp(name, key) == 0 && value)
      found = value;
  }
  return found;
}

/* Go looks at the digits, so 1.0 and 1e2 are refused; json-c makes doubles of them. */
gboolean
cd_go_json_get_uint16(json_object *object, const gchar *key, guint16 *value, GError **error)
{
  json_object *found = cd_go_json_get(object, key);
  gint64 number;

  *value = 0;
  if (!found)
    return TRUE;
  number = json_object_is_type(found, json_type_int) ? json_object_get_int64(found) : -1;
  if (number < 0 || number > G_MAXUINT16)
    {
      g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL, "%s: not an integer from 0 to 65535",
                  key);
      return FALSE;
    }
  *value = (guint16) number;
  return TRUE;
}

/* g_utf8_validate() stops at NUL, which is a character here. */
static GString *
_make_valid(const gchar *bytes, gsize length)
{
  GString *text = g_string_sized_new(length);
  const gchar *end = bytes + length;

  while (bytes < end)
    {
      const gchar *stop;

      if (g_utf8_validate(bytes, end - bytes, &stop))
        stop = end;
      g_string_append_len(text, bytes, stop - bytes);
      if (stop < end && *stop == '\0')
        g_string_append_c(text, '\0');
      else if (stop < end)
        g_string_append(text, REPLACEMENT);
      bytes = stop < end ? stop + 1 : end;
    }
  return text;
}

gboolean
cd_go_json_get_string(json_object *object, const gchar *key, GString **value, GError **error)
{
  json_object *found = cd_go_json_get(object, key);

  if (found && !json_object_is_type(found, json_type_string))
    {
      g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL, "%s: not a string", key);
      return FALSE;
    }
  *value = found
             ? _make_valid(json_object_get_string(found), (gsize) json_object_get_string_len(found))
             : g_string_new(NULL);
  return TRUE;
}
