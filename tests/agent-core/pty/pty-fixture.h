/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server of terminals in a test, its log server, its clients, and a loop that waits. */
#ifndef CD_PTY_FIXTURE_H
#define CD_PTY_FIXTURE_H

#include "../../support/loop.h"
#include "pty/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/** A program that tells that it runs, and does nothing more. */
#define PTY_IDLE "echo ready; exec sleep 600"

/** The session that every client asks for, unless it names another. */
#define PTY_ID "f64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9"

#define PTY_UNIX 1
#define PTY_TCP 2
#define PTY_ANY (PTY_UNIX | PTY_TCP)

/**
 * PtyEnd:
 * @reason: of the vocabulary, as the next two
 * @expected: or not
 * @initiator: %NULL for none
 * @rule: that decided
 * @detail: %NULL for none
 * @exit_code: %NULL for none
 * @session: its id; %NULL for %PTY_ID; empty where the record has none
 *
 * What a record has to say. All its other fields are looked at, too.
 */
typedef struct _PtyEnd
{
  const gchar *reason;
  gboolean expected;
  const gchar *initiator;
  guint rule;
  const gchar *detail;
  const gchar *exit_code;
  const gchar *session;
} PtyEnd;

/**
 * PtyFixture:
 * @transport: %PTY_UNIX or %PTY_TCP
 * @records: what the log server got, made ready to be compared
 * @sent_max: no client sent more bytes
 * @is_closed: whether the server told that it is, after pty_fixture_close()
 */
typedef struct _PtyFixture
{
  guint transport;
  gchar *folder;
  gchar *log_path;
  gchar *path;
  gint log;
  CdEmitter *emitter;
  CdInherited *inherited;
  CdUser user;
  CdPtyHost host;
  CdPtyServer *server;
  gchar *address;
  GPtrArray *records;
  gsize sent_max;
  gboolean is_closed;
} PtyFixture;

/**
 * PtyPeer:
 * @output: what it got, without carriage returns
 * @has_ended: whether the server closed the connection
 * @end_code: 0 where that was in order, else the error of the read
 *
 * A client.
 */
typedef struct _PtyPeer
{
  PtyFixture *fixture;
  gint fd;
  GString *output;
  gboolean has_ended;
  gint end_code;
  gsize n_sent;
} PtyPeer;

/** Turns the loop until @condition holds, which may be about anything. */
#define pty_wait(condition) loop_wait_polling(condition)

/** A test that gets a server with the usual settings. */
typedef void (*PtyTest)(PtyFixture *fixture);

/** Adds a test for each of these transports; its path ends in the transport's name. */
void pty_add_test(const gchar *path, guint transports, PtyTest test);

/** Starts a server with the usual settings, which may be changed before the first client. */
void pty_fixture_set_up(PtyFixture *self, guint transport);

/** Ends it, and fails where there are records that nobody asserted. */
void pty_fixture_tear_down(PtyFixture *self);

/** Listens at an address more, which clients use from now on. */
void pty_fixture_listen(PtyFixture *self, const gchar *text);

/** Ends it in order, without waiting. */
void pty_fixture_close(PtyFixture *self);

/** Fetches what the log server got. Returns: how many records there are that nobody asserted */
guint pty_fixture_count_records(PtyFixture *self);

/** Waits for a record and takes it; it must say just this. */
void pty_fixture_assert_record(PtyFixture *self, const PtyEnd *end);

/** A client whose connection the server has accepted. */
PtyPeer *pty_peer_new(PtyFixture *fixture);

/** The same before the server has had a turn to accept it. */
PtyPeer *pty_peer_new_unaccepted(PtyFixture *fixture);

/** The same, but its kernel takes little over TCP that it does not read. */
PtyPeer *pty_peer_new_narrow(PtyFixture *fixture);

/** The same from a socket that is to be connected yet. @fd: (transfer full) */
PtyPeer *pty_peer_new_from(PtyFixture *fixture, gint fd);

/** Closes its socket, where it is open yet, and frees it. */
void pty_peer_free(PtyPeer *self);

/** Sends bytes, all of them. */
void pty_peer_send(PtyPeer *self, const gchar *bytes, gsize length);

/** The same for a string. */
void pty_peer_say(PtyPeer *self, const gchar *text);

/** A first message for a command, which must need no escapes. Free with g_string_free() */
GString *pty_make_init(const gchar *id, const gchar *command, guint rows, guint columns);

/** Any first message. */
GString *pty_frame(const gchar *json);

/** Sends a first message; the session is %PTY_ID. */
void pty_peer_greet(PtyPeer *self, const gchar *command);

/** The same with another id and size. */
void pty_peer_greet_with(PtyPeer *self, const gchar *id, const gchar *command, guint rows,
                         guint columns);

/** Reads what is there. Returns: whether @text has come */
gboolean pty_peer_has(PtyPeer *self, const gchar *text);

/** Reads what is there. Returns: whether so many bytes have come */
gboolean pty_peer_has_got(PtyPeer *self, gsize length);

/** Reads until this has come. */
void pty_peer_await(PtyPeer *self, const gchar *text);

/** Reads until the server closes. Returns: the error, 0 for none */
gint pty_peer_await_end(PtyPeer *self);

/** Starts a program, and waits until it says `ready`. */
void pty_peer_join(PtyPeer *self, const gchar *command);

/** Sends a first message for which the server ends the connection, and waits until it has. */
void pty_peer_greet_wrongly(PtyPeer *self, const gchar *json);

/** The same for a request, once the session is there. */
void pty_peer_ask_wrongly(PtyPeer *self, const gchar *request);

/** Waits until bytes are there to be read, without reading them. */
void pty_peer_await_unread(PtyPeer *self, gsize length);

/** Bytes that are there to be read. */
gsize pty_peer_count_unread(const PtyPeer *self);

/** Bytes that the server has sent and the client's kernel has not acknowledged; 0 but for TCP. */
gsize pty_peer_count_unacknowledged(const PtyPeer *self);

/** Closes in order: reads first what is there, since unread output would make it a reset. */
void pty_peer_leave(PtyPeer *self);

/** Closes with a reset: over a unix socket that takes unread output. */
void pty_peer_reset(PtyPeer *self);

/** The server's own descriptor of this TCP connection. */
gint pty_peer_find_other_end(const PtyPeer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PtyPeer, pty_peer_free)

#endif
