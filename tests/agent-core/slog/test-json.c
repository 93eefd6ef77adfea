/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/json.h"

#include "slog/json-guard.h"
#include "slog/slog.h"

#include "../../support/unit-linear.h"
#include "../../support/unit-statement.h"

#define BOTH (CD_FORMAT_BIT(CD_SOURCE_SLOG_JSON) | CD_FORMAT_BIT(CD_SOURCE_STACKDRIVER))

typedef struct _LineRow
{
  const gchar *name;
  const gchar *text;
  const gchar *shown; /* NULL: neither format */
} LineRow;

#define SLOG(msg, fields)                                                                          \
  "{\"ts\":\"2026-11-21T07:37:29.2Z\",\"level\":\"INFO\",\"msg\":\"" msg                           \
  "\",\"caller\":\"/a.go:1\",\"func\":\"f\",\"fields\":" fields "}"
#define STACKDRIVER(message, fields)                                                               \
  "{\"logging.googleapis.com/severity\":\"INFO\",\"severity\":\"INFO\",\"message\":\"" message     \
  "\",\"timestampSeconds\":1,\"timestampNanos\":2" fields "}"

/* clang-format off */
static const LineRow slog_rows[] = {
  { "fields", SLOG("ssh session closed", "{\"exit_code\":255,\"disconnect_reason\":\"a b\","
                   "\"disconnect_expected\":false,\"client_session_id\":\"\"}"),
    "[ssh session closed]\ndisconnect_reason=a b\ndisconnect_expected=false\nexit_code=255\n"
    "client_session_id=\n" },
  { "true and null", SLOG("x", "{\"disconnect_expected\":true,\"local_addr\":null}"),
    "disconnect_expected=true\nlocal_addr=\n" },
  { "no error", SLOG("x", "{\"error\":null}"), "error=<nil>\n" },
  { "a plain error", SLOG("x", "{\"error\":\"EOF\"}"), "error=EOF\n" },
  { "a wrapped error",
    SLOG("run exited with error",
         "{\"error\":[{\"msg\":\"error in routine coordination\",\"fun\":\"f\",\"loc\":\"/a:1\"},"
         "{\"msg\":\"read\",\"fun\":\"f\",\"loc\":\"/a:1\"},\"EOF\"]}"),
    "[run exited with error]\nerror=error in routine coordination: read: EOF\n" },
  { "an API error",
    SLOG("x", "{\"error\":{\"message\":\"unexpected status code 403\","
              "\"detail\":\"build is outdated\"}}"),
    "error=unexpected status code 403: build is outdated\n" },
  { "an API error inside",
    SLOG("x", "{\"error\":[{\"msg\":\"dial\"},{\"message\":\"no\",\"detail\":\"\"}]}"),
    "error=dial: no\n" },
  { "an error of other things", SLOG("x", "{\"error\":[1,true,null,[],{\"a\":1}]}"),
    "error=(an error of no known form)\n" },
  { "an empty error", SLOG("x", "{\"error\":[]}"), "error=\n" },
  { "numbers", SLOG("x", "{\"exit_code\":-1,\"duration_ms\":1.5,\"bytes_in\":9007199254740993}"),
    "exit_code=-1\nduration_ms=1.5\nbytes_in=9007199254740993\n" },
  { "19 digits", SLOG("x", "{\"bytes_in\":9999999999999999999}"),
    "bytes_in=9999999999999999999\n" },
  { "an object where a text should be", SLOG("x", "{\"disconnect_reason\":{\"a\":1}}"),
    "disconnect_reason=\nMALFORMED\n" },
  { "a list where a text should be", SLOG("x", "{\"app\":[\"a\"]}"), "app=\nMALFORMED\n" },
  { "the key nested deeper", SLOG("x", "{\"a\":{\"disconnect_reason\":\"graceful\"}}"), "" },
  { "the key beside the fields",
    "{\"level\":\"INFO\",\"msg\":\"x\",\"disconnect_reason\":\"graceful\",\"fields\":{}}", "" },
  { "escapes", SLOG("x", "{\"app\":\"\\u003ca\\u003e\\u0026\\\"\\n\"}"), "app=<a>&\"\n\n" },
  { "a lone surrogate", SLOG("x", "{\"app\":\"a\\ud800\"}"), "app=a\\xef\\xbf\\xbd\n" },
  { "NUL", SLOG("x", "{\"app\":\"a\\u0000b\"}"), "app=a\\xef\\xbf\\xbdb\n" },
  { "the same key twice", SLOG("x", "{\"app\":\"a\",\"app\":\"b\"}"), "app=a\nCONTRADICTION\n" },
  { "a key with an escape is none of ours, and noticed",
    SLOG("x", "{\"disconnect\\u005freason\":\"a\",\"app\":\"b\",\"\\u0061pp\":\"c\"}"),
    "app=b\nCONTRADICTION\n" },
  { "another key with an escape", SLOG("x", "{\"a\\u005fb\":\"a\",\"app\":\"b\"}"), "app=b\n" },
  { "the frame twice",
    "{\"level\":\"INFO\",\"msg\":\"x\",\"fields\":{\"app\":\"a\"},\"fields\":{\"app\":\"b\"}}",
    "app=a\nCONTRADICTION\n" },
  { "a later frame of another kind",
    "{\"level\":\"INFO\",\"msg\":\"ssh session closed\",\"fields\":{\"app\":\"a\"},\"msg\":\"y\","
    "\"fields\":1}",
    "[ssh session closed]\napp=a\nCONTRADICTION\n" },
  { "no fields", "{\"level\":\"INFO\",\"msg\":\"ssh session closed\"}", "[ssh session closed]\n" },
  { "fields that are none", SLOG("ssh session closed", "[1]"), "[ssh session closed]\n" },
  { "fields first",
    "{\"fields\":{\"app\":\"a\"},\"msg\":\"ssh session closed\",\"level\":\"INFO\"}",
    "[ssh session closed]\napp=a\n" },
  { "the logger is no part of the message",
    "{\"level\":\"INFO\",\"msg\":\"ssh-server: ssh session closed\",\"logger_names\":[\"a\"]}",
    "" },
  { "coderd's connection log",
    SLOG("connection_log", "{\"ID\":\"1\",\"Type\":\"ssh\",\"DisconnectReason\":\"graceful\"}"),
    "disconnect_reason=graceful\nDisconnectReason=graceful\nType=ssh\nID=1\n" },
  { "site and rule are somebody else's words", SLOG("x", "{\"site\":\"pty\",\"rule\":3}"), "" },
  { "no message", "{\"level\":\"INFO\",\"fields\":{\"disconnect_reason\":\"graceful\"}}", NULL },
  { "a message that is no text", "{\"level\":\"INFO\",\"msg\":1,\"fields\":{}}", NULL },
  { "no level", "{\"msg\":\"ssh session closed\",\"fields\":{}}", NULL },
  { "something else's JSON", "{\"disconnect_reason\":\"graceful\"}", NULL },
};

static const LineRow stackdriver_rows[] = {
  { "fields at the top", STACKDRIVER("ssh session closed", ",\"exit_code\":0,\"app\":\"a\""),
    "[ssh session closed]\nexit_code=0\napp=a\n" },
  { "an error", STACKDRIVER("run exited with error", ",\"error\":[{\"msg\":\"read\"},\"EOF\"]"),
    "[run exited with error]\nerror=read: EOF\n" },
  { "the short severity alone",
    "{\"severity\":\"INFO\",\"message\":\"x\",\"app\":\"a\"}", "app=a\n" },
  { "the long severity alone",
    "{\"logging.googleapis.com/severity\":\"INFO\",\"message\":\"x\",\"app\":\"a\"}", "app=a\n" },
  { "the key nested deeper", STACKDRIVER("x", ",\"fields\":{\"disconnect_reason\":\"x\"}"), "" },
  { "no severity", "{\"message\":\"x\",\"app\":\"a\"}", NULL },
  { "no message", "{\"severity\":\"INFO\",\"app\":\"a\"}", NULL },
};

static const LineRow broken_rows[] = {
  { "cut in a value",
    "{\"level\":\"INFO\",\"msg\":\"ssh session closed\",\"fields\":{\"exit_code\":1,\"app\":\"a",
    "[ssh session closed]\nexit_code=1\nMALFORMED\n" },
  { "cut before the fields", "{\"level\":\"INFO\",\"msg\":\"ssh session closed\",\"fie",
    "[ssh session closed]\nMALFORMED\n" },
  { "cut in the message", "{\"level\":\"INFO\",\"msg\":\"ssh session", NULL },
  { "something behind it", SLOG("x", "{\"app\":\"a\"}") "x", "app=a\nMALFORMED\n" },
  { "a broken byte", SLOG("x", "{\"app\":\"a\xff\"}"), "app=a\\xef\\xbf\\xbd\nMALFORMED\n" },
};
/* clang-format on */

static void
assert_line(const LineRow *row, CdSource source)
{
  g_auto(CdStatement) statement;
  g_autofree gchar *shown = NULL;
  g_autofree gchar *expected = row->shown ? unit_show(cd_text_from_string(row->shown))
                                          : g_strdup("neither");
  gboolean read;

  cd_statement_init(&statement, CD_SOURCE_TEXT);
  read = cd_json_read(cd_text_from_string(row->text), BOTH, &statement);
  shown = read ? unit_show_statement(&statement) : g_strdup("neither");
  g_assert_cmpstr(shown, ==, expected);
  g_assert_cmpint(statement.source, ==, read ? source : CD_SOURCE_TEXT);
}

static void
test_slog(gconstpointer data)
{
  assert_line(data, CD_SOURCE_SLOG_JSON);
}

static void
test_stackdriver(gconstpointer data)
{
  assert_line(data, CD_SOURCE_STACKDRIVER);
}

static void
test_formats(void)
{
  static const gchar *const lines[] = { SLOG("x", "{}"), STACKDRIVER("x", "") };
  static const CdSource sources[] = { CD_SOURCE_SLOG_JSON, CD_SOURCE_STACKDRIVER };

  for (guint line = 0; line < 2; line++)
    for (guint formats = 0; formats < 4; formats++)
      {
        guint set = (formats & 1 ? CD_FORMAT_BIT(CD_SOURCE_SLOG_JSON) : 0)
                    | (formats & 2 ? CD_FORMAT_BIT(CD_SOURCE_STACKDRIVER) : 0);
        g_auto(CdStatement) statement;

        cd_statement_init(&statement, CD_SOURCE_TEXT);
        g_assert_cmpint(cd_json_read(cd_text_from_string(lines[line]), set, &statement), ==,
                        (set & CD_FORMAT_BIT(sources[line])) != 0);
      }
}

typedef struct _FieldsRow
{
  const gchar *name;
  const gchar *text;
  const gchar *shown; /* NULL: no object */
} FieldsRow;

static const FieldsRow fields_rows[] = {
  { "an object", "{\"app\":\"a\",\"msg\":\"x\"}", "app=a\n" },
  { "an empty one", "{}", "" },
  { "cut off", "{\"app\":\"a\",\"exit_code\":1", "app=a\nMALFORMED\n" },
};

static void
test_fields(gconstpointer data)
{
  const FieldsRow *row = data;
  g_auto(CdStatement) statement;
  g_autofree gchar *shown = NULL;

  cd_statement_init(&statement, CD_SOURCE_SLOG_LEGACY);
  g_assert_true(cd_json_read_fields(cd_text_from_string(row->text), &statement));
  shown = unit_show_statement(&statement);
  g_assert_cmpstr(shown, ==, row->shown);
}

static void
test_too_deep(void)
{
  g_autoptr(GString) text = g_string_new("{\"disconnect_reason\":\"x\",\"a\":");
  g_auto(CdStatement) statement;

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c(text, '[');
  cd_statement_init(&statement, CD_SOURCE_SLOG_JSON);
  g_assert_false(cd_json_read((CdText) { text->str, text->len }, BOTH, &statement));
  g_assert_true(statement.malformed);
  g_assert_null(statement.owner);
  g_assert_false(cd_json_read_fields((CdText) { text->str, text->len }, &statement));
}

typedef struct _GateRow
{
  const gchar *name;
  const gchar *text;
  gboolean matters;
  gboolean claims;
} GateRow;

/* clang-format off */
static const GateRow gate_rows[] = {
  { "our key", "{\"disconnect_reason\":\"x\"}", TRUE, TRUE },
  { "another key of ours", "{\"disconnect_detail\":\"x\"}", TRUE, FALSE },
  { "coderd's key", "{\"DisconnectReason\":\"x\"}", TRUE, FALSE },
  { "a site's message", "{\"msg\":\"ssh session closed\"}", TRUE, TRUE },
  { "with blanks", "{ \"msg\" : \"ssh session closed\" }", TRUE, TRUE },
  { "Stackdriver's", "{\"message\":\"run exited with error\"}", TRUE, TRUE },
  { "a layer's message before it",
    "{\"severity\":\"INFO\",\"message\":\"run exited with error\",\"error\":[{\"msg\":\"read\"}]}",
    TRUE, TRUE },
  { "another message", "{\"msg\":\"ssh session failed\"}", FALSE, FALSE },
  { "a message of ours in another place", "{\"a\":\"ssh session closed\"}", FALSE, FALSE },
  { "no text", "{\"msg\":1}", FALSE, FALSE },
  { "no colon", "{\"msg\"}", FALSE, FALSE },
  { "cut behind the key", "{\"msg\"", FALSE, FALSE },
  { "cut behind the colon", "{\"msg\":", FALSE, FALSE },
  { "cut behind the quote", "{\"msg\":\"", FALSE, FALSE },
  { "cut in the message", "{\"msg\":\"ssh session clo", FALSE, FALSE },
  { "empty", "", FALSE, FALSE },
};
/* clang-format on */

static void
test_gate(gconstpointer data)
{
  const GateRow *row = data;

  g_assert_cmpint(cd_json_matters(cd_text_from_string(row->text)), ==, row->matters);
  g_assert_cmpint(cd_json_claims(cd_text_from_string(row->text)), ==, row->claims);
}

/* Values that needed no conversion live as long as the statement. */
static void
test_values_outlive_the_line(void)
{
  g_autofree gchar *line = g_strdup(SLOG("ssh session closed", "{\"app\":\"a\",\"exit_code\":7}"));
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_TEXT);
  g_assert_true(cd_json_read(cd_text_from_string(line), BOTH, &statement));
  memset(line, 'x', strlen(line));
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_APP), CD_TEXT("a"));
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_EXIT_CODE), CD_TEXT("7"));
}

static void
read_line(CdText text)
{
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_TEXT);
  cd_json_matters(text);
  cd_json_claims(text);
  cd_json_read(text, BOTH, &statement);
}

#define HEAD "{\"level\":\"INFO\",\"msg\":\"ssh session closed\",\"fields\":{"

static const UnitLinearRow linear_rows[] = {
  { "open arrays", HEAD "\"a\":", "[", "" },
  { "open objects", HEAD, "\"a\":{", "" },
  { "repeated fields of ours", HEAD "\"app\":0", ",\"app\":0", "}}" },
  { "one member again and again", HEAD "\"a\":0", ",\"a\":0", "}}" },
  { "layers of an error", HEAD "\"error\":[0", ",\"a: \"", "]}}" },
  { "objects in an error", HEAD "\"error\":[0", ",{}", "]}}" },
  { "one long text", HEAD "\"error\":\"", "x: ", "\"}}" },
  { "surrogates", HEAD "\"error\":\"", "\\ud800", "\"}}" },
  { "messages", "{", "\"msg\":", "" },
  { "blanks behind a message", "{\"msg\"", " ", ":\"x\"}" },
  { "almost keys", "{", "isconnec", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, read_line);
}

static void
append_number(GString *text, guint i)
{
  g_string_append_printf(text, ",\"k%05u\":1", i);
}

/* "ab" and "bA" have the same hash in GLib: so have all words of such pairs. */
static void
append_collision(GString *text, guint i)
{
  g_string_append(text, ",\"");
  for (guint bit = 0; bit < 16; bit++)
    g_string_append(text, i >> bit & 1 ? "ab" : "bA");
  g_string_append(text, "\":1");
}

static void
append_last_again(GString *text, guint i)
{
  append_number(text, MIN(i, 40000));
}

static gint64
measure_members(void (*append)(GString *text, guint i), gsize length)
{
  g_autoptr(GString) text = g_string_new(HEAD "\"a\":0");

  for (guint i = 0; text->len < length; i++)
    append(text, i);
  g_string_append(text, "}}");
  return unit_measure(read_line, text);
}

static void
assert_members_linear(void (*append)(GString *text, guint i))
{
  unit_assert_linear_times(measure_members(append, UNIT_LINEAR_SHORT),
                           measure_members(append, UNIT_LINEAR_LONG));
}

static void
test_many_members_are_linear(void)
{
  assert_members_linear(append_number);
}

static void
test_repeated_members_are_linear(void)
{
  assert_members_linear(append_last_again);
}

static void
test_colliding_members_are_linear(void)
{
  assert_members_linear(append_collision);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/json/slog", slog_rows, test_slog);
  unit_add_rows("/json/stackdriver", stackdriver_rows, test_stackdriver);
  unit_add_rows("/json/broken", broken_rows, test_slog);
  g_test_add_func("/json/formats", test_formats);
  unit_add_rows("/json/fields", fields_rows, test_fields);
  g_test_add_func("/json/too-deep", test_too_deep);
  unit_add_rows("/json/gate", gate_rows, test_gate);
  g_test_add_func("/json/values-outlive-the-line", test_values_outlive_the_line);
  unit_add_rows("/json/linear", linear_rows, test_linear);
  g_test_add_func("/json/linear/many-members", test_many_members_are_linear);
  g_test_add_func("/json/linear/repeated-members", test_repeated_members_are_linear);
  g_test_add_func("/json/linear/colliding-members", test_colliding_members_are_linear);
  return g_test_run();
}
