/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* journald: a datagram socket of the test in the journal's place. */
#include "target-fixture.h"

#include <fcntl.h>
#include <gio/gunixfdmessage.h>

#define RECORD                                                                                     \
  "<28>1 2026-11-21T07:37:29.225000Z h coder-agentd 7 disconnect "                                 \
  "[coder@32473 disconnect_reason=\"timeout\"] hello"
#define ENTRY                                                                                      \
  "MESSAGE=hello\nPRIORITY=4\nSYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER=coder-agentd\nSYSLOG_PID=7\n"   \
  "CODER_DISCONNECT_REASON=timeout\n"

static void
test_an_entry_arrives(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);

  fixture_make(self, "journald:%s", self->path);
  fixture_start_and_wait(self);
  fixture_assert_sent(self, RECORD);
  fixture_assert_arrives(peer, ENTRY);
  g_assert_false(cd_target_is_stream(self->target));
}

static gint
_receive_descriptor(GSocket *peer)
{
  GSocketControlMessage **messages = NULL;
  gint n = 0, flags = 0, fd;
  gchar byte;
  GInputVector vector = { &byte, 1 };

  g_assert_cmpint(
    g_socket_receive_message(peer, NULL, &vector, 1, &messages, &n, &flags, NULL, NULL), ==, 0);
  g_assert_cmpint(n, ==, 1);
  fd = g_unix_fd_list_get(g_unix_fd_message_get_fd_list(G_UNIX_FD_MESSAGE(messages[0])), 0, NULL);
  g_object_unref(messages[0]);
  g_free(messages);
  return fd;
}

static void
_assert_contents(gint fd, const gchar *expected)
{
  gsize length = strlen(expected);
  g_autofree gchar *contents = g_malloc0(length + 2);

  g_assert_cmpint(pread(fd, contents, length + 1, 0), ==, (gssize) length);
  g_assert_cmpstr(contents, ==, expected);
}

/* journald takes memory only when nobody can change it any more. */
static void
test_a_long_entry_arrives_in_sealed_memory(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  g_autofree gchar *text = g_strnfill(60000, 'x');
  g_autofree gchar *line = g_strconcat("<14>1 - - - - - - ", text, NULL);
  g_autofree gchar *entry = g_strconcat("MESSAGE=", text, "\nPRIORITY=6\nSYSLOG_FACILITY=1\n",
                                        NULL);
  gint fd;

  fixture_make(self, "journald:%s", self->path)->send_buffer = 8192;
  fixture_start_and_wait(self);
  fixture_assert_sent(self, line);
  fixture_assert_sent(self, RECORD);
  fd = _receive_descriptor(peer);
  _assert_contents(fd, entry);
  g_assert_cmpint(fcntl(fd, F_GET_SEALS), ==,
                  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  close(fd);
  fixture_assert_arrives(peer, ENTRY);
}

static void
test_a_full_queue_waits_for_short_and_long_entries(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  g_autofree gchar *line = g_strnfill(60000, 'x');
  g_autoptr(GString) got = g_string_new(NULL);

  fixture_make(self, "journald:%s", self->path)->send_buffer = 8192;
  fixture_start_and_wait(self);
  g_assert_cmpuint(fixture_fill(self, RECORD), >, 0);
  g_assert_cmpint(cd_target_send(self->target, cd_text_from_string(line)), ==, CD_TARGET_WAIT);
  loop_settle();
  g_assert_cmpuint(self->n_ready, ==, 1);
  fixture_read(peer, got);
  loop_wait(self->n_ready == 2);
  fixture_assert_sent(self, line);
  g_assert_cmpuint(self->n_lost, ==, 0);
}

static void
test_a_journal_that_comes_back_gets_the_entries(Fixture *self, gconstpointer data)
{
  GSocket *peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);

  fixture_make(self, "journald:%s", self->path)->random = fixture_longest_pause;
  fixture_start_and_wait(self);
  g_object_unref(peer);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(RECORD)), ==, CD_TARGET_WAIT);
  loop_wait(self->n_lost == 1);
  fixture_assert_lost(self, "lost journald:");
  g_assert_cmpint(g_unlink(self->path), ==, 0);
  peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  loop_wait(self->n_ready == 2);
  fixture_assert_sent(self, RECORD);
  fixture_assert_arrives(peer, ENTRY);
  g_object_unref(peer);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/target-journald/an-entry-arrives", test_an_entry_arrives);
  fixture_add("/target-journald/a-long-entry-arrives-in-sealed-memory",
              test_a_long_entry_arrives_in_sealed_memory);
  fixture_add("/target-journald/a-full-queue-waits-for-short-and-long-entries",
              test_a_full_queue_waits_for_short_and_long_entries);
  fixture_add("/target-journald/a-journal-that-comes-back-gets-the-entries",
              test_a_journal_that_comes_back_gets_the_entries);
  return g_test_run();
}
