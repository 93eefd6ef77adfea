/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* What the parser does to a message, and what it leaves alone. */

#define SYSLOG "<30>1 2026-11-21T07:37:29Z ws coder-agentd 7 disconnect "
#define ELEMENT                                                                                    \
  "[coder@32473 connect_type=\"agent_to_client\" disconnect_reason=\"network_error\" "             \
  "disconnect_expected=\"true\" disconnect_detail=\"a \\\"b\\\" \\] c\" exit_code=\"255\" "        \
  "rule=\"99\" x=\"y\"]"
#define HUMAN                                                                                      \
  "2026-11-21 07:37:29.225 [info]  ssh-server: ssh session closed  exit_code=255  "                \
  "disconnect_reason=\"process exited with error status: -1\"  disconnect_expected=false"

static const gchar *const ours[] = {
  SYSLOG "[meta sequenceId=\"1\"]" ELEMENT "[other@1 disconnect_reason=\"no\" k=\"v\"] text",
  SYSLOG "- " HUMAN,
  SYSLOG "[other@1 k=\"v\"] {\"ts\":\"x\",\"level\":\"WARN\",\"msg\":\"run exited with error\","
         "\"fields\":{\"error\":[{\"msg\":\"read\"},\"EOF\"]}}",
  SYSLOG "- [info]  ssh session closed  disconnect_reason=\"open",
  SYSLOG "- connection_log  Type=ssh  DisconnectReason=\"normal close\"",
};

static const gchar *const others[] = {
  SYSLOG "- hello",
  SYSLOG "-",
  SYSLOG "[coder@32473 app=\"x\"][coder@3247 disconnect_reason=\"graceful\"] text",
  SYSLOG "- Received disconnect from 10.0.0.1 port 22:11: disconnected by user",
  SYSLOG "- [info]  stdlib: [ERR] yamux: keepalive failed: i/o deadline reached",
  SYSLOG "- {\"a\":\"disconnect_reason\"}",
  SYSLOG "- he said \"2026-11-21 07:37:29.225 [info]  ssh session closed\"",
};

static gboolean
is_verdict(const gchar *line)
{
  return g_str_has_prefix(line, ".coder.") || g_str_has_prefix(line, "#coder.")
         || g_str_equal(line, "#");
}

/* The snapshot without what the parser may add. */
static gchar *
senders_part(LogMessage *message)
{
  g_autofree gchar *snapshot = sng_test_snapshot(message);
  g_auto(GStrv) lines = g_strsplit(snapshot, "\n", -1);
  GString *part = g_string_new(NULL);

  for (gchar **line = lines; *line; line++)
    if (!is_verdict(*line))
      g_string_append_printf(part, "%s\n", *line);
  return g_string_free(part, FALSE);
}

static void
test_senders_part_stays(gconstpointer line)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *message = sng_test_message(line, strlen(line));
  g_autofree gchar *before = senders_part(message);
  g_autofree gchar *after = NULL;
  g_autofree gchar *tags = NULL;

  g_assert_true(sng_test_process(parser, &message));
  after = senders_part(message);
  tags = sng_test_tags(message, "coder.");
  g_assert_cmpstr(after, ==, before);
  g_assert_cmpstr(tags, !=, "");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static void
test_copy_on_write(gconstpointer line)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *original = sng_test_message(line, strlen(line));
  LogMessage *message = log_msg_ref(original);
  g_autofree gchar *before = sng_test_snapshot(original);
  g_autofree gchar *after = NULL;
  g_autofree gchar *tags = NULL;

  log_msg_write_protect(original);
  g_assert_true(sng_test_process(parser, &message));
  g_assert_true(message != original);
  after = sng_test_snapshot(original);
  tags = sng_test_tags(message, "coder.");
  g_assert_cmpstr(after, ==, before);
  g_assert_cmpstr(tags, !=, "");
  log_msg_unref(message);
  log_msg_unref(original);
  sng_test_free_parser(parser);
}

static gchar *
process_and_take(LogMessage *message)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  gchar *snapshot;

  g_assert_true(sng_test_process(parser, &message));
  snapshot = sng_test_snapshot(message);
  log_msg_unref(message);
  sng_test_free_parser(parser);
  return snapshot;
}

/* A copy on write is no different from the message itself. */
static void
test_copy_is_the_same(gconstpointer line)
{
  LogMessage *protected = sng_test_message(line, strlen(line));
  g_autofree gchar *in_place = process_and_take(sng_test_message(line, strlen(line)));
  g_autofree gchar *copied = NULL;

  log_msg_write_protect(protected);
  copied = process_and_take(protected);
  g_assert_cmpstr(copied, ==, in_place);
}

static void
assert_untouched(LogMessage *original)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *message = original;
  g_autofree gchar *before = sng_test_snapshot(original);
  g_autofree gchar *after = NULL;

  g_assert_true(sng_test_process(parser, &message));
  g_assert_true(message == original);
  after = sng_test_snapshot(message);
  g_assert_cmpstr(after, ==, before);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* Not ours: no copy, no change, whether it may be written or not. */
static void
test_others_stay(gconstpointer line)
{
  LogMessage *protected = sng_test_message(line, strlen(line));

  log_msg_write_protect(protected);
  assert_untouched(protected);
  assert_untouched(sng_test_message(line, strlen(line)));
}

/* Read twice, as with the parser in two places of one path. */
static void
test_twice(gconstpointer line)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *message = sng_test_message(line, strlen(line));
  g_autofree gchar *once = NULL;
  g_autofree gchar *twice = NULL;

  g_assert_true(sng_test_process(parser, &message));
  once = sng_test_snapshot(message);
  g_assert_true(sng_test_process(parser, &message));
  twice = sng_test_snapshot(message);
  g_assert_cmpstr(twice, ==, once);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

static LogMessage *
make_classified(const gchar *line)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *message = sng_test_message(line, strlen(line));

  g_assert_true(sng_test_process(parser, &message));
  sng_test_free_parser(parser);
  return message;
}

#define FORMAT_TYPED                                                                               \
  "$(format-json --key .coder.exit_code --key .coder.disconnect_expected "                         \
  "--key .coder.disconnect_reason --key .coder.source)"

static void
test_types(void)
{
  LogMessage *message = make_classified(ours[0]);

  sng_test_assert_format(message, FORMAT_TYPED, SNG_TEST_CONFIG_4,
                         "{\"_coder\":{\"source\":\"sdata\",\"exit_code\":255,"
                         "\"disconnect_reason\":\"network_error\",\"disconnect_expected\":false}}");
  sng_test_assert_format(
    message, FORMAT_TYPED, SNG_TEST_CONFIG_3,
    "{\"_coder\":{\"source\":\"sdata\",\"exit_code\":\"255\","
    "\"disconnect_reason\":\"network_error\",\"disconnect_expected\":\"false\"}}");
  log_msg_unref(message);
}

static void
assert_type(const LogMessage *message, const gchar *name, LogMessageValueType wanted)
{
  LogMessageValueType type;

  log_msg_get_value_by_name_with_type(message, name, NULL, &type);
  g_assert_cmpint(type, ==, wanted);
}

/* A type that a sender gave to a pair of the same name does not stay. */
static void
test_types_of_pairs(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *message = sng_test_message(ours[0], strlen(ours[0]));

  log_msg_set_value_with_type(message, log_msg_get_value_handle(".coder.disconnect_reason"), "7",
                              -1, LM_VT_BOOLEAN);
  g_assert_true(sng_test_process(parser, &message));
  assert_type(message, ".coder.disconnect_reason", LM_VT_STRING);
  assert_type(message, ".coder.disconnect_detail", LM_VT_STRING);
  assert_type(message, ".coder.disconnect_expected", LM_VT_BOOLEAN);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* What the message carried under our own names before is no part of the verdict. */
static void
test_stale_pairs(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *message = sng_test_message(ours[1], strlen(ours[1]));

  sng_test_set(message, ".coder.disconnect_reason", "graceful");
  sng_test_set(message, ".coder.disconnect_expected", "true");
  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.",
                        "connect_type=agent_to_client\n"
                        "disconnect_detail=process exited with error status: -1\n"
                        "disconnect_expected=false\ndisconnect_reason=network_error\n"
                        "exit_code=255\nraw_reason=process exited with error status: -1\nrule=39\n"
                        "site=ssh-session\nsource=slog-human");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* All under our names that the verdict does not have belonged to somebody else's; other names under
 * the prefix are not ours. */
static void
test_pairs_of_before(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *message = sng_test_message(ours[1], strlen(ours[1]));

  sng_test_set(message, ".coder.workspace_id", "somebody else's");
  sng_test_set(message, ".coder.session_id", "");
  sng_test_set(message, ".coder.connection_method", "direct");
  sng_test_set(message, ".coder.note", "stays");
  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.",
                        "connect_type=agent_to_client\n"
                        "disconnect_detail=process exited with error status: -1\n"
                        "disconnect_expected=false\ndisconnect_reason=network_error\n"
                        "exit_code=255\nnote=stays\n"
                        "raw_reason=process exited with error status: -1\nrule=39\n"
                        "site=ssh-session\nsource=slog-human");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* Where there is no verdict, nothing is touched. */
static void
test_pairs_of_others(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  LogMessage *message = sng_test_message(others[0], strlen(others[0]));

  sng_test_set(message, ".coder.workspace_id", "somebody else's");
  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_pairs(message, ".coder.", "workspace_id=somebody else's");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* The last parser's verdict is the one that counts, its tags too. */
static void
test_second_parser(void)
{
  LogParser *first = sng_test_parser("coder-disconnect(sd-id('coder@1') duplicate-window(0));");
  LogParser *second = sng_test_parser("coder-disconnect(duplicate-window(0));");
  const gchar *line = SYSLOG "[coder@1 disconnect_reason=\"graceful\" session_id=\"4d\"]"
                             "[coder@32473 disconnect_reason=\"network_error\"] text";
  LogMessage *message = sng_test_message(line, strlen(line));

  g_assert_true(sng_test_process(first, &message));
  g_assert_true(sng_test_process(second, &message));
  sng_test_assert_pairs(message, ".coder.",
                        "disconnect_expected=false\ndisconnect_reason=network_error\nrule=2\n"
                        "source=sdata");
  sng_test_assert_tags(message, "coder.", "disconnect reason.network_error unexpected");
  log_msg_unref(message);
  sng_test_free_parser(second);
  sng_test_free_parser(first);
}

static void
add_line_tests(const gchar *name, const gchar *const *lines, gsize n_lines, GTestDataFunc func)
{
  for (gsize i = 0; i < n_lines; i++)
    {
      g_autofree gchar *path = g_strdup_printf("/message/%s/%" G_GSIZE_FORMAT, name, i);
      g_test_add_data_func(path, lines[i], func);
    }
}

static void
add_tests(void)
{
  sng_test_load_module("json-plugin");
  add_line_tests("senders-part-stays", ours, G_N_ELEMENTS(ours), test_senders_part_stays);
  add_line_tests("copy-on-write", ours, G_N_ELEMENTS(ours), test_copy_on_write);
  add_line_tests("copy-is-the-same", ours, G_N_ELEMENTS(ours), test_copy_is_the_same);
  add_line_tests("others-stay", others, G_N_ELEMENTS(others), test_others_stay);
  add_line_tests("twice", ours, G_N_ELEMENTS(ours), test_twice);
  g_test_add_func("/message/types", test_types);
  g_test_add_func("/message/types-of-pairs", test_types_of_pairs);
  g_test_add_func("/message/stale-pairs", test_stale_pairs);
  g_test_add_func("/message/pairs-of-before", test_pairs_of_before);
  g_test_add_func("/message/pairs-of-others", test_pairs_of_others);
  g_test_add_func("/message/second-parser", test_second_parser);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
