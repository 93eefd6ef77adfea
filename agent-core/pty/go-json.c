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

/* --- bytes beyond ASCII, on their way through json-c ------------------------------------------ */

/* A byte from 0x80 on is an escape of a character that is private: \uF780 to \uF7FF. */
#define ESCAPE_FORMAT "\\uF7%02X"
#define ESCAPE_LENGTH 6

static gboolean
_is_ascii(const gchar *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar) bytes[i] >= 0x80)
      return FALSE;
  return TRUE;
}

static GString *
_escape(const gchar *bytes, gsize length)
{
  GString *text = g_string_sized_new(length);

  for (gsize i = 0; i < length; i++)
    if ((guchar) bytes[i] >= 0x80)
      g_string_append_printf(text, ESCAPE_FORMAT, (guchar) bytes[i]);
    else
      g_string_append_c(text, bytes[i]);
  return text;
}

/* How many bytes it were of which the escaped text has @end. */
static gsize
_count_back(const gchar *bytes, gsize end)
{
  gsize n = 0;

  for (gsize passed = 0; passed < end; n++)
    passed += (guchar) bytes[n] >= 0x80 ? ESCAPE_LENGTH : 1;
  return n;
}

/* Back to bytes; such a character is 0xef, 0x9e or 0x9f, and one more byte. */
static gsize
_unescape(gchar *text, gsize length)
{
  gsize to = 0;

  for (gsize i = 0; i < length; i++)
    {
      const guchar *c = (const guchar *) text + i;

      if (c[0] == 0xef && i + 2 < length && (c[1] == 0x9e || c[1] == 0x9f))
        {
          text[to++] = (gchar) (((c[1] - 0x9e) << 6) + c[2]);
          i += 2;
        }
      else
        text[to++] = text[i];
    }
  return to;
}

json_object *
cd_go_json_parse(json_tokener *tokener, const gchar *bytes, gsize *length)
{
  g_autoptr(GString) text = NULL;
  json_object *object;

  if (_is_ascii(bytes, *length))
    {
      object = json_tokener_parse_ex(tokener, bytes, (gint) *length);
      *length = json_tokener_get_parse_end(tokener);
      return object;
    }
  text = _escape(bytes, *length);
  object = json_tokener_parse_ex(tokener, text->str, (gint) text->len);
  *length = _count_back(bytes, json_tokener_get_parse_end(tokener));
  return object;
}

/* --- values ----------------------------------------------------------------------------------- */

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
  g_autofree gchar *bytes = NULL;
  gsize length;

  if (found && !json_object_is_type(found, json_type_string))
    {
      g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL, "%s: not a string", key);
      return FALSE;
    }
  length = found ? (gsize) json_object_get_string_len(found) : 0;
  if (length == 0)
    {
      *value = g_string_new(NULL);
      return TRUE;
    }
  bytes = g_memdup2(json_object_get_string(found), length);
  *value = _make_valid(bytes, _unescape(bytes, length));
  return TRUE;
}
