/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/connection-log.h"

#include "../../support/unit-linear.h"
#include "../../support/unit-statement.h"

typedef struct _GateRow
{
  const gchar *name;
  const gchar *text;
  gboolean matters;
} GateRow;

/* clang-format off */
static const GateRow gate_rows[] = {
  { "the key", "DisconnectReason=x", TRUE },
  { "behind a blank", "a DisconnectReason=x", TRUE },
  { "behind a tab", "a\tDisconnectReason=x", TRUE },
  { "behind a newline", "a\nDisconnectReason=x", TRUE },
  { "an empty value", "a DisconnectReason=", TRUE },
  { "behind other words with its letter", "R Reason DisconnectR DisconnectReason=x", TRUE },
  { "inside a word", "aDisconnectReason=x", FALSE },
  { "inside quotes", "a=\"DisconnectReason=x\"", FALSE },
  { "a longer key", "DisconnectReasons=x", FALSE },
  { "another case", "disconnectReason=x", FALSE },
  { "no equals sign", "DisconnectReason x", FALSE },
  { "cut", "DisconnectReason", FALSE },
  { "the letter first", "R", FALSE },
  { "empty", "", FALSE },
};

typedef struct _TextRow
{
  const gchar *name;
  const gchar *text;
  const gchar *shown;
} TextRow;

static const TextRow rows[] = {
  { "all keys",
    "connection_log ID=1 Time=2026-11-21 Type=ssh WorkspaceID=w WorkspaceName=n AgentName=a "
    "ConnectionID=c Ip=::1 DisconnectReason=\"server shut down\" x",
    "disconnect_reason=server shut down\nconnection_id=c\nworkspace_id=w\nworkspace_name=n\n"
    "agent_name=a\nremote_addr=::1\nDisconnectReason=server shut down\nType=ssh\nID=1\n" },
  { "in any order", "DisconnectReason=graceful Type=ssh",
    "disconnect_reason=graceful\nDisconnectReason=graceful\nType=ssh\n" },
  { "alone", "DisconnectReason=graceful", "DisconnectReason=graceful\n" },
  { "empty", "Type=ssh DisconnectReason= ID=1", "DisconnectReason=\nType=ssh\nID=1\n" },
  { "quoted and empty", "Type=ssh DisconnectReason=\"\"", "DisconnectReason=\nType=ssh\n" },
  { "escapes", "ID=1 DisconnectReason=\"a\\tb\\\"c\"",
    "disconnect_reason=a\tb\"c\nDisconnectReason=a\tb\"c\nID=1\n" },
  { "a key inside a quoted value", "ID=1 a=\" DisconnectReason=x\" b=2", "ID=1\n" },
  { "a key inside a quoted word", "ID=1 \"a DisconnectReason=x\" b=2", "ID=1\n" },
  { "a key behind a quote in a word", "ID=1 x\"a DisconnectReason=x\"", "ID=1\n" },
  { "a quote in a word that is not closed", "ID=1 x\"a DisconnectReason=x", "ID=1\n" },
  { "a value that is not closed", "ID=1 DisconnectReason=\"x", "ID=1\nMALFORMED\n" },
  { "an escape that Go does not write", "ID=1 DisconnectReason=\"\\z\" Type=ssh",
    "Type=ssh\nID=1\nMALFORMED\n" },
  { "our own key is none of this log's", "ID=1 disconnect_reason=graceful", "ID=1\n" },
  { "our other keys", "ID=1 exit_code=3 DisconnectReason=x",
    "disconnect_reason=x\nexit_code=3\nDisconnectReason=x\nID=1\n" },
  { "twice", "ID=1 DisconnectReason=x DisconnectReason=y",
    "disconnect_reason=x\nDisconnectReason=x\nID=1\nCONTRADICTION\n" },
  { "equals signs in a value", "ID=a=b DisconnectReason=c=d",
    "disconnect_reason=c=d\nDisconnectReason=c=d\nID=a=b\n" },
  { "words without keys", "ID=1 = == a= =b", "ID=1\n" },
  { "words before the first key", "Invalid user x DisconnectReason=graceful Type=ssh", "" },
  { "behind a time and coderd's name",
    "2026-11-21T07:37:29Z coderd: connection_log ID=1 DisconnectReason=x",
    "disconnect_reason=x\nDisconnectReason=x\nID=1\n" },
  { "behind journald's head", "Nov 21 07:37:29 h coderd[1]: ID=1 DisconnectReason=x",
    "disconnect_reason=x\nDisconnectReason=x\nID=1\n" },
  { "behind another program's words",
    "Nov 21 07:37:29 h sshd[1]: Invalid user ID=1 DisconnectReason=x", "" },
  { "a word before the first key", "audit_log ID=1 DisconnectReason=graceful", "" },
  { "blanks before the first key", " \tID=1 DisconnectReason=x",
    "disconnect_reason=x\nDisconnectReason=x\nID=1\n" },
  { "lines", "ID=1\nDisconnectReason=x\r\nType=ssh",
    "disconnect_reason=x\nDisconnectReason=x\nType=ssh\nID=1\n" },
  { "nothing", "", "" },
};
/* clang-format on */

static void
test_gate(gconstpointer data)
{
  const GateRow *row = data;

  g_assert_cmpint(cd_connection_log_matters(cd_text_from_string(row->text)), ==, row->matters);
}

static void
test_text(gconstpointer data)
{
  const TextRow *row = data;
  g_auto(CdStatement) statement;
  g_autofree gchar *shown = NULL;
  g_autofree gchar *expected = unit_show(cd_text_from_string(row->shown));

  cd_statement_init(&statement, CD_SOURCE_TEXT);
  cd_connection_log_read(cd_text_from_string(row->text), &statement);
  shown = unit_show_statement(&statement);
  g_assert_cmpstr(shown, ==, expected);
}

static void
test_absent_text(void)
{
  g_assert_false(cd_connection_log_matters(CD_TEXT_NONE));
}

static void
read_text(CdText text)
{
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_TEXT);
  cd_connection_log_matters(text);
  cd_connection_log_read(text, &statement);
}

static const UnitLinearRow linear_rows[] = {
  { "the rare letter", "", "R", "" },
  { "almost keys", "", "DisconnectReason", "" },
  { "keys", "", "DisconnectReason=x ", "" },
  { "equals signs", "", "=", "" },
  { "open quotes", "", "\"", "" },
  { "quoted words", "", "a\"b\"", "" },
  { "open quotes behind blanks", "", " \"", "x" },
  { "open values", "", "a=\"b ", "" },
  { "backslashes", "a=\"", "\\", "\"" },
  { "blanks", "x", " ", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, read_text);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/connection-log/gate", gate_rows, test_gate);
  unit_add_rows("/connection-log/text", rows, test_text);
  g_test_add_func("/connection-log/absent", test_absent_text);
  unit_add_rows("/connection-log/linear", linear_rows, test_linear);
  return g_test_run();
}
