/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stderr: a pipe, a terminal, a socket and a file of the test in its place. */
#include "target-fixture.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <pty.h>
#include <signal.h>

typedef struct _Pipe
{
  gint reader;
  gint writer;
} Pipe;

static Pipe
_make_pipe(void)
{
  gint fds[2];

  g_assert_cmpint(pipe2(fds, O_CLOEXEC), ==, 0);
  g_assert_true(g_unix_set_fd_nonblocking(fds[0], TRUE, NULL));
  return (Pipe) { fds[0], fds[1] };
}

static void
_start(Fixture *self, gint fd)
{
  fixture_make(self, "stderr:")->stderr_fd = fd;
  fixture_start_and_wait(self);
}

static void
_read(gint fd, GString *to)
{
  gchar buffer[65536];
  gssize n;

  while ((n = read(fd, buffer, sizeof(buffer))) > 0)
    g_string_append_len(to, buffer, n);
}

static void
_assert_blocking(gint fd)
{
  g_assert_cmpint(fcntl(fd, F_GETFL) & O_NONBLOCK, ==, 0);
}

static void
test_a_pipe_gets_lines(Fixture *self, gconstpointer data)
{
  Pipe pipe = _make_pipe();
  g_autoptr(GString) got = g_string_new(NULL);

  _start(self, pipe.writer);
  fixture_assert_sent(self, LINE);
  fixture_assert_sent(self, "next");
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT("a\nb")), ==, CD_TARGET_REFUSED);
  _read(pipe.reader, got);
  g_assert_cmpstr(got->str, ==, LINE "\nnext\n");
  _assert_blocking(pipe.writer);
  close(pipe.reader);
  close(pipe.writer);
}

static void
_fill_and_drain(Fixture *self, gint reader, gint writer)
{
  g_autoptr(GString) got = g_string_new(NULL);
  g_autofree gchar *line = g_strnfill(60000, 'x');
  gsize wanted;

  alarm(LOOP_PATIENCE_S); /* a loop that is blocked cannot lose patience */
  _start(self, writer);
  wanted = fixture_fill(self, line) * (strlen(line) + 1);
  _assert_blocking(writer);
  g_assert_cmpuint(cd_target_get_unsent(self->target), >, 0);
  g_assert_cmpuint(self->n_ready, ==, 1);
  loop_wait_polling((_read(reader, got), got->len == wanted));
  loop_wait(self->n_ready == 2);
  g_assert_cmpuint(cd_target_get_unsent(self->target), ==, 0);
  for (gsize at = 0; at < got->len; at += strlen(line) + 1)
    {
      g_assert_true(memcmp(got->str + at, line, strlen(line)) == 0);
      g_assert_cmpint(got->str[at + strlen(line)], ==, '\n');
    }
  alarm(0);
  g_assert_cmpuint(self->n_lost, ==, 0);
}

static void
test_a_full_pipe_waits_until_it_is_read(Fixture *self, gconstpointer data)
{
  Pipe pipe = _make_pipe();

  _fill_and_drain(self, pipe.reader, pipe.writer);
  close(pipe.reader);
  close(pipe.writer);
}

/* A socket, as services of systemd have it, cannot be opened again. */
static void
test_a_full_socket_waits_until_it_is_read(Fixture *self, gconstpointer data)
{
  gint fds[2];
  const gint size = 8192;

  g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_assert_true(g_unix_set_fd_nonblocking(fds[0], TRUE, NULL));
  g_assert_cmpint(setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), ==, 0);
  _fill_and_drain(self, fds[0], fds[1]);
  close(fds[0]);
  close(fds[1]);
}

static void
test_a_full_terminal_waits_until_it_is_read(Fixture *self, gconstpointer data)
{
  gint master, slave;
  struct termios raw;

  g_assert_cmpint(openpty(&master, &slave, NULL, NULL, NULL), ==, 0);
  tcgetattr(slave, &raw);
  cfmakeraw(&raw);
  tcsetattr(slave, TCSANOW, &raw);
  g_assert_true(g_unix_set_fd_nonblocking(master, TRUE, NULL));
  _fill_and_drain(self, master, slave);
  close(master);
  close(slave);
}

static void
test_a_file_gets_lines(Fixture *self, gconstpointer data)
{
  gint fd = open(self->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  g_autofree gchar *contents = NULL;

  g_assert_cmpint(write(fd, "before\n", 7), ==, 7);
  _start(self, fd);
  fixture_assert_sent(self, LINE);
  g_assert_true(g_file_get_contents(self->path, &contents, NULL, NULL));
  g_assert_cmpstr(contents, ==, "before\n" LINE "\n");
  close(fd);
}

static void
test_a_full_disk_is_told_and_tried_again(Fixture *self, gconstpointer data)
{
  gint fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

  _start(self, fd);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  loop_wait(self->n_ready == 2);
  close(fd);
}

/* Told, and tried again as any other target is: nothing is refused, so that a spool keeps it. */
static void
_assert_dead(Fixture *self)
{
  guint before = self->n_lost;

  if (self->n_ready)
    g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  loop_wait(self->n_lost >= before + 3);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE);
  fixture_assert_lost(self, "cannot reach stderr:: nobody reads it any more");
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  g_assert_cmpuint(self->n_ready, <=, 1);
  g_assert_cmpuint(fixture_pauses[1], >, fixture_pauses[0]);
}

static void
test_without_a_reader_lines_wait(Fixture *self, gconstpointer data)
{
  Pipe pipe = _make_pipe();
  void (*before)(int) = signal(SIGPIPE, SIG_DFL);

  _start(self, pipe.writer);
  close(pipe.reader);
  _assert_dead(self);
  fixture_assert_lost(self, "lost stderr:: nobody reads it any more");
  signal(SIGPIPE, before);
  close(pipe.writer);
}

static void
test_a_socket_without_a_reader_keeps_lines_waiting(Fixture *self, gconstpointer data)
{
  gint fds[2];

  g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  _start(self, fds[1]);
  close(fds[0]);
  _assert_dead(self);
  close(fds[1]);
}

static void
test_a_named_pipe_finds_another_reader(Fixture *self, gconstpointer data)
{
  g_autoptr(GString) got = g_string_new(NULL);
  gint reader, writer;

  g_assert_cmpint(mkfifo(self->path, 0600), ==, 0);
  reader = open(self->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  writer = open(self->path, O_WRONLY | O_CLOEXEC);
  _start(self, writer);
  close(reader);
  _assert_dead(self);
  reader = open(self->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  loop_wait(self->n_ready == 2);
  fixture_assert_sent(self, "after");
  _read(reader, got);
  g_assert_cmpstr(got->str, ==, "after\n");
  close(reader);
  close(writer);
}

static void
test_a_pending_signal_of_somebody_else_is_left_alone(Fixture *self, gconstpointer data)
{
  Pipe pipe = _make_pipe();
  void (*before)(int) = signal(SIGPIPE, SIG_DFL);
  sigset_t set, old, pending;

  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, &old);
  raise(SIGPIPE);
  _start(self, pipe.writer);
  close(pipe.reader);
  _assert_dead(self);
  sigpending(&pending);
  g_assert_true(sigismember(&pending, SIGPIPE));
  signal(SIGPIPE, SIG_IGN);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  signal(SIGPIPE, before);
  close(pipe.writer);
}

static void
test_closed_lines_wait(Fixture *self, gconstpointer data)
{
  Pipe pipe = _make_pipe();

  close(pipe.reader);
  close(pipe.writer);
  fixture_make(self, "stderr:")->stderr_fd = pipe.writer;
  fixture_start(self);
  _assert_dead(self);
}

static void
test_freed_in_its_death_it_calls_nothing(Fixture *self, gconstpointer data)
{
  Pipe pipe = _make_pipe();

  self->free_when_lost = TRUE;
  _start(self, pipe.writer);
  close(pipe.reader);
  g_assert_cmpint(cd_target_send(self->target, CD_TEXT(LINE)), ==, CD_TARGET_WAIT);
  loop_wait(self->n_lost == 1);
  loop_settle();
  g_assert_cmpuint(self->n_ready, ==, 1);
  close(pipe.writer);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/target-stderr/a-pipe-gets-lines", test_a_pipe_gets_lines);
  fixture_add("/target-stderr/a-full-pipe-waits-until-it-is-read",
              test_a_full_pipe_waits_until_it_is_read);
  fixture_add("/target-stderr/a-full-socket-waits-until-it-is-read",
              test_a_full_socket_waits_until_it_is_read);
  fixture_add("/target-stderr/a-full-terminal-waits-until-it-is-read",
              test_a_full_terminal_waits_until_it_is_read);
  fixture_add("/target-stderr/a-file-gets-lines", test_a_file_gets_lines);
  fixture_add("/target-stderr/a-full-disk-is-told-and-tried-again",
              test_a_full_disk_is_told_and_tried_again);
  fixture_add("/target-stderr/without-a-reader-lines-wait", test_without_a_reader_lines_wait);
  fixture_add("/target-stderr/a-socket-without-a-reader-keeps-lines-waiting",
              test_a_socket_without_a_reader_keeps_lines_waiting);
  fixture_add("/target-stderr/a-named-pipe-finds-another-reader",
              test_a_named_pipe_finds_another_reader);
  fixture_add("/target-stderr/a-pending-signal-of-somebody-else-is-left-alone",
              test_a_pending_signal_of_somebody_else_is_left_alone);
  fixture_add("/target-stderr/closed-lines-wait", test_closed_lines_wait);
  fixture_add("/target-stderr/freed-in-its-death-it-calls-nothing",
              test_freed_in_its_death_it_calls_nothing);
  return g_test_run();
}
