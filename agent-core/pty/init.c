/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/init.h"

#include "pty/go-json.h"
#include "pty/token-guard.h"

#define NIL_ID "00000000-0000-0000-0000-000000000000"
#define N_ID_DIGITS 32

gsize
cd_pty_init_measure(CdText bytes)
{
  if (bytes.length < CD_PTY_INIT_HEAD)
    return CD_PTY_INIT_HEAD;
  return CD_PTY_INIT_HEAD + (guchar) bytes.data[0] + ((gsize) (guchar) bytes.data[1] << 8);
}

static gboolean
_refuse(GError **error, const gchar *why)
{
  g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL, "bad init: %s", why);
  return FALSE;
}

/* --- the id, in the four forms that Go's package takes ---------------------------------------- */

static CdText
_strip_form(CdText text)
{
  const CdText urn = CD_TEXT("urn:uuid:");

  if (text.length == 45 && g_ascii_strncasecmp(text.data, urn.data, urn.length) == 0)
    return cd_text_skip(text, urn.length);
  if (text.length == 38 && text.data[0] == '{' && text.data[37] == '}')
    return cd_text_head(cd_text_skip(text, 1), CD_PTY_ID_SIZE - 1);
  return text;
}

/* Where the hyphens of the usual form are. */
static gboolean
_is_hyphen_place(gsize i)
{
  return i == 8 || i == 13 || i == 18 || i == 23;
}

/* Copies digits; those of @text stand with hyphens between or without. */
static gboolean
_copy_digits(CdText text, gchar id[CD_PTY_ID_SIZE])
{
  gboolean is_bare = text.length == N_ID_DIGITS;
  gsize from = 0;

  for (gsize i = 0; i < CD_PTY_ID_SIZE - 1; i++)
    {
      if (_is_hyphen_place(i) && is_bare)
        id[i] = '-';
      else if (_is_hyphen_place(i) ? text.data[from] == '-' : g_ascii_isxdigit(text.data[from]))
        id[i] = g_ascii_tolower(text.data[from++]);
      else
        return FALSE;
    }
  id[CD_PTY_ID_SIZE - 1] = '\0';
  return TRUE;
}

static gboolean
_read_id(json_object *object, gchar id[CD_PTY_ID_SIZE], GError **error)
{
  json_object *found = cd_go_json_get(object, "ID");
  CdText text;

  memcpy(id, NIL_ID, CD_PTY_ID_SIZE);
  if (!found)
    return TRUE;
  if (!json_object_is_type(found, json_type_string))
    return _refuse(error, "ID: not a string");
  text = _strip_form(
    (CdText) { json_object_get_string(found), (gsize) json_object_get_string_len(found) });
  if ((text.length == N_ID_DIGITS || text.length == CD_PTY_ID_SIZE - 1) && _copy_digits(text, id))
    return TRUE;
  return _refuse(error, "ID: not a UUID");
}

/* --- the rest --------------------------------------------------------------------------------- */

/* What goes to a program as an argument cannot hold a NUL. */
static gboolean
_read_argument(json_object *object, const gchar *key, gchar **value, GError **error)
{
  g_autoptr(GError) why = NULL;
  GString *text;

  if (!cd_go_json_get_string(object, key, &text, &why))
    return _refuse(error, why->message);
  if (strlen(text->str) == text->len)
    {
      *value = g_string_free(text, FALSE);
      return TRUE;
    }
  g_string_free(text, TRUE);
  return _refuse(error, "a NUL character in what goes to a program");
}

static gboolean
_read_size(json_object *object, const gchar *key, guint16 *value, GError **error)
{
  g_autoptr(GError) why = NULL;

  return cd_go_json_get_uint16(object, key, value, &why) || _refuse(error, why->message);
}

static gboolean
_read_all(CdPtyInit *self, json_object *object, GError **error)
{
  return _read_id(object, self->id, error) && _read_size(object, "Height", &self->height, error)
         && _read_size(object, "Width", &self->width, error)
         && _read_argument(object, "Command", &self->command, error)
         && _read_argument(object, "Container", &self->container, error)
         && _read_argument(object, "ContainerUser", &self->container_user, error)
         && _read_argument(object, "BackendType", &self->backend, error);
}

static gboolean
_is_blank(CdText text)
{
  return cd_text_is_empty(cd_text_strip(text));
}

/* Go takes null for no change of the zero value. */
static json_object *
_parse(CdText text, GError **error)
{
  g_autoptr(json_tokener) tokener = cd_go_json_new_tokener();
  g_autoptr(json_object) object = NULL;
  enum json_tokener_error state;
  CdTokenGuard guard = { 0 };
  const gchar *flaw;
  gsize length;

  if (memchr(text.data, '\0', text.length))
    return _refuse(error, "a NUL byte"), NULL;
  flaw = cd_token_guard_look(&guard, text);
  if (flaw)
    return _refuse(error, flaw), NULL;
  length = text.length;
  object = cd_go_json_parse(tokener, text.data, &length);
  text = cd_text_skip(text, length);
  if (json_tokener_get_error(tokener) == json_tokener_continue)
    object = json_tokener_parse_ex(tokener, "", 1); /* a NUL: no more will come */
  state = json_tokener_get_error(tokener);
  if (state == json_tokener_error_parse_eof)
    return _refuse(error, "unexpected end of JSON input"), NULL;
  if (state != json_tokener_success)
    return _refuse(error, json_tokener_error_desc(state)), NULL;
  if (!_is_blank(text))
    return _refuse(error, "more than one JSON value"), NULL;
  if (object && !json_object_is_type(object, json_type_object))
    return _refuse(error, "not a JSON object"), NULL;
  return object ? g_steal_pointer(&object) : json_object_new_object();
}

CdPtyInit *
cd_pty_init_new(CdText frame, GError **error)
{
  g_autoptr(CdPtyInit) self = g_new0(CdPtyInit, 1);
  g_autoptr(json_object) object = _parse(cd_text_skip(frame, CD_PTY_INIT_HEAD), error);

  if (!object || !_read_all(self, object, error))
    return NULL;
  return g_steal_pointer(&self);
}

void
cd_pty_init_free(CdPtyInit *self)
{
  g_free(self->command);
  g_free(self->container);
  g_free(self->container_user);
  g_free(self->backend);
  g_free(self);
}
