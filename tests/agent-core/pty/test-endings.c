/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a connection of a terminal can end, and the one record that it leaves. */
#include "pty-fixture.h"

#include "../../support/unit.h"

/* A program that tells that it runs, and does nothing more. */
#define IDLE "echo ready; exec sleep 600"

/**
 * Row:
 * @transports: over which it is tried
 * @act: what the client does
 * @argument: for it
 * @end: what the record says then
 */
typedef struct _Row
{
  const gchar *name;
  guint transports;
  void (*act)(PtyPeer *peer, const gchar *argument);
  const gchar *argument;
  PtyEnd end;
} Row;

typedef struct _Try
{
  const Row *row;
  guint transport;
} Try;

/* --- the client closes ------------------------------------------------------------------------ */

static void
_join(PtyPeer *peer)
{
  pty_peer_greet(peer, IDLE);
  pty_peer_await(peer, "ready");
}

static void
_leave_after(PtyPeer *peer, const gchar *last_words)
{
  _join(peer);
  pty_peer_say(peer, last_words);
  pty_peer_leave(peer);
}

static void
_reset_idle(PtyPeer *peer, const gchar *argument)
{
  _join(peer);
  pty_peer_reset(peer);
}

static void
_leave_inside_init(PtyPeer *peer, const gchar *argument)
{
  g_autoptr(GString) frame = pty_make_init(PTY_ID, IDLE, 24, 80);

  pty_peer_send(peer, frame->str, g_str_equal(argument, "1 byte") ? 1 : frame->len - 1);
  pty_peer_leave(peer);
}

/* --- the client breaks the protocol ----------------------------------------------------------- */

static void
_send_frame(PtyPeer *peer, const gchar *json)
{
  g_autoptr(GString) frame = pty_frame(json);

  pty_peer_send(peer, frame->str, frame->len);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

/* --- the program ends ------------------------------------------------------------------------- */

static void
_run(PtyPeer *peer, const gchar *command)
{
  pty_peer_greet(peer, command);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

/* --- the table -------------------------------------------------------------------------------- */

#define CLOSED                                                                                     \
  {                                                                                                \
    "client_closed", TRUE, "client", 25                                                            \
  }
#define HALF_SENT(detail)                                                                          \
  {                                                                                                \
    "protocol_error", FALSE, "client", 27, detail                                                  \
  }
#define HALF_GREETED(detail)                                                                       \
  {                                                                                                \
    "protocol_error", FALSE, "client", 27, detail, NULL, ""                                        \
  }
#define BAD_INIT(detail)                                                                           \
  {                                                                                                \
    "protocol_error", FALSE, "client", 32, detail, NULL, ""                                        \
  }
#define RESET(detail)                                                                              \
  {                                                                                                \
    "network_error", FALSE, "network", 33, detail                                                  \
  }
#define EXITED(code, detail)                                                                       \
  {                                                                                                \
    "graceful", TRUE, "agent", 36, detail, code                                                    \
  }

/* clang-format off */
static const Row rows[] = {
  { "FIN while idle", PTY_ANY, _leave_after, "", CLOSED },
  { "FIN between requests", PTY_ANY, _leave_after, "{\"data\":\"x\"} {\"data\":\"y\"}\n", CLOSED },
  { "FIN inside a request", PTY_ANY, _leave_after, "{\"data\":\"x\"}{\"da",
    HALF_SENT("closed inside a request") },
  { "FIN after a byte of the first message", PTY_ANY, _leave_inside_init, "1 byte",
    HALF_GREETED("closed inside the first message") },
  { "FIN before the last byte of the first message", PTY_ANY, _leave_inside_init, "all but one",
    HALF_GREETED("closed inside the first message") },
  { "RST while idle", PTY_TCP, _reset_idle, NULL, RESET("Connection reset by peer") },
  { "first message of no bytes", PTY_ANY, _send_frame, "",
    BAD_INIT("bad init: unexpected end of JSON input") },
  { "first message with a wrong id", PTY_ANY, _send_frame, "{\"ID\":\"1234\"}",
    BAD_INIT("bad init: ID: not a UUID") },
  { "exit status 0", PTY_ANY, _run, "exit 0", EXITED("0", NULL) },
  { "exit status 1", PTY_ANY, _run, "exit 1", EXITED("1", "exited with code 1") },
};
/* clang-format on */

static void
_try_row(gconstpointer data)
{
  const Try *try = data;
  PtyFixture fixture;
  PtyPeer *peer;

  pty_fixture_set_up(&fixture, try->transport);
  peer = pty_peer_new(&fixture);
  try->row->act(peer, try->row->argument);
  pty_fixture_assert_record(&fixture, &try->row->end);
  pty_peer_free(peer);
  pty_fixture_tear_down(&fixture);
}

static void
_add(const Row *row, guint transport, const gchar *folder)
{
  static Try tries[2 * G_N_ELEMENTS(rows)];
  static guint n;

  if (!(row->transports & transport))
    return;
  tries[n] = (Try) { row, transport };
  unit_add_row(folder, row->name, &tries[n++], _try_row);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      _add(&rows[i], PTY_UNIX, "/endings/unix");
      _add(&rows[i], PTY_TCP, "/endings/tcp");
    }
  return g_test_run();
}
