/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

/* Several lines about one end are one end: the later one keeps its verdict and is marked. */

#define HEAD "2026-11-21 07:37:29.225 [info]  "
#define PTY HEAD "reconnecting-pty: reconnecting pty closed  "
#define SESSION HEAD "ssh-server: ssh session closed  "
#define CONNECTION HEAD "ssh-server: ssh connection complete  error=EOF  "
#define BOTH "remote=[fd7a::1]:9  local=[fd7a::2]:1  "
#define LOOP HEAD "run exited with error  error=\"read: EOF\""
#define REFUSED HEAD "run exited with error  error=\"unexpected status code 401: no\""
#define FROM(remote) "remote_addr=" remote "  local_addr=[fd7a::2]:1  "
#define GOOD "disconnect_reason=graceful"

typedef struct
{
  const gchar *host;
  const gchar *text;
  gboolean is_duplicate;
} Line;

typedef struct
{
  const gchar *name;
  Line lines[5];
} Row;

/* clang-format off */
static const Row rows[] = {
  { "hard-shutdown", {
      { "a", PTY BOTH "disconnect_reason=server_shutdown", FALSE },
      { "a", PTY BOTH "disconnect_reason=network_error", TRUE } } },
  { "session-and-connection", {
      { "a", SESSION FROM("[fd7a::1]:9") "id=1  " GOOD, FALSE },
      { "a", CONNECTION FROM("[fd7a::1]:9"), TRUE } } },
  { "connection-without-its-own-address", {
      { "a", SESSION FROM("[fd7a::1]:9") "id=1  " GOOD, FALSE },
      { "a", CONNECTION "remote_addr=[fd7a::1]:9  local_addr=<nil>", TRUE } } },
  { "sessions-with-ids", {
      { "a", SESSION FROM("[fd7a::1]:9") "id=1  " GOOD, FALSE },
      { "a", SESSION FROM("[fd7a::1]:9") "id=2  " GOOD, FALSE },
      { "a", SESSION FROM("[fd7a::1]:9") "id=1  " GOOD, TRUE } } },
  { "a-connection-stands-for-one-session", {
      { "a", CONNECTION FROM("[fd7a::1]:9"), FALSE },
      { "a", SESSION FROM("[fd7a::1]:9") "id=0  " GOOD, TRUE },
      { "a", SESSION FROM("[fd7a::1]:9") "id=1  " GOOD, FALSE },
      { "a", SESSION FROM("[fd7a::1]:9") "id=2  " GOOD, FALSE } } },
  { "sessions-behind-a-duplicate", {
      { "a", SESSION FROM("[fd7a::1]:9") "id=0  " GOOD, FALSE },
      { "a", CONNECTION FROM("[fd7a::1]:9"), TRUE },
      { "a", SESSION FROM("[fd7a::1]:9") "id=1  " GOOD, FALSE },
      { "a", CONNECTION FROM("[fd7a::1]:9"), TRUE } } },
  { "words-for-an-address", {
      { "a", PTY "remote=unknown  " GOOD, FALSE },
      { "a", PTY "remote=unknown  " GOOD, FALSE } } },
  { "no-port", {
      { "a", PTY "remote=127.0.0.1:0  " GOOD, FALSE },
      { "a", PTY "remote=127.0.0.1:0  " GOOD, FALSE } } },
  { "another-peer", {
      { "a", PTY "remote=[fd7a::1]:9  " GOOD, FALSE },
      { "a", PTY "remote=[fd7a::1]:8  " GOOD, FALSE } } },
  { "another-host", {
      { "a", PTY "remote=[fd7a::1]:9  " GOOD, FALSE },
      { "b", PTY "remote=[fd7a::1]:9  " GOOD, FALSE } } },
  { "no-identity", {
      { "a", SESSION GOOD, FALSE },
      { "a", SESSION GOOD, FALSE } } },
  { "nobodys-address", {
      { "a", PTY "remote=<nil>  " GOOD, FALSE },
      { "a", PTY "remote=<nil>  " GOOD, FALSE } } },
  { "failing-run-loop", {
      { "a", LOOP, FALSE },
      { "a", LOOP, TRUE },
      { "b", LOOP, FALSE },
      { "a", REFUSED, FALSE },
      { "a", REFUSED, TRUE } } },
};
/* clang-format on */

static gboolean
has_tag(const LogMessage *message, const gchar *name)
{
  return log_msg_is_tag_by_id((LogMessage *) message, log_tags_get_by_name(name));
}

static LogMessage *
process(LogParser *parser, const Line *line)
{
  g_autofree gchar *whole = g_strdup_printf("<30>1 2026-11-21T07:37:29Z %s app 7 - - %s",
                                            line->host, line->text);
  LogMessage *message = sng_test_message(whole, strlen(whole));

  g_assert_true(sng_test_process(parser, &message));
  g_assert_true(has_tag(message, "coder.disconnect"));
  return message;
}

static void
assert_duplicate(LogParser *parser, const Line *line, gboolean expected)
{
  LogMessage *message = process(parser, line);

  if (has_tag(message, "coder.duplicate") != expected)
    g_error("%s of %s: %s", line->text, line->host, expected ? "no duplicate" : "a duplicate");
  log_msg_unref(message);
}

static void
test_lines(gconstpointer data)
{
  const Row *row = data;
  LogParser *parser = sng_test_parser("coder-disconnect();");

  for (gsize i = 0; i < G_N_ELEMENTS(row->lines) && row->lines[i].text; i++)
    assert_duplicate(parser, &row->lines[i], row->lines[i].is_duplicate);
  sng_test_free_parser(parser);
}

#define RECORD                                                                                     \
  "<30>1 2026-11-21T07:37:29Z %s app 7 - [coder@32473 disconnect_reason=\"graceful\" "             \
  "remote_addr=\"[::1\\]:9\"] x"

static gboolean
is_duplicate(LogParser *parser, SngTestInput input, const gchar *host)
{
  g_autofree gchar *line = g_strdup_printf(RECORD, host);
  LogMessage *message = sng_test_input(input, line, -1);
  gboolean result;

  g_assert_true(sng_test_process(parser, &message));
  g_assert_true(has_tag(message, "coder.disconnect"));
  result = has_tag(message, "coder.duplicate");
  log_msg_unref(message);
  return result;
}

/* A rescued record is its sender's, not that of the relay it came through. */
static void
test_rescued_host(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");

  g_assert_false(is_duplicate(parser, SNG_TEST_DEFAULT, "a"));
  g_assert_false(is_duplicate(parser, SNG_TEST_DEFAULT, "b"));
  g_assert_true(is_duplicate(parser, SNG_TEST_SYSLOG, "a"));
  g_assert_true(is_duplicate(parser, SNG_TEST_SYSLOG, "b"));
  sng_test_free_parser(parser);
}

/* However often it comes: the window counts from the line that counted. */
static void
test_duplicates_do_not_prolong(void)
{
  const gint64 deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(1));");

  g_assert_false(is_duplicate(parser, SNG_TEST_SYSLOG, "a"));
  g_assert_true(is_duplicate(parser, SNG_TEST_SYSLOG, "a"));
  while (is_duplicate(parser, SNG_TEST_SYSLOG, "a"))
    g_assert_cmpint(g_get_monotonic_time(), <, deadline);
  sng_test_free_parser(parser);
}

#define REPEATED                                                                                   \
  "<30>1 2026-11-21T07:37:29Z a app 7 - [meta sequenceId=\"5\"][coder@32473 "                      \
  "disconnect_reason=\"graceful\" run_id=\"b9b1\"%s] x"

static gboolean
is_repeat_duplicate(LogParser *parser, const gchar *identity)
{
  g_autofree gchar *line = g_strdup_printf(REPEATED, identity);
  LogMessage *message = sng_test_message(line, strlen(line));
  gboolean result;

  g_assert_true(sng_test_process(parser, &message));
  sng_test_assert_format(message, "${.coder.run_id} ${.SDATA.meta.sequenceId}", SNG_TEST_CONFIG_4,
                         "b9b1 5");
  result = has_tag(message, "coder.duplicate");
  log_msg_unref(message);
  return result;
}

/* A record that its sender repeats is known by its peer's address, and by nothing else: run_id and
 * sequenceId, which come out, are what tells for ever. */
static void
test_repeated_record(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");

  g_assert_false(is_repeat_duplicate(parser, " remote_addr=\"[::1\\]:9\" session_id=\"4d\""));
  g_assert_true(is_repeat_duplicate(parser, " remote_addr=\"[::1\\]:9\" session_id=\"4d\""));
  sng_test_free_parser(parser);
}

static void
test_repeated_without_identity(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");

  for (guint i = 0; i < 3; i++)
    {
      g_assert_false(is_repeat_duplicate(parser, ""));
      g_assert_false(is_repeat_duplicate(parser, " session_id=\"4d\""));
    }
  sng_test_free_parser(parser);
}

/* The verdict stays the line's own. */
static void
test_verdict_is_kept(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message;

  log_msg_unref(process(parser, &rows[0].lines[0]));
  message = process(parser, &rows[0].lines[1]);
  sng_test_assert_tags(
    message, "coder.",
    "disconnect duplicate layer.agent_to_client reason.network_error unexpected");
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* A window of 0 seconds looks for none, and a parser starts with an empty table. */
static void
test_switched_off(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect(duplicate-window(0));");

  for (guint i = 0; i < 3; i++)
    assert_duplicate(parser, &rows[0].lines[0], FALSE);
  sng_test_free_parser(parser);
}

static void
test_starts_empty(void)
{
  for (guint i = 0; i < 3; i++)
    {
      LogParser *parser = sng_test_parser("coder-disconnect();");

      assert_duplicate(parser, &rows[0].lines[0], FALSE);
      sng_test_free_parser(parser);
    }
}

/* More ends than there are places: some are forgotten, and nothing is a duplicate of another. */
static void
test_flood(void)
{
  LogParser *parser = sng_test_parser("coder-disconnect();");

  for (guint i = 0; i < 50000; i++)
    {
      g_autofree gchar *text = g_strdup_printf(PTY "remote=[fd7a::1]:%u  " GOOD, i);
      const Line line = { "a", text, FALSE };

      assert_duplicate(parser, &line, FALSE);
    }
  sng_test_free_parser(parser);
}

static void
add_tests(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strdup_printf("/duplicates/lines/%s", rows[i].name);
      g_test_add_data_func(path, &rows[i], test_lines);
    }
  g_test_add_func("/duplicates/rescued-host", test_rescued_host);
  g_test_add_func("/duplicates/do-not-prolong", test_duplicates_do_not_prolong);
  g_test_add_func("/duplicates/repeated-record", test_repeated_record);
  g_test_add_func("/duplicates/repeated-without-identity", test_repeated_without_identity);
  g_test_add_func("/duplicates/verdict-is-kept", test_verdict_is_kept);
  g_test_add_func("/duplicates/switched-off", test_switched_off);
  g_test_add_func("/duplicates/starts-empty", test_starts_empty);
  g_test_add_func("/duplicates/flood", test_flood);
}

int
main(int argc, char **argv)
{
  return sng_test_main(argc, argv, add_tests);
}
