/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/request.h"

#include "pty/go-json.h"
#include "pty/token-guard.h"

struct _CdPtyRequestReader
{
  json_tokener *tokener;
  CdText rest;      /* of what it was fed */
  GByteArray *kept; /* where that is its own */
  gsize n_inside;   /* bytes of the request that is being read */
  CdTokenGuard guard;
  GString *data;
};

CdPtyRequestReader *
cd_pty_request_reader_new(void)
{
  CdPtyRequestReader *self = g_new0(CdPtyRequestReader, 1);

  self->tokener = cd_go_json_new_tokener();
  return self;
}

static void
_drop_data(CdPtyRequestReader *self)
{
  if (self->data)
    g_string_free(g_steal_pointer(&self->data), TRUE);
}

void
cd_pty_request_reader_free(CdPtyRequestReader *self)
{
  _drop_data(self);
  json_tokener_free(self->tokener);
  if (self->kept)
    g_byte_array_unref(self->kept);
  g_free(self);
}

void
cd_pty_request_reader_feed(CdPtyRequestReader *self, CdText bytes)
{
  g_clear_pointer(&self->kept, g_byte_array_unref);
  self->rest = bytes;
}

void
cd_pty_request_reader_keep(CdPtyRequestReader *self, CdText more)
{
  const guint8 *rest = (const guint8 *) self->rest.data;
  gsize n_read = self->kept ? (gsize) (rest - self->kept->data) : 0;

  if (!self->kept)
    {
      self->kept = g_byte_array_new();
      g_byte_array_append(self->kept, rest, (guint) self->rest.length);
    }
  g_byte_array_append(self->kept, (const guint8 *) more.data, (guint) more.length);
  self->rest.data = (const gchar *) self->kept->data + n_read;
  self->rest.length += more.length;
}

gsize
cd_pty_request_reader_count_rest(const CdPtyRequestReader *self)
{
  return self->rest.length;
}

static gboolean
_is_blank(gchar c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
_skip_blanks(CdPtyRequestReader *self)
{
  while (!cd_text_is_empty(self->rest) && _is_blank(self->rest.data[0]))
    self->rest = cd_text_skip(self->rest, 1);
}

static CdPtyRequestResult
_refuse(GError **error, const gchar *why)
{
  g_set_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL, "bad request: %s", why);
  return CD_PTY_REQUEST_BROKEN;
}

static CdPtyRequestResult
_take(CdPtyRequestReader *self, json_object *object, CdPtyRequest *request, GError **error)
{
  g_autoptr(GError) why = NULL;

  *request = (CdPtyRequest) { .data = CD_TEXT("") };
  if (!object)
    return CD_PTY_REQUEST_COMPLETE; /* null, which Go takes for no change of the zero value */
  if (!json_object_is_type(object, json_type_object))
    return _refuse(error, "not a JSON object");
  if (!cd_go_json_get_uint16(object, "height", &request->height, &why)
      || !cd_go_json_get_uint16(object, "width", &request->width, &why)
      || !cd_go_json_get_string(object, "data", &self->data, &why))
    return _refuse(error, why->message);
  request->data = (CdText) { self->data->str, self->data->len };
  return CD_PTY_REQUEST_COMPLETE;
}

static gboolean
_is_too_long(const CdPtyRequestReader *self)
{
  return self->n_inside > CD_PTY_REQUEST_MAX;
}

/* A NUL byte, which no JSON has, would be the end of the text to json-c. */
static CdText
_until_nul(CdText bytes)
{
  const gchar *nul = memchr(bytes.data, '\0', bytes.length);

  return nul ? cd_text_between(bytes.data, nul) : bytes;
}

/* The guard sees the byte that json-c stopped at, too: its word is the same with each one. */
static CdPtyRequestResult
_parse(CdPtyRequestReader *self, CdPtyRequest *request, GError **error)
{
  CdText piece = _until_nul(cd_text_head(self->rest, CD_PTY_REQUEST_MAX));
  g_autoptr(json_object) object = NULL;
  const gsize length = piece.length;
  enum json_tokener_error state;
  const gchar *flaw;

  if (cd_text_is_empty(piece))
    return _refuse(error, "a NUL byte");
  object = cd_go_json_parse(self->tokener, piece.data, &piece.length);
  state = json_tokener_get_error(self->tokener);
  if (state != json_tokener_success && state != json_tokener_continue)
    piece.length = MIN(piece.length + 1, length);
  flaw = cd_token_guard_look(&self->guard, piece);
  if (flaw)
    return _refuse(error, flaw);
  self->rest = cd_text_skip(self->rest, piece.length);
  self->n_inside += piece.length;
  if (_is_too_long(self))
    return _refuse(error, "longer than 1048576 bytes");
  if (state == json_tokener_continue)
    return CD_PTY_REQUEST_MORE;
  if (state != json_tokener_success)
    return _refuse(error, json_tokener_error_desc(state));
  self->n_inside = 0;
  return _take(self, object, request, error);
}

CdPtyRequestResult
cd_pty_request_reader_next(CdPtyRequestReader *self, CdPtyRequest *request, GError **error)
{
  CdPtyRequestResult result = CD_PTY_REQUEST_MORE;

  _drop_data(self);
  if (!cd_pty_request_reader_is_inside(self))
    _skip_blanks(self);
  while (result == CD_PTY_REQUEST_MORE && !cd_text_is_empty(self->rest))
    result = _parse(self, request, error);
  return result;
}

gboolean
cd_pty_request_reader_is_inside(const CdPtyRequestReader *self)
{
  return self->n_inside > 0;
}
