/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slog/slog.h"

#include "disconnect/judge.h"

#include "../../support/unit-linear.h"
#include "../../support/unit-statement.h"

#define DATE "2026-11-21 07:37:29.225 "
#define HUMAN DATE "[info]  ssh-server: ssh session closed  exit_code=0  disconnect_reason=graceful"
#define JSON                                                                                       \
  "{\"ts\":\"x\",\"level\":\"INFO\",\"msg\":\"ssh session closed\",\"fields\":"                    \
  "{\"exit_code\":0,\"disconnect_reason\":\"graceful\"}}"
#define STACKDRIVER                                                                                \
  "{\"severity\":\"INFO\",\"message\":\"ssh session closed\",\"exit_code\":0,"                     \
  "\"disconnect_reason\":\"graceful\"}"
#define LEGACY                                                                                     \
  DATE "[INFO]\t(ssh-server)\t<a.go:1>\tf\tssh session closed\t"                                   \
       "{\"exit_code\": 0, \"disconnect_reason\": \"graceful\"}"
#define LOG "connection_log Type=ssh ID=1 DisconnectReason=graceful"

typedef struct _FormatRow
{
  const gchar *name;
  const gchar *line;
  CdSource source;
} FormatRow;

static const FormatRow format_rows[] = {
  { "human", HUMAN, CD_SOURCE_SLOG_HUMAN },
  { "JSON", JSON, CD_SOURCE_SLOG_JSON },
  { "Stackdriver", STACKDRIVER, CD_SOURCE_STACKDRIVER },
  { "legacy", LEGACY, CD_SOURCE_SLOG_LEGACY },
  { "connection log", LOG, CD_SOURCE_TEXT },
};

static void
test_format(gconstpointer data)
{
  const FormatRow *row = data;
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  g_assert_true(cd_slog_read(cd_text_from_string(row->line), CD_FORMATS_TEXT, &statement));
  g_assert_true(cd_statement_is_record(&statement));
  g_assert_cmpint(statement.source, ==, row->source);
  unit_assert_text(cd_record_get(&statement.said, CD_FIELD_DISCONNECT_REASON), CD_TEXT("graceful"));
}

/* Every set of formats reads what is in it and nothing else. */
static void
test_every_set_of_formats(gconstpointer data)
{
  const FormatRow *row = data;

  for (guint set = 0; set < 1u << G_N_ELEMENTS(format_rows); set++)
    {
      guint formats = 0;
      g_auto(CdStatement) statement;

      for (gsize i = 0; i < G_N_ELEMENTS(format_rows); i++)
        formats |= set >> i & 1 ? CD_FORMAT_BIT(format_rows[i].source) : 0;
      cd_statement_init(&statement, CD_SOURCE_SDATA);
      g_assert_cmpint(cd_slog_read(cd_text_from_string(row->line), formats, &statement), ==,
                      (formats & CD_FORMAT_BIT(row->source)) != 0);
    }
}

/* What follows a head that may not be read is somebody's words. */
static void
test_connection_log_behind_a_head(void)
{
  static const gchar line[] = DATE "[info]  coderd: x DisconnectReason=graceful Type=ssh";
  g_auto(CdStatement) statement;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  g_assert_false(
    cd_slog_read(cd_text_from_string(line), CD_FORMAT_BIT(CD_SOURCE_TEXT), &statement));
}

typedef struct _LineRow
{
  const gchar *name;
  const gchar *line;
  const gchar *shown; /* NULL: none of ours */
} LineRow;

#define SHOWN "[ssh session closed]\ndisconnect_reason=graceful\nexit_code=0\n"

/* clang-format off */
static const LineRow line_rows[] = {
  { "coloured", "\x1b[0m" DATE "[\x1b[36minfo\x1b[0m]  ssh-server: ssh session closed  "
    "\x1b[1mexit_code\x1b[0m=0  \x1b[1mdisconnect_reason\x1b[0m=graceful", SHOWN },
  { "coloured, something else", "\x1b[31msshd: disconnect_reason=graceful\x1b[0m", NULL },
  { "coloured twice over", "\x1b\x1b[m[m" HUMAN, NULL },
  { "behind a pod", "[pod/a/b] " HUMAN, SHOWN },
  { "JSON behind a pod and a time", "[pod/a/b] 2026-11-21T07:37:29Z " JSON, SHOWN },
  { "legacy behind compose", "web-1  | " LEGACY, SHOWN },
  { "behind journald's head", "Nov 21 07:37:29 host coder[1]: " HUMAN, SHOWN },
  { "a test of Go", "    t.go:98: " HUMAN, SHOWN },
  { "a newline at the end", HUMAN "\n", SHOWN },
  { "quoted in other text", "he said: " HUMAN, NULL },
  { "JSON quoted in other text", "got " JSON, NULL },
  { "context", DATE "[info]  connection manager errored  error=EOF", NULL },
  { "context in JSON", "{\"level\":\"INFO\",\"msg\":\"ssh session failed\",\"fields\":"
    "{\"error\":\"EOF\"}}", NULL },
  { "another program's JSON", "{\"disconnect_reason\":\"graceful\"}", NULL },
  { "a sentence", "Disconnected from user dev 10.0.0.1 port 22", NULL },
  { "our key in a sentence", "disconnect_reason=graceful", NULL },
  { "empty", "", NULL },
};

static const LineRow broken_rows[] = {
  { "human, cut in the reason", DATE "[info]  x  disconnect_reason=\"process exi", "MALFORMED\n" },
  { "human, cut behind the message", DATE "[info]  ssh session closed  app=\"x",
    "[ssh session closed]\nMALFORMED\n" },
  { "human, cut, no key of ours", DATE "[info]  x  app=\"y", NULL },
  { "JSON, cut in the fields",
    "{\"level\":\"INFO\",\"msg\":\"ssh session closed\",\"fields\":{\"exit_code\":0,\"disc",
    "[ssh session closed]\nexit_code=0\nMALFORMED\n" },
  { "JSON, cut before its message ends", "{\"level\":\"INFO\",\"msg\":\"disconnected fr", NULL },
  { "JSON, no slog line, cut", "{\"disconnect_reason\":\"graceful\",\"a", NULL },
  { "legacy, cut in the fields",
    DATE "[INFO]\t<a.go:1>\tf\tx\t{\"disconnect_reason\": \"a", "MALFORMED\n" },
  { "connection log, cut", "ID=1 DisconnectReason=\"a", NULL },
};
/* clang-format on */

static void
test_line(gconstpointer data)
{
  const LineRow *row = data;
  g_auto(CdStatement) statement;
  g_autofree gchar *shown = NULL;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  if (cd_slog_read(cd_text_from_string(row->line), CD_FORMATS_TEXT, &statement))
    shown = unit_show_statement(&statement);
  g_assert_cmpstr(shown, ==, row->shown);
}

/* Too deep to be read at all; by its key it claims to be ours. */
static void
test_too_deep_claims(void)
{
  g_autoptr(GString)
    text = g_string_new("{\"level\":1,\"msg\":\"x\",\"disconnect_reason\":1,\"a\":");
  g_auto(CdStatement) statement;

  for (guint i = 0; i < 1000; i++)
    g_string_append_c(text, '[');
  cd_statement_init(&statement, CD_SOURCE_SDATA);
  g_assert_true(cd_slog_read((CdText) { text->str, text->len }, CD_FORMATS_TEXT, &statement));
  g_assert_true(statement.malformed);
  g_assert_false(cd_statement_is_record(&statement));
}

static void
test_too_deep_and_none_of_ours(void)
{
  g_autoptr(GString) text = g_string_new("{\"level\":1,\"msg\":\"disconnect\",\"a\":");
  g_auto(CdStatement) statement;

  for (guint i = 0; i < 1000; i++)
    g_string_append_c(text, '[');
  cd_statement_init(&statement, CD_SOURCE_SDATA);
  g_assert_false(cd_slog_read((CdText) { text->str, text->len }, CD_FORMATS_TEXT, &statement));
}

/* Every cut of a line either keeps the reason, or is marked, or is none of ours; never another. */
static void
test_every_cut(gconstpointer data)
{
  const FormatRow *row = data;

  for (gsize length = 0; length < strlen(row->line); length++)
    {
      g_autofree gchar *cut = g_memdup2(row->line, length);
      g_auto(CdStatement) statement;
      CdText reason;

      cd_statement_init(&statement, CD_SOURCE_SDATA);
      if (!cd_slog_read((CdText) { cut, length }, CD_FORMATS_TEXT, &statement))
        continue;
      reason = cd_record_get(&statement.said, CD_FIELD_DISCONNECT_REASON);
      g_assert_true(cd_text_is_empty(reason) || cd_text_has_prefix(CD_TEXT("graceful"), reason));
    }
}

/* The five ways to say the same are judged the same. */
static void
test_formats_agree(void)
{
  for (gsize i = 0; i < 4; i++)
    {
      g_auto(CdStatement) statement;
      CdJudgement judgement;

      cd_statement_init(&statement, CD_SOURCE_SDATA);
      g_assert_true(
        cd_slog_read(cd_text_from_string(format_rows[i].line), CD_FORMATS_TEXT, &statement));
      cd_judge(&statement, &judgement);
      g_assert_cmpint(judgement.verdict.reason, ==, CD_REASON_GRACEFUL);
      g_assert_cmpint(judgement.site, ==, CD_SITE_SSH_SESSION);
      g_assert_cmpint(judgement.layer, ==, CD_LAYER_AGENT_TO_CLIENT);
      g_assert_false(judgement.derived || judgement.contradiction || judgement.malformed);
    }
}

static void
read_and_judge(CdText text)
{
  g_auto(CdStatement) statement;
  CdJudgement judgement;

  cd_statement_init(&statement, CD_SOURCE_SDATA);
  if (cd_slog_read(text, CD_FORMATS_TEXT, &statement) && cd_statement_is_record(&statement))
    cd_judge(&statement, &judgement);
}

#define RUN DATE "[warn]  run exited with error"
#define RUN_JSON "{\"level\":\"WARN\",\"msg\":\"run exited with error\",\"fields\":{"

static const UnitLinearRow linear_rows[] = {
  { "open objects", RUN, "  a={", "" },
  { "parameters", RUN, "  key=value", "" },
  { "open arrays", "{\"msg\":\"run exited with error\",\"a\":", "[", "" },
  { "quotes", RUN "  error=", "\"", "" },
  { "quotes in an error", RUN "  error=\"", "\\\"", "\"" },
  { "backslashes", RUN "  error=\"", "\\\\", "\"" },
  { "layers", RUN "  error=\"", "a: ", "EOF\"" },
  { "separators", RUN "  error=\"", ": ", "\"" },
  { "lines of an error", RUN "  error=\"", "\\n", "\"" },
  { "layers in JSON", RUN_JSON "\"error\":\"", ": ", "\"}}" },
  { "a block", RUN " ...\n    error= ", "a:\n", "" },
  { "a flat block", RUN " ...     error= ", "a:         ", "" },
  { "the rare letter", "", "R", "" },
  { "words of a log", "DisconnectReason=x ", "ID=1 ", "" },
  { "codes", RUN "  error=\"", "unexpected status code ", "\"" },
  { "exit statuses", RUN "  error=\"", "exit status ", "1\"" },
  { "close frames", RUN "  error=\"", "received close frame: status = ", "\"" },
  { "controls in a detail", RUN "  disconnect_detail=\"", "\\x1b", "\"" },
  { "broken bytes in an id", RUN "  workspace_id=", "\xff", "" },
  { "colours", "", "\x1b[0m", HUMAN },
  { "heads", "", HUMAN "\n", "" },
  { "a message of blanks", DATE "[warn]  run exited with error", " ", "" },
  { "pods", "", "[pod/a] ", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, read_and_judge);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/slog/format", format_rows, test_format);
  unit_add_rows("/slog/every-set-of-formats", format_rows, test_every_set_of_formats);
  g_test_add_func("/slog/connection-log-behind-a-head", test_connection_log_behind_a_head);
  unit_add_rows("/slog/line", line_rows, test_line);
  unit_add_rows("/slog/broken", broken_rows, test_line);
  g_test_add_func("/slog/too-deep-claims", test_too_deep_claims);
  g_test_add_func("/slog/too-deep-and-none-of-ours", test_too_deep_and_none_of_ours);
  unit_add_rows("/slog/every-cut", format_rows, test_every_cut);
  g_test_add_func("/slog/formats-agree", test_formats_agree);
  unit_add_rows("/slog/linear", linear_rows, test_linear);
  return g_test_run();
}
