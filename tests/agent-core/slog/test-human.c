/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/human.h"

#include "../../support/unit-linear.h"
#include "../../support/unit-statement.h"

typedef struct _BodyRow
{
  const gchar *name;
  CdText body;
  const gchar *shown;
} BodyRow;

#define T(literal)                                                                                 \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }

/* clang-format off */
static const BodyRow message_rows[] = {
  { "a message of ours", T("disconnected from coderd"), "[disconnected from coderd]\n" },
  { "with its logger", T("ssh-server: ssh session closed"), "[ssh session closed]\n" },
  { "with a dotted logger", T("agent.ssh-server: ssh session closed"), "[ssh session closed]\n" },
  { "two loggers", T("agent: ssh-server: ssh session closed"), "" },
  { "a logger with a blank", T("the agent: ssh session closed"), "" },
  { "an empty logger", T(": ssh session closed"), "" },
  { "another message", T("connection manager errored"), "" },
  { "a longer message", T("ssh session closed early"), "" },
  { "quoted", T("\"ssh session closed\""), "" },
  { "two blanks in it", T("ssh session  closed"), "" },
  { "two blanks at the end", T("ssh session closed  "), "[ssh session closed]\n" },
  { "two blanks and a word with fields", T("ssh  session  app=a"), "app=a\n" },
  { "an equals sign in it", T("a=b disconnect_reason=x"), "" },
  { "one blank before a key", T("ssh session closed exit_code=1"), "" },
  { "empty", T(""), "" },
  { "no message, fields", T("  exit_code=1"), "exit_code=1\n" },
};

static const BodyRow field_rows[] = {
  { "one", T("x  exit_code=1"), "exit_code=1\n" },
  { "in any order", T("x  exit_code=1  app=a  connect_type=b"),
    "connect_type=b\nexit_code=1\napp=a\n" },
  { "aliases", T("x  id=i  remote=r  local=l"),
    "session_id=i\nremote_addr=r\nlocal_addr=l\n" },
  { "unknown keys between them", T("x  a=1  app=a  b=\"2  app=c\"  c={\"d\":1}"), "app=a\n" },
  { "quoted", T("x  app=\"a b\""), "app=a b\n" },
  { "quoted, escaped", T("x  app=\"a\\\"b\\\\c\\n\""), "app=a\"b\\c\n\n" },
  { "quoted and empty", T("x  client_session_id=\"\"  app=a"), "client_session_id=\napp=a\n" },
  { "equals signs in the value", T("x  app=a=b=c"), "app=a=b=c\n" },
  { "two blanks in quotes", T("x  app=\"a  exit_code=1\""), "app=a  exit_code=1\n" },
  { "our key in quotes", T("x  foo=\"disconnect_reason=graceful\""), "" },
  { "our key in quotes behind two blanks", T("x  foo=\"a  disconnect_reason=graceful\""), "" },
  { "our key in an object", T("x  foo={\"a\":\"  disconnect_reason=graceful\"}  app=a"),
    "app=a\n" },
  { "nested objects with quotes and braces",
    T("x  foo={\"a\":{\"b\":\"}  c=d\",\"e\":\"\\\"\"}}  app=a"), "app=a\n" },
  { "an object for a field of ours", T("x  app={\"a\": 1}  exit_code=0"),
    "exit_code=0\napp={\"a\": 1}\n" },
  { "a slice", T("x  app=[a b]  exit_code=0"), "exit_code=0\napp=[a b]\n" },
  { "a brace that never closes is a plain value", T("x  foo={a  app=a"), "app=a\n" },
  { "a plain value that begins as an object", T("x  foo={}b  app={}c"), "app={}c\n" },
  { "a quoted key", T("x  \"a b\"=1  app=a"), "app=a\n" },
  { "a quoted key of ours is the same key", T("x  \"app\"=1"), "" },
  { "nil", T("x  error=<nil>"), "error=<nil>\n" },
  { "a plain error", T("x  error=EOF"), "error=EOF\n" },
  { "one blank inside a plain value", T("x  app=a b  exit_code=1"), "exit_code=1\napp=a b\n" },
  { "a multi-byte value", T("x  app=\xc3\xa4"), "app=\\xc3\\xa4\n" },
  { "a NUL in the value", T("x  app=a\0b"), "app=a\\x00b\n" },
  { "the same key twice", T("x  app=a  app=b"), "app=a\nCONTRADICTION\n" },
  { "the same key and value twice", T("x  app=a  app=a"), "app=a\n" },
  { "an alias and its field", T("x  id=a  session_id=b"), "session_id=a\nCONTRADICTION\n" },
  { "a carriage return at the end", T("x  app=a\r"), "app=a\n" },
  { "a carriage return before the newline", T("x  app=a\r\n"), "app=a\n" },
  { "near keys", T("x  apps=1  App=2  app_=3  disconnect-reason=4"), "" },
};

static const BodyRow broken_rows[] = {
  { "a quote that is not closed", T("x  exit_code=1  app=\"a b"), "exit_code=1\nMALFORMED\n" },
  { "a quote cut behind a backslash", T("x  exit_code=1  app=\"a\\"), "exit_code=1\nMALFORMED\n" },
  { "an escape that Go does not write", T("x  app=\"a\\z\"  exit_code=1"), "MALFORMED\n" },
  { "in a key that is none of ours", T("x  exit_code=1  foo=\"a"), "exit_code=1\nMALFORMED\n" },
  { "cut in a key", T("x  exit_code=1  conn"), "exit_code=1\nMALFORMED\n" },
  { "cut behind a key", T("x  exit_code=1  app="), "exit_code=1\nMALFORMED\n" },
  { "an empty value", T("x  app=  exit_code=1"), "MALFORMED\n" },
  { "something behind a closed quote", T("x  app=\"a\"b  exit_code=1"), "app=a\nMALFORMED\n" },
  { "one blank behind a closed quote", T("x  app=\"a\" exit_code=1"), "app=a\nMALFORMED\n" },
  { "a word between fields", T("x  app=\"a\"  word  exit_code=1"), "app=a\nMALFORMED\n" },
  { "a key without a name", T("x  app=\"a\"  =b"), "app=a\nMALFORMED\n" },
  { "a key with a blank", T("x  app=\"a\"  b c=d"), "app=a\nMALFORMED\n" },
  { "a message survives", T("ssh session closed  exit_code=1  app=\"a"),
    "[ssh session closed]\nexit_code=1\nMALFORMED\n" },
};

#define FRAMES                                                                                     \
  "               main.run.func1\n"                                                                \
  "                   /build/cmd/demo/main.go:44\n"

static const BodyRow block_rows[] = {
  { "an error", T("x  app=a ...\n    error= read:\n" FRAMES "             - EOF"),
    "app=a\nerror=read: EOF\n" },
  { "an error and no other field", T("run exited with error ...\n    error= read:\n" FRAMES
                                     "             - EOF\n"),
    "[run exited with error]\nerror=read: EOF\n" },
  { "an error of several lines",
    T("x ...\n    error= GET http://h/p: unexpected status code 403: Agent trying to connect from "
      "non-latest build.\n               \tError: build is outdated"),
    "error=GET http://h/p: unexpected status code 403: Agent trying to connect from non-latest "
    "build.: Error: build is outdated\n" },
  { "carriage returns", T("x  app=a ...\r\n    error= read:\r\n      - EOF\r\n"),
    "app=a\nerror=read: EOF\n" },
  { "another key", T("x  app=a ...\n    detail= exit_code=1\n            disconnect_reason=x"),
    "app=a\n" },
  { "our key is nothing there", T("x  app=a ...\n    disconnect_reason= graceful\n  x"),
    "app=a\n" },
  { "another indent", T("x  app=a ...\n  error= read"), "app=a\n" },
  { "the block is missing", T("x  app=a ..."), "app=a\n" },
  { "no mark before the block", T("x  app=a\n    error= EOF"), "app=a\nerror=EOF\n" },
  { "two errors", T("x  error=EOF ...\n    error= reset\n      - x"),
    "error=EOF\nCONTRADICTION\n" },
  { "an empty error", T("x  app=a ...\n    error="), "app=a\nerror=\n" },
  { "made one line by the source",
    T("x  app=a ...     error= read:                main.run.func1                    "
      "/build/main.go:44              - EOF"),
    "app=a\nerror=read: EOF\n" },
  { "made one line, no other field",
    T("run exited with error ...     error= read:                main.run                    "
      "/build/main.go:44              - connection reset by peer"),
    "[run exited with error]\nerror=read: connection reset by peer\n" },
  { "made one line, a quoted field before it",
    T("x  app=\"a b\" ...     error= read:              - EOF"), "app=a b\nerror=read: EOF\n" },
  { "made one line, another key", T("x  app=a ...     detail= read:              - EOF"),
    "app=a\n" },
  { "made one line, our key is nothing there",
    T("x  app=a ...     disconnect_reason= graceful"), "app=a\n" },
  { "made one line and a line behind it", T("x  app=a ...     error= read\n    error= EOF"),
    "app=a\nerror=EOF\n" },
  { "dots in a message", T("ssh session closed ..."), "[ssh session closed]\n" },
};

static const BodyRow log_rows[] = {
  { "coderd's connection log",
    T("coderd: connection_log  ID=1  Type=ssh  WorkspaceName=w  Ip=::1  DisconnectReason=\"a b\""),
    "disconnect_reason=a b\nworkspace_name=w\nremote_addr=::1\nDisconnectReason=a b\nType=ssh\n"
    "ID=1\n" },
  { "no other key of it", T("coderd: x  DisconnectReason=graceful"),
    "DisconnectReason=graceful\n" },
  { "an empty reason", T("coderd: x  Type=ssh  DisconnectReason=\"\""),
    "DisconnectReason=\nType=ssh\n" },
};
/* clang-format on */

static void
test_body(gconstpointer data)
{
  const BodyRow *row = data;
  g_auto(CdStatement) statement;
  g_autofree gchar *shown = NULL;

  cd_statement_init(&statement, CD_SOURCE_SLOG_HUMAN);
  cd_human_read(row->body, &statement);
  shown = unit_show_statement(&statement);
  g_assert_cmpstr(shown, ==, row->shown);
}

static void
test_absent_body(void)
{
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_SLOG_HUMAN);
  cd_human_read(CD_TEXT_NONE, &statement);
  g_assert_null(statement.message);
  g_assert_false(statement.malformed);
}

static void
test_views_where_nothing_is_unquoted(void)
{
  static const gchar body[] = "ssh session closed  exit_code=1  app=\"a b\"  agent_id={\"a\":1}";
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_SLOG_HUMAN);
  cd_human_read(cd_text_from_string(body), &statement);
  g_assert_null(statement.chunk);
  for (guint i = 0; i < CD_N_FIELDS; i++)
    if (cd_record_has(&statement.said, i))
      {
        CdText value = cd_record_get(&statement.said, i);
        g_assert_true(value.data > body && value.data + value.length <= body + sizeof(body) - 1);
      }
}

/* The longest key that is looked for, and one more byte. */
static void
test_long_keys(void)
{
  for (gsize length = 120; length < 136; length++)
    {
      g_autofree gchar *key = g_strnfill(length, 'k');
      g_autofree gchar *body = g_strdup_printf("x  app=a  %s=v  exit_code=1", key);
      g_auto(CdStatement) statement;

      cd_statement_init(&statement, CD_SOURCE_SLOG_HUMAN);
      cd_human_read(cd_text_from_string(body), &statement);
      g_assert_true(cd_record_has(&statement.said, CD_FIELD_APP));
      g_assert_cmpint(cd_record_has(&statement.said, CD_FIELD_EXIT_CODE), !=, statement.malformed);
    }
}

/* Every cut of a line gives what stood whole before it, or is marked as broken. */
static void
test_every_cut(void)
{
  static const gchar body[] = "ssh-server: ssh session closed  exit_code=255  a={\"b\":\"c d\"}  "
                              "disconnect_reason=\"process exited with error status: -1\"  app=x";
  const gchar *whole = "process exited with error status: -1";

  for (gsize length = 0; length < sizeof(body); length++)
    {
      g_auto(CdStatement) statement;
      g_autofree gchar *cut = g_memdup2(body, length);
      CdText reason;

      cd_statement_init(&statement, CD_SOURCE_SLOG_HUMAN);
      cd_human_read((CdText) { cut, length }, &statement);
      reason = cd_record_get(&statement.said, CD_FIELD_DISCONNECT_REASON);
      g_assert_true(cd_text_is_empty(reason) || cd_text_is(reason, whole));
    }
}

typedef struct _ColourRow
{
  const gchar *name;
  const gchar *text;
  const gchar *plain;
} ColourRow;

static const ColourRow colour_rows[] = {
  { "none", "a [info] b", "a [info] b" },
  { "reset", "\x1b[0mx", "x" },
  { "a line", "\x1b[0m\x1b[90m2026\x1b[0m [\x1b[36minfo\x1b[0m]  x  \x1b[1;32ma\x1b[0m=1",
    "2026 [info]  x  a=1" },
  { "256 colours", "\x1b[38;5;196mx", "x" },
  { "clear the line", "\x1b[2Kx", "x" },
  { "an escape alone", "a\x1b", "a\x1b" },
  { "another escape", "\x1b(Bx", "\x1b(Bx" },
  { "cut in it", "a\x1b[", "a" },
  { "cut in its numbers", "a\x1b[38;5", "a" },
};

static void
test_colour(gconstpointer data)
{
  const ColourRow *row = data;
  g_auto(CdStatement) storage;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  unit_assert_text(cd_human_strip_colours(cd_text_from_string(row->text), &storage),
                   cd_text_from_string(row->plain));
}

static void
test_find_message(void)
{
  g_assert_nonnull(cd_human_find_message(CD_TEXT("ssh session closed")));
  g_assert_nonnull(cd_human_find_message(CD_TEXT("ssh-server: ssh session closed")));
  g_assert_null(cd_human_find_message(CD_TEXT("ssh-server:ssh session closed")));
  g_assert_null(cd_human_find_message(CD_TEXT("a b: ssh session closed")));
  g_assert_null(cd_human_find_message(CD_TEXT("")));
  g_assert_null(cd_human_find_message(CD_TEXT_NONE));
}

static void
read_body(CdText body)
{
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_SLOG_HUMAN);
  cd_human_read(body, &statement);
}

static void
strip_colours(CdText text)
{
  g_auto(CdStatement) storage;

  cd_statement_init(&storage, CD_SOURCE_SLOG_HUMAN);
  cd_human_strip_colours(text, &storage);
}

static const UnitLinearRow linear_rows[] = {
  { "open objects", "x", "  a={", "" },
  { "objects in objects", "x  a=", "{", "" },
  { "open quotes in objects", "x", "  a={\"", "" },
  { "closed objects", "x", "  a={}", "" },
  { "open quotes", "x", "  a=\"", "" },
  { "quotes", "x  a=", "\"", "" },
  { "quoted keys", "x", "  \"", "" },
  { "backslashes", "x  app=\"", "\\", "\"" },
  { "escapes", "x  app=\"", "\\n", "\"" },
  { "fields", "x", "  k=v", "" },
  { "fields of ours", "x", "  app=a", "" },
  { "blanks", "x", " ", "" },
  { "gaps", "x", "  y", "" },
  { "single blanks", "x", " y", "" },
  { "keys without a value", "x", "  key", "=v" },
  { "long keys", "x  ", "k", "=v" },
  { "equals signs", "x  ", "=", "" },
  { "continuation marks", "x", " ...", "\n    error= x" },
  { "a block of lines", "x ...\n    error= ", "x\n", "" },
  { "a block of frames", "x ...\n    error= ", "a\n/b:1\n", "" },
  { "loggers", "", "a: ", "" },
  { "flat marks", "x", " ...     ", "" },
  { "flat marks in values", "x", "  a=b ...     ", "" },
  { "a flat block", "x ...     error= ", "main.run         /a.go:1         ", "" },
  { "lists", "x", "  a=[\"b\"]", "" },
  { "open lists", "x", "  a=[b", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, read_body);
}

static void
test_colours_are_linear(void)
{
  const UnitLinearRow colours = { "", "", "\x1b[0m", "" };
  const UnitLinearRow open = { "", "", "\x1b[", "" };

  unit_assert_linear(&colours, strip_colours);
  unit_assert_linear(&open, strip_colours);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/human/message", message_rows, test_body);
  unit_add_rows("/human/field", field_rows, test_body);
  unit_add_rows("/human/broken", broken_rows, test_body);
  unit_add_rows("/human/block", block_rows, test_body);
  unit_add_rows("/human/connection-log", log_rows, test_body);
  g_test_add_func("/human/absent", test_absent_body);
  g_test_add_func("/human/views", test_views_where_nothing_is_unquoted);
  g_test_add_func("/human/long-keys", test_long_keys);
  g_test_add_func("/human/every-cut", test_every_cut);
  unit_add_rows("/human/colour", colour_rows, test_colour);
  g_test_add_func("/human/find-message", test_find_message);
  unit_add_rows("/human/linear", linear_rows, test_linear);
  g_test_add_func("/human/colours-are-linear", test_colours_are_linear);
  return g_test_run();
}
