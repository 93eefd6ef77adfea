/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* prefix(".SDATA.coder@32473.") writes the verdict into the structured data, so that it travels to
 * the next hop.  The values are views into the very pairs that are overwritten. */

#define RELAY "coder-disconnect(prefix('.SDATA.coder@32473.'));"
#define HEADER "<30>1 2026-11-21T07:37:29Z ws coder-agentd 7 disconnect "

static const struct
{
  const gchar *name;
  const gchar *line;
  const gchar *sdata;
} rows[] = {
  { "kept", HEADER "[coder@32473 disconnect_reason=\"graceful\" disconnect_expected=\"true\"] text",
    "[coder@32473 disconnect_reason=\"graceful\" disconnect_expected=\"true\" rule=\"2\" "
    "source=\"sdata\"]" },
  { "corrected",
    HEADER "[coder@32473 disconnect_reason=\"network_error\" disconnect_expected=\"true\"] text",
    "[coder@32473 disconnect_reason=\"network_error\" disconnect_expected=\"false\" rule=\"2\" "
    "source=\"sdata\"]" },
  /* The reason becomes raw_reason and is itself overwritten, by something longer and shorter. */
  { "moved-longer",
    HEADER "[coder@32473 connect_type=\"agent_to_client\" disconnect_reason=\"x\"] text",
    "[coder@32473 connect_type=\"agent_to_client\" disconnect_reason=\"unknown\" "
    "disconnect_expected=\"false\" disconnect_detail=\"x\" rule=\"3\" source=\"sdata\" "
    "raw_reason=\"x\"]" },
  { "moved-shorter",
    HEADER "[coder@32473 disconnect_reason=\"process exited with error status: 1\" "
           "exit_code=\"1\"] text",
    "[coder@32473 disconnect_reason=\"graceful\" exit_code=\"1\" disconnect_expected=\"true\" "
    "disconnect_initiator=\"agent\" disconnect_detail=\"exited with code 1\" rule=\"36\" "
    "source=\"sdata\" raw_reason=\"process exited with error status: 1\"]" },
  { "escaped",
    HEADER "[coder@32473 disconnect_reason=\"a \\\"b\\\" \\] \\\\ c\" "
           "disconnect_detail=\"\\]\\\"\\\\\"] text",
    "[coder@32473 disconnect_reason=\"unknown\" disconnect_detail=\"\\]\\\"\\\\\" "
    "disconnect_expected=\"false\" rule=\"3\" source=\"sdata\" "
    "raw_reason=\"a \\\"b\\\" \\] \\\\ c\"]" },
  { "beside-others",
    HEADER "[meta sequenceId=\"5\"][coder@32473 x=\"y\" disconnect_reason=\"graceful\"]"
           "[other@1 disconnect_reason=\"no\"] text",
    "[meta sequenceId=\"5\"][coder@32473 x=\"y\" disconnect_reason=\"graceful\" "
    "disconnect_expected=\"true\" rule=\"2\" source=\"sdata\"][other@1 disconnect_reason=\"no\"]" },
  { "foreign-rule",
    HEADER "[coder@32473 disconnect_reason=\"graceful\" rule=\"4711\" source=\"me\"] text",
    "[coder@32473 disconnect_reason=\"graceful\" rule=\"2\" source=\"sdata\" "
    "disconnect_expected=\"true\"]" },
  { "from-human",
    HEADER "[meta sequenceId=\"5\"] [info]  ssh-server: ssh session closed  id=4d  exit_code=0  "
           "disconnect_reason=graceful  disconnect_expected=true",
    "[coder@32473 connect_type=\"agent_to_client\" site=\"ssh-session\" "
    "disconnect_reason=\"graceful\" disconnect_expected=\"true\" exit_code=\"0\" rule=\"2\" "
    "session_id=\"4d\" source=\"slog-human\"][meta sequenceId=\"5\"]" },
  { "from-json",
    HEADER "- {\"ts\":\"x\",\"level\":\"WARN\",\"msg\":\"run exited with error\",\"fields\":"
           "{\"error\":[{\"msg\":\"read\"},\"EOF\"]}}",
    "[coder@32473 connect_type=\"server_to_agent\" site=\"run-loop\" "
    "disconnect_reason=\"network_error\" disconnect_expected=\"false\" "
    "disconnect_initiator=\"network\" disconnect_detail=\"read: EOF\" rule=\"21\" "
    "source=\"slog-json\"]" },
  /* What the vocabulary does not have is no word of the verdict, and must not travel as one. */
  { "invalid-initiator",
    HEADER "[coder@32473 disconnect_reason=\"graceful\" disconnect_initiator=\"me\"] text",
    "[coder@32473 disconnect_reason=\"graceful\" disconnect_expected=\"true\" rule=\"2\" "
    "source=\"sdata\"]" },
  { "invalid-exit-code",
    HEADER "[coder@32473 disconnect_reason=\"graceful\" exit_code=\"99x\"] text",
    "[coder@32473 disconnect_reason=\"graceful\" disconnect_expected=\"true\" rule=\"2\" "
    "source=\"sdata\"]" },
};

static LogMessage *
relay(LogParser *parser, const gchar *line)
{
  LogMessage *message = sng_test_message(line, strlen(line));

  g_assert_true(sng_test_process(parser, &message));
  return message;
}

static void
test_sdata(gconstpointer data)
{
  const gsize row = GPOINTER_TO_SIZE(data);
  LogParser *parser = sng_test_parser(RELAY);
  LogMessage *message = relay(parser, rows[row].line);

  sng_test_assert_format(message, "$SDATA", SNG_TEST_CONFIG_4, rows[row].sdata);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* The same where the message has to be copied first; the original keeps its own data. */
static void
test_copied(gconstpointer data)
{
  const gsize row = GPOINTER_TO_SIZE(data);
  LogParser *parser = sng_test_parser(RELAY);
  LogMessage *original = sng_test_message(rows[row].line, strlen(rows[row].line));
  LogMessage *message = log_msg_ref(original);
  g_autofree gchar *before = sng_test_snapshot(original);
  g_autofree gchar *after = NULL;

  log_msg_write_protect(original);
  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_format(message, "$SDATA", SNG_TEST_CONFIG_4, rows[row].sdata);
  log_msg_unref(message);
  after = sng_test_snapshot(original);
  g_assert_cmpstr(after, ==, before);
  log_msg_unref(original);
  sng_test_free_parser(parser);
}

static gboolean
is_verdict(const gchar *line)
{
  static const gchar *const names[] = { "connect_type=", "disconnect_", "exit_code=",
                                        "site=",         "session_id=", NULL };

  for (const gchar *const *name = names; *name; name++)
    if (g_str_has_prefix(line, *name))
      return TRUE;
  return FALSE;
}

/* Without rule and source, which tell how this hop came to the verdict. */
static gchar *
get_verdict(const LogMessage *message, const gchar *prefix)
{
  g_autofree gchar *pairs = sng_test_pairs(message, prefix);
  g_auto(GStrv) lines = g_strsplit(pairs, "\n", -1);
  GString *verdict = g_string_new(NULL);

  for (gchar **line = lines; *line; line++)
    if (is_verdict(*line))
      g_string_append_printf(verdict, "%s\n", *line);
  return g_string_free(verdict, FALSE);
}

/* The next hop reads what this one sends on, and comes to the same verdict; so does the hop after
 * it, which gets the very same bytes. */
static void
test_next_hops(gconstpointer data)
{
  const gsize row = GPOINTER_TO_SIZE(data);
  LogParser *parser = sng_test_parser(RELAY);
  LogMessage *message = relay(parser, rows[row].line);
  g_autofree gchar *wanted = get_verdict(message, ".SDATA.coder@32473.");
  g_autofree gchar *sent = NULL;

  for (gint hop = 0; hop < 3; hop++)
    {
      g_autofree gchar *verdict = NULL;

      g_free(sent);
      sent = sng_test_format(message, "<$PRI>1 $ISODATE $HOST $PROGRAM $PID $MSGID $SDATA $MSG",
                             SNG_TEST_CONFIG_4);
      log_msg_unref(message);
      message = relay(parser, sent);
      verdict = get_verdict(message, ".SDATA.coder@32473.");
      g_assert_cmpstr(verdict, ==, wanted);
    }
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* A view into a value that is overwritten in place: every length up to where it no longer fits. */
static void
test_lengths(void)
{
  LogParser *parser = sng_test_parser(RELAY);

  for (gsize length = 1; length <= 1024; length += length < 80 ? 1 : 59)
    {
      g_autofree gchar *text = g_strnfill(length, 'q');
      g_autofree gchar *line = g_strdup_printf(HEADER "[coder@32473 disconnect_reason=\"%s\"] text",
                                               text);
      LogMessage *message = relay(parser, line);
      const gchar *value = log_msg_get_value_by_name(message, ".SDATA.coder@32473.raw_reason",
                                                     NULL);

      g_assert_cmpstr(value, ==, text);
      log_msg_unref(message);
    }
  sng_test_free_parser(parser);
}

/* Under another element the sender's own stays as it was sent. */
static void
test_other_element(void)
{
  static const gchar line[] = HEADER
    "[coder@32473 disconnect_reason=\"network_error\" disconnect_expected=\"true\"] text";
  LogParser *parser = sng_test_parser("coder-disconnect(prefix('.SDATA.verdict@32473.'));");
  LogMessage *message = relay(parser, line);

  sng_test_assert_format(
    message, "$SDATA", SNG_TEST_CONFIG_4,
    "[verdict@32473 disconnect_reason=\"network_error\" disconnect_expected=\"false\" "
    "rule=\"2\" source=\"sdata\"]"
    "[coder@32473 disconnect_reason=\"network_error\" disconnect_expected=\"true\"]");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* What a sender puts into the relay's own element is no part of the verdict. */
static void
test_forged_element(void)
{
  static const gchar line[] = HEADER
    "[coder@32473 disconnect_reason=\"network_error\"]"
    "[verdict@32473 disconnect_reason=\"graceful\" disconnect_detail=\"planned\" "
    "raw_reason=\"forged\" session_id=\"victim\" host=\"evil\"] text";
  LogParser *parser = sng_test_parser("coder-disconnect(prefix('.SDATA.verdict@32473.'));");
  LogMessage *message = relay(parser, line);

  sng_test_assert_pairs(message, ".SDATA.verdict@32473.",
                        "disconnect_expected=false\ndisconnect_reason=network_error\nrule=2\n"
                        "source=sdata");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static gchar *
make_full_line(guint n_others)
{
  GString *line = g_string_new(HEADER "[coder@32473 disconnect_reason=\"graceful\"");

  for (guint i = 0; i < n_others; i++)
    g_string_append_printf(line, " k%u=\"v\"", i);
  g_string_append(line, "] text");
  return g_string_free(line, FALSE);
}

/* syslog-ng lists 255 parameters and complains in its own log about each one more. */
static void
test_no_room(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect(prefix('.SDATA.verdict@32473.'));");

  for (guint n_others = 240; n_others < 255; n_others++)
    {
      g_autofree gchar *line = make_full_line(n_others);
      LogMessage *message = relay(parser, line);
      gboolean fits = 1 + n_others + 4 <= 255;

      sng_test_assert_pairs(message, ".SDATA.verdict@32473.",
                            fits ? "disconnect_expected=true\ndisconnect_reason=graceful\nrule=2\n"
                                   "source=sdata"
                                 : "");
      sng_test_assert_tags(message, "coder.",
                           fits || n_others == 0 ? "disconnect expected reason.graceful"
                                                 : "disconnect expected malformed reason.graceful");
      log_msg_unref(message);
    }
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *sdata = g_strdup_printf("/relay/sdata/%s", rows[i].name);
      g_autofree gchar *copied = g_strdup_printf("/relay/copied/%s", rows[i].name);
      g_autofree gchar *next_hops = g_strdup_printf("/relay/next-hops/%s", rows[i].name);

      g_test_add_data_func(sdata, GSIZE_TO_POINTER(i), test_sdata);
      g_test_add_data_func(copied, GSIZE_TO_POINTER(i), test_copied);
      g_test_add_data_func(next_hops, GSIZE_TO_POINTER(i), test_next_hops);
    }
  g_test_add_func("/relay/lengths", test_lengths);
  g_test_add_func("/relay/other-element", test_other_element);
  g_test_add_func("/relay/forged-element", test_forged_element);
  g_test_add_func("/relay/no-room", test_no_room);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
