/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/socket.h"

#include "net-fixture.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

static gint
_get(gint fd, gint level, gint name)
{
  gint value = -1;
  socklen_t size = sizeof(value);

  g_assert_cmpint(getsockopt(fd, level, name, &value, &size), ==, 0);
  return value;
}

static void
test_a_lost_peer_is_noticed(Fixture *self, gconstpointer data)
{
  gint client, fd;

  fixture_listen(self, "127.0.0.1:0");
  client = fixture_connect(self);
  fd = self->taken[0];
  cd_socket_tune(fd);
  g_assert_cmpint(_get(fd, SOL_SOCKET, SO_KEEPALIVE), ==, 1);
  g_assert_cmpint(_get(fd, IPPROTO_TCP, TCP_KEEPIDLE), ==, 10);
  g_assert_cmpint(_get(fd, IPPROTO_TCP, TCP_KEEPINTVL), ==, 5);
  g_assert_cmpint(_get(fd, IPPROTO_TCP, TCP_KEEPCNT), ==, 3);
  g_assert_cmpint(_get(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), ==, 25000);
  g_assert_cmpint(_get(fd, IPPROTO_TCP, TCP_NODELAY), ==, 1);
  g_assert_cmpint(_get(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT), ==, CD_SOCKET_NOTSENT_MAX);
  close(client);
}

static void
test_a_unix_socket_is_left_alone(Fixture *self, gconstpointer data)
{
  CdSocketFigures figures;
  gint client;

  fixture_listen(self, self->address);
  client = fixture_connect(self);
  cd_socket_tune(self->taken[0]);
  g_assert_cmpint(_get(self->taken[0], SOL_SOCKET, SO_KEEPALIVE), ==, 0);
  g_assert_cmpint(write(self->taken[0], "x", 1), ==, 1);
  cd_socket_read_figures(self->taken[0], &figures);
  g_assert_false(figures.has_tcp);
  g_assert_cmpuint(figures.unsent, ==, 0);
  close(client);
}

/* Fills what the kernel takes for a peer that does not read. */
static gsize
_fill(gint fd)
{
  static gchar block[65536];
  gsize total = 0;
  ssize_t length;

  while ((length = write(fd, block, sizeof(block))) > 0)
    total += (gsize) length;
  g_assert_cmpint(errno, ==, EAGAIN);
  return total;
}

static void
test_figures_tell_what_was_not_taken(Fixture *self, gconstpointer data)
{
  CdSocketFigures figures;
  gsize written;
  gint client;

  fixture_listen(self, "127.0.0.1:0");
  client = fixture_connect(self);
  written = _fill(self->taken[0]);
  cd_socket_read_figures(self->taken[0], &figures);
  g_assert_true(figures.has_tcp);
  g_assert_cmpuint(figures.rtt_us, >, 0);
  g_assert_cmpuint(figures.unsent, >, 0);
  g_assert_cmpuint(figures.unsent, <=, written);
  close(client);
}

/* Until the peer has acknowledged what it has room for. */
static void
_await_patience(gint fd, gint milliseconds)
{
  gint64 deadline = g_get_monotonic_time() + LOOP_PATIENCE_S * G_USEC_PER_SEC;

  do
    {
      g_assert_true(cd_socket_bear_with(fd));
      g_assert_cmpint(g_get_monotonic_time(), <, deadline);
    }
  while (_get(fd, IPPROTO_TCP, TCP_USER_TIMEOUT) != milliseconds);
}

static void
_read_all(gint fd, gsize length)
{
  static gchar block[65536];

  while (length > 0)
    {
      ssize_t n = read(fd, block, MIN(length, sizeof(block)));
      g_assert_cmpint(n, >, 0);
      length -= (gsize) n;
    }
}

static void
test_a_peer_that_takes_nothing_is_borne_with(Fixture *self, gconstpointer data)
{
  gsize written;
  gint client, fd;

  fixture_listen(self, "127.0.0.1:0");
  client = fixture_connect(self);
  fd = self->taken[0];
  cd_socket_tune(fd);
  written = _fill(fd);
  _await_patience(fd, 0);
  _read_all(client, written);
  while (cd_socket_bear_with(fd))
    g_usleep(1000);
  g_assert_cmpint(_get(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), ==, 25000);
  close(client);
}

static void
test_figures_tell_how_long_it_was_silent(Fixture *self, gconstpointer data)
{
  CdSocketFigures figures;
  gint64 before;
  gint client;

  fixture_listen(self, "127.0.0.1:0");
  client = fixture_connect(self);
  before = g_get_monotonic_time();
  do
    cd_socket_read_figures(self->taken[0], &figures);
  while (figures.idle_ms < 20);
  g_assert_cmpint(g_get_monotonic_time() - before, >, 10 * 1000);
  close(client);
}

static void
test_reading_figures_consumes_no_error(Fixture *self, gconstpointer data)
{
  struct linger reset = { 1, 0 };
  struct pollfd end = { .events = POLLIN };
  CdSocketFigures figures;
  gchar byte;
  gint client;

  fixture_listen(self, "127.0.0.1:0");
  client = fixture_connect(self);
  setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  close(client);
  end.fd = self->taken[0];
  g_assert_cmpint(poll(&end, 1, LOOP_PATIENCE_S * 1000), ==, 1);
  cd_socket_tune(self->taken[0]);
  cd_socket_read_figures(self->taken[0], &figures);
  g_assert_true(figures.has_tcp);
  g_assert_cmpint(read(self->taken[0], &byte, 1), ==, -1);
  g_assert_cmpint(errno, ==, ECONNRESET);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/socket/a-lost-peer-is-noticed", test_a_lost_peer_is_noticed);
  fixture_add("/socket/a-unix-socket-is-left-alone", test_a_unix_socket_is_left_alone);
  fixture_add("/socket/figures-tell-what-was-not-taken", test_figures_tell_what_was_not_taken);
  fixture_add("/socket/a-peer-that-takes-nothing-is-borne-with",
              test_a_peer_that_takes_nothing_is_borne_with);
  fixture_add("/socket/figures-tell-how-long-it-was-silent",
              test_figures_tell_how_long_it_was_silent);
  fixture_add("/socket/reading-figures-consumes-no-error", test_reading_figures_consumes_no_error);
  return g_test_run();
}
