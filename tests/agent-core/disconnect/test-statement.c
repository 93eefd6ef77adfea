/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/statement.h"

#include "../../support/unit-statement.h"

/* Storage that was used before: init has to set all that is read later. */
static void
start(CdStatement *statement)
{
  memset(statement, 0xa5, sizeof(*statement));
  cd_statement_init(statement, CD_SOURCE_SDATA);
}

static void
test_init(void)
{
  CdStatement statement;

  start(&statement);
  g_assert_cmpint(statement.source, ==, CD_SOURCE_SDATA);
  g_assert_false(cd_statement_is_record(&statement));
  g_assert_false(statement.malformed);
  g_assert_false(statement.contradiction);
  for (guint i = 0; i < CD_N_FIELDS; i++)
    g_assert_false(cd_record_has(&statement.said, i));
  cd_statement_clear(&statement);
}

static void
test_store_copies(void)
{
  g_auto(CdStatement) statement;
  gchar bytes[] = "a\0b";
  CdText copy;

  start(&statement);
  copy = cd_statement_store(&statement, (CdText) { bytes, 3 });
  bytes[0] = 'x';
  unit_assert_text(copy, CD_TEXT("a\0b"));
  unit_assert_text(cd_statement_store(&statement, CD_TEXT("")), CD_TEXT(""));
}

/* Earlier copies stay where they are, whatever comes later. */
static void
test_store_keeps_copies(void)
{
  g_auto(CdStatement) statement;
  g_autofree gchar *large = g_strnfill(100000, 'x');
  CdText first, second;

  start(&statement);
  first = cd_statement_store(&statement, CD_TEXT("first"));
  second = cd_statement_store(&statement, cd_text_from_string(large));
  for (guint i = 0; i < 1000; i++)
    cd_statement_store(&statement, CD_TEXT("filling"));
  unit_assert_text(first, CD_TEXT("first"));
  g_assert_true(cd_text_is(second, large));
}

static void
test_store_joined(void)
{
  g_auto(CdStatement) statement;

  start(&statement);
  unit_assert_text(cd_statement_store_joined(&statement, CD_TEXT("a"), CD_TEXT("b")),
                   CD_TEXT("ab"));
  unit_assert_text(cd_statement_store_joined(&statement, CD_TEXT("a"), CD_TEXT_NONE), CD_TEXT("a"));
  unit_assert_text(cd_statement_store_joined(&statement, CD_TEXT_NONE, CD_TEXT("\0")),
                   CD_TEXT("\0"));
}

static void
count_free(gpointer owner)
{
  (*(guint *) owner)++;
}

static void
test_clear_frees_owner_once(void)
{
  CdStatement statement;
  guint freed = 0;

  start(&statement);
  statement.owner = &freed;
  statement.free_owner = count_free;
  cd_statement_store(&statement, CD_TEXT("x"));
  cd_statement_clear(&statement);
  cd_statement_clear(&statement);
  g_assert_cmpuint(freed, ==, 1);
  g_assert_null(statement.owner);
  g_assert_null(statement.chunk);
}

static void
test_first_value_stands(void)
{
  g_auto(CdStatement) statement;

  start(&statement);
  cd_statement_add(&statement, CD_FIELD_APP, CD_TEXT("ssh"));
  g_assert_false(statement.contradiction);
  cd_statement_add(&statement, CD_FIELD_APP, CD_TEXT("vscode"));
  g_assert_true(statement.contradiction);
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_APP), CD_TEXT("ssh"));
}

static void
test_same_value_again(void)
{
  g_auto(CdStatement) statement;

  start(&statement);
  cd_statement_add(&statement, CD_FIELD_APP, CD_TEXT("ssh"));
  cd_statement_add(&statement, CD_FIELD_APP, CD_TEXT("ssh"));
  g_assert_false(statement.contradiction);
}

static void
test_empty_value_stands_too(void)
{
  g_auto(CdStatement) statement;

  start(&statement);
  cd_statement_add(&statement, CD_FIELD_APP, CD_TEXT(""));
  cd_statement_add(&statement, CD_FIELD_APP, CD_TEXT("ssh"));
  g_assert_true(statement.contradiction);
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_APP), CD_TEXT(""));
}

typedef struct _RecordRow
{
  const gchar *name;
  const gchar *message;
  const gchar *said;
  gboolean is_record;
} RecordRow;

/* clang-format off */
static const RecordRow record_rows[] = {
  { "nothing", NULL, "", FALSE },
  { "the key", NULL, "disconnect_reason=graceful", TRUE },
  { "the key, empty", NULL, "disconnect_reason=", TRUE },
  { "other keys", NULL, "disconnect_expected=true\nexit_code=1\nerror=EOF", FALSE },
  { "a site's message", "ssh session closed", "", TRUE },
  { "connection complete", "ssh connection complete", "", FALSE },
  { "connection complete, no error", "ssh connection complete", "error=<nil>", FALSE },
  { "connection complete, empty error", "ssh connection complete", "error=", FALSE },
  { "connection complete, an error", "ssh connection complete", "error=read: EOF", TRUE },
  { "connection complete, a text nobody knows", "ssh connection complete", "error=moon", TRUE },
  { "connection complete, the key", "ssh connection complete", "disconnect_reason=", TRUE },
};
/* clang-format on */

static void
test_is_record(gconstpointer data)
{
  const RecordRow *row = data;
  g_auto(CdStatement) statement;

  start(&statement);
  statement.message = cd_site_message_find(cd_text_from_string(row->message));
  unit_say(&statement, row->said);
  g_assert_cmpint(cd_statement_is_record(&statement), ==, row->is_record);
}

typedef struct _LogRow
{
  const gchar *name;
  const gchar *said;
  const gchar *reason; /* NULL for none */
} LogRow;

static const LogRow log_rows[] = {
  { "beside Type", "DisconnectReason=x\nType=ssh", "x" },
  { "beside ID", "ID=1\nDisconnectReason=x", "x" },
  { "beside an empty ID", "ID=\nDisconnectReason=x", "x" },
  { "alone", "DisconnectReason=x\nWorkspaceID=1\nIp=::1", NULL },
  { "empty", "DisconnectReason=\nType=ssh", NULL },
  { "only Type", "Type=ssh\nID=1", NULL },
  { "beside our key", "disconnect_reason=graceful\nDisconnectReason=x\nType=ssh", "graceful" },
  { "beside our key, empty", "disconnect_reason=\nDisconnectReason=x\nType=ssh", "" },
};

static void
test_connection_log(gconstpointer data)
{
  const LogRow *row = data;
  g_auto(CdStatement) statement;

  start(&statement);
  unit_say(&statement, row->said);
  cd_statement_settle_connection_log(&statement);
  g_assert_cmpint(cd_statement_is_record(&statement), ==, row->reason != NULL);
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_DISCONNECT_REASON),
                   cd_text_from_string(row->reason));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/statement/init", test_init);
  g_test_add_func("/statement/store-copies", test_store_copies);
  g_test_add_func("/statement/store-keeps-copies", test_store_keeps_copies);
  g_test_add_func("/statement/store-joined", test_store_joined);
  g_test_add_func("/statement/clear-frees-owner-once", test_clear_frees_owner_once);
  g_test_add_func("/statement/first-value-stands", test_first_value_stands);
  g_test_add_func("/statement/same-value-again", test_same_value_again);
  g_test_add_func("/statement/empty-value-stands-too", test_empty_value_stands_too);
  unit_add_rows("/statement/is-record", record_rows, test_is_record);
  unit_add_rows("/statement/connection-log", log_rows, test_connection_log);
  return g_test_run();
}
