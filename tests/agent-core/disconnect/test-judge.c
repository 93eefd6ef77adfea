/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/judge.h"

#include "disconnect/detail.h"

#include "../../support/unit-statement.h"

/* A judged statement's pairs, a line each, and its marks. */
static gchar *
show_judged(const CdStatement *statement, const CdJudgement *judgement)
{
  g_autofree gchar *pairs = unit_show_record(&statement->said, CD_N_PAIR_FIELDS);

  return g_strconcat(pairs, judgement->derived ? "DERIVED\n" : "",
                     judgement->contradiction ? "CONTRADICTION\n" : "",
                     judgement->malformed ? "MALFORMED\n" : "", NULL);
}

static void
judge(CdStatement *statement, const gchar *message, const gchar *said, CdJudgement *judgement)
{
  memset(statement, 0xa5, sizeof(*statement));
  memset(judgement, 0xa5, sizeof(*judgement));
  cd_statement_init(statement, CD_SOURCE_SDATA);
  statement->message = cd_site_message_find(cd_text_from_string(message));
  g_assert_cmpint(statement->message != NULL, ==, message != NULL);
  unit_say(statement, said);
  g_assert_true(cd_statement_is_record(statement));
  cd_judge(statement, judgement);
}

typedef struct _JudgeRow
{
  const gchar *name;
  const gchar *message;
  const gchar *said;
  const gchar *judged;
} JudgeRow;

/* Whole records: every pair that comes out, in wire order. */
/* clang-format off */
static const JudgeRow whole_rows[] = {
  { "a record of ours", NULL,
    "connect_type=agent_to_client\nsite=pty\ndisconnect_reason=client_closed\n"
    "disconnect_expected=true\ndisconnect_initiator=client\ndisconnect_detail=bye\n"
    "connection_method=derp\nexit_code=0\nrule=25\nsession_id=s\nconnection_id=c\napp=web\n"
    "workspace_id=w\nagent_id=a\nremote_addr=[::1]:5\nduration_ms=7\nbytes_in=8\nrun_id=r",
    "connect_type=agent_to_client\nsite=pty\ndisconnect_reason=client_closed\n"
    "disconnect_expected=true\ndisconnect_initiator=client\ndisconnect_detail=bye\n"
    "connection_method=derp\nexit_code=0\nrule=2\nsession_id=s\nconnection_id=c\napp=web\n"
    "workspace_id=w\nagent_id=a\nremote_addr=[::1]:5\nduration_ms=7\nbytes_in=8\nrun_id=r\n"
    "source=sdata\n" },
  { "only the key", NULL, "disconnect_reason=graceful",
    "disconnect_reason=graceful\ndisconnect_expected=true\nrule=2\nsource=sdata\n" },
  { "an empty key", NULL, "disconnect_reason=",
    "disconnect_reason=unknown\ndisconnect_expected=false\nrule=2\nsource=sdata\n" },
  { "a text outside the vocabulary", NULL, "disconnect_reason=moon phase",
    "disconnect_reason=unknown\ndisconnect_expected=false\ndisconnect_detail=moon phase\nrule=3\n"
    "source=sdata\nraw_reason=moon phase\nCONTRADICTION\n" },
  { "an older text", "ssh session closed",
    "disconnect_reason=process exited with error status: 3\ndisconnect_expected=false\n"
    "exit_code=3",
    "connect_type=agent_to_client\nsite=ssh-session\ndisconnect_reason=graceful\n"
    "disconnect_expected=true\ndisconnect_initiator=agent\n"
    "disconnect_detail=exited with code 3\nexit_code=3\nrule=36\nsource=sdata\n"
    "raw_reason=process exited with error status: 3\nDERIVED\n" },
  { "a message without the key", "disconnected from coderd", "",
    "connect_type=server_to_agent\nsite=run-loop\ndisconnect_reason=network_error\n"
    "disconnect_expected=false\ndisconnect_initiator=network\nrule=21\nsource=sdata\nDERIVED\n" },
  { "coderd's connection log", NULL,
    "Type=ssh\nID=1\nDisconnectReason=graceful\ndisconnect_reason=graceful\nWorkspaceID=w\n"
    "Ip=::1",
    "connect_type=agent_to_client\ndisconnect_reason=graceful\ndisconnect_expected=true\n"
    "rule=2\napp=ssh\nworkspace_id=w\nremote_addr=::1\nsource=sdata\n" },
};
/* clang-format on */

static void
test_whole(gconstpointer data)
{
  const JudgeRow *row = data;
  g_auto(CdStatement) statement;
  CdJudgement judgement;
  g_autofree gchar *shown = NULL;

  judge(&statement, row->message, row->said, &judgement);
  shown = show_judged(&statement, &judgement);
  g_assert_cmpstr(shown, ==, row->judged);
}

/* The lines of @wanted, "KEY=VALUE" each, and "-KEY" for one that must not be there, stand in
 * @shown. */
static void
assert_lines(const gchar *shown, const gchar *wanted)
{
  g_auto(GStrv) lines = g_strsplit(wanted, "\n", -1);
  g_autofree gchar *all = g_strconcat("\n", shown, NULL);

  for (guint i = 0; lines[i]; i++)
    {
      gboolean absent = lines[i][0] == '-';
      g_autofree gchar *line = absent ? g_strconcat("\n", lines[i] + 1, NULL)
                                      : g_strconcat("\n", lines[i], "\n", NULL);

      if ((strstr(all, line) != NULL) == absent)
        g_error("wanted %s in:%s", lines[i], all);
    }
}

static void
test_lines(gconstpointer data)
{
  const JudgeRow *row = data;
  g_auto(CdStatement) statement;
  CdJudgement judgement;
  g_autofree gchar *shown = NULL;

  judge(&statement, row->message, row->said, &judgement);
  shown = show_judged(&statement, &judgement);
  assert_lines(shown, row->judged);
}

#define CODERD "disconnected from coderd"
#define COORDINATION "disconnected from coordination RPC"
#define SESSION "ssh session closed"
#define PTY "reconnecting pty closed"

/* clang-format off */
static const JudgeRow initiator_rows[] = {
  { "declared", NULL, "disconnect_reason=graceful\nsite=coordination\ndisconnect_initiator=client",
    "disconnect_initiator=client\n-CONTRADICTION" },
  { "declared, empty, from the site", COORDINATION,
    "disconnect_reason=server_shutdown\ndisconnect_initiator=", "disconnect_initiator=agent" },
  { "invalid, from the site", COORDINATION,
    "disconnect_reason=network_error\ndisconnect_initiator=coderd",
    "disconnect_initiator=network\nCONTRADICTION" },
  { "absent, from the site", PTY, "disconnect_reason=server_shutdown",
    "disconnect_initiator=agent" },
  { "workspace stopped", SESSION, "disconnect_reason=workspace_stopped",
    "disconnect_initiator=server" },
  { "client closed", PTY, "disconnect_reason=client_closed", "disconnect_initiator=client" },
  { "absent, from the error", NULL,
    "disconnect_reason=network_error\nsite=pty\nerror=read: connection reset by peer",
    "disconnect_initiator=network\ndisconnect_reason=network_error\nrule=2" },
  { "absent, from the detail", PTY,
    "disconnect_reason=network_error\ndisconnect_detail=broken pipe",
    "disconnect_initiator=network\ndisconnect_detail=broken pipe" },
  { "absent, the error shows another reason", PTY,
    "disconnect_reason=graceful\nerror=read: connection reset by peer", "-disconnect_initiator" },
  { "absent, nothing fixes it", PTY, "disconnect_reason=graceful", "-disconnect_initiator" },
  { "absent, the reason is no word of ours", NULL,
    "connect_type=agent_to_client\ndisconnect_reason=moon phase\n"
    "disconnect_detail=reconnecting pty closed before connection\n"
    "exit_code=0",
    "disconnect_reason=unknown\n-disconnect_initiator" },
  { "absent, an older text beside a detail", NULL,
    "disconnect_reason=session shutdown\ndisconnect_detail=broken pipe",
    "disconnect_reason=network_error\n-disconnect_initiator" },
  { "absent, of a record that was judged", NULL,
    "disconnect_reason=network_error\ndisconnect_detail=broken pipe\nrule=22",
    "-disconnect_initiator" },
  { "absent, a text nobody knows", PTY, "disconnect_reason=network_error\nerror=moon",
    "-disconnect_initiator" },
  { "declared beside a derived reason", SESSION,
    "disconnect_reason=normal exit\ndisconnect_initiator=client", "disconnect_initiator=client" },
  { "declared beside no reason at all", CODERD, "disconnect_initiator=server",
    "disconnect_initiator=server\ndisconnect_reason=network_error" },
  { "configured", NULL, "disconnect_reason=graceful\nsite=coordination-close",
    "-disconnect_initiator" },
};

static const JudgeRow contradiction_rows[] = {
  { "expected true beside network_error", NULL,
    "disconnect_reason=network_error\ndisconnect_expected=true",
    "disconnect_expected=false\nCONTRADICTION" },
  { "expected false beside graceful", NULL,
    "disconnect_reason=graceful\ndisconnect_expected=false",
    "disconnect_expected=true\nCONTRADICTION" },
  { "expected is no boolean", NULL, "disconnect_reason=graceful\ndisconnect_expected=yes",
    "disconnect_expected=true\nCONTRADICTION" },
  { "expected is empty", NULL, "disconnect_reason=graceful\ndisconnect_expected=",
    "disconnect_expected=true\n-CONTRADICTION" },
  { "expected agrees", NULL, "disconnect_reason=graceful\ndisconnect_expected=true",
    "-CONTRADICTION" },
  { "expected false beside an older text is Coder's own rule", SESSION,
    "disconnect_reason=normal exit\ndisconnect_expected=false",
    "disconnect_expected=true\n-CONTRADICTION" },
  { "expected true beside an older text", SESSION,
    "disconnect_reason=normal exit\ndisconnect_expected=true", "CONTRADICTION" },
  { "expected false beside the zero reason", SESSION,
    "disconnect_reason=unknown\ndisconnect_expected=false\nexit_code=0",
    "disconnect_reason=graceful\ndisconnect_expected=true\n-CONTRADICTION\nDERIVED" },
  { "a layer outside the vocabulary", PTY, "disconnect_reason=graceful\nconnect_type=moon",
    "connect_type=agent_to_client\nCONTRADICTION" },
  { "a site outside the vocabulary", NULL, "disconnect_reason=graceful\nsite=moon",
    "-site\n-connect_type\nCONTRADICTION" },
  { "a method outside the vocabulary", NULL,
    "disconnect_reason=graceful\nconnection_method=carrier pigeon",
    "-connection_method\nCONTRADICTION" },
  { "two values of one field", NULL, "disconnect_reason=graceful\napp=a\napp=b",
    "app=a\nCONTRADICTION" },
  { "reset beside server_shutdown", COORDINATION,
    "disconnect_reason=server_shutdown\nerror=read: connection reset by peer",
    "disconnect_reason=server_shutdown\ndisconnect_expected=true\ndisconnect_initiator=agent\n"
    "disconnect_detail=connection reset by peer\nCONTRADICTION" },
  { "a timeout beside graceful, and a detail", PTY,
    "disconnect_reason=graceful\ndisconnect_detail=bye\nerror=write: connection timed out",
    "disconnect_reason=graceful\ndisconnect_detail=bye; connection timed out\nCONTRADICTION" },
  { "end of file beside server_shutdown proves nothing", COORDINATION,
    "disconnect_reason=server_shutdown\nerror=read: EOF", "-CONTRADICTION" },
  { "cancelled beside server_shutdown", COORDINATION,
    "disconnect_reason=server_shutdown\nerror=context canceled", "-CONTRADICTION" },
  { "nil beside server_shutdown", COORDINATION,
    "disconnect_reason=server_shutdown\nerror=<nil>", "-CONTRADICTION\n-disconnect_detail" },
  { "reset beside network_error", COORDINATION,
    "disconnect_reason=network_error\nerror=read: connection reset by peer", "-CONTRADICTION" },
  { "a reset in the detail alone", PTY,
    "disconnect_reason=server_shutdown\ndisconnect_detail=connection reset by peer",
    "-CONTRADICTION\ndisconnect_detail=connection reset by peer" },
};

static const JudgeRow layer_rows[] = {
  { "declared", NULL, "disconnect_reason=graceful\nconnect_type=client_to_server\nsite=pty",
    "connect_type=client_to_server\nsite=pty" },
  { "from the site", NULL, "disconnect_reason=graceful\nsite=watch",
    "connect_type=client_to_server\nsite=watch" },
  { "from the message", CODERD, "", "connect_type=server_to_agent\nsite=run-loop" },
  { "from neither", NULL, "disconnect_reason=graceful", "-connect_type\n-site" },
  { "of a log's ssh", NULL, "disconnect_reason=graceful\nType=ssh\nID=1",
    "connect_type=agent_to_client\napp=ssh" },
  { "of a log's vscode", NULL, "disconnect_reason=graceful\nType=vscode",
    "connect_type=agent_to_client\napp=vscode" },
  { "of a log's jetbrains", NULL, "disconnect_reason=graceful\nType=jetbrains",
    "connect_type=agent_to_client" },
  { "of a log's terminal", NULL, "disconnect_reason=graceful\nType=reconnecting_pty",
    "connect_type=agent_to_client" },
  { "of a log's workspace app", NULL, "disconnect_reason=graceful\nType=workspace_app",
    "-connect_type\napp=workspace_app" },
  { "a named application stands", NULL, "disconnect_reason=graceful\nType=ssh\napp=web",
    "app=web" },
};

static const JudgeRow code_rows[] = {
  { "kept", SESSION, "disconnect_reason=graceful\nexit_code=130", "exit_code=130\n-MALFORMED" },
  { "leading zeros", SESSION, "disconnect_reason=graceful\nexit_code=007", "exit_code=7" },
  { "minus zero", SESSION, "disconnect_reason=graceful\nexit_code=-0", "exit_code=0" },
  { "negative", SESSION, "disconnect_reason=graceful\nexit_code=-1", "exit_code=-1" },
  { "32 bits", SESSION, "disconnect_reason=graceful\nexit_code=4294967295",
    "exit_code=4294967295\n-MALFORMED" },
  { "more than 32 bits", SESSION, "disconnect_reason=graceful\nexit_code=4294967296",
    "-exit_code\nMALFORMED" },
  { "more than 64 bits", SESSION, "disconnect_reason=graceful\nexit_code=18446744073709551616",
    "-exit_code\nMALFORMED" },
  { "no number", SESSION, "disconnect_reason=graceful\nexit_code=one", "-exit_code\nMALFORMED" },
  { "half a number", SESSION, "disconnect_reason=graceful\nexit_code=1.5",
    "-exit_code\nMALFORMED" },
  { "empty", SESSION, "disconnect_reason=graceful\nexit_code=", "-MALFORMED" },
  { "from an older text", SESSION, "disconnect_reason=process exited with error status: 3",
    "exit_code=3\ndisconnect_detail=exited with code 3" },
  { "more than 32 bits in an older text", SESSION,
    "disconnect_reason=process exited with error status: 4294967296",
    "-exit_code\nraw_reason=process exited with error status: 4294967296" },
  { "reported beside an older text", SESSION,
    "disconnect_reason=process exited with error status: -1\nexit_code=255",
    "exit_code=255\ndisconnect_reason=network_error\n-disconnect_initiator" },
  { "not from -1", SESSION, "disconnect_reason=process exited with error status: -1",
    "-exit_code" },
  { "other than 0 and no reason", SESSION, "exit_code=1", "disconnect_reason=unknown\nrule=44" },
  { "0 and no reason", SESSION, "exit_code=0", "disconnect_reason=graceful" },
  { "0 does not save a text", SESSION, "disconnect_reason=moon\nexit_code=0",
    "disconnect_reason=unknown\nraw_reason=moon\nexit_code=0" },
};

static const JudgeRow reason_rows[] = {
  { "unknown is declared", NULL, "disconnect_reason=unknown", "rule=2\n-DERIVED\n-raw_reason" },
  { "upper case is a text", NULL, "disconnect_reason=Graceful",
    "disconnect_reason=unknown\nraw_reason=Graceful" },
  { "blanks are a text", NULL, "disconnect_reason= ", "disconnect_reason=unknown\nraw_reason= " },
  { "a known cause in the text", PTY, "disconnect_reason=read: connection reset by peer",
    "disconnect_reason=network_error\ndisconnect_initiator=network\n"
    "raw_reason=read: connection reset by peer\n"
    "disconnect_detail=read: connection reset by peer" },
  { "the sender's detail stands before the text", PTY,
    "disconnect_reason=broken pipe\ndisconnect_detail=said",
    "disconnect_detail=said\nraw_reason=broken pipe" },
  { "T2: quiet success", SESSION, "disconnect_reason=unknown\nexit_code=0",
    "disconnect_reason=graceful\nrule=1\nDERIVED" },
  { "T2: not where our own verdict is unknown", NULL,
    "site=ssh-session\ndisconnect_reason=unknown\nexit_code=0\nrule=3",
    "disconnect_reason=unknown\n-DERIVED" },
  { "T5: init cut off", "failed to read AgentReconnectingPTYInit", "error=EOF",
    "disconnect_reason=protocol_error\ndisconnect_initiator=client\nsite=pty" },
  { "T5: no init", "failed to read AgentReconnectingPTYInit length", "error=EOF",
    "disconnect_reason=client_closed\ndisconnect_initiator=client" },
  { "T5: init reset", "failed to read AgentReconnectingPTYInit length",
    "error=read tcp: connection reset by peer",
    "disconnect_reason=network_error\ndisconnect_initiator=network" },
  { "T5: init is no JSON", "failed to unmarshal init", "error=invalid character 'x'",
    "disconnect_reason=protocol_error\ndisconnect_initiator=client" },
  { "connection complete with an error", "ssh connection complete", "error=read: EOF",
    "disconnect_reason=network_error\nsite=ssh-connection\n-disconnect_initiator" },
  { "shutdown timed out", "timed out waiting for Coordinator RPC disconnect", "",
    "disconnect_reason=server_shutdown\ndisconnect_initiator=agent\nsite=agent-close" },
  { "coordinator RPC disconnected", "coordinator RPC disconnected", "",
    "disconnect_reason=server_shutdown\ndisconnect_initiator=agent\nsite=agent-close" },
  { "the message's site is the truth", PTY, "disconnect_reason=graceful\nsite=watch",
    "site=pty\nconnect_type=agent_to_client" },
  { "nothing but the message", SESSION, "", "disconnect_reason=unknown\nrule=45\nDERIVED" },
};
/* clang-format on */

static void
test_source(void)
{
  for (guint source = 0; source < CD_N_SOURCES; source++)
    {
      g_auto(CdStatement) statement;
      CdJudgement judgement;

      cd_statement_init(&statement, source);
      cd_statement_add(&statement, CD_FIELD_DISCONNECT_REASON, CD_TEXT(""));
      cd_judge(&statement, &judgement);
      unit_assert_text(cd_record_get(&statement.said, CD_FIELD_SOURCE),
                       cd_text_from_string(cd_source_get_info(source)->name));
    }
}

static void
test_malformed_is_kept(void)
{
  g_auto(CdStatement) statement;
  CdJudgement judgement;

  cd_statement_init(&statement, CD_SOURCE_SLOG_HUMAN);
  statement.malformed = TRUE;
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  cd_judge(&statement, &judgement);
  g_assert_true(judgement.malformed);
  g_assert_cmpint(judgement.verdict.reason, ==, CD_REASON_GRACEFUL);
}

/* Every text that goes on is safe to log; what was safe stays where it was. */
static void
test_texts_are_cleaned(void)
{
  g_auto(CdStatement) statement;
  CdJudgement judgement;
  const CdText plain = CD_TEXT("10.0.0.1:22");
  const CdText evil = CD_TEXT("\x1b[2J\xe2\x80\xae\n\0\xff");

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_REASON, evil);
  for (guint i = CD_FIELD_SESSION_ID; i < CD_N_WIRE_FIELDS; i++)
    cd_statement_add(&statement, i, i == CD_FIELD_REMOTE_ADDR ? plain : evil);
  cd_judge(&statement, &judgement);
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    g_assert_true(cd_detail_is_plain(cd_record_get(&statement.said, i)));
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_RAW_REASON),
                   CD_TEXT("\\x1b[2J\\u202e\\n\\x00\\xff"));
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_APP),
                   CD_TEXT("\\x1b[2J\\u202e\\n\\x00\\xff"));
  g_assert_true(cd_record_get(&statement.said, CD_FIELD_REMOTE_ADDR).data == plain.data);
}

/* In words a secret goes; in ids and addresses nothing may, whatever it looks like. */
static void
test_secrets_are_redacted(void)
{
  g_auto(CdStatement) statement;
  CdJudgement judgement;
  const CdText secret = CD_TEXT("AbCdEfGhIj-AbCdEfGhIjKlMnOpQrStUv");

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_REASON, secret);
  for (guint i = CD_FIELD_SESSION_ID; i < CD_N_WIRE_FIELDS; i++)
    cd_statement_add(&statement, i, secret);
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_DETAIL, secret);
  cd_judge(&statement, &judgement);
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    {
      CdText value = cd_record_get(&statement.said, i);

      if (CD_FIELD_BIT(i) & CD_FIELDS_OF_WORDS)
        unit_assert_text(value, CD_TEXT("[redacted]"));
      else if (i >= CD_FIELD_SESSION_ID && i < CD_N_WIRE_FIELDS)
        g_assert_true(value.data == secret.data);
    }
}

/* The error that contradicts a reason is only a part of what was said. */
static void
test_secrets_in_joined_details_are_redacted(void)
{
  g_auto(CdStatement) statement;
  CdJudgement judgement;

  cd_statement_init(&statement, CD_SOURCE_SLOG_HUMAN);
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_DETAIL, CD_TEXT("secret=abc"));
  cd_statement_add(&statement, CD_FIELD_ERROR,
                   CD_TEXT("Cookie: a=b: read tcp: connection reset by peer"));
  cd_judge(&statement, &judgement);
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_DISCONNECT_DETAIL),
                   CD_TEXT("secret=[redacted]; [redacted]"));
}

static void
test_long_texts_are_cut(void)
{
  g_auto(CdStatement) statement;
  CdJudgement judgement;
  g_autofree gchar *text = g_strnfill(3000, 'x');
  CdText detail;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_REASON, cd_text_from_string(text));
  cd_statement_add(&statement, CD_FIELD_AGENT_NAME, cd_text_from_string(text));
  cd_judge(&statement, &judgement);
  detail = cd_record_get(&statement.said, CD_FIELD_DISCONNECT_DETAIL);
  g_assert_cmpuint(detail.length, ==, CD_DETAIL_MAX);
  g_assert_cmpuint(cd_record_get(&statement.said, CD_FIELD_AGENT_NAME).length, ==, CD_DETAIL_MAX);
}

/* Detail and innermost cause together stay within the limit as well. */
static void
test_joined_details_are_cut(void)
{
  g_auto(CdStatement) statement;
  CdJudgement judgement;
  g_autofree gchar *text = g_strnfill(CD_DETAIL_MAX, 'x');

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  cd_statement_add(&statement, CD_FIELD_DISCONNECT_DETAIL, cd_text_from_string(text));
  cd_statement_add(&statement, CD_FIELD_ERROR, CD_TEXT("broken pipe"));
  cd_judge(&statement, &judgement);
  g_assert_true(judgement.contradiction);
  g_assert_cmpuint(cd_record_get(&statement.said, CD_FIELD_DISCONNECT_DETAIL).length, ==,
                   CD_DETAIL_MAX);
}

static void
copy_pair(CdField field, CdText value, gpointer user_data)
{
  cd_statement_add(user_data, field, value);
}

/* What we wrote is judged alike on the next hop: a relay must not change a verdict. */
static void
assert_stable(const JudgeRow *row)
{
  static const CdField kept[] = {
    CD_FIELD_CONNECT_TYPE,         CD_FIELD_SITE,
    CD_FIELD_DISCONNECT_REASON,    CD_FIELD_DISCONNECT_EXPECTED,
    CD_FIELD_DISCONNECT_INITIATOR, CD_FIELD_DISCONNECT_DETAIL,
    CD_FIELD_CONNECTION_METHOD,    CD_FIELD_EXIT_CODE,
  };
  g_auto(CdStatement) first;
  g_auto(CdStatement) second;
  CdJudgement judgement;

  judge(&first, row->message, row->said, &judgement);
  cd_statement_init(&second, CD_SOURCE_SDATA);
  cd_record_foreach(&first.said, CD_N_WIRE_FIELDS, copy_pair, &second);
  cd_judge(&second, &judgement);
  g_assert_false(judgement.contradiction);
  g_assert_false(judgement.malformed);
  for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
    {
      g_autofree gchar *before = unit_show(cd_record_get(&first.said, kept[i]));
      g_autofree gchar *after = unit_show(cd_record_get(&second.said, kept[i]));
      unit_assert_row(row->name, after, before);
    }
}

#define assert_all_stable(rows)                                                                    \
  for (gsize row_i = 0; row_i < G_N_ELEMENTS(rows); row_i++)                                       \
  assert_stable(&(rows)[row_i])

static void
test_stable_over_hops(void)
{
  assert_all_stable(whole_rows);
  assert_all_stable(initiator_rows);
  assert_all_stable(contradiction_rows);
  assert_all_stable(layer_rows);
  assert_all_stable(code_rows);
  assert_all_stable(reason_rows);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/judge/whole", whole_rows, test_whole);
  unit_add_rows("/judge/initiator", initiator_rows, test_lines);
  unit_add_rows("/judge/contradiction", contradiction_rows, test_lines);
  unit_add_rows("/judge/layer", layer_rows, test_lines);
  unit_add_rows("/judge/exit-code", code_rows, test_lines);
  unit_add_rows("/judge/reason", reason_rows, test_lines);
  g_test_add_func("/judge/source", test_source);
  g_test_add_func("/judge/malformed-is-kept", test_malformed_is_kept);
  g_test_add_func("/judge/texts-are-cleaned", test_texts_are_cleaned);
  g_test_add_func("/judge/secrets-are-redacted", test_secrets_are_redacted);
  g_test_add_func("/judge/secrets-in-joined-details-are-redacted",
                  test_secrets_in_joined_details_are_redacted);
  g_test_add_func("/judge/long-texts-are-cut", test_long_texts_are_cut);
  g_test_add_func("/judge/joined-details-are-cut", test_joined_details_are_cut);
  g_test_add_func("/judge/stable-over-hops", test_stable_over_hops);
  return g_test_run();
}
