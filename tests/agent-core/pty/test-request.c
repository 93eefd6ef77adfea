/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/request.h"

#include "pty/go-json.h"

#include "../../support/unit.h"

typedef struct _Row
{
  const gchar *name;
  CdText stream;
  const gchar *seen; /* a word for each request, then how the stream stands */
} Row;

static const Row rows[] = {
  { "nothing", CD_TEXT(""), "between" },
  { "one", CD_TEXT("{\"data\":\"ls\\n\"}"), "[ls\\n] between" },
  { "two without a blank", CD_TEXT("{\"data\":\"a\"}{\"data\":\"b\"}"), "[a] [b] between" },
  { "any blanks", CD_TEXT(" \t\r\n{\"data\":\"a\"}\n\n \t{\"data\":\"b\"} \n"), "[a] [b] between" },
  { "a size", CD_TEXT("{\"height\":24,\"width\":80}"), "[]24x80 between" },
  { "data and a size", CD_TEXT("{\"data\":\"x\",\"height\":1,\"width\":65535}"),
    "[x]1x65535 between" },
  { "half a size", CD_TEXT("{\"height\":24}"), "[]24x0 between" },
  { "empty object", CD_TEXT("{}"), "[] between" },
  { "null", CD_TEXT("null "), "[] between" },
  { "other keys", CD_TEXT("{\"Data\":\"a\",\"more\":{}}"), "[a] between" },
  { "NUL in data", CD_TEXT("{\"data\":\"a\\u0000b\"}"), "[a\\x00b] between" },
  { "not UTF-8", CD_TEXT("{\"data\":\"a\xff\xc3\"}"), "[a\\xef\\xbf\\xbd\\xef\\xbf\\xbd] between" },
  { "characters beyond ASCII", CD_TEXT("{\"data\":\"\303\251\\u00e9\360\237\230\200\"} {}"),
    "[\\xc3\\xa9\\xc3\\xa9\\xf0\\x9f\\x98\\x80] [] between" },
  { "half a character", CD_TEXT("{\"data\":\"\xc3\xa9\xc3\"}"),
    "[\\xc3\\xa9\\xef\\xbf\\xbd] between" },
  { "inside", CD_TEXT("{\"data\":\"a\"} {\"da"), "[a] inside" },
  { "inside after one sign", CD_TEXT("{"), "inside" },

  { "too large a size", CD_TEXT("{\"data\":\"a\"}{\"height\":65536,\"width\":1}"),
    "[a] bad request: height: not an integer from 0 to 65535" },
  { "a fraction", CD_TEXT("{\"height\":1.5,\"width\":1}"),
    "bad request: height: not an integer from 0 to 65535" },
  { "a leading zero", CD_TEXT("{\"height\":024}"), "bad request: not a number" },
  { "a plus", CD_TEXT("{\"height\":+1}"), "bad request: not a number" },
  { "signs in data", CD_TEXT("{\"data\":\"+1-2.e\\\"-5\"}"), "[+1-2.e\"-5] between" },
  { "a line feed in data", CD_TEXT("{\"data\":\"a\nb\"}"),
    "bad request: a control character in a string" },
  { "a control character behind a backslash", CD_TEXT("{\"data\":\"a\\\tb\"}"),
    "bad request: a control character in a string" },
  { "line feeds between", CD_TEXT("{\n\"data\"\n:\n\"a\"\r\n}\n"), "[a] between" },
  { "data as number", CD_TEXT("{\"data\":1}"), "bad request: data: not a string" },
  { "a number", CD_TEXT("1 "), "bad request: not a JSON object" },
  { "an array", CD_TEXT("[]"), "bad request: not a JSON object" },
  { "no JSON", CD_TEXT("GET / HTTP/1.1\r\n"), "bad request: unexpected character" },
  { "a single quote", CD_TEXT("{\"data\":'x'}"), "bad request: unexpected character" },
  { "a comment", CD_TEXT("/* */{}"), "bad request: unexpected character" },
  { "too deep", CD_TEXT("{\"a\":[[[[[[[[[]]]]]]]]]}"), "bad request: nesting too deep" },
  { "NUL byte", CD_TEXT("{\"data\":\"a\"}\0{}"), "[a] bad request: a NUL byte" },
};

static void
_show(GString *seen, const CdPtyRequest *request)
{
  g_autofree gchar *data = unit_show(request->data);
  g_auto(GStrv) lines = g_strsplit(data, "\n", -1);
  g_autofree gchar *line = g_strjoinv("\\n", lines);

  g_string_append_printf(seen, "[%s]", line);
  if (request->height || request->width)
    g_string_append_printf(seen, "%ux%u", request->height, request->width);
  g_string_append_c(seen, ' ');
}

/* Returns: whether the stream goes on. */
static gboolean
_read(CdPtyRequestReader *reader, CdText bytes, GString *seen)
{
  g_autoptr(GError) error = NULL;
  CdPtyRequestResult result;
  CdPtyRequest request;

  cd_pty_request_reader_feed(reader, bytes);
  while ((result = cd_pty_request_reader_next(reader, &request, &error)) == CD_PTY_REQUEST_COMPLETE)
    _show(seen, &request);
  if (result == CD_PTY_REQUEST_MORE)
    return TRUE;
  g_assert_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL);
  g_string_append(seen, error->message);
  return FALSE;
}

static void
_check(const Row *row, gsize step)
{
  g_autoptr(CdPtyRequestReader) reader = cd_pty_request_reader_new();
  g_autoptr(GString) seen = g_string_new(NULL);
  CdText rest = row->stream;
  gboolean goes_on = TRUE;

  for (; goes_on && !cd_text_is_empty(rest); rest = cd_text_skip(rest, step))
    goes_on = _read(reader, cd_text_head(rest, step), seen);
  if (goes_on)
    g_string_append(seen, cd_pty_request_reader_is_inside(reader) ? "inside" : "between");
  g_assert_cmpstr(seen->str, ==, row->seen);
}

static void
test_row(gconstpointer data)
{
  const Row *row = data;

  for (gsize step = 1; step <= row->stream.length + 1; step++)
    _check(row, step);
}

/* json-c alone takes some of them, depending on where they are split. */
static void
test_no_number(void)
{
  const CdText stream = CD_TEXT("{\"het\":0}{\"hg((((ight\":5-36}");

  for (gsize step = 1; step <= stream.length; step++)
    {
      g_autoptr(CdPtyRequestReader) reader = cd_pty_request_reader_new();
      g_autoptr(GString) seen = g_string_new(NULL);
      CdText rest = stream;

      while (!cd_text_is_empty(rest) && _read(reader, cd_text_head(rest, step), seen))
        rest = cd_text_skip(rest, step);
      g_assert_true(g_str_has_prefix(seen->str, "[] bad request: "));
    }
}

/* --- limits ----------------------------------------------------------------------------------- */

static GString *
_make_long(gsize length)
{
  GString *text = g_string_new("{\"data\":\"");

  while (text->len < length - 2)
    g_string_append_c(text, 'x');
  return g_string_append(text, "\"}");
}

static void
test_longest(void)
{
  g_autoptr(CdPtyRequestReader) reader = cd_pty_request_reader_new();
  g_autoptr(GString) text = _make_long(CD_PTY_REQUEST_MAX);
  g_autoptr(GError) error = NULL;
  CdPtyRequest request;

  cd_pty_request_reader_feed(reader, (CdText) { text->str, text->len });
  g_assert_cmpint(cd_pty_request_reader_next(reader, &request, &error), ==,
                  CD_PTY_REQUEST_COMPLETE);
  g_assert_cmpuint(request.data.length, ==, CD_PTY_REQUEST_MAX - 11);
}

static void
test_too_long(void)
{
  g_autoptr(GString) text = _make_long(CD_PTY_REQUEST_MAX + 1);

  for (gsize step = 4096; step <= text->len; step *= 4)
    {
      g_autoptr(CdPtyRequestReader) reader = cd_pty_request_reader_new();
      g_autoptr(GString) seen = g_string_new(NULL);
      CdText rest = { text->str, text->len };

      while (_read(reader, cd_text_head(rest, step), seen))
        rest = cd_text_skip(rest, step);
      g_assert_cmpstr(seen->str, ==, "bad request: longer than 1048576 bytes");
    }
}

static void
test_keep(void)
{
  g_autoptr(CdPtyRequestReader) reader = cd_pty_request_reader_new();
  g_autoptr(GError) error = NULL;
  gchar bytes[] = "{\"data\":\"a\"}{\"data\":\"b\"}";
  CdPtyRequest request;

  cd_pty_request_reader_feed(reader, CD_TEXT("{\"data\":\"0\"}"));
  cd_pty_request_reader_next(reader, &request, &error);
  cd_pty_request_reader_feed(reader, cd_text_from_string(bytes));
  cd_pty_request_reader_next(reader, &request, &error);
  cd_pty_request_reader_keep(reader, CD_TEXT_NONE);
  memset(bytes, '#', sizeof(bytes));
  g_assert_cmpint(cd_pty_request_reader_next(reader, &request, &error), ==,
                  CD_PTY_REQUEST_COMPLETE);
  unit_assert_text(request.data, CD_TEXT("b"));
}

static void
test_keep_more(void)
{
  g_autoptr(CdPtyRequestReader) reader = cd_pty_request_reader_new();
  g_autoptr(GString) seen = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  CdPtyRequest request;

  cd_pty_request_reader_feed(reader, CD_TEXT("{\"data\":\"a\"}{\"da"));
  cd_pty_request_reader_keep(reader, CD_TEXT("ta\":\"b\"}"));
  g_assert_cmpuint(cd_pty_request_reader_count_rest(reader), ==, 24);
  cd_pty_request_reader_next(reader, &request, &error);
  unit_assert_text(request.data, CD_TEXT("a"));
  cd_pty_request_reader_keep(reader, CD_TEXT(" {\"data\":\"c\"}"));
  while (cd_pty_request_reader_next(reader, &request, &error) == CD_PTY_REQUEST_COMPLETE)
    g_string_append_len(seen, request.data.data, request.data.length);
  g_assert_no_error(error);
  g_assert_cmpstr(seen->str, ==, "bc");
  g_assert_cmpuint(cd_pty_request_reader_count_rest(reader), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/request", rows, test_row);
  g_test_add_func("/request/what-is-no-number-wherever-it-is-split", test_no_number);
  g_test_add_func("/request/longest", test_longest);
  g_test_add_func("/request/too-long", test_too_long);
  g_test_add_func("/request/what-is-kept-outlives-its-buffer", test_keep);
  g_test_add_func("/request/more-is-kept-behind-the-rest", test_keep_more);
  return g_test_run();
}
