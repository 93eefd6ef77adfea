/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unix-dgram and unix-stream, with sockets of the test on the other side. */
#include "target-fixture.h"

#include <signal.h>
#include <sys/wait.h>

static void
test_dgram_arrives_as_it_is(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);

  fixture_make(self, "unix-dgram:%s", self->path);
  fixture_start_and_wait(self);
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE);
  g_assert_false(cd_target_is_stream(self->target));
  g_assert_cmpuint(cd_target_get_unsent(self->target), ==, 0);
}

/* Returns: the connection, as the log server has it */
static GSocket *
_open_stream(Fixture *self, GSocket *listener)
{
  fixture_make(self, "unix-stream:%s", self->path);
  fixture_start_and_wait(self);
  return fixture_accept(listener);
}

static void
test_stream_arrives_by_lines(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = _open_stream(self, listener);

  fixture_assert_sent(self, LINE);
  fixture_assert_sent(self, "second");
  g_assert_cmpuint(cd_target_get_unsent(self->target), >=, strlen(LINE "\nsecond\n"));
  fixture_assert_arrives(peer, LINE "\nsecond\n");
  g_assert_cmpuint(cd_target_get_unsent(self->target), ==, 0);
  g_assert_true(cd_target_is_stream(self->target));
}

static void
test_a_newline_is_refused(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = _open_stream(self, listener);

  g_assert_cmpint(cd_target_send(self->target, CD_TEXT("a\nb")), ==, CD_TARGET_REFUSED);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT("")), ==, CD_TARGET_REFUSED);
  fixture_assert_sent(self, "c");
  fixture_assert_arrives(peer, "c\n");
}

static void
test_before_it_is_open_lines_wait(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);

  fixture_make(self, "unix-dgram:%s", self->path);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  fixture_start(self);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  g_assert_false(cd_target_is_connected(self->target));
  g_assert_cmpuint(self->n_ready, ==, 0);
  loop_wait(self->n_ready == 1);
  g_assert_true(cd_target_is_connected(self->target));
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE);
}

static void
test_a_missing_path_is_told(Fixture *self, gconstpointer data)
{
  fixture_make(self, "unix-dgram:%s", self->path)->random = fixture_longest_pause;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  fixture_assert_lost(self, "cannot reach unix-dgram:");
  fixture_assert_lost(self, "No such file or directory");
}

static void
test_each_failed_attempt_is_told(Fixture *self, gconstpointer data)
{
  fixture_make(self, "unix-stream:%s", self->path);
  fixture_start(self);
  loop_wait(self->n_lost == 4);
  g_assert_cmpuint(fixture_pauses[0], ==, 1000);
  g_assert_cmpuint(fixture_pauses[3], ==, 8000);
}

/* The pauses are an hour each: only the path itself can end them. */
static void
test_a_path_that_appears_is_tried_at_once(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = NULL;

  fixture_make(self, "unix-dgram:%s", self->path)->random = fixture_longest_pause;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  loop_wait(self->n_ready == 1);
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE);
}

static void
test_a_path_that_is_moved_there_is_tried_at_once(Fixture *self, gconstpointer data)
{
  g_autofree gchar *other = g_build_filename(self->folder, "other", NULL);
  g_autoptr(GSocket) peer G_GNUC_UNUSED = fixture_listen_path(other, G_SOCKET_TYPE_DATAGRAM);

  fixture_make(self, "unix-dgram:%s", self->path)->random = fixture_longest_pause;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  g_assert_cmpint(g_rename(other, self->path), ==, 0);
  loop_wait(self->n_ready == 1);
}

/* /dev/log is a link to the journal's socket. */
static void
test_what_a_link_points_to_is_watched(Fixture *self, gconstpointer data)
{
  g_autofree gchar *folder = g_dir_make_tmp("cd-target-XXXXXX", NULL);
  g_autofree gchar *end = g_build_filename(folder, "socket", NULL);
  g_autoptr(GSocket) peer = NULL;

  g_assert_cmpint(symlink(end, self->path), ==, 0);
  fixture_make(self, "unix-dgram:%s", self->path)->random = fixture_longest_pause;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  peer = fixture_listen_path(end, G_SOCKET_TYPE_DATAGRAM);
  loop_wait(self->n_ready == 1);
  fixture_remove(folder);
}

static void
test_a_retry_ends_the_pause(Fixture *self, gconstpointer data)
{
  fixture_make(self, "unix-dgram:%s", self->path)->random = fixture_longest_pause;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  cd_target_retry(self->target);
  loop_wait(self->n_lost == 2);
  g_assert_cmpuint(fixture_pauses[1], ==, 1000);
}

static void
test_a_dgram_peer_that_died_is_noticed_by_the_next_line(Fixture *self, gconstpointer data)
{
  GSocket *peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);

  fixture_make(self, "unix-dgram:%s", self->path)->random = fixture_longest_pause;
  fixture_start_and_wait(self);
  g_object_unref(peer);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  g_assert_cmpuint(self->n_lost, ==, 0);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  fixture_assert_lost(self, "lost unix-dgram:");

  g_assert_cmpint(g_unlink(self->path), ==, 0);
  peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  loop_wait(self->n_ready == 2);
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE);
  g_assert_cmpuint(cd_target_get_n_reconnects(self->target), ==, 1);
  g_object_unref(peer);
}

/* The old server lives on, without a path; the new one has to get the lines. */
static void
test_another_dgram_socket_at_the_path_gets_the_lines(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) old G_GNUC_UNUSED = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  g_autoptr(GSocket) new = NULL;

  fixture_make(self, "unix-dgram:%s", self->path);
  fixture_start_and_wait(self);
  g_assert_cmpint(g_unlink(self->path), ==, 0);
  new = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  loop_wait(self->n_ready == 2);
  fixture_assert_lost(self, "another socket stands there now");
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(new, LINE);
}

static void
_on_folder_changed(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                   gpointer seen)
{
  g_autofree gchar *name = g_file_get_basename(file);

  if (g_strcmp0(name, "marker") == 0 && event == G_FILE_MONITOR_EVENT_DELETED)
    *(gboolean *) seen = TRUE;
}

/* Events of a folder come in order: with the marker's the mode's are there. */
static void
_wait_for_events_of_folder(const gchar *path)
{
  g_autoptr(GFile) folder = g_file_new_for_path(path);
  g_autofree gchar *marker = g_build_filename(path, "marker", NULL);
  g_autoptr(GFileMonitor)
    monitor = g_file_monitor_directory(folder, G_FILE_MONITOR_NONE, NULL, NULL);
  gboolean seen = FALSE;

  g_signal_connect(monitor, "changed", G_CALLBACK(_on_folder_changed), &seen);
  g_assert_true(g_file_set_contents(marker, "", 0, NULL));
  g_assert_cmpint(g_unlink(marker), ==, 0);
  loop_wait(seen);
  loop_settle();
}

static void
test_a_changed_mode_does_not_disturb(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer G_GNUC_UNUSED = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);

  fixture_make(self, "unix-dgram:%s", self->path);
  fixture_start_and_wait(self);
  g_assert_cmpint(g_chmod(self->path, 0600), ==, 0);
  _wait_for_events_of_folder(self->folder);
  g_assert_true(cd_target_is_connected(self->target));
  g_assert_cmpuint(self->n_lost, ==, 0);
}

/* As a server does that binds its socket and then gives it to all. */
static void
test_a_changed_mode_is_tried_at_once(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = NULL;

  if (geteuid() == 0)
    {
      g_test_skip("nothing is forbidden to root");
      return;
    }
  peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  g_assert_cmpint(g_chmod(self->path, 0), ==, 0);
  fixture_make(self, "unix-dgram:%s", self->path)->random = fixture_longest_pause;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_cmpint(g_chmod(self->path, 0600), ==, 0);
  loop_wait(self->n_ready == 1);
}

static void
test_a_full_dgram_queue_waits_until_it_is_read(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  g_autoptr(GString) got = g_string_new(NULL);
  guint n;

  fixture_make(self, "unix-dgram:%s", self->path);
  fixture_start_and_wait(self);
  n = fixture_fill(self, LINE);
  g_assert_cmpuint(n, >, 0);
  loop_settle();
  g_assert_cmpuint(self->n_ready, ==, 1);
  fixture_read(peer, got);
  g_assert_cmpuint(got->len, ==, n * strlen(LINE));
  loop_wait(self->n_ready == 2);
  fixture_assert_sent(self, LINE);
  g_assert_cmpuint(self->n_lost, ==, 0);
}

static void
test_a_long_datagram_is_refused_and_the_next_is_sent(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  g_autofree gchar *line = g_strnfill(60000, 'x');

  fixture_make(self, "unix-dgram:%s", self->path)->send_buffer = 8192;
  fixture_start_and_wait(self);
  g_assert_cmpint(cd_target_send(self->target, cd_text_from_string(line)), ==, CD_TARGET_REFUSED);
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE);
  g_assert_cmpuint(self->n_lost, ==, 0);
}

/* A process that receives datagrams and prints how many: 'child' of the pipe at its end. */
static GPid
_fork_receiver(GSocket *socket, guint n_wanted)
{
  GPid child = fork();

  if (child == 0)
    {
      gchar buffer[4096];
      g_socket_set_blocking(socket, TRUE);
      for (guint n = 0; n < n_wanted; n++)
        if (g_socket_receive(socket, buffer, sizeof(buffer), NULL, NULL) < 0)
          _exit(1);
      _exit(0);
    }
  return child;
}

static gboolean
_on_child_done(gpointer data)
{
  gint *status = data;

  return waitpid(status[0], &status[1], WNOHANG) == 0;
}

/* While the receiver is frozen the loop sleeps: it may not turn and turn. */
static void
test_a_frozen_receiver_costs_no_turn_of_the_loop(Fixture *self, gconstpointer data)
{
  const guint n_wanted = 200;
  g_autoptr(GSocket) peer = fixture_listen_path(self->path, G_SOCKET_TYPE_DATAGRAM);
  GPid child = _fork_receiver(peer, n_wanted);
  gint status[2] = { child, 0 };
  guint n_sent, turns = 0;

  g_assert_cmpint(kill(child, SIGSTOP), ==, 0);
  g_assert_cmpint(waitpid(child, &status[1], WUNTRACED), ==, child);
  fixture_make(self, "unix-dgram:%s", self->path);
  fixture_start_and_wait(self);
  n_sent = fixture_fill(self, LINE);
  loop_settle();
  for (guint i = 0; i < 1000; i++)
    turns += g_main_context_iteration(NULL, FALSE);
  g_assert_cmpuint(turns, ==, 0);

  g_assert_cmpint(kill(child, SIGCONT), ==, 0);
  while (n_sent < n_wanted)
    {
      guint ready = self->n_ready;
      CdTargetResult result = cd_target_send(self->target, CD_TEXT(LINE));
      if (result == CD_TARGET_SENT)
        n_sent++;
      else
        loop_wait(self->n_ready > ready);
    }
  loop_wait_polling(!_on_child_done(status));
  g_assert_true(WIFEXITED(status[1]));
  g_assert_cmpint(WEXITSTATUS(status[1]), ==, 0);
  g_assert_cmpuint(self->n_lost, ==, 0);
}

static void
test_a_stream_peer_that_closes_is_noticed_at_once(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  GSocket *peer = _open_stream(self, listener);

  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE "\n");
  g_object_unref(peer);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE);
  fixture_assert_lost(self, "the other side closed it");
  g_assert_cmpuint(self->unsent_when_lost, ==, 0);
  loop_wait(self->n_ready == 2);
  peer = fixture_accept(listener);
  fixture_assert_sent(self, "again");
  fixture_assert_arrives(peer, "again\n");
  g_object_unref(peer);
}

/* What lay in a unix socket's queue is gone with its reader: the figure has to be kept. */
static void
test_what_a_stream_peer_never_read_counts_as_unsent(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  GSocket *peer = _open_stream(self, listener);

  fixture_assert_sent(self, LINE);
  loop_settle();
  g_object_unref(peer);
  loop_wait(self->n_lost == 1);
  g_assert_cmpuint(self->unsent_when_lost, >=, strlen(LINE "\n"));
  loop_wait(self->n_ready == 2);
  g_assert_cmpuint(cd_target_get_unsent(self->target), ==, 0);
}

static void
test_a_write_to_a_stream_peer_that_died_waits(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) second = NULL;

  g_object_unref(_open_stream(self, listener));
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  loop_wait(self->n_lost == 1);
  loop_wait(self->n_ready == 2);
  second = fixture_accept(listener);
  fixture_assert_sent(self, "whole");
  fixture_assert_arrives(second, "whole\n");
}

static void
test_incoming_bytes_are_thrown_away(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;
  g_autofree gchar *noise = g_strnfill(50000, 'n');

  fixture_make(self, "unix-stream:%s", self->path);
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  for (guint i = 0; i < 20; i++)
    {
      loop_wait_polling(g_socket_condition_check(peer, G_IO_OUT) & G_IO_OUT);
      g_assert_cmpint(g_socket_send(peer, noise, 50000, NULL, NULL), >, 0);
    }
  fixture_assert_sent(self, LINE);
  fixture_assert_arrives(peer, LINE "\n");
  g_assert_cmpuint(self->n_lost, ==, 0);
}

/* A frame that fits in no buffer arrives whole, before any other. */
static void
test_a_partial_frame_is_finished_first(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;
  g_autofree gchar *line = g_strnfill(60000, 'x');
  g_autofree gchar *expected = g_strconcat(line, "\nnext\n", NULL);

  fixture_make(self, "unix-stream:%s", self->path)->send_buffer = 4096;
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  fixture_assert_sent(self, line);
  g_assert_cmpuint(cd_target_get_unsent(self->target), >=, strlen(line));
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT("next")), ==, CD_TARGET_WAIT);
  g_assert_cmpuint(self->n_ready, ==, 1);
  {
    g_autoptr(GString) got = g_string_new(NULL);
    loop_wait_polling((fixture_read(peer, got), self->n_ready == 2));
    fixture_assert_sent(self, "next");
    loop_wait_polling((fixture_read(peer, got), got->len == strlen(expected)));
    g_assert_cmpstr(got->str, ==, expected);
  }
}

/* Nobody asked for a call: the frame goes out, and that is all. */
static void
test_without_a_wait_there_is_no_second_ready(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) peer = NULL;
  g_autofree gchar *line = g_strnfill(60000, 'x');
  g_autofree gchar *expected = g_strconcat(line, "\n", NULL);

  fixture_make(self, "unix-stream:%s", self->path)->send_buffer = 4096;
  fixture_start_and_wait(self);
  peer = fixture_accept(listener);
  fixture_assert_sent(self, line);
  fixture_assert_arrives(peer, expected);
  loop_settle();
  g_assert_cmpuint(self->n_ready, ==, 1);
}

static void
test_a_partial_frame_goes_with_its_connection(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  g_autoptr(GSocket) second = NULL;
  g_autofree gchar *line = g_strnfill(60000, 'x');
  GSocket *first;

  fixture_make(self, "unix-stream:%s", self->path)->send_buffer = 4096;
  fixture_start_and_wait(self);
  first = fixture_accept(listener);
  fixture_assert_sent(self, line);
  g_object_unref(first);
  loop_wait(self->n_ready == 2);
  g_assert_cmpuint(self->unsent_when_lost, >=, 60000);
  second = fixture_accept(listener);
  fixture_assert_sent(self, "next");
  fixture_assert_arrives(second, "next\n");
}

static void
test_a_full_backlog_is_a_failed_attempt(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new(self->path);
  g_autoptr(GSocket) listener = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_DEFAULT, NULL);
  GSocket *others[2];

  g_socket_bind(listener, address, TRUE, NULL);
  g_socket_set_listen_backlog(listener, 1);
  g_socket_listen(listener, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    {
      others[i] = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                               G_SOCKET_PROTOCOL_DEFAULT, NULL);
      g_assert_true(g_socket_connect(others[i], address, NULL, NULL));
    }
  fixture_make(self, "unix-stream:%s", self->path)->random = fixture_longest_pause;
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    g_object_unref(others[i]);
}

/* Working is: five seconds without a break. */
static void
test_a_connection_that_worked_shortens_the_pause(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  const gint64 lives[] = { 0, 4999999, 5000000, 0 };
  const guint pauses[] = { 1000, 2000, 1000, 2000 };

  fixture_make(self, "unix-stream:%s", self->path);
  fixture_start(self);
  for (guint i = 0; i < G_N_ELEMENTS(lives); i++)
    {
      g_autoptr(GSocket) peer = NULL;
      loop_wait(self->n_ready == i + 1);
      peer = fixture_accept(listener);
      fixture_now += lives[i];
      g_socket_close(peer, NULL);
      loop_wait(self->n_lost == i + 1);
      g_assert_cmpuint(fixture_pauses[i], ==, pauses[i]);
    }
  g_assert_cmpuint(cd_target_get_n_reconnects(self->target), ==, 3);
}

static void
test_it_may_be_freed_in_ready(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener G_GNUC_UNUSED = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);

  self->free_when_ready = TRUE;
  fixture_make(self, "unix-stream:%s", self->path);
  fixture_start(self);
  loop_wait(self->n_ready == 1);
  g_assert_null(self->target);
}

static void
test_it_may_be_freed_in_lost(Fixture *self, gconstpointer data)
{
  self->free_when_lost = TRUE;
  fixture_make(self, "unix-stream:%s", self->path);
  fixture_start(self);
  loop_wait(self->n_lost == 1);
  g_assert_null(self->target);
}

/* A frame that waits, a break that is not told yet, and a pause. */
static void
test_freed_it_calls_nothing(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = fixture_listen_path(self->path, G_SOCKET_TYPE_STREAM);
  g_autofree gchar *line = g_strnfill(60000, 'x');

  fixture_make(self, "unix-stream:%s", self->path)->send_buffer = 4096;
  fixture_start_and_wait(self);
  fixture_assert_sent(self, line);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  fixture_free_target(self);

  g_object_unref(_open_stream(self, listener));
  g_object_unref(fixture_accept(listener));
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  fixture_free_target(self);

  fixture_make(self, "unix-stream:%s", self->path);
  fixture_start(self);
  fixture_free_target(self);
  loop_settle();
  g_assert_cmpuint(self->n_ready, ==, 2);
  g_assert_cmpuint(self->n_lost, ==, 0);
}

static void
test_its_uri_is_told(Fixture *self, gconstpointer data)
{
  fixture_make(self, "unix-dgram:/run/log");
  g_assert_cmpstr(cd_target_get_uri(self->target), ==, "unix-dgram:/run/log");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/target-unix/dgram-arrives-as-it-is", test_dgram_arrives_as_it_is);
  fixture_add("/target-unix/stream-arrives-by-lines", test_stream_arrives_by_lines);
  fixture_add("/target-unix/a-newline-is-refused", test_a_newline_is_refused);
  fixture_add("/target-unix/before-it-is-open-lines-wait", test_before_it_is_open_lines_wait);
  fixture_add("/target-unix/a-missing-path-is-told", test_a_missing_path_is_told);
  fixture_add("/target-unix/each-failed-attempt-is-told", test_each_failed_attempt_is_told);
  fixture_add("/target-unix/a-path-that-appears-is-tried-at-once",
              test_a_path_that_appears_is_tried_at_once);
  fixture_add("/target-unix/a-path-that-is-moved-there-is-tried-at-once",
              test_a_path_that_is_moved_there_is_tried_at_once);
  fixture_add("/target-unix/what-a-link-points-to-is-watched",
              test_what_a_link_points_to_is_watched);
  fixture_add("/target-unix/a-retry-ends-the-pause", test_a_retry_ends_the_pause);
  fixture_add("/target-unix/a-dgram-peer-that-died-is-noticed-by-the-next-line",
              test_a_dgram_peer_that_died_is_noticed_by_the_next_line);
  fixture_add("/target-unix/another-dgram-socket-at-the-path-gets-the-lines",
              test_another_dgram_socket_at_the_path_gets_the_lines);
  fixture_add("/target-unix/a-changed-mode-does-not-disturb", test_a_changed_mode_does_not_disturb);
  fixture_add("/target-unix/a-changed-mode-is-tried-at-once", test_a_changed_mode_is_tried_at_once);
  fixture_add("/target-unix/a-full-dgram-queue-waits-until-it-is-read",
              test_a_full_dgram_queue_waits_until_it_is_read);
  fixture_add("/target-unix/a-long-datagram-is-refused-and-the-next-is-sent",
              test_a_long_datagram_is_refused_and_the_next_is_sent);
  fixture_add("/target-unix/a-frozen-receiver-costs-no-turn-of-the-loop",
              test_a_frozen_receiver_costs_no_turn_of_the_loop);
  fixture_add("/target-unix/a-stream-peer-that-closes-is-noticed-at-once",
              test_a_stream_peer_that_closes_is_noticed_at_once);
  fixture_add("/target-unix/what-a-stream-peer-never-read-counts-as-unsent",
              test_what_a_stream_peer_never_read_counts_as_unsent);
  fixture_add("/target-unix/a-write-to-a-stream-peer-that-died-waits",
              test_a_write_to_a_stream_peer_that_died_waits);
  fixture_add("/target-unix/incoming-bytes-are-thrown-away", test_incoming_bytes_are_thrown_away);
  fixture_add("/target-unix/a-partial-frame-is-finished-first",
              test_a_partial_frame_is_finished_first);
  fixture_add("/target-unix/without-a-wait-there-is-no-second-ready",
              test_without_a_wait_there_is_no_second_ready);
  fixture_add("/target-unix/a-partial-frame-goes-with-its-connection",
              test_a_partial_frame_goes_with_its_connection);
  fixture_add("/target-unix/a-full-backlog-is-a-failed-attempt",
              test_a_full_backlog_is_a_failed_attempt);
  fixture_add("/target-unix/a-connection-that-worked-shortens-the-pause",
              test_a_connection_that_worked_shortens_the_pause);
  fixture_add("/target-unix/it-may-be-freed-in-ready", test_it_may_be_freed_in_ready);
  fixture_add("/target-unix/it-may-be-freed-in-lost", test_it_may_be_freed_in_lost);
  fixture_add("/target-unix/freed-it-calls-nothing", test_freed_it_calls_nothing);
  fixture_add("/target-unix/its-uri-is-told", test_its_uri_is_told);
  return g_test_run();
}
