/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The agent goes away: what each connection that is open then is recorded as, and when something
 * else ends it in the same turn of the loop. */
#include "pty-fixture.h"

#include "../../support/unit.h"

#include <sys/wait.h>

/**
 * Row:
 * @transports: over which it is tried
 * @act: what the client does before, as far as the server has seen it, or not
 * @argument: for it
 * @end: what the record says; %NULL for no record
 */
typedef struct _Row
{
  const gchar *name;
  guint transports;
  void (*act)(PtyPeer *peer, const gchar *argument);
  const gchar *argument;
  const PtyEnd *end;
} Row;

typedef struct _Try
{
  const Row *row;
  guint transport;
  void (*go)(PtyFixture *fixture, PtyPeer *peer);
} Try;

static const PtyEnd shut_down = { "server_shutdown", TRUE, "agent", 4 };
static const PtyEnd shut_down_unread = { "server_shutdown", TRUE, "agent", 4,
                                         "with output unread" };
static const PtyEnd shut_down_early = { "server_shutdown", TRUE, "agent", 4, NULL, NULL, "" };
static const PtyEnd client_closed = { "client_closed", TRUE, "client", 25 };
static const PtyEnd exited = { "graceful", TRUE, "agent", 36, "exited with code 3", "3" };
static const PtyEnd bad_request = { "protocol_error", FALSE, "client", 32,
                                    "bad request: not a JSON object" };
static const PtyEnd bad_init = {
  "protocol_error", FALSE, "client", 32, "bad init: not a JSON object", NULL, ""
};
static const PtyEnd late = {
  "protocol_error", FALSE, "client", 28, "the first message was not complete in its time", NULL, ""
};

/* --- states ----------------------------------------------------------------------------------- */

static void
_say_nothing(PtyPeer *peer, const gchar *argument)
{
}

static void
_greet_halfway(PtyPeer *peer, const gchar *argument)
{
  pty_peer_say(peer, "\x20");
  loop_settle();
}

static void
_ask_halfway(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, PTY_IDLE);
  pty_peer_say(peer, "{\"da");
  loop_settle();
}

static void
_type_much(PtyPeer *peer, const gchar *argument)
{
  g_autofree gchar *data = g_strnfill(200000, 'x');
  g_autofree gchar *request = g_strdup_printf("{\"data\":\"%s\"}", data);

  pty_peer_join(peer, "stty raw -echo; " PTY_IDLE);
  pty_peer_say(peer, request);
  loop_settle();
}

static void
_read_nothing(PtyPeer *peer, const gchar *argument)
{
  pty_peer_greet(peer, "exec yes");
  pty_peer_await_unread(peer, 1);
  loop_settle();
}

/* --- ends that the server has seen ------------------------------------------------------------ */

static void
_leave(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, PTY_IDLE);
  pty_peer_leave(peer);
  pty_wait(peer->fixture->host.figures.n_connections == 0);
}

/* All is told, but the client has not closed yet. */
static void
_linger(PtyPeer *peer, const gchar *argument)
{
  pty_peer_greet(peer, "exit 3");
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

static void
_greet_late(PtyPeer *peer, const gchar *argument)
{
  _greet_halfway(peer, NULL);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

/* --- ends that the server has yet to see ------------------------------------------------------ */

static void
_send_unseen(PtyPeer *peer, const gchar *text)
{
  gsize length = strlen(text);

  peer->fixture->sent_max += length;
  g_assert_cmpint(send(peer->fd, text, length, 0), ==, (gssize) length);
}

static void
_race_leaving(PtyPeer *peer, const gchar *last_words)
{
  pty_peer_join(peer, PTY_IDLE);
  _send_unseen(peer, last_words);
  pty_peer_leave(peer);
}

static void
_race_reset(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, PTY_IDLE);
  pty_peer_reset(peer);
}

static void
_race_unread_reset(PtyPeer *peer, const gchar *argument)
{
  pty_peer_greet(peer, PTY_IDLE);
  pty_peer_await_unread(peer, strlen("ready"));
  pty_peer_reset(peer);
}

static gboolean
_is_reaped(void)
{
  siginfo_t info;

  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0;
}

/* Without a turn of the loop after its end. */
static void
_race_program(PtyPeer *peer, const gchar *argument)
{
  siginfo_t info = { 0 };

  pty_peer_join(peer, "echo ready; read line; exit 3");
  _send_unseen(peer, "{\"data\":\"\\n\"}");
  g_main_context_iteration(NULL, TRUE);
  g_assert_cmpint(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), ==, 0);
  g_assert_cmpint(info.si_status, ==, 3);
}

/* Its end is seen, and what it left in the terminal has yet to be read. */
static void
_end_undrained(PtyPeer *peer, const gchar *argument)
{
  _race_program(peer, argument);
  while (!_is_reaped())
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpuint(pty_fixture_count_records(peer->fixture), ==, 0);
}

static void
_race_init(PtyPeer *peer, const gchar *argument)
{
  g_autoptr(GString) frame = pty_make_init(PTY_ID, PTY_IDLE, 24, 80);

  pty_peer_send(peer, frame->str, 1);
  loop_settle();
  g_assert_cmpint(send(peer->fd, frame->str + 1, frame->len - 1, 0), ==, (gssize) frame->len - 1);
}

/* --- the table -------------------------------------------------------------------------------- */

/* clang-format off */
static const Row rows[] = {
  { "silent", PTY_ANY, _say_nothing, NULL, NULL },
  { "inside the first message", PTY_ANY, _greet_halfway, NULL, &shut_down_early },
  { "idle", PTY_ANY, pty_peer_join, PTY_IDLE, &shut_down },
  { "with a program that ignores the hang-up", PTY_ANY, pty_peer_join, "trap '' HUP; " PTY_IDLE,
    &shut_down },
  { "inside a request", PTY_ANY, _ask_halfway, NULL, &shut_down },
  { "while the program takes no input", PTY_ANY, _type_much, NULL, &shut_down },

  { "after the client left", PTY_ANY, _leave, NULL, &client_closed },
  { "after the program ended", PTY_ANY, _end_undrained, NULL, &exited },
  { "while the client has yet to close", PTY_ANY, _linger, NULL, &exited },
  { "after a bad request", PTY_ANY, pty_peer_ask_wrongly, "[]", &bad_request },
  { "after a bad first message", PTY_ANY, pty_peer_greet_wrongly, "[]", &bad_init },
  { "after a late first message", PTY_ANY, _greet_late, NULL, &late },

  { "beside a FIN", PTY_ANY, _race_leaving, "", &shut_down },
  { "beside a FIN inside a request", PTY_ANY, _race_leaving, "{", &shut_down },
  { "beside a bad request", PTY_ANY, _race_leaving, "[]", &shut_down },
  { "beside a RST", PTY_TCP, _race_reset, NULL, &shut_down },
  { "beside a RST with output unread", PTY_UNIX, _race_unread_reset, NULL, &shut_down_unread },
  { "beside the end of the program", PTY_ANY, _race_program, NULL, &shut_down },
  { "beside the end of the first message", PTY_ANY, _race_init, NULL, &shut_down_early },
};
/* clang-format on */

static void
_close_in_order(PtyFixture *fixture, PtyPeer *peer)
{
  pty_fixture_close(fixture);
  if (peer->fd >= 0)
    pty_peer_await_end(peer);
  pty_peer_leave(peer);
  pty_wait(fixture->is_closed);
}

static void
_abort(PtyFixture *fixture, PtyPeer *peer)
{
  cd_pty_server_abort(fixture->server);
}

/* As the second signal does. */
static void
_close_and_abort(PtyFixture *fixture, PtyPeer *peer)
{
  pty_fixture_close(fixture);
  loop_settle();
  cd_pty_server_abort(fixture->server);
  pty_wait(fixture->is_closed);
}

static void
_assert_nothing_left(const CdPtyFigures *figures)
{
  g_assert_cmpuint(figures->n_connections, ==, 0);
  g_assert_cmpuint(figures->n_sessions, ==, 0);
}

static void
_try_row(gconstpointer data)
{
  const Try *try = data;
  PtyFixture fixture;
  PtyPeer *peer;

  pty_fixture_set_up(&fixture, try->transport);
  if (try->row->act == _greet_late)
    fixture.host.settings.init_timeout_ms = 20;
  peer = pty_peer_new(&fixture);
  try->row->act(peer, try->row->argument);
  try->go(&fixture, peer);
  if (try->row->end)
    pty_fixture_assert_record(&fixture, try->row->end);
  pty_wait(fixture.host.figures.n_connections == 0);
  _assert_nothing_left(&fixture.host.figures);
  g_assert_cmpuint(fixture.host.figures.silent_connections, ==, !try->row->end);
  pty_peer_free(peer);
  pty_fixture_tear_down(&fixture);
}

static void
_add(const gchar *folder, const Row *row, guint transport,
     void (*go)(PtyFixture *fixture, PtyPeer *peer))
{
  g_autofree gchar *path = g_strdup_printf("/shutdown/%s/%s", folder,
                                           transport == PTY_UNIX ? "unix" : "tcp");
  static Try tries[6 * G_N_ELEMENTS(rows)];
  static guint n;

  if (!(row->transports & transport) || (go == _abort && row->end == &shut_down_unread))
    return;
  tries[n] = (Try) { row, transport, go };
  unit_add_row(path, row->name, &tries[n++], _try_row);
}

/* --- more than a connection ------------------------------------------------------------------- */

static void
test_nothing_is_open(PtyFixture *fixture)
{
  pty_fixture_close(fixture);
  g_assert_true(fixture->is_closed);
}

static void
test_nobody_is_there(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = pty_peer_new(fixture);

  pty_peer_join(peer, PTY_IDLE);
  pty_peer_leave(peer);
  pty_fixture_assert_record(fixture, &client_closed);
  pty_fixture_close(fixture);
  pty_wait(fixture->is_closed);
  g_assert_cmpuint(fixture->host.figures.idle_sessions, ==, 0);
}

static void
test_last_words_are_sent(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = pty_peer_new(fixture);

  pty_peer_join(peer, "trap 'echo farewell; exit 0' HUP; echo ready; while :; do sleep 0.01; done");
  pty_fixture_close(fixture);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
  g_assert_nonnull(strstr(peer->output->str, "farewell"));
  pty_fixture_assert_record(fixture, &shut_down);
}

static void
test_nobody_comes_in_any_more(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = pty_peer_new(fixture);
  struct sockaddr_storage name;
  socklen_t size = sizeof(name);
  gint fd;

  g_assert_cmpint(getpeername(peer->fd, (struct sockaddr *) &name, &size), ==, 0);
  fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  pty_fixture_close(fixture);
  g_assert_cmpint(connect(fd, (struct sockaddr *) &name, size), ==, -1);
  close(fd);
}

/* More comes at the hang-up than anybody takes; the server flushes for as long as it may. */
static void
test_who_reads_nothing_is_not_waited_for(PtyFixture *fixture)
{
  const PtyEnd end = { "server_shutdown", TRUE, "agent", 4, "the client did not take all output" };
  g_autoptr(PtyPeer) peer = NULL;

  fixture->host.settings.flush_timeout_ms = 50;
  peer = pty_peer_new_narrow(fixture);
  pty_peer_join(peer, "trap 'exec yes' HUP; echo ready; while :; do sleep 0.01; done");
  pty_fixture_close(fixture);
  pty_wait(fixture->is_closed);
  pty_fixture_assert_record(fixture, &end);
}

static void
test_a_reset_while_output_is_flushed_adds_that(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = pty_peer_new_narrow(fixture);

  _read_nothing(peer, NULL);
  pty_fixture_close(fixture);
  loop_settle();
  pty_peer_reset(peer);
  pty_fixture_assert_record(fixture, &shut_down_unread);
}

static void
test_a_session_ends_alone_when_it_is_aborted(PtyFixture *fixture)
{
  g_autoptr(PtyPeer) peer = pty_peer_new(fixture);

  pty_peer_join(peer, "trap '' HUP; " PTY_IDLE);
  pty_peer_leave(peer);
  pty_fixture_assert_record(fixture, &client_closed);
  pty_fixture_close(fixture);
  loop_settle();
  g_assert_false(fixture->is_closed);
  cd_pty_server_abort(fixture->server);
  g_assert_true(fixture->is_closed);
  g_assert_cmpuint(fixture->host.figures.n_sessions, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    for (guint transport = PTY_UNIX; transport <= PTY_TCP; transport <<= 1)
      {
        _add("in-order", &rows[i], transport, _close_in_order);
        _add("at-once", &rows[i], transport, _abort);
        _add("twice", &rows[i], transport, _close_and_abort);
      }
  pty_add_test("/shutdown/nothing-is-open", PTY_ANY, test_nothing_is_open);
  pty_add_test("/shutdown/nobody-is-there", PTY_ANY, test_nobody_is_there);
  pty_add_test("/shutdown/last-words-are-sent", PTY_ANY, test_last_words_are_sent);
  pty_add_test("/shutdown/nobody-comes-in-any-more", PTY_ANY, test_nobody_comes_in_any_more);
  pty_add_test("/shutdown/who-reads-nothing-is-not-waited-for", PTY_UNIX,
               test_who_reads_nothing_is_not_waited_for);
  pty_add_test("/shutdown/a-reset-while-output-is-flushed-adds-that", PTY_ANY,
               test_a_reset_while_output_is_flushed_adds_that);
  pty_add_test("/shutdown/a-session-ends-alone-when-it-is-aborted", PTY_ANY,
               test_a_session_ends_alone_when_it_is_aborted);
  return g_test_run();
}
