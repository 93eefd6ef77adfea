/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/legacy.h"

#include "../../support/unit-linear.h"
#include "../../support/unit-statement.h"

typedef struct _BodyRow
{
  const gchar *name;
  const gchar *body;
  const gchar *shown;
} BodyRow;

#define HEAD "\t<./agent/agent.go:155>\t(*agent).runLoop\t"

/* clang-format off */
static const BodyRow rows[] = {
  { "a message", HEAD "ssh session closed", "[ssh session closed]\n" },
  { "a logger", "\t(agent.ssh)\t<a.go:1>\tf\tssh session closed", "[ssh session closed]\n" },
  { "a quoted message", HEAD "\"ssh session closed\"", "[ssh session closed]\n" },
  { "a message quoted wrongly", HEAD "\"ssh session\\z\"\t{\"app\": \"a\"}", "app=a\nMALFORMED\n" },
  { "another message", HEAD "connection manager errored", "" },
  { "fields", HEAD "ssh session closed\t{\"exit_code\": 1, \"app\": \"a b\", \"foo\": [1, {}]}",
    "[ssh session closed]\nexit_code=1\napp=a b\n" },
  { "an error in the fields", HEAD "run exited with error\t{\"error\": \"read: EOF\"}",
    "[run exited with error]\nerror=read: EOF\n" },
  { "blanks around the fields", HEAD "ssh session closed\t {\"app\": \"a\"} ",
    "[ssh session closed]\napp=a\n" },
  { "a carriage return", HEAD "ssh session closed\r", "[ssh session closed]\n" },
  { "fields cut off", HEAD "ssh session closed\t{\"exit_code\": 1, \"app\": \"a",
    "[ssh session closed]\nexit_code=1\nMALFORMED\n" },
  { "fields cut in the first key", HEAD "ssh session closed\t{\"exi",
    "[ssh session closed]\nMALFORMED\n" },
  { "fields that are none", HEAD "ssh session closed\tx", "[ssh session closed]\n" },
  { "an error's block", HEAD "run exited with error ...\n"
    "  \"error\": update workspace agent version:\n"
    "               github.com/coder/coder/agent.(*agent).run\n"
    "                   /home/runner/work/coder/coder/agent/agent.go:201\n"
    "             - GET https://x/api: unexpected status code 401: Unauthorized.",
    "[run exited with error]\n"
    "error=update workspace agent version: GET https://x/api: unexpected status code 401: "
    "Unauthorized.\n" },
  { "an error's block without an indent",
    HEAD "run exited with error ...\n\"error\": read:\n - EOF",
    "[run exited with error]\nerror=read: EOF\n" },
  { "fields and a block",
    HEAD "ssh session closed\t{\"app\": \"a\"} ...\n  \"error\": read:\n    - EOF",
    "[ssh session closed]\napp=a\nerror=read: EOF\n" },
  { "another key's block", HEAD "run exited with error ...\n  \"detail\": x",
    "[run exited with error]\n" },
  { "no place", "\tf\tssh session closed", "" },
  { "a place that is not closed", "\t<a.go:1\tf\tssh session closed", "" },
  { "a logger and no place", "\t(agent)\tssh session closed", "" },
  { "cut behind the logger", "\t(agent)", "" },
  { "cut behind the place", "\t<a.go:1>", "" },
  { "cut behind the function", "\t<a.go:1>\tf\t", "" },
  { "empty", "", "" },
};
/* clang-format on */

static void
test_body(gconstpointer data)
{
  const BodyRow *row = data;
  g_auto(CdStatement) statement;
  g_autofree gchar *shown = NULL;

  cd_statement_init(&statement, CD_SOURCE_SLOG_LEGACY);
  cd_legacy_read(cd_text_skip(cd_text_from_string(row->body), 1), &statement);
  shown = unit_show_statement(&statement);
  g_assert_cmpstr(shown, ==, row->shown);
}

static void
test_every_cut(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    for (gsize length = 0; length + 1 < strlen(rows[i].body); length++)
      {
        g_auto(CdStatement) statement;
        g_autofree gchar *cut = g_memdup2(rows[i].body + 1, length);

        cd_statement_init(&statement, CD_SOURCE_SLOG_LEGACY);
        cd_legacy_read((CdText) { cut, length }, &statement);
      }
}

static void
read_body(CdText body)
{
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_SLOG_LEGACY);
  cd_legacy_read(body, &statement);
}

static const UnitLinearRow linear_rows[] = {
  { "tabs", "", "\t", "" },
  { "columns", "<a>", "\tx", "" },
  { "a quoted message", "<a>\tf\t\"", "\\\\", "\"" },
  { "fields", "<a>\tf\tm\t{\"a\":[", "1,", "1]}" },
  { "open fields", "<a>\tf\tm\t", "{\"a\":", "" },
  { "a block", "<a>\tf\tm ...\n  \"error\": ", "x\n", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, read_body);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/legacy/body", rows, test_body);
  g_test_add_func("/legacy/every-cut", test_every_cut);
  unit_add_rows("/legacy/linear", linear_rows, test_linear);
  return g_test_run();
}
