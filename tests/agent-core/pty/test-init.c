/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/init.h"

#include "pty/go-json.h"

#include "../../support/unit.h"

#define ID "f64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9"

static GString *
_frame(const gchar *json, gsize length)
{
  GString *frame = g_string_new(NULL);

  g_string_append_c(frame, (gchar) (length & 0xff));
  g_string_append_c(frame, (gchar) (length >> 8));
  g_string_append_len(frame, json, (gssize) length);
  return frame;
}

static CdPtyInit *
_read(const gchar *json, GError **error)
{
  GString *frame = _frame(json, strlen(json));
  CdPtyInit *init = cd_pty_init_new((CdText) { frame->str, frame->len }, error);

  g_string_free(frame, TRUE);
  return init;
}

/* --- what Go's client sends ------------------------------------------------------------------- */

static void
test_whole(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CdPtyInit)
    init = _read("{\"ID\":\"" ID "\",\"Height\":24,\"Width\":80,\"Command\":\"bash -l\","
                 "\"Container\":\"box\",\"ContainerUser\":\"dev\",\"BackendType\":\"screen\"}",
                 &error);

  g_assert_no_error(error);
  g_assert_cmpstr(init->id, ==, ID);
  g_assert_cmpint(init->height, ==, 24);
  g_assert_cmpint(init->width, ==, 80);
  g_assert_cmpstr(init->command, ==, "bash -l");
  g_assert_cmpstr(init->container, ==, "box");
  g_assert_cmpstr(init->container_user, ==, "dev");
  g_assert_cmpstr(init->backend, ==, "screen");
}

static void
test_absent(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CdPtyInit) init = _read("{}", &error);

  g_assert_no_error(error);
  g_assert_cmpstr(init->id, ==, "00000000-0000-0000-0000-000000000000");
  g_assert_cmpint(init->height, ==, 0);
  g_assert_cmpstr(init->command, ==, "");
}

static void
test_measure(void)
{
  g_assert_cmpuint(cd_pty_init_measure(CD_TEXT("")), ==, 2);
  g_assert_cmpuint(cd_pty_init_measure(CD_TEXT("\x84")), ==, 2);
  g_assert_cmpuint(cd_pty_init_measure(CD_TEXT("\x84\x00")), ==, 134);
  g_assert_cmpuint(cd_pty_init_measure(CD_TEXT("\x02\x01{}")), ==, 260);
  g_assert_cmpuint(cd_pty_init_measure(CD_TEXT("\xff\xff")), ==, CD_PTY_INIT_MAX);
}

/* --- values as Go's decoder takes them -------------------------------------------------------- */

typedef struct _Row
{
  const gchar *name;
  const gchar *json;
  const gchar *seen; /* "ID HEIGHTxWIDTH COMMAND", or the error */
} Row;

#define SEEN(text) ID " " text

static const Row rows[] = {
  { "blanks", " \t\r\n{ \"ID\" : \"" ID "\" }\n", SEEN("0x0 ") },
  { "case", "{\"id\":\"" ID "\",\"HEIGHT\":1,\"width\":2,\"coMMand\":\"x\"}", SEEN("1x2 x") },
  { "unknown keys", "{\"ID\":\"" ID "\",\"More\":[{\"a\":null}]}", SEEN("0x0 ") },
  { "null", "{\"ID\":\"" ID "\",\"Height\":null,\"Command\":null}", SEEN("0x0 ") },
  { "null alone", "null", "00000000-0000-0000-0000-000000000000 0x0 " },
  { "key twice", "{\"ID\":\"" ID "\",\"Height\":1,\"Height\":2}", SEEN("2x0 ") },
  { "largest", "{\"ID\":\"" ID "\",\"Height\":65535}", SEEN("65535x0 ") },
  { "id in upper case", "{\"ID\":\"F64F9DC6-27E5-45FF-8D5C-C4C3AC6EE8F9\"}", SEEN("0x0 ") },
  { "id without hyphens", "{\"ID\":\"f64f9dc627e545ff8d5cc4c3ac6ee8f9\"}", SEEN("0x0 ") },
  { "id in braces", "{\"ID\":\"{" ID "}\"}", SEEN("0x0 ") },
  { "id as urn", "{\"ID\":\"urn:uuid:" ID "\"}", SEEN("0x0 ") },
  { "escapes", "{\"ID\":\"" ID "\",\"Command\":\"\\u00e9\\n\"}", SEEN("0x0 \303\251\n") },
  { "not UTF-8", "{\"ID\":\"" ID "\",\"Command\":\"a\xff\xfe\"}",
    SEEN("0x0 a\357\277\275\357\277\275") },
  { "lone surrogate", "{\"ID\":\"" ID "\",\"Command\":\"\\ud800\"}", SEEN("0x0 \357\277\275") },

  { "too large", "{\"Height\":65536}", "bad init: Height: not an integer from 0 to 65535" },
  { "far too large", "{\"Width\":9999999999}", "bad init: Width: not an integer from 0 to 65535" },
  { "negative", "{\"Height\":-1}", "bad init: Height: not an integer from 0 to 65535" },
  { "fraction", "{\"Height\":1.0}", "bad init: Height: not an integer from 0 to 65535" },
  { "exponent", "{\"Height\":1e1}", "bad init: Height: not an integer from 0 to 65535" },
  { "size as text", "{\"Height\":\"24\"}", "bad init: Height: not an integer from 0 to 65535" },
  { "command as number", "{\"Command\":1}", "bad init: Command: not a string" },
  { "command with NUL", "{\"Command\":\"a\\u0000b\"}",
    "bad init: a NUL character in what goes to a program" },
  { "a line feed in a command", "{\"Command\":\"a\nb\"}",
    "bad init: a control character in a string" },
  { "id as number", "{\"ID\":1}", "bad init: ID: not a string" },
  { "id empty", "{\"ID\":\"\"}", "bad init: ID: not a UUID" },
  { "id short", "{\"ID\":\"f64f9dc6\"}", "bad init: ID: not a UUID" },
  { "id of other signs", "{\"ID\":\"g64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9\"}",
    "bad init: ID: not a UUID" },
  { "id with a hyphen elsewhere", "{\"ID\":\"f64f9dc-627e5-45ff-8d5c-c4c3ac6ee8f9\"}",
    "bad init: ID: not a UUID" },
  { "id in half braces", "{\"ID\":\"{" ID "x\"}", "bad init: ID: not a UUID" },
  { "nothing", "", "bad init: unexpected end of JSON input" },
  { "blanks alone", "  ", "bad init: unexpected end of JSON input" },
  { "half an object", "{\"ID\":", "bad init: unexpected end of JSON input" },
  { "two objects", "{}{}", "bad init: more than one JSON value" },
  { "an array", "[]", "bad init: not a JSON object" },
  { "a number", "1", "bad init: not a JSON object" },
  { "half a word", "nul", "bad init: unexpected end of JSON input" },
  { "a comma too many", "{\"Height\":1,}", "bad init: unexpected character" },
  { "too deep", "{\"a\":[[[[[[[[[]]]]]]]]]}", "bad init: nesting too deep" },
};

static gchar *
_describe(const CdPtyInit *init)
{
  return g_strdup_printf("%s %ux%u %s", init->id, init->height, init->width, init->command);
}

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CdPtyInit) init = _read(row->json, &error);
  g_autofree gchar *seen = init ? _describe(init) : g_strdup(error->message);

  g_assert_cmpstr(seen, ==, row->seen);
  if (error)
    g_assert_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL);
}

static void
test_nul_byte(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CdPtyInit) init = cd_pty_init_new(CD_TEXT("\x03\x00{}\x00"), &error);

  g_assert_null(init);
  g_assert_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/init/whole", test_whole);
  g_test_add_func("/init/keys-that-are-absent", test_absent);
  g_test_add_func("/init/length-of-the-frame", test_measure);
  g_test_add_func("/init/nul-byte", test_nul_byte);
  unit_add_rows("/init", rows, test_row);
  return g_test_run();
}
