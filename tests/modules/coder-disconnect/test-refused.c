/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* A message that syslog-ng's own parser refused comes from PROGRAM syslog-ng with the whole line
 * behind "Error processing log message: " and ">@<" where the parser stopped.  If it names our
 * SD-ID it is malformed, and it is never a verdict, whatever else stands in it. */

#define HEADER "<30>1 2026-11-21T07:37:29Z ws app 7 - "

static const struct
{
  const gchar *name;
  const gchar *line;
  gboolean is_ours;
} rows[] = {
  { "letters-behind-quote", HEADER "[coder@32473 disconnect_reason=\"graceful\"x] text", TRUE },
  { "quote-open", HEADER "[coder@32473 disconnect_reason=\"graceful] text", TRUE },
  { "bracket-open", HEADER "[coder@32473 disconnect_reason=\"graceful\" text", TRUE },
  { "cut-in-id", HEADER "[coder@3247", FALSE },
  { "cut-behind-id", HEADER "[coder@32473", TRUE },
  { "cut-behind-blank", HEADER "[coder@32473 ", TRUE },
  { "cut-in-name", HEADER "[coder@32473 disconnect_reason", TRUE },
  { "value-of-id", HEADER "[coder@32473=x] text", TRUE },
  { "quote-behind-id", HEADER "[coder@32473\"x] text", TRUE },
  { "two-blanks", HEADER "[coder@32473  disconnect_reason=\"graceful\"] text", TRUE },
  { "tab", HEADER "[coder@32473\tdisconnect_reason=\"graceful\"] text", TRUE },
  { "blank-before-end", HEADER "[coder@32473 disconnect_reason=\"graceful\" ] text", TRUE },
  { "no-blank-behind", HEADER "[coder@32473 disconnect_reason=\"graceful\"]text", TRUE },
  { "second-element", HEADER "[a@1 b=\"c\"][coder@32473 disconnect_reason=\"graceful\"", TRUE },
  { "broken-before", HEADER "[a@1 b=\"c\"d][coder@32473 disconnect_reason=\"graceful\"] text",
    TRUE },
  { "broken-header", "<30>1 x [coder@32473 disconnect_reason=\"graceful\"] text", TRUE },
  { "longer-id", HEADER "[coder@324730 disconnect_reason=\"graceful\"x] text", FALSE },
  { "longer-id-cut", HEADER "[coder@324730", FALSE },
  { "other-case", HEADER "[Coder@32473 disconnect_reason=\"graceful\"x] text", FALSE },
  { "other-id", HEADER "[a@1 disconnect_reason=\"graceful\"x] text", FALSE },
  { "id-without-bracket", HEADER "[a@1 b=\"c\"d] coder@32473 text", FALSE },
  { "no-element", HEADER "[] text", FALSE },
  { "slog-line-behind",
    HEADER "[a@1 b=\"c\"d] [info]  ssh session closed  disconnect_reason=graceful", FALSE },
  { "json-behind",
    HEADER "[coder@32473 x=\"y\"z] {\"ts\":\"x\",\"level\":\"INFO\",\"msg\":\"ssh session closed\","
           "\"fields\":{\"disconnect_reason\":\"graceful\"}}",
    TRUE },
  { "connection-log-behind", HEADER "[coder@32473 x=\"y\"z] Type=ssh DisconnectReason=graceful",
    TRUE },
};

static void
assert_tagged(LogParser *parser, LogMessage *message, gboolean is_ours)
{
  g_autofree gchar *text = g_strdup(log_msg_get_value(message, LM_V_MESSAGE, NULL));

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.", is_ours ? "malformed" : "");
  sng_test_assert_pairs(message, ".coder.", "");
  g_assert_cmpstr(log_msg_get_value(message, LM_V_MESSAGE, NULL), ==, text);
  log_msg_unref(message);
}

static void
test_refused(gconstpointer data)
{
  const gsize row = GPOINTER_TO_SIZE(data);
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = sng_test_message(rows[row].line, strlen(rows[row].line));

  g_assert_cmpstr(log_msg_get_value(message, LM_V_PROGRAM, NULL), ==, "syslog-ng");
  assert_tagged(parser, message, rows[row].is_ours);
  sng_test_free_parser(parser);
}

/* syslog-ng 4.x reads a value without quotes, 3.38 refuses it; as syslog-ng has it, so have we. */
static void
test_value_without_quotes(void)
{
  static const gchar line[] = HEADER "[coder@32473 disconnect_reason=graceful] text";
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = sng_test_message(line, strlen(line));
  gboolean is_refused = !strcmp(log_msg_get_value(message, LM_V_PROGRAM, NULL), "syslog-ng");

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.",
                       is_refused ? "malformed" : "disconnect expected reason.graceful");
  sng_test_assert_pairs(message, ".coder.disconnect_reason", is_refused ? "" : "=graceful");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static void
test_other_sd_id(void)
{
  static const gchar with_ours[] = HEADER "[coder@32473 x=\"y\"z] text";
  static const gchar with_first[] = HEADER "[a@1 x=\"y\"z] text";
  static const gchar with_last[] = HEADER "[b-c@2 x=\"y\"z] text";
  LogParser *parser = sng_test_parser("coder-disconnect(sd-id('a@1' 'b-c@2'));");

  assert_tagged(parser, sng_test_message(with_ours, strlen(with_ours)), FALSE);
  assert_tagged(parser, sng_test_message(with_first, strlen(with_first)), TRUE);
  assert_tagged(parser, sng_test_message(with_last, strlen(with_last)), TRUE);
  sng_test_free_parser(parser);
}

/* Every bracket could begin an element; the time for all of them is linear. */
static void
test_many_brackets(void)
{
  enum
  {
    COUNT = 200000
  };
  LogParser *parser = sng_test_parser("coder-disconnect();");
  g_autofree gchar *brackets = g_strnfill(COUNT, '[');
  g_autofree gchar *blanks = g_strnfill(COUNT, ' ');
  g_autofree gchar *line = g_strconcat(
    "<30>1 2026-11-21T07:37:29Z ws syslog-ng 7 - - Error processing log message: ", brackets,
    blanks, NULL);
  gint64 start = g_get_monotonic_time();

  assert_tagged(parser, sng_test_message(line, strlen(line)), FALSE);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_TIME_SPAN_SECOND);
  sng_test_free_parser(parser);
}

/* The same words from anybody else say nothing about syslog-ng. */
static void
test_other_program(void)
{
  static const gchar line[] = "<30>1 2026-11-21T07:37:29Z ws app 7 - - Error processing log "
                              "message: <30>1 x [coder@32473 disconnect_reason=graceful]";
  LogParser *parser = sng_test_parser("coder-disconnect();");

  assert_tagged(parser, sng_test_message(line, strlen(line)), FALSE);
  sng_test_free_parser(parser);
}

/* The mark at every place of a line that is otherwise in order. */
static void
test_mark_anywhere(void)
{
  static const gchar line[] = "<30>1 - - - - - [coder@32473 disconnect_reason=\"graceful\"] text";
  LogParser *parser = sng_test_parser("coder-disconnect();");

  for (gsize at = 0; at <= strlen(line); at++)
    {
      LogMessage *message = log_msg_new_empty();
      g_autofree gchar *text = g_strdup_printf("Error processing log message: %.*s>@<%s", (gint) at,
                                               line, line + at);

      log_msg_set_value(message, LM_V_PROGRAM, "syslog-ng", -1);
      log_msg_set_value(message, LM_V_MESSAGE, text, -1);
      assert_tagged(parser, message, TRUE);
    }
  sng_test_free_parser(parser);
}

static void
test_dropped_or_not(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect(drop-unmatched(yes));");

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      LogMessage *message = sng_test_message(rows[i].line, strlen(rows[i].line));
      g_assert_cmpint(sng_test_process(parser, &message), ==, rows[i].is_ours);
      log_msg_unref(message);
    }
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/refused/%s", rows[i].name);
      g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_refused);
    }
  g_test_add_func("/refused/value-without-quotes", test_value_without_quotes);
  g_test_add_func("/refused/other-sd-id", test_other_sd_id);
  g_test_add_func("/refused/many-brackets", test_many_brackets);
  g_test_add_func("/refused/other-program", test_other_program);
  g_test_add_func("/refused/mark-anywhere", test_mark_anywhere);
  g_test_add_func("/refused/dropped-or-not", test_dropped_or_not);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
