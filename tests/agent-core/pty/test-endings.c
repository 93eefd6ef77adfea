/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a connection of a terminal can end, and the one record that it leaves. */
#include "pty-fixture.h"

#include "../../support/unit.h"

/* The deadline of the first message where it is to pass. */
#define LATE_MS 100

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
_leave_after(PtyPeer *peer, const gchar *last_words)
{
  pty_peer_join(peer, PTY_IDLE);
  pty_peer_say(peer, last_words);
  pty_peer_leave(peer);
}

static void
_leave_inside_init(PtyPeer *peer, const gchar *argument)
{
  g_autoptr(GString) frame = pty_make_init(PTY_ID, PTY_IDLE, 24, 80);

  pty_peer_send(peer, frame->str, g_str_equal(argument, "1 byte") ? 1 : frame->len - 1);
  pty_peer_leave(peer);
}

/* More than the program's terminal, and what is queued for it, take. */
static void
_type_much(PtyPeer *peer)
{
  g_autofree gchar *data = g_strnfill(10000, 'x');
  g_autofree gchar *request = g_strdup_printf("{\"data\":\"%s\"}", data);

  for (guint i = 0; i < 20; i++)
    pty_peer_say(peer, request);
  loop_settle();
}

static void
_leave_typing(PtyPeer *peer, const gchar *last_words)
{
  pty_peer_join(peer, "stty raw -echo; " PTY_IDLE);
  _type_much(peer);
  pty_peer_say(peer, last_words);
  pty_peer_leave(peer);
}

static void
_reset_typing(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, "stty raw -echo; " PTY_IDLE);
  _type_much(peer);
  pty_peer_reset(peer);
}

/* So much that the program is paused. */
static void
_let_flood(PtyPeer *peer)
{
  pty_peer_greet(peer, "exec yes");
  pty_peer_await_unread(peer, 1);
  if (peer->fixture->transport == PTY_TCP)
    pty_wait(pty_peer_count_unacknowledged(peer) > 0);
}

/* Closing over unread output would be a reset, which half-closing never is. */
static void
_half_close_in_flood(PtyPeer *peer, const gchar *argument)
{
  _let_flood(peer);
  g_assert_cmpint(shutdown(peer->fd, SHUT_WR), ==, 0);
}

static void
_reset_in_flood(PtyPeer *peer, const gchar *argument)
{
  _let_flood(peer);
  pty_peer_reset(peer);
}

/* --- resets ----------------------------------------------------------------------------------- */

static void
_reset_idle(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, PTY_IDLE);
  pty_wait(pty_peer_count_unacknowledged(peer) == 0);
  pty_peer_reset(peer);
}

/* All is sent, as far as the server itself can tell. */
static void
_reset_unread(PtyPeer *peer, const gchar *argument)
{
  pty_peer_greet(peer, "stty raw -echo; head -c 12000 /dev/zero; exec sleep 600");
  pty_wait(pty_peer_count_unread(peer) + pty_peer_count_unacknowledged(peer) == 12000);
  pty_peer_reset(peer);
}

/* The server finds the reset when it writes. */
static void
_reset_before_output(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, "echo ready; read line; exec yes");
  pty_peer_say(peer, "{\"data\":\"\\n\"}");
  pty_peer_await_unread(peer, 1);
  pty_peer_reset(peer);
}

/* --- the first message ------------------------------------------------------------------------ */

static void
_send_nul(PtyPeer *peer, const gchar *argument)
{
  pty_peer_send(peer, "\3\0{\0}", 5);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

static void
_drip(PtyPeer *peer, GString *bytes)
{
  for (gsize i = 0; i < bytes->len; i++)
    {
      pty_peer_send(peer, bytes->str + i, 1);
      loop_settle();
    }
}

static void
_greet_bytewise(PtyPeer *peer, const gchar *command)
{
  g_autoptr(GString) frame = pty_make_init(PTY_ID, command, 24, 80);

  _drip(peer, frame);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

/* The deadline is for the whole message, not for its next byte. */
static void
_greet_late(PtyPeer *peer, const gchar *argument)
{
  g_autoptr(GString) frame = pty_make_init(PTY_ID, PTY_IDLE, 24, 80);

  g_string_truncate(frame, frame->len - 1);
  _drip(peer, frame);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

/* --- requests --------------------------------------------------------------------------------- */

static void
_ask_with_nul(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, PTY_IDLE);
  pty_peer_send(peer, "{\0}", 3);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

static void
_ask_too_long(PtyPeer *peer, const gchar *argument)
{
  g_autofree gchar *data = g_strnfill(1024 * 1024, 'x');
  g_autofree gchar *request = g_strdup_printf("{\"data\":\"%s\"}", data);

  pty_peer_ask_wrongly(peer, request);
}

/* Of a megabyte, less what is around the data. */
static void
_ask_longest(PtyPeer *peer, const gchar *argument)
{
  g_autofree gchar *data = g_strnfill(1024 * 1024 - 11, 'x');
  g_autofree gchar *request = g_strdup_printf("{\"data\":\"%s\"}", data);

  pty_peer_join(peer, "stty raw -echo; echo ready; head -c 1048565 | wc -c");
  pty_peer_say(peer, request);
  pty_peer_await(peer, "1048565");
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

/* As Go takes it: each wrong byte as a replacement character. */
static void
_ask_in_no_utf8(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, "stty raw -echo; echo ready; head -c 7 | od -An -tx1");
  pty_peer_say(peer, "{\"data\":\"a\xff\xc3(\"}");
  pty_peer_await(peer, "61 ef bf bd ef bf bd");
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

static void
_break_with_unread_replay(PtyPeer *peer, const gchar *argument)
{
  PtyFixture *fixture = peer->fixture;
  g_autoptr(PtyPeer) second = pty_peer_new_narrow(fixture);
  const PtyEnd end = { "protocol_error", FALSE, "client", 32, "bad request: not a JSON object" };
  g_autoptr(GString) bytes = pty_make_init(PTY_ID, "", 0, 0);

  pty_peer_join(peer, "stty raw -echo; yes | head -c 60000; echo ready; exec sleep 600");
  g_string_append(bytes, "[]");
  pty_peer_send(second, bytes->str, bytes->len);
  pty_fixture_assert_record(fixture, &end);
  g_assert_cmpint(pty_peer_await_end(second), ==, 0);
  pty_peer_leave(peer);
}

/* --- the program ends ------------------------------------------------------------------------- */

static void
_run(PtyPeer *peer, const gchar *command)
{
  pty_peer_greet(peer, command);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
}

static void
_start_nothing(PtyPeer *peer, const gchar *shell)
{
  peer->fixture->user.shell = (gchar *) shell;
  _run(peer, "exit 0");
}

static void
_kill(PtyPeer *peer, const gchar *signal)
{
  g_autofree gchar *command = g_strdup_printf("ulimit -c 0; kill -%s $$", signal);

  _run(peer, command);
}

/* Others hold the terminal, and are quiet or not. */
static void
_run_with_others(PtyPeer *peer, const gchar *command)
{
  gint64 begin = g_get_monotonic_time();

  _run(peer, command);
  g_assert_cmpint(g_get_monotonic_time() - begin, <, 5 * G_USEC_PER_SEC);
}

static void
_get_much_output(PtyPeer *peer, const gchar *argument)
{
  _run(peer, "stty raw -echo; head -c 1000000 /dev/zero; exit 7");
  g_assert_cmpuint(peer->output->len, ==, 1000000);
}

static void
_come_back_to_terminal(PtyPeer *peer, const gchar *argument)
{
  _run(peer, "exec 0<&- 1>&- 2>&-; sleep 0.5; exec 1>/dev/tty; echo back; exit 4");
  g_assert_cmpstr(peer->output->str, ==, "back\n");
}

/* The close is none over input that the server has not read, which would take the output away. */
static void
_send_more_than_read(PtyPeer *peer, const gchar *argument)
{
  pty_peer_join(peer, "stty -echo; echo ready; read line; echo bye; exit 0");
  pty_peer_say(peer, "{\"data\":\"\\n\"}");
  _type_much(peer);
  g_assert_cmpint(pty_peer_await_end(peer), ==, 0);
  g_assert_true(g_str_has_suffix(peer->output->str, "bye\n"));
}

/* --- limits ----------------------------------------------------------------------------------- */

static void
_reach_session_limit(PtyPeer *peer, const gchar *argument)
{
  peer->fixture->host.settings.max_sessions = 0;
  _run(peer, PTY_IDLE);
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
#define HALF_GREETED                                                                               \
  {                                                                                                \
    "protocol_error", FALSE, "client", 27, "closed inside the first message", NULL, ""             \
  }
#define BAD_INIT(detail)                                                                           \
  {                                                                                                \
    "protocol_error", FALSE, "client", 32, "bad init: " detail, NULL, ""                           \
  }
#define BAD(detail)                                                                                \
  {                                                                                                \
    "protocol_error", FALSE, "client", 32, "bad request: " detail                                  \
  }
#define RESET(unread)                                                                              \
  {                                                                                                \
    "network_error", FALSE, "network", 33, "Connection reset by peer" unread                       \
  }
#define UNREAD "; with output unread"
#define EXITED(code)                                                                               \
  {                                                                                                \
    "graceful", TRUE, "agent", 36, "exited with code " code, code                                  \
  }
#define STOPPED(code, name)                                                                        \
  {                                                                                                \
    "graceful", TRUE, "agent", 37, "exited with code " code " (signal " name ")", code             \
  }
#define CRASHED(code, name)                                                                        \
  {                                                                                                \
    "unknown", FALSE, "agent", 38, "exited with code " code " (signal " name ")", code             \
  }
#define BY_STOP(signal)                                                                            \
  {                                                                                                \
    "graceful", TRUE, "agent", 37, "killed by signal " signal                                      \
  }
#define BY_CRASH(signal)                                                                           \
  {                                                                                                \
    "unknown", FALSE, "agent", 38, "killed by signal " signal                                      \
  }
#define NOT_STARTED(detail)                                                                        \
  {                                                                                                \
    "unknown", FALSE, "agent", 42, detail                                                          \
  }

/* clang-format off */
static const Row rows[] = {
  { "FIN while idle", PTY_ANY, _leave_after, "", CLOSED },
  { "FIN after white space", PTY_ANY, _leave_after, " \r\n", CLOSED },
  { "FIN between requests", PTY_ANY, _leave_after, "{\"data\":\"x\"} {\"data\":\"y\"}\n", CLOSED },
  { "FIN inside a request", PTY_ANY, _leave_after, "{\"data\":\"x\"}{\"da",
    HALF_SENT("closed inside a request") },
  { "FIN after a byte of the first message", PTY_ANY, _leave_inside_init, "1 byte", HALF_GREETED },
  { "FIN before the last byte of the first message", PTY_ANY, _leave_inside_init, "all but one",
    HALF_GREETED },
  { "FIN while the program takes no input", PTY_ANY, _leave_typing, "", CLOSED },
  { "FIN inside a request while the program takes no input", PTY_ANY, _leave_typing, "{",
    HALF_SENT("closed inside a request") },
  { "FIN in a flood", PTY_ANY, _half_close_in_flood, NULL, CLOSED },

  { "RST while idle", PTY_TCP, _reset_idle, NULL, RESET("") },
  { "RST with sent output unread", PTY_ANY, _reset_unread, NULL, RESET(UNREAD) },
  { "RST in a flood", PTY_ANY, _reset_in_flood, NULL, RESET(UNREAD) },
  { "RST before output", PTY_UNIX, _reset_before_output, NULL, RESET(UNREAD) },
  { "RST while the program takes no input", PTY_TCP, _reset_typing, NULL, RESET("") },

  { "first message of no bytes", PTY_ANY, pty_peer_greet_wrongly, "",
    BAD_INIT("unexpected end of JSON input") },
  { "first message half", PTY_ANY, pty_peer_greet_wrongly, "{\"ID\":",
    BAD_INIT("unexpected end of JSON input") },
  { "first message of no JSON", PTY_ANY, pty_peer_greet_wrongly, "hello",
    BAD_INIT("unexpected character") },
  { "first message of two values", PTY_ANY, pty_peer_greet_wrongly, "{}{}",
    BAD_INIT("more than one JSON value") },
  { "first message of a list", PTY_ANY, pty_peer_greet_wrongly, "[]",
    BAD_INIT("not a JSON object") },
  { "first message with a NUL", PTY_ANY, _send_nul, NULL, BAD_INIT("a NUL byte") },
  { "first message with a wrong id", PTY_ANY, pty_peer_greet_wrongly, "{\"ID\":\"1234\"}",
    BAD_INIT("ID: not a UUID") },
  { "first message with a number for an id", PTY_ANY, pty_peer_greet_wrongly, "{\"ID\":1234}",
    BAD_INIT("ID: not a string") },
  { "first message with a size too big", PTY_ANY, pty_peer_greet_wrongly, "{\"Height\":65536}",
    BAD_INIT("Height: not an integer from 0 to 65535") },
  { "first message with a size below 0", PTY_ANY, pty_peer_greet_wrongly, "{\"Width\":-1}",
    BAD_INIT("Width: not an integer from 0 to 65535") },
  { "first message with half a row", PTY_ANY, pty_peer_greet_wrongly, "{\"Height\":1.5}",
    BAD_INIT("Height: not an integer from 0 to 65535") },
  { "first message with a command of a number", PTY_ANY, pty_peer_greet_wrongly, "{\"Command\":1}",
    BAD_INIT("Command: not a string") },
  { "first message bytewise", PTY_ANY, _greet_bytewise, "exit 0",
    { "graceful", TRUE, "agent", 36, NULL, "0" } },
  { "first message late", PTY_ANY, _greet_late, NULL,
    { "protocol_error", FALSE, "client", 28, "the first message was not complete in its time",
      NULL, "" } },

  { "request of no JSON", PTY_ANY, pty_peer_ask_wrongly, "hello", BAD("unexpected character") },
  { "request of a list", PTY_ANY, pty_peer_ask_wrongly, "[]", BAD("not a JSON object") },
  { "request with a NUL", PTY_ANY, _ask_with_nul, NULL, BAD("a NUL byte") },
  { "request with a number for data", PTY_ANY, pty_peer_ask_wrongly, "{\"data\":1}",
    BAD("data: not a string") },
  { "request with a size too big", PTY_ANY, pty_peer_ask_wrongly, "{\"height\":65536,\"width\":1}",
    BAD("height: not an integer from 0 to 65535") },
  { "request over a megabyte", PTY_ANY, _ask_too_long, NULL, BAD("longer than 1048576 bytes") },
  { "request of a megabyte", PTY_ANY, _ask_longest, NULL,
    { "graceful", TRUE, "agent", 36, NULL, "0" } },
  { "request of no UTF-8", PTY_ANY, _ask_in_no_utf8, NULL,
    { "graceful", TRUE, "agent", 36, NULL, "0" } },
  { "bad request before the replay is read", PTY_ANY, _break_with_unread_replay, NULL, CLOSED },

  { "exit status 0", PTY_ANY, _run, "exit 0", { "graceful", TRUE, "agent", 36, NULL, "0" } },
  { "exit status 1", PTY_ANY, _run, "exit 1", EXITED("1") },
  { "exit status 127", PTY_ANY, _run, "exit 127", EXITED("127") },
  { "exit status 128", PTY_ANY, _run, "exit 128", EXITED("128") },
  { "exit status 129", PTY_ANY, _run, "exit 129", STOPPED("129", "HUP") },
  { "exit status 130", PTY_ANY, _run, "exit 130", STOPPED("130", "INT") },
  { "exit status 131", PTY_ANY, _run, "exit 131", CRASHED("131", "QUIT") },
  { "exit status 132", PTY_ANY, _run, "exit 132", CRASHED("132", "ILL") },
  { "exit status 133", PTY_ANY, _run, "exit 133", CRASHED("133", "TRAP") },
  { "exit status 134", PTY_ANY, _run, "exit 134", CRASHED("134", "ABRT") },
  { "exit status 135", PTY_ANY, _run, "exit 135", CRASHED("135", "BUS") },
  { "exit status 136", PTY_ANY, _run, "exit 136", CRASHED("136", "FPE") },
  { "exit status 137", PTY_ANY, _run, "exit 137", CRASHED("137", "KILL") },
  { "exit status 138", PTY_ANY, _run, "exit 138", EXITED("138") },
  { "exit status 139", PTY_ANY, _run, "exit 139", CRASHED("139", "SEGV") },
  { "exit status 140", PTY_ANY, _run, "exit 140", EXITED("140") },
  { "exit status 141", PTY_ANY, _run, "exit 141", STOPPED("141", "PIPE") },
  { "exit status 143", PTY_ANY, _run, "exit 143", STOPPED("143", "TERM") },
  { "exit status 159", PTY_ANY, _run, "exit 159", CRASHED("159", "SYS") },
  { "exit status 200", PTY_ANY, _run, "exit 200", EXITED("200") },
  { "exit status 255", PTY_ANY, _run, "exit 255", EXITED("255") },

  { "killed by HUP", PTY_ANY, _kill, "1", BY_STOP("1 (HUP)") },
  { "killed by INT", PTY_ANY, _kill, "2", BY_STOP("2 (INT)") },
  { "killed by QUIT", PTY_ANY, _kill, "3", BY_CRASH("3 (QUIT)") },
  { "killed by ILL", PTY_ANY, _kill, "4", BY_CRASH("4 (ILL)") },
  { "killed by TRAP", PTY_ANY, _kill, "5", BY_CRASH("5 (TRAP)") },
  { "killed by ABRT", PTY_ANY, _kill, "6", BY_CRASH("6 (ABRT)") },
  { "killed by BUS", PTY_ANY, _kill, "7", BY_CRASH("7 (BUS)") },
  { "killed by FPE", PTY_ANY, _kill, "8", BY_CRASH("8 (FPE)") },
  { "killed by KILL", PTY_ANY, _kill, "9", BY_CRASH("9 (KILL)") },
  { "killed by USR1", PTY_ANY, _kill, "10", BY_CRASH("10 (USR1)") },
  { "killed by SEGV", PTY_ANY, _kill, "11", BY_CRASH("11 (SEGV)") },
  { "killed by USR2", PTY_ANY, _kill, "12", BY_CRASH("12 (USR2)") },
  { "killed by PIPE", PTY_ANY, _kill, "13", BY_STOP("13 (PIPE)") },
  { "killed by ALRM", PTY_ANY, _kill, "14", BY_CRASH("14 (ALRM)") },
  { "killed by TERM", PTY_ANY, _kill, "15", BY_STOP("15 (TERM)") },
  { "killed by STKFLT", PTY_ANY, _kill, "16", BY_CRASH("16") },
  { "killed by XCPU", PTY_ANY, _kill, "24", BY_CRASH("24 (XCPU)") },
  { "killed by XFSZ", PTY_ANY, _kill, "25", BY_CRASH("25 (XFSZ)") },
  { "killed by VTALRM", PTY_ANY, _kill, "26", BY_CRASH("26") },
  { "killed by PROF", PTY_ANY, _kill, "27", BY_CRASH("27") },
  { "killed by POLL", PTY_ANY, _kill, "29", BY_CRASH("29") },
  { "killed by PWR", PTY_ANY, _kill, "30", BY_CRASH("30") },
  { "killed by SYS", PTY_ANY, _kill, "31", BY_CRASH("31 (SYS)") },

  { "no such command", PTY_ANY, _run, "/no/such/command", EXITED("127") },
  { "no such shell", PTY_ANY, _start_nothing, "/no/such/shell",
    NOT_STARTED("could not be started: cannot start /no/such/shell: No such file or directory") },
  { "no such backend", PTY_ANY, pty_peer_greet_wrongly,
    "{\"ID\":\"" PTY_ID "\",\"BackendType\":\"moon\"}",
    NOT_STARTED("no such backend: moon") },
  { "limit of sessions", PTY_ANY, _reach_session_limit, NULL,
    NOT_STARTED("session limit of 0 reached") },

  { "end while others hold the terminal", PTY_ANY, _run_with_others,
    "(trap '' HUP; exec sleep 3) & exit 3", EXITED("3") },
  { "end while others flood the terminal", PTY_ANY, _run_with_others,
    "(trap '' HUP; exec yes) & exit 3", EXITED("3") },
  { "much output before the end", PTY_ANY, _get_much_output, NULL, EXITED("7") },
  { "end after the terminal was closed", PTY_ANY, _run, "exec 0<&- 1>&- 2>&-; exit 4",
    EXITED("4") },
  { "end after the terminal was opened again", PTY_ANY, _come_back_to_terminal, NULL, EXITED("4") },
  { "end with input unread", PTY_ANY, _send_more_than_read, NULL,
    { "graceful", TRUE, "agent", 36, NULL, "0" } },
};
/* clang-format on */

static void
_try_row(gconstpointer data)
{
  const Try *try = data;
  PtyFixture fixture;
  PtyPeer *peer;

  pty_fixture_set_up(&fixture, try->transport);
  if (try->row->act == _greet_late)
    fixture.host.settings.init_timeout_ms = LATE_MS;
  peer = pty_peer_new_narrow(&fixture);
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
