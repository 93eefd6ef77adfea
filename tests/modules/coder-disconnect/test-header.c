/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* A source without flags takes the head of a raw log line for a BSD syslog header: the date for
 * the message's time, a level or the first key of JSON for its program.  The verdict is that of
 * the whole line all the same. */

#define FIELDS                                                                                     \
  "connect_type=agent_to_client  exit_code=0  disconnect_reason=graceful  disconnect_expected=true"
#define JSON_FIELDS                                                                                \
  "\"connect_type\":\"agent_to_client\",\"exit_code\":0,\"disconnect_reason\":\"graceful\","       \
  "\"disconnect_expected\":true"
#define DATE "2026-11-21 07:37:29.225 "

static const struct
{
  const gchar *name;
  const gchar *line;
} rows[] = {
  { "human", DATE "[info]  ssh-server: ssh session closed  " FIELDS },
  { "human-debug", DATE "[debu]  ssh session closed  " FIELDS },
  { "human-without-date", "[info]  ssh session closed  " FIELDS },
  { "human-iso-date", "2026-11-21T07:37:29.225Z [info]  ssh session closed  " FIELDS },
  { "human-error-block", DATE "[warn]  run exited with error ...\n    error= read:\n"
                              "               main.run\n"
                              "                   /build/main.go:61\n"
                              "             - EOF" },
  { "human-coloured", "\x1b[0m" DATE "\x1b[36m[info]\x1b[0m  ssh session closed  " FIELDS },
  { "json", "{\"ts\":\"2026-11-21T07:37:29.2Z\",\"level\":\"INFO\",\"msg\":\"ssh session closed\","
            "\"fields\":{" JSON_FIELDS "}}" },
  { "json-blanks", "{ \"ts\": \"2026-11-21T07:37:29.2Z\", \"level\": \"INFO\", "
                   "\"msg\": \"ssh session closed\", \"fields\": {" JSON_FIELDS "}}" },
  { "stackdriver", "{\"logging.googleapis.com/severity\":\"INFO\",\"severity\":\"INFO\","
                   "\"message\":\"ssh session closed\"," JSON_FIELDS "}" },
  { "legacy", DATE "[INFO]\t(ssh-server)\t<./agent.go:55>\tagentssh.run\tssh session closed\t"
                   "{" JSON_FIELDS "}" },
  { "legacy-without-logger", DATE "[INFO]\t<./agent.go:55>\tagentssh.run\tssh session closed\t"
                                  "{" JSON_FIELDS "}" },
  { "connection-log", "connection_log  ID=1  Type=ssh  DisconnectReason=graceful" },
  { "connection-log-with-head", DATE "[info]  coderd: connection_log  ID=1  Type=ssh  "
                                     "DisconnectReason=graceful" },
  { "connection-log-key-first", "Type=ssh  DisconnectReason=graceful" },
  { "connection-log-reason-first", "DisconnectReason=graceful  Type=ssh" },
  { "kubectl", "[pod/coder-1/coder] " DATE "[info]  ssh session closed  " FIELDS },
  { "docker-compose", "coder-1  | " DATE "[info]  ssh session closed  " FIELDS },
  { "docker-compose-json", "coder-1  | {\"ts\":\"x\",\"level\":\"INFO\","
                           "\"msg\":\"ssh session closed\",\"fields\":{" JSON_FIELDS "}}" },
  { "container-runtime",
    "2026-11-21T07:37:29.225000000Z stdout F " DATE "[info]  ssh session closed  " FIELDS },
  { "journal-short", "Nov 21 07:37:29 ws coder[12]: " DATE "[info]  ssh session closed  " FIELDS },
};

typedef struct
{
  gchar *pairs;
  gchar *tags;
} Verdict;

static Verdict
judge(LogParser *parser, SngTestInput input, const gchar *line)
{
  LogMessage *message = sng_test_input(input, line, -1);
  Verdict verdict;

  g_assert_true(sng_test_process(parser, &message));
  verdict.pairs = sng_test_pairs(message, ".coder.");
  verdict.tags = sng_test_tags(message, "coder.");
  log_msg_unref(message);
  return verdict;
}

static void
assert_same_verdict(const gchar *line)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  Verdict whole = judge(parser, SNG_TEST_NO_PARSE, line);
  Verdict restored = judge(parser, SNG_TEST_DEFAULT, line);

  g_assert_cmpstr(whole.tags, !=, "");
  g_assert_cmpstr(restored.pairs, ==, whole.pairs);
  g_assert_cmpstr(restored.tags, ==, whole.tags);
  g_free(whole.pairs);
  g_free(whole.tags);
  g_free(restored.pairs);
  g_free(restored.tags);
  sng_test_free_parser(parser);
}

static void
test_same_verdict(gconstpointer line)
{
  assert_same_verdict(line);
}

/* Longer than any buffer on the way. */
static void
test_long_line(void)
{
  g_autofree gchar *padding = g_strnfill(70000, 'x');
  g_autofree gchar *human = g_strconcat(DATE "[info]  ssh session closed  app=", padding,
                                        "  disconnect_reason=graceful", NULL);
  g_autofree gchar *json = g_strconcat(
    "{\"ts\":\"x\",\"level\":\"INFO\",\"msg\":\"ssh session closed\",\"fields\":{"
    "\"app\":\"",
    padding, "\",\"disconnect_reason\":\"graceful\"}}", NULL);

  assert_same_verdict(human);
  assert_same_verdict(json);
}

/* Around the length where header and text no longer fit the parser's own buffer. */
static void
test_lengths(void)
{
  for (gsize length = 3900; length < 4200; length++)
    {
      g_autofree gchar *padding = g_strnfill(length, 'x');
      g_autofree gchar *line = g_strconcat(DATE "[info]  ssh session closed  app=", padding,
                                           "  disconnect_reason=graceful", NULL);
      assert_same_verdict(line);
    }
}

/* Nothing is made of a header that is a real one. */
static void
test_real_header(void)
{
  static const gchar line[] = "<30>Nov 21 07:37:29 ws coder[12]: disconnected from coderd";
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");
  Verdict verdict = judge(parser, SNG_TEST_DEFAULT, line);

  g_assert_cmpstr(verdict.tags, ==, "");
  g_free(verdict.pairs);
  g_free(verdict.tags);
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/header/%s", rows[i].name);
      g_test_add_data_func(path, rows[i].line, test_same_verdict);
    }
  g_test_add_func("/header/long-line", test_long_line);
  g_test_add_func("/header/lengths", test_lengths);
  g_test_add_func("/header/real", test_real_header);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
