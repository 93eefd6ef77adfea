/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A peer that vanishes without a word: two network namespaces of the test's own, and the wire
 * between them is cut. */
#include "target-fixture.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>

#define OUR_ADDRESS "192.0.2.1"
#define PEER_ADDRESS "192.0.2.2"

static gint ours = -1;
static gint theirs = -1;

static gint
_unshare(void)
{
  return unshare(CLONE_NEWNET) == 0 ? open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC) : -1;
}

static gboolean _run(const gchar *format, ...) G_GNUC_PRINTF(1, 2);

static gboolean
_run(const gchar *format, ...)
{
  va_list args;
  g_autofree gchar *command = NULL;

  va_start(args, format);
  command = g_strdup_vprintf(format, args);
  va_end(args);
  return system(command) == 0;
}

static void
_enter(gint namespace)
{
  g_assert_cmpint(setns(namespace, CLONE_NEWNET), ==, 0);
}

static gboolean
_make_wire(void)
{
  theirs = _unshare();
  ours = _unshare();
  if (ours < 0 || theirs < 0
      || !_run("ip link add ours type veth peer name theirs netns /proc/%d/fd/%d 2>/dev/null",
               getpid(), theirs)
      || !_run("ip addr add " OUR_ADDRESS "/24 dev ours && ip link set ours up"))
    return FALSE;
  _enter(theirs);
  return _run("ip addr add " PEER_ADDRESS "/24 dev theirs && ip link set theirs up");
}

static GSocket *
_listen(void)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(PEER_ADDRESS, 0);
  GSocket *listener;

  _enter(theirs);
  listener = fixture_listen(address, G_SOCKET_TYPE_STREAM);
  _enter(ours);
  return listener;
}

/* Neither side's link is down in its own eyes. */
static void
_cut_wire(void)
{
  _enter(theirs);
  g_assert_true(_run("ip route add blackhole " OUR_ADDRESS
                     "/32 2>/dev/null; ip addr del " PEER_ADDRESS "/24 dev theirs"));
  _enter(ours);
}

static void
_mend_wire(void)
{
  _enter(theirs);
  g_assert_true(
    _run("ip route del blackhole " OUR_ADDRESS "/32; ip addr add " PEER_ADDRESS "/24 dev theirs"));
  _enter(ours);
}

static void
_connect(Fixture *self, GSocket *listener, GSocket **peer)
{
  CdTargetTuning *tuning = fixture_make(self, "tcp:" PEER_ADDRESS ":%u", fixture_port_of(listener));

  tuning->random = fixture_longest_pause;
  tuning->keep_idle_s = 1;
  tuning->keep_interval_s = 1;
  tuning->keep_count = 1;
  tuning->user_timeout_ms = 1000;
  fixture_start_and_wait(self);
  *peer = fixture_accept(listener);
  fixture_assert_sent(self, "before");
  fixture_assert_arrives(*peer, "6 before");
}

static void
test_an_idle_connection_is_given_up(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = _listen();
  g_autoptr(GSocket) peer = NULL;

  _connect(self, listener, &peer);
  _cut_wire();
  loop_wait(self->n_lost == 1);
  g_assert_error(self->error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE);
  fixture_assert_lost(self, "the other side was silent for too long");
  g_assert_cmpuint(self->unsent_when_lost, ==, 0);
  _mend_wire();
}

static void
test_lines_without_an_answer_are_known(Fixture *self, gconstpointer data)
{
  g_autoptr(GSocket) listener = _listen();
  g_autoptr(GSocket) peer = NULL;

  _connect(self, listener, &peer);
  _cut_wire();
  fixture_assert_sent(self, "after");
  loop_wait(self->n_lost == 1);
  fixture_assert_lost(self, "the other side was silent for too long");
  g_assert_cmpuint(self->unsent_when_lost, ==, strlen("5 after"));
  _mend_wire();
}

static void
test_skipped(void)
{
  g_test_skip("needs root, network namespaces and ip(8)");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  if (_make_wire())
    {
      fixture_add("/target-silence/an-idle-connection-is-given-up",
                  test_an_idle_connection_is_given_up);
      fixture_add("/target-silence/lines-without-an-answer-are-known",
                  test_lines_without_an_answer_are_known);
    }
  else
    g_test_add_func("/target-silence/all", test_skipped);
  return g_test_run();
}
