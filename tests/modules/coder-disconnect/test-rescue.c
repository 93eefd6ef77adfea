/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* RFC 5424 that a source did not take for such, and left in the message text: the same verdict as
 * from structured data, with the header that was swallowed.  Never from text that quotes it. */

#define BODY                                                                                       \
  "2026-11-21T07:37:29Z ws coder-agentd 7 disconnect [meta sequenceId=\"1\"]"                      \
  "[coder@32473 connect_type=\"agent_to_client\" site=\"pty\" disconnect_reason=\"%s\" "           \
  "disconnect_detail=\"a \\\"b\\\" \\] c\" exit_code=\"3\" remote_addr=\"[::1\\]:9\"] text"
#define LINE "<30>1 " BODY

static const gchar *const reasons[] = {
  "unknown",        "graceful",       "client_closed",     "server_shutdown",    "network_error",
  "protocol_error", "network_error ", "workspace_stopped", "control_plane_lost", ""
};

/* What stands before the line, and which source reads it. */
typedef struct
{
  const gchar *name;
  SngTestInput input;
  gboolean is_counted; /* octet counting before it */
  const gchar *before; /* or this */
} Shape;

static const Shape shapes[] = {
  { "default", SNG_TEST_DEFAULT, FALSE },
  { "counted", SNG_TEST_DEFAULT, TRUE },
  { "counted-syslog", SNG_TEST_SYSLOG, TRUE },
  { "no-parse", SNG_TEST_NO_PARSE, FALSE },
  { "no-parse-counted", SNG_TEST_NO_PARSE, TRUE },
  { "count-dropped", SNG_TEST_DEFAULT, FALSE, " " },
};

static gchar *
make_line(const Shape *shape, const gchar *reason)
{
  g_autofree gchar *line = g_strdup_printf(LINE, reason);

  return shape->is_counted ? g_strdup_printf("%" G_GSIZE_FORMAT " %s", strlen(line), line)
                           : g_strconcat(shape->before ? shape->before : "", line, NULL);
}

static LogMessage *
make_rescued(const Shape *shape, const gchar *reason)
{
  g_autofree gchar *line = make_line(shape, reason);

  return sng_test_input(shape->input, line, -1);
}

static LogMessage *
make_sdata(const gchar *reason)
{
  g_autofree gchar *line = g_strdup_printf(LINE, reason);

  return sng_test_message(line, strlen(line));
}

/* Without the pairs that tell how it came. */
static gchar *
get_verdict(const LogMessage *message)
{
  static const gchar *const names[] = { "host=", "app_name=", "procid=", "msgid=", "source=" };
  g_autofree gchar *pairs = sng_test_pairs(message, ".coder.");
  g_auto(GStrv) lines = g_strsplit(pairs, "\n", -1);
  GString *verdict = g_string_new(NULL);

  for (gchar **line = lines; *line; line++)
    {
      gboolean is_way = FALSE;
      for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        is_way |= g_str_has_prefix(*line, names[i]);
      if (!is_way)
        g_string_append_printf(verdict, "%s\n", *line);
    }
  return g_string_free(verdict, FALSE);
}

static void
assert_same_verdict(LogParser *parser, const Shape *shape, const gchar *reason)
{
  LogMessage *direct = make_sdata(reason);
  LogMessage *rescued = make_rescued(shape, reason);
  g_autofree gchar *text = g_strdup(log_msg_get_value(rescued, LM_V_MESSAGE, NULL));
  g_autofree gchar *wanted = NULL;
  g_autofree gchar *wanted_tags = NULL;
  g_autofree gchar *got = NULL;

  g_assert_true(sng_test_process(parser, &direct));
  wanted = get_verdict(direct);
  wanted_tags = sng_test_tags(direct, "coder.");
  log_msg_unref(direct);
  g_assert_true(sng_test_process(parser, &rescued));
  got = get_verdict(rescued);
  g_assert_cmpstr(got, ==, wanted);
  sng_test_assert_tags(rescued, "coder.", wanted_tags);
  sng_test_assert_pairs(rescued, ".coder.source", "=rescued");
  sng_test_assert_pairs(rescued, ".coder.host", "=ws");
  sng_test_assert_pairs(rescued, ".coder.app_name", "=coder-agentd");
  sng_test_assert_pairs(rescued, ".coder.procid", "=7");
  sng_test_assert_pairs(rescued, ".coder.msgid", "=disconnect");
  g_assert_cmpstr(log_msg_get_value(rescued, LM_V_MESSAGE, NULL), ==, text);
  log_msg_unref(rescued);
}

static void
test_same_verdict(gconstpointer shape)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");

  for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
    assert_same_verdict(parser, shape, reasons[i]);
  sng_test_free_parser(parser);
}

static void
assert_untouched(LogParser *parser, LogMessage *message)
{
  g_autofree gchar *before = sng_test_snapshot(message);
  g_autofree gchar *after = NULL;

  g_assert_true(sng_test_process(parser, &message));
  after = sng_test_snapshot(message);
  g_assert_cmpstr(after, ==, before);
  log_msg_unref(message);
}

/* Neither the parser nor its clone. */
static void
test_switched_off(gconstpointer shape)
{
  LogParser *parser = sng_test_parser("coder-disconnect(rescue(no));");
  LogParser *clone = sng_test_clone(parser);

  assert_untouched(parser, make_rescued(shape, "graceful"));
  assert_untouched(clone, make_rescued(shape, "graceful"));
  sng_test_free_parser(clone);
  sng_test_free_parser(parser);
}

/* rescue(no) is no more than that: what a source has read is still read. */
static void
test_switched_off_keeps_the_rest(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect(rescue(no));");
  LogMessage *message = make_sdata("graceful");

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.",
                       "disconnect expected layer.agent_to_client reason.graceful");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* Structured data is what is rescued. */
static void
test_without_sdata(gconstpointer shape)
{
  LogParser *parser = sng_test_parser("coder-disconnect(formats(slog-human slog-json text));");

  assert_untouched(parser, make_rescued(shape, "graceful"));
  sng_test_free_parser(parser);
}

/* A whole header was there, and nobody can tell what stands in the rest. */
static void
test_broken(gconstpointer data)
{
  const Shape *shape = data;
  static const gchar line[] = "<30>1 2026-11-21T07:37:29Z ws app 7 - "
                              "[coder@32473 disconnect_reason=\"graceful\" x=\"open";
  g_autofree gchar *counted = g_strdup_printf("%" G_GSIZE_FORMAT " %s", strlen(line), line);
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = sng_test_input(shape->input, shape->is_counted ? counted : line, -1);

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.", "malformed");
  sng_test_assert_pairs(message, ".coder.", "");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* Behind a header that was swallowed a slog line counts as it does behind one that was read. */
static void
test_slog_line_behind(gconstpointer data)
{
  const Shape *shape = data;
  static const gchar line[] = "<14>1 2026-11-21T07:37:29Z ws coder 7 - - [info]  ssh session "
                              "closed  disconnect_reason=graceful";
  g_autofree gchar *counted = g_strdup_printf("%" G_GSIZE_FORMAT " %s", strlen(line), line);
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = sng_test_input(shape->input, shape->is_counted ? counted : line, -1);

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.",
                       "disconnect expected layer.agent_to_client reason.graceful");
  sng_test_assert_pairs(message, ".coder.source", "=slog-human");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

#define ELEMENT "[coder@32473 disconnect_reason=\"graceful\"]"

static const struct
{
  const gchar *name;
  SngTestInput input;
  const gchar *line;
} quotes[] = {
  { "behind-a-program", SNG_TEST_DEFAULT,
    "<13>Nov 21 07:37:29 ws app: <30>1 2026-11-21T07:37:29Z ws a 7 - " ELEMENT " text" },
  { "timestamp-behind-a-program", SNG_TEST_DEFAULT,
    "<13>Nov 21 07:37:29 ws app: 2026-11-21T07:37:29Z ws a 7 - " ELEMENT " text" },
  { "in-the-text", SNG_TEST_SYSLOG,
    "<30>1 2026-11-21T07:37:29Z ws app 7 - - <30>1 2026-11-21T07:37:29Z ws a 7 - " ELEMENT },
  { "element-in-the-text", SNG_TEST_SYSLOG, "<30>1 2026-11-21T07:37:29Z ws app 7 - - " ELEMENT },
  { "element-alone", SNG_TEST_NO_PARSE, ELEMENT " text" },
  { "behind-a-header-without-a-program", SNG_TEST_SYSLOG,
    "<13>1 2026-11-21T07:37:29Z h - 7 - - <30>1 2026-11-21T07:37:29Z ws a 7 - " ELEMENT " text" },
  { "behind-a-count-for-a-program", SNG_TEST_SYSLOG,
    "<13>1 2026-11-21T07:37:29Z h 99 - id - <30>1 2026-11-21T07:37:29Z ws a 7 - " ELEMENT },
  { "behind-a-version-for-a-program", SNG_TEST_SYSLOG,
    "<13>1 2026-11-21T07:37:29Z h 1 7 - - 2026-11-21T07:37:29Z ws a 7 - " ELEMENT " text" },
  { "not-at-the-start", SNG_TEST_NO_PARSE, "x <30>1 2026-11-21T07:37:29Z ws a 7 - " ELEMENT },
  { "version-2", SNG_TEST_NO_PARSE, "<30>2 2026-11-21T07:37:29Z ws a 7 - " ELEMENT " text" },
  { "no-timestamp", SNG_TEST_NO_PARSE, "<30>1 ws a 7 - " ELEMENT " text" },
  { "longer-id", SNG_TEST_NO_PARSE,
    "<30>1 2026-11-21T07:37:29Z ws a 7 - [coder@324730 disconnect_reason=\"graceful\"] text" },
  { "without-reason", SNG_TEST_NO_PARSE,
    "<30>1 2026-11-21T07:37:29Z ws a 7 - [coder@32473 app=\"x\"] text" },
  { "other-program-count", SNG_TEST_DEFAULT,
    "<13>Nov 21 07:37:29 ws 12345678901: <30>1 2026-11-21T07:37:29Z ws a 7 - " ELEMENT " text" },
};

static void
test_quoted(gconstpointer data)
{
  const gsize row = GPOINTER_TO_SIZE(data);
  LogParser *parser = sng_test_parser("coder-disconnect();");

  assert_untouched(parser, sng_test_input(quotes[row].input, quotes[row].line, -1));
  sng_test_free_parser(parser);
}

static const struct
{
  const gchar *name;
  GTestDataFunc func;
} tests[] = {
  { "same-verdict", test_same_verdict },         { "switched-off", test_switched_off },
  { "without-sdata", test_without_sdata },       { "broken", test_broken },
  { "slog-line-behind", test_slog_line_behind },
};

/* Behind a header that was swallowed, only its text is a line; what makes a line of the header
 * itself is a coincidence or a trick. Its JSON is read once, and freed; valgrind watches. */
static void
test_text_behind_a_header(void)
{
  static const gchar *const lines[] = {
    "<30>1 - | stdout F a.go:1: [pod/x] {\"isconnect\":\"x\",\"level\":\"INFO\",\"msg\":\"x\"}",
    "<30>1 - error=boom a b c - [info]  ssh connection complete  DisconnectReason=z",
  };
  LogParser *parser = sng_test_parser("coder-disconnect();");

  for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
    {
      LogMessage *message = sng_test_input(SNG_TEST_DEFAULT, lines[i], -1);

      g_assert_true(sng_test_process(parser, &message));
      sng_test_assert_pairs(message, ".coder.", "");
      sng_test_assert_tags(message, "coder.", "");
      log_msg_unref(message);
    }
  sng_test_free_parser(parser);
}

/* A source that does not know octet counting makes one message of frames without a newline. */
static const struct
{
  const gchar *name;
  SngTestInput input;
  const gchar *frames[3];
  const gchar *tags;
  const gchar *reason;
} glued[] = {
#define FRAME(text) "<30>1 2026-11-21T07:37:29Z ws a 7 - " text
  { "two-records",
    SNG_TEST_DEFAULT,
    { FRAME(ELEMENT), FRAME(ELEMENT) },
    "disconnect expected malformed reason.graceful",
    "=graceful" },
  { "two-records-syslog",
    SNG_TEST_SYSLOG,
    { FRAME(ELEMENT " text"), FRAME(ELEMENT) },
    "disconnect expected malformed reason.graceful",
    "=graceful" },
  { "two-records-no-parse",
    SNG_TEST_NO_PARSE,
    { FRAME(ELEMENT), FRAME(ELEMENT) },
    "disconnect expected malformed reason.graceful",
    "=graceful" },
  { "another-frame-behind",
    SNG_TEST_DEFAULT,
    { FRAME(ELEMENT), FRAME("- text") },
    "disconnect expected malformed reason.graceful",
    "=graceful" },
  { "record-behind-another",
    SNG_TEST_DEFAULT,
    { FRAME("- text"), FRAME("- x"), FRAME(ELEMENT) },
    "malformed",
    "" },
  { "record-between-others",
    SNG_TEST_DEFAULT,
    { FRAME("- text"), FRAME(ELEMENT), FRAME("- 10") },
    "malformed",
    "" },
  { "behind-a-number",
    SNG_TEST_DEFAULT,
    { FRAME(ELEMENT " 17"), FRAME("- 0"), FRAME("- 9") },
    "disconnect expected malformed reason.graceful",
    "=graceful" },
  { "none-of-ours", SNG_TEST_DEFAULT, { FRAME("- text"), FRAME("- text") }, "", "" },
  { "slog-line-before",
    SNG_TEST_DEFAULT,
    { FRAME("- [info]  ssh session closed  disconnect_reason=graceful"), FRAME(ELEMENT) },
    "disconnect expected layer.agent_to_client malformed reason.graceful",
    "=graceful" },
};

/* What syslog-ng 4.x makes of a text with a count before it. */
static LogMessage *
make_4x_message(const gchar *text)
{
  LogMessage *message = log_msg_new_empty();

  log_msg_set_value(message, LM_V_PROGRAM, "<30>1", -1);
  log_msg_set_value(message, LM_V_MESSAGE, strchr(strchr(text, ' ') + 1, ' ') + 1, -1);
  return message;
}

static void
assert_glued(gsize row, LogMessage *message)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.", glued[row].tags);
  sng_test_assert_pairs(message, ".coder.disconnect_reason", glued[row].reason);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static void
test_glued_frames(gconstpointer data)
{
  const gsize row = GPOINTER_TO_SIZE(data);
  GString *text = g_string_new(NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(glued[row].frames) && glued[row].frames[i]; i++)
    g_string_append_printf(text, "%" G_GSIZE_FORMAT " %s", strlen(glued[row].frames[i]),
                           glued[row].frames[i]);
  assert_glued(row, sng_test_input(glued[row].input, text->str, -1));
  assert_glued(row, make_4x_message(text->str));
  g_string_free(text, TRUE);
}

/* What looks like a frame inside a message is its text. */
static void
test_frame_in_the_text(void)
{
  static const gchar text[] = FRAME(ELEMENT " see 9 <30>1 x");
  g_autofree gchar *counted = g_strdup_printf("%" G_GSIZE_FORMAT " %s", strlen(text), text);
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = sng_test_input(SNG_TEST_DEFAULT, counted, -1);

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_tags(message, "coder.", "disconnect expected reason.graceful");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
    for (gsize shape = 0; shape < G_N_ELEMENTS(shapes); shape++)
      {
        g_autofree gchar *path = g_strdup_printf("/rescue/%s/%s", tests[i].name,
                                                 shapes[shape].name);
        g_test_add_data_func(path, &shapes[shape], tests[i].func);
      }
  for (gsize i = 0; i < G_N_ELEMENTS(quotes); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/rescue/quoted/%s", quotes[i].name);
      g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_quoted);
    }
  for (gsize i = 0; i < G_N_ELEMENTS(glued); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/rescue/glued/%s", glued[i].name);
      g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_glued_frames);
    }
  g_test_add_func("/rescue/glued/only-in-the-text", test_frame_in_the_text);
  g_test_add_func("/rescue/text-behind-a-header", test_text_behind_a_header);
  g_test_add_func("/rescue/switched-off/keeps-the-rest", test_switched_off_keeps_the_rest);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
