/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The requests of a terminal's client. The first byte says how long the pieces are; the same is
 * read from the whole, from pieces, and from what was kept. Only the words for what is broken may
 * differ: json-c finds it at another place. */
#include "pty/request.h"

#include "pty/go-json.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
_show(GString *seen, const CdPtyRequest *request)
{
  g_assert_true(g_utf8_validate_len(request->data.data, request->data.length, NULL)
                || memchr(request->data.data, '\0', request->data.length));
  g_string_append_printf(seen, "%u %u %zu:", request->height, request->width, request->data.length);
  g_string_append_len(seen, request->data.data, (gssize) request->data.length);
}

/* Returns: whether the stream is broken. */
static gboolean
_read_on(CdPtyRequestReader *reader, GString *seen, gboolean keep)
{
  CdPtyRequestResult result;
  CdPtyRequest request;
  g_autoptr(GError) error = NULL;

  if (keep)
    cd_pty_request_reader_keep(reader, CD_TEXT_NONE);
  while ((result = cd_pty_request_reader_next(reader, &request, &error)) == CD_PTY_REQUEST_COMPLETE)
    _show(seen, &request);
  g_assert_true((result == CD_PTY_REQUEST_BROKEN) == (error != NULL));
  if (!error)
    return FALSE;
  g_assert_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL);
  g_string_append(seen, "broken");
  return TRUE;
}

static void
_end(const CdPtyRequestReader *reader, GString *seen)
{
  g_assert_cmpuint(cd_pty_request_reader_count_rest(reader), ==, 0);
  if (cd_pty_request_reader_is_inside(reader))
    g_string_append(seen, "inside");
}

static GString *
_read_pieces(CdText bytes, gsize step, gboolean keep)
{
  g_autoptr(CdPtyRequestReader) reader = cd_pty_request_reader_new();
  GString *seen = g_string_new(NULL);

  for (; !cd_text_is_empty(bytes); bytes = cd_text_skip(bytes, step))
    {
      cd_pty_request_reader_feed(reader, cd_text_head(bytes, step));
      if (_read_on(reader, seen, keep))
        return seen;
    }
  _end(reader, seen);
  return seen;
}

/* As while the program takes no input: pieces are added behind what has yet to be read. */
static GString *
_read_kept(CdText bytes, gsize step)
{
  g_autoptr(CdPtyRequestReader) reader = cd_pty_request_reader_new();
  GString *seen = g_string_new(NULL);

  for (; !cd_text_is_empty(bytes); bytes = cd_text_skip(bytes, step))
    cd_pty_request_reader_keep(reader, cd_text_head(bytes, step));
  if (!_read_on(reader, seen, FALSE))
    _end(reader, seen);
  return seen;
}

static void
_assert_equal(const GString *expected, GString *seen)
{
  g_assert_cmpmem(seen->str, seen->len, expected->str, expected->len);
  g_string_free(seen, TRUE);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autoptr(GString) expected = NULL;
  CdText bytes;
  gsize step;

  if (size < 2)
    return 0;
  step = 1 + data[0] % 16;
  bytes = (CdText) { (const gchar *) data + 1, size - 1 };
  expected = _read_pieces(bytes, size, FALSE);
  _assert_equal(expected, _read_pieces(bytes, step, FALSE));
  _assert_equal(expected, _read_pieces(bytes, step, TRUE));
  _assert_equal(expected, _read_kept(bytes, step));
  return 0;
}
