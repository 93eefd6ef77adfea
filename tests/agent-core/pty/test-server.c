/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many clients of a server: who shares a session, and what is no record at all. */
#include "pty-fixture.h"

#include "../../support/unit.h"

#include <sys/resource.h>
#include <time.h>

#define OTHER_ID "00000000-1111-2222-3333-444444444444"

/* Tells its size for each line that it gets. */
#define ASKED_FOR_SIZE "stty -echo; echo ready; while read line; do stty size; done"

static const PtyEnd closed = { "client_closed", TRUE, "client", 25 };

static PtyPeer *
_join(PtyFixture *fixture, const gchar *command, const gchar *sign)
{
  PtyPeer *peer = pty_peer_new(fixture);

  pty_peer_greet(peer, command);
  pty_peer_await(peer, sign);
  return peer;
}

static void
_leave(PtyPeer *peer)
{
  pty_peer_leave(peer);
  pty_fixture_assert_record(peer->fixture, &closed);
}

/* --- no record -------------------------------------------------------------------------------- */

static void
_assert_silent(PtyFixture *fixture)
{
  pty_wait(fixture->host.figures.silent_connections == 1);
  pty_wait(fixture->host.figures.n_connections == 0);
  g_assert_cmpuint(fixture->host.figures.refused_connections, ==, 0);
  g_assert_cmpuint(fixture->host.figures.errors, ==, 0);
}

static void
test_a_silent_client_that_leaves(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = pty_peer_new(fixture);

  pty_peer_leave(peer);
  _assert_silent(fixture);
}

static void
test_a_silent_client_that_resets(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = pty_peer_new(fixture);

  pty_peer_reset(peer);
  _assert_silent(fixture);
}

static void
test_a_silent_client_that_is_late(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = NULL;

  fixture->host.settings.init_timeout_ms = 20;
  peer = pty_peer_new(fixture);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
  pty_peer_leave(peer);
  _assert_silent(fixture);
}

/* As a port scan does: it has gone before it is looked at. */
static void
_leave_before_it_is_accepted(PtyFixture *fixture, gboolean is_reset)
{
  PtyPeer *peer = pty_peer_new_unaccepted(fixture);

  if (is_reset)
    pty_peer_reset(peer);
  pty_peer_free(peer);
  _assert_silent(fixture);
}

static void
test_a_client_that_leaves_at_once(PtyFixture *fixture)
{
  _leave_before_it_is_accepted(fixture, FALSE);
}

static void
test_a_client_that_resets_at_once(PtyFixture *fixture)
{
  _leave_before_it_is_accepted(fixture, TRUE);
}

/* --- limits ----------------------------------------------------------------------------------- */

static void
test_the_limit_of_connections(PtyFixture *fixture)
{
  const PtyEnd end = { "unknown", FALSE, "agent", 42, "connection limit of 1 reached" };
  g_autoptr(PtyPeer) first = NULL;
  g_autoptr(PtyPeer) second = NULL;

  fixture->host.settings.max_connections = 1;
  first = _join(fixture, PTY_IDLE, "ready");
  second = pty_peer_new(fixture);
  pty_peer_greet(second, PTY_IDLE);
  pty_fixture_assert_record(fixture, &end);
  g_assert_cmpint(pty_peer_await_end(second), ==, 0);
  g_assert_cmpuint(fixture->host.figures.errors, ==, 1);
  _leave(first);
}

/* A line of the log for each would be a way to fill the disk; one more would end the test. */
static void
test_far_too_many_connections(PtyFixture *fixture)
{
  PtyPeer *peers[70];

  fixture->host.settings.max_connections = 1;
  g_test_expect_message(NULL, G_LOG_LEVEL_WARNING, "*far too many connections*");
  for (guint i = 0; i < G_N_ELEMENTS(peers); i++)
    peers[i] = pty_peer_new(fixture);
  for (guint i = 65; i < G_N_ELEMENTS(peers); i++)
    g_assert_cmpint(pty_peer_await_end(peers[i]), ==, 0);
  g_test_assert_expected_messages();
  g_assert_cmpuint(fixture->host.figures.refused_connections, ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS(peers); i++)
    pty_peer_free(peers[i]);
}

static void
test_the_limit_of_sessions(PtyFixture *fixture)
{
  const PtyEnd end = {
    "unknown", FALSE, "agent", 42, "session limit of 1 reached", NULL, OTHER_ID
  };
  g_autoptr(PtyPeer) first = NULL;
  g_autoptr(PtyPeer) second = pty_peer_new(fixture);
  g_autoptr(PtyPeer) third = NULL;

  fixture->host.settings.max_sessions = 1;
  first = _join(fixture, PTY_IDLE, "ready");
  pty_peer_greet_with(second, OTHER_ID, PTY_IDLE, 24, 80);
  pty_fixture_assert_record(fixture, &end);
  third = _join(fixture, "", "ready");
  _leave(first);
  _leave(third);
}

/* --- several clients of a session ------------------------------------------------------------- */

static void
test_each_client_at_the_end_has_a_record(PtyFixture *fixture)
{
  const PtyEnd end = { "graceful", TRUE, "agent", 36, "exited with code 5", "5" };
  const gchar *command = "echo ready; read line; exit 5";
  g_autoptr(PtyPeer) first = _join(fixture, command, "ready");
  g_autoptr(PtyPeer) second = _join(fixture, command, "ready");
  g_autoptr(PtyPeer) third = _join(fixture, command, "ready");

  pty_peer_say(second, "{\"data\":\"\\r\"}");
  for (guint i = 0; i < 3; i++)
    pty_fixture_assert_record(fixture, &end);
  g_assert_cmpint(pty_peer_await_end(first), ==, 0);
  g_assert_cmpint(pty_peer_await_end(second), ==, 0);
  g_assert_cmpint(pty_peer_await_end(third), ==, 0);
  g_assert_cmpuint(fixture->host.figures.sessions, ==, 1);
}

static void
test_one_leaves_and_another_stays(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = _join(fixture, "stty -echo; echo ready; exec cat", "ready");
  g_autoptr(PtyPeer) second = _join(fixture, "", "ready");

  _leave(first);
  pty_peer_say(second, "{\"data\":\"still here\\n\"}");
  pty_peer_await(second, "still here");
  _leave(second);
}

static void
test_who_comes_back_gets_the_output(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = _join(fixture, "echo one; echo two; exec sleep 600", "two");
  g_autoptr(PtyPeer) second = NULL;

  _leave(first);
  second = _join(fixture, "echo another", "two");
  g_assert_cmpstr(second->output->str, ==, "one\ntwo\n");
  g_assert_cmpuint(fixture->host.figures.sessions, ==, 1);
  _leave(second);
}

/* The first has so much to type that it waits, then the second types, too. */
static void
test_who_waits_for_the_program_is_not_forgotten(PtyFixture *fixture)
{
  g_autofree gchar *command = g_strdup_printf(
    "stty raw -echo; echo ready; cd %s; until [ -e one ]; do sleep 0.01; done; "
    "head -c 20000 >/dev/null; echo half; until [ -e two ]; do sleep 0.01; done; "
    "head -c 80001 | wc -c; rm one two; exec sleep 600",
    fixture->folder);
  g_autofree gchar *one = g_build_filename(fixture->folder, "one", NULL);
  g_autofree gchar *two = g_build_filename(fixture->folder, "two", NULL);
  g_autofree gchar *data = g_strnfill(100000, 'x');
  g_autofree gchar *request = g_strdup_printf("{\"data\":\"%s\"}", data);
  g_autoptr(PtyPeer) first = _join(fixture, command, "ready");
  g_autoptr(PtyPeer) second = _join(fixture, "", "ready");

  pty_peer_say(first, request);
  loop_settle();
  g_assert_true(g_file_set_contents(one, "", 0, NULL));
  pty_peer_await(first, "half");
  pty_peer_say(second, "{\"data\":\"y\"}");
  loop_settle();
  g_assert_true(g_file_set_contents(two, "", 0, NULL));
  pty_peer_await(first, "80001");
  pty_wait(!g_file_test(two, G_FILE_TEST_EXISTS));
  _leave(first);
  pty_peer_await(second, "80001");
  _leave(second);
}

/* --- size ------------------------------------------------------------------------------------- */

static PtyPeer *
_join_with_size(PtyFixture *fixture, guint rows, guint columns)
{
  PtyPeer *peer = pty_peer_new(fixture);

  pty_peer_greet_with(peer, PTY_ID, ASKED_FOR_SIZE, rows, columns);
  pty_peer_await(peer, "ready");
  return peer;
}

static void
_assert_size(PtyPeer *peer, const gchar *size)
{
  g_autofree gchar *line = g_strconcat(size, "\n", NULL);

  pty_peer_has(peer, "");
  g_string_truncate(peer->output, 0);
  pty_peer_say(peer, "{\"data\":\"\\n\"}");
  pty_peer_await(peer, "\n");
  g_assert_cmpstr(peer->output->str, ==, line);
}

static void
_assert_and_leave(PtyPeer *peer)
{
  pty_peer_has(peer, "");
  _leave(peer);
}

static void
test_the_last_to_attach_wins(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = _join_with_size(fixture, 30, 90);
  g_autoptr(PtyPeer) second = NULL;

  _assert_size(first, "30 90");
  second = _join_with_size(fixture, 40, 100);
  _assert_size(first, "40 100");
  _assert_and_leave(second);
  _assert_and_leave(first);
}

static void
test_the_last_to_resize_wins(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = _join_with_size(fixture, 30, 90);
  g_autoptr(PtyPeer) second = _join_with_size(fixture, 40, 100);

  pty_peer_say(first, "{\"height\":31,\"width\":91}");
  _assert_size(first, "31 91");
  _assert_size(second, "31 91");
  _assert_and_leave(first);
  _assert_and_leave(second);
}

/* Of three, to the one that acted last, and not to the one that came last. */
static void
test_the_size_is_handed_on(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = _join_with_size(fixture, 30, 90);
  g_autoptr(PtyPeer) second = _join_with_size(fixture, 40, 100);
  g_autoptr(PtyPeer) third = _join_with_size(fixture, 50, 110);

  _assert_size(first, "50 110");
  _assert_and_leave(third);
  _assert_size(second, "30 90");
  _assert_and_leave(first);
  _assert_size(second, "40 100");
  _assert_and_leave(second);
}

static void
test_who_has_another_size_leaves_and_nothing_changes(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = _join_with_size(fixture, 30, 90);
  g_autoptr(PtyPeer) second = _join_with_size(fixture, 40, 100);

  _assert_and_leave(first);
  _assert_size(second, "40 100");
  _assert_and_leave(second);
}

static void
test_no_size_keeps_the_size(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = _join_with_size(fixture, 30, 90);
  g_autoptr(PtyPeer) second = _join_with_size(fixture, 0, 0);

  _assert_size(second, "30 90");
  pty_peer_say(second, "{\"height\":31}{\"width\":91}{\"height\":0,\"width\":91}");
  _assert_size(second, "30 90");
  _assert_and_leave(first);
  _assert_size(second, "30 90");
  _assert_and_leave(second);
}

static void
test_the_first_size_is_80x24(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = _join_with_size(fixture, 0, 100);

  _assert_size(peer, "24 80");
  _assert_and_leave(peer);
}

/* Asks for so many large sizes in one go, and waits for the last. Returns: what that cost */
static clock_t
_ask_for_sizes(PtyPeer *peer, guint n)
{
  g_autoptr(GString) requests = g_string_new(NULL);
  clock_t begun = clock();

  g_string_truncate(peer->output, 0);
  for (guint i = n; i-- > 0;)
    g_string_append_printf(requests, "{\"height\":%u,\"width\":%u}", 400 + i % 2, 900 + i % 2);
  g_string_append(requests, "{\"data\":\"\\n\"}");
  pty_peer_say(peer, requests->str);
  pty_peer_await(peer, "400 900");
  return clock() - begun;
}

static void
test_sizes_at_once_are_one_change(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = pty_peer_new(fixture);
  g_autoptr(GString) init = pty_frame("{\"ID\":\"" PTY_ID "\",\"BackendType\":\"terminal\","
                                      "\"Command\":\"" ASKED_FOR_SIZE "\"}");
  clock_t in_turn = 0;

  pty_peer_send(peer, init->str, init->len);
  pty_peer_await(peer, "ready");
  for (guint i = 0; i < 10; i++)
    in_turn += _ask_for_sizes(peer, 2);
  g_assert_cmpint(_ask_for_sizes(peer, 40), <, in_turn);
  _leave(peer);
}

static void
test_the_program_hears_of_a_size(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = _join(
    fixture, "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done", "ready");
  const PtyEnd end = { "graceful", TRUE, "agent", 36, NULL, "0" };

  pty_peer_say(peer, "{\"height\":31,\"width\":91}");
  pty_fixture_assert_record(fixture, &end);
  pty_peer_await(peer, "31 91");
}

/* --- sessions without clients ----------------------------------------------------------------- */

static void
_assert_idle_end(PtyFixture *fixture)
{
  pty_wait(fixture->host.figures.idle_sessions == 1);
  pty_wait(fixture->host.figures.n_sessions == 0);
}

static void
test_an_idle_session_is_ended(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = NULL;

  fixture->host.settings.idle_timeout_ms = 50;
  peer = _join(fixture, PTY_IDLE, "ready");
  _leave(peer);
  _assert_idle_end(fixture);
}

/* It is idle only from the end of its last client on. */
static void
test_who_comes_back_keeps_the_session(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = NULL;
  g_autoptr(PtyPeer) second = NULL;
  gint64 begin;

  fixture->host.settings.idle_timeout_ms = 100;
  first = _join(fixture, "stty -echo; echo ready; exec cat", "ready");
  _leave(first);
  second = _join(fixture, "", "ready");
  begin = g_get_monotonic_time();
  pty_wait(g_get_monotonic_time() - begin > 300 * 1000);
  pty_peer_say(second, "{\"data\":\"still here\\n\"}");
  pty_peer_await(second, "still here");
  g_assert_cmpuint(fixture->host.figures.idle_sessions, ==, 0);
  _leave(second);
}

static void
test_a_program_that_ends_while_nobody_is_there(PtyFixture *fixture)
{
  g_autofree gchar *left = g_build_filename(fixture->folder, "left", NULL);
  g_autofree gchar *command = g_strdup_printf(
    "echo ready; until [ -e %s ]; do sleep 0.01; done; rm %s; exit 1", left, left);
  g_autoptr(PtyPeer) peer = _join(fixture, command, "ready");

  _leave(peer);
  g_assert_true(g_file_set_contents(left, "", 0, NULL));
  _assert_idle_end(fixture);
}

/* The old one has yet to end. */
static void
test_an_ending_session_is_not_joined(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) first = NULL;
  g_autoptr(PtyPeer) second = NULL;

  fixture->host.settings.idle_timeout_ms = 20;
  first = _join(fixture, "trap '' HUP; echo old; exec sleep 600", "old");
  _leave(first);
  pty_wait(fixture->host.figures.idle_sessions == 1);
  fixture->host.settings.idle_timeout_ms = 60 * 1000;
  second = _join(fixture, "echo new; exec sleep 600", "new");
  g_assert_cmpstr(second->output->str, ==, "new\n");
  g_assert_cmpuint(fixture->host.figures.n_sessions, ==, 2);
  _leave(second);
}

/* --- pace ------------------------------------------------------------------------------------- */

static gboolean
_ends_in(PtyPeer *peer, const gchar *text)
{
  pty_peer_has(peer, "");
  return g_str_has_suffix(peer->output->str, text);
}

/* Nothing is lost for the fast one, and the slow one lives and goes on. */
static void
test_a_slow_client_holds_no_other_up(PtyFixture *fixture)
{
  const PtyEnd end = { "graceful", TRUE, "agent", 36, NULL, "0" };
  g_autoptr(PtyPeer) slow = pty_peer_new(fixture);
  g_autoptr(PtyPeer) fast = NULL;
  const gchar *command = "stty raw -echo; echo ready; read line; "
                         "yes | head -c 8000000; printf done; read line";

  pty_peer_greet(slow, command);
  fast = _join(fixture, "", "ready");
  g_string_truncate(fast->output, 0);
  pty_peer_say(fast, "{\"data\":\"\\n\"}");
  pty_wait(pty_peer_has_got(fast, 8000000 + 4));
  g_assert_cmpuint(fast->output->len, ==, 8000000 + 4);
  pty_wait(_ends_in(slow, "done"));
  pty_peer_say(fast, "{\"data\":\"\\n\"}");
  pty_fixture_assert_record(fixture, &end);
  g_assert_cmpint(pty_peer_await_end(slow), ==, 0);
  pty_fixture_assert_record(fixture, &end);
}

/* --- nothing is left -------------------------------------------------------------------------- */

static glong
_get_memory_kib(void)
{
  struct rusage usage;

  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static void
_open_and_end(PtyFixture *fixture, guint i)
{
  const PtyEnd end = { "graceful", TRUE, "agent", 36, NULL, "0" };
  g_autoptr(PtyPeer) peer = pty_peer_new(fixture);

  pty_peer_greet(peer, i % 2 ? "exit 0" : PTY_IDLE);
  if (i % 2 == 0)
    pty_peer_await(peer, "ready");
  if (i % 2 == 0)
    _leave(peer);
  else
    pty_fixture_assert_record(fixture, &end);
  pty_wait(fixture->host.figures.n_sessions == 0);
}

static void
_repeat(PtyFixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    _open_and_end(fixture, i);
  pty_wait(fixture->host.figures.n_connections == 0);
}

static void
test_nothing_is_left_of_a_thousand_sessions(PtyFixture *fixture)
{
  const glong growth_max_kib = 2048;
  guint descriptors;
  glong memory;

  fixture->host.settings.idle_timeout_ms = 1;
  _repeat(fixture, 100);
  descriptors = unit_count_descriptors();
  memory = _get_memory_kib();
  _repeat(fixture, 1000);
  g_assert_cmpuint(unit_count_descriptors(), ==, descriptors);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  g_assert_cmpint(_get_memory_kib() - memory, <, growth_max_kib);
#else
  g_assert_cmpint(_get_memory_kib() - memory, <, growth_max_kib * 1024);
#endif
}

/* --- all -------------------------------------------------------------------------------------- */

/* Two thousand sessions that nobody comes back to would be two thousand lines. */
static void
_drop_message(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer user_data)
{
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_log_set_handler(NULL, G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_DEBUG, _drop_message, NULL);
  pty_add_test("/server/a-silent-client-that-leaves", PTY_ANY, test_a_silent_client_that_leaves);
  pty_add_test("/server/a-silent-client-that-resets", PTY_TCP, test_a_silent_client_that_resets);
  pty_add_test("/server/a-silent-client-that-is-late", PTY_ANY, test_a_silent_client_that_is_late);
  pty_add_test("/server/a-client-that-leaves-at-once", PTY_ANY, test_a_client_that_leaves_at_once);
  pty_add_test("/server/a-client-that-resets-at-once", PTY_TCP, test_a_client_that_resets_at_once);
  pty_add_test("/server/the-limit-of-connections", PTY_ANY, test_the_limit_of_connections);
  pty_add_test("/server/far-too-many-connections", PTY_ANY, test_far_too_many_connections);
  pty_add_test("/server/the-limit-of-sessions", PTY_ANY, test_the_limit_of_sessions);
  pty_add_test("/server/each-client-at-the-end-has-a-record", PTY_ANY,
               test_each_client_at_the_end_has_a_record);
  pty_add_test("/server/one-leaves-and-another-stays", PTY_ANY, test_one_leaves_and_another_stays);
  pty_add_test("/server/who-comes-back-gets-the-output", PTY_ANY,
               test_who_comes_back_gets_the_output);
  pty_add_test("/server/who-waits-for-the-program-is-not-forgotten", PTY_ANY,
               test_who_waits_for_the_program_is_not_forgotten);
  pty_add_test("/server/the-last-to-attach-wins", PTY_ANY, test_the_last_to_attach_wins);
  pty_add_test("/server/the-last-to-resize-wins", PTY_ANY, test_the_last_to_resize_wins);
  pty_add_test("/server/the-size-is-handed-on", PTY_ANY, test_the_size_is_handed_on);
  pty_add_test("/server/who-has-another-size-leaves-and-nothing-changes", PTY_ANY,
               test_who_has_another_size_leaves_and_nothing_changes);
  pty_add_test("/server/no-size-keeps-the-size", PTY_ANY, test_no_size_keeps_the_size);
  pty_add_test("/server/the-first-size-is-80x24", PTY_ANY, test_the_first_size_is_80x24);
  pty_add_test("/server/the-program-hears-of-a-size", PTY_ANY, test_the_program_hears_of_a_size);
  pty_add_test("/server/sizes-at-once-are-one-change", PTY_ANY, test_sizes_at_once_are_one_change);
  pty_add_test("/server/an-idle-session-is-ended", PTY_ANY, test_an_idle_session_is_ended);
  pty_add_test("/server/who-comes-back-keeps-the-session", PTY_ANY,
               test_who_comes_back_keeps_the_session);
  pty_add_test("/server/a-program-that-ends-while-nobody-is-there", PTY_ANY,
               test_a_program_that_ends_while_nobody_is_there);
  pty_add_test("/server/an-ending-session-is-not-joined", PTY_ANY,
               test_an_ending_session_is_not_joined);
  pty_add_test("/server/a-slow-client-holds-no-other-up", PTY_UNIX,
               test_a_slow_client_holds_no_other_up);
  pty_add_test("/server/nothing-is-left-of-a-thousand-sessions", PTY_UNIX,
               test_nothing_is_left_of_a_thousand_sessions);
  return g_test_run();
}
