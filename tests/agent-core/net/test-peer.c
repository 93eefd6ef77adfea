/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/peer.h"

#include "net-fixture.h"
#include "net/owner.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NOBODY 65534

static void
_read(Fixture *self, CdPeer *peer)
{
  g_autoptr(GError) error = NULL;

  g_assert_true(cd_peer_read(self->taken[0], peer, &error));
  g_assert_no_error(error);
}

static void
_assert_own(const CdPeer *peer)
{
  g_autoptr(GError) error = NULL;

  g_assert_true(peer->is_local);
  g_assert_true(peer->has_uid);
  g_assert_cmpuint(peer->uid, ==, geteuid());
  g_assert_true(cd_peer_check(peer, FALSE, &error));
  g_assert_no_error(error);
}

static void
test_a_unix_peer_is_known(Fixture *self, gconstpointer data)
{
  CdPeer peer;
  gint client;

  fixture_listen(self, self->address);
  client = fixture_connect(self);
  _read(self, &peer);
  _assert_own(&peer);
  g_assert_true(peer.is_unix);
  g_assert_cmpstr(peer.remote, ==, "unix:");
  g_assert_cmpstr(peer.local, ==, self->address);
  close(client);
}

/* A client of @family on @text is known, whatever its address. */
static void
_assert_loopback_peer(Fixture *self, const gchar *listen, const gchar *host, gint family)
{
  g_autofree gchar *to = NULL;
  CdPeer peer;
  gint client;

  fixture_listen(self, listen);
  to = g_strconcat(host, strrchr(cd_listener_get_address(self->listener), ':'), NULL);
  client = fixture_connect_to(to, family);
  loop_wait(self->n_taken == 1);
  _read(self, &peer);
  _assert_own(&peer);
  g_assert_false(peer.is_unix);
  close(client);
}

static void
test_a_loopback_peer_is_known(Fixture *self, gconstpointer data)
{
  _assert_loopback_peer(self, "127.0.0.1:0", "127.0.0.1", AF_INET);
}

/* Returns: (nullable): an address of this machine that is not of the loopback */
static gchar *
_find_own_address(void)
{
  struct ifaddrs *all = NULL;
  gchar *found = NULL;

  g_assert_cmpint(getifaddrs(&all), ==, 0);
  for (struct ifaddrs *i = all; i && !found; i = i->ifa_next)
    if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET && (i->ifa_flags & IFF_UP)
        && !(i->ifa_flags & IFF_LOOPBACK))
      {
        gchar text[INET_ADDRSTRLEN];
        found = g_strdup(inet_ntop(
          AF_INET, &((struct sockaddr_in *) (gpointer) i->ifa_addr)->sin_addr, text, sizeof(text)));
      }
  freeifaddrs(all);
  return found;
}

static void
test_a_peer_on_this_machine_is_known(Fixture *self, gconstpointer data)
{
  g_autofree gchar *host = _find_own_address();

  if (host)
    _assert_loopback_peer(self, "0.0.0.0:0", host, AF_INET);
  else
    g_test_skip("no address but the loopback's");
}

static void
test_a_loopback_peer_of_ipv6_is_known(Fixture *self, gconstpointer data)
{
  if (fixture_has_ipv6())
    _assert_loopback_peer(self, "[::1]:0", "[::1]", AF_INET6);
  else
    g_test_skip("no IPv6 here");
}

static void
test_an_ipv4_peer_of_both_is_known(Fixture *self, gconstpointer data)
{
  if (fixture_has_ipv6())
    _assert_loopback_peer(self, "[::]:0", "127.0.0.1", AF_INET);
  else
    g_test_skip("no IPv6 here");
}

/* As a Java program does it: an IPv6 socket, connected to ::ffff:127.0.0.1. */
static gint
_connect_by_ipv6(const gchar *where)
{
  struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
  gint fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint(inet_pton(AF_INET6, "::ffff:127.0.0.1", &to.sin6_addr), ==, 1);
  to.sin6_port = htons((guint16) g_ascii_strtoull(strrchr(where, ':') + 1, NULL, 10));
  g_assert_cmpint(connect(fd, (struct sockaddr *) &to, sizeof(to)), ==, 0);
  return fd;
}

static void
test_an_ipv4_peer_with_an_ipv6_socket_is_known(Fixture *self, gconstpointer data)
{
  CdPeer peer;
  gint client;

  if (!fixture_has_ipv6())
    {
      g_test_skip("no IPv6 here");
      return;
    }
  fixture_listen(self, "127.0.0.1:0");
  client = _connect_by_ipv6(cd_listener_get_address(self->listener));
  loop_wait(self->n_taken == 1);
  _read(self, &peer);
  _assert_own(&peer);
  close(client);
}

/* The kernel says of such a socket that it is root's. */
static void
test_who_has_closed_is_nobody(Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  struct pollfd end = { .events = POLLRDHUP };
  CdPeer peer;
  gint client;

  fixture_listen(self, "127.0.0.1:0");
  client = fixture_connect(self);
  g_assert_cmpint(write(client, "x", 1), ==, 1);
  close(client);
  end.fd = self->taken[0];
  g_assert_cmpint(poll(&end, 1, LOOP_PATIENCE_S * 1000), ==, 1);
  _read(self, &peer);
  g_assert_true(peer.is_local);
  g_assert_false(peer.has_uid);
  g_assert_false(cd_peer_check(&peer, FALSE, &error));
  g_assert_error(error, CD_NET_ERROR, CD_NET_ERROR_FOREIGN);
  g_assert_nonnull(strstr(error->message, "of an unknown user"));
}

/* Asked for a connection that is not there, the kernel names who would take it. */
static void
test_who_listens_is_not_who_connected(Fixture *self, gconstpointer data)
{
  struct sockaddr_in from, to;
  socklen_t size = sizeof(from);
  uid_t uid;
  gint fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint(listen(fd, 1), ==, 0);
  g_assert_cmpint(getsockname(fd, (struct sockaddr *) &from, &size), ==, 0);
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to = from;
  to.sin_port = htons(1);
  g_assert_false(cd_owner_find((struct sockaddr *) &from, (struct sockaddr *) &to, &uid));
  close(fd);
}

static void
test_a_peer_that_is_gone_is_an_error(Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  CdPeer peer;
  gint fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_false(cd_peer_read(fd, &peer, &error));
  g_assert_error(error, CD_NET_ERROR, CD_NET_ERROR_FAILED);
  g_assert_nonnull(strstr(error->message, "getpeername: "));
  close(fd);
}

/* Another user, who connects and then holds the connection until we have looked. */
static GPid
_connect_as_nobody(Fixture *self, gint *hold)
{
  const gchar *where = cd_listener_get_address(self->listener);
  gint ends[2];
  gchar byte;
  GPid pid;

  g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
  pid = fork();
  if (pid == 0)
    {
      close(ends[1]);
      if (setresuid(NOBODY, NOBODY, NOBODY) != 0)
        _exit(1);
      fixture_connect_to(where, fixture_get_family(where));
      _exit(read(ends[0], &byte, 1) != 0);
    }
  close(ends[0]);
  *hold = ends[1];
  loop_wait(self->n_taken == 1);
  return pid;
}

static void
_assert_foreign(Fixture *self, const gchar *text, gboolean when_trusted)
{
  g_autoptr(GError) error = NULL;
  CdPeer peer;
  gint hold, status;
  GPid pid;

  if (geteuid() != 0)
    {
      g_test_skip("needs root");
      return;
    }
  fixture_listen(self, text);
  g_assert_cmpint(chmod(self->folder, 0755), ==, 0);
  if (text == self->address)
    g_assert_cmpint(chmod(self->path, 0666), ==, 0);
  pid = _connect_as_nobody(self, &hold);
  _read(self, &peer);
  g_assert_true(peer.has_uid);
  g_assert_cmpuint(peer.uid, ==, NOBODY);
  g_assert_false(cd_peer_check(&peer, FALSE, &error));
  g_assert_error(error, CD_NET_ERROR, CD_NET_ERROR_FOREIGN);
  g_assert_nonnull(strstr(error->message, " is of user 65534,"));
  g_assert_cmpint(cd_peer_check(&peer, TRUE, NULL), ==, when_trusted);
  close(hold);
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_cmpint(status, ==, 0);
}

static void
test_another_user_is_foreign(Fixture *self, gconstpointer data)
{
  _assert_foreign(self, "127.0.0.1:0", TRUE);
}

static void
test_another_user_of_ipv6_is_foreign(Fixture *self, gconstpointer data)
{
  if (fixture_has_ipv6())
    _assert_foreign(self, "[::1]:0", TRUE);
  else
    g_test_skip("no IPv6 here");
}

static void
test_another_user_of_a_unix_socket_is_never_trusted(Fixture *self, gconstpointer data)
{
  _assert_foreign(self, self->address, FALSE);
}

static void
test_who_may_come_in(Fixture *self, gconstpointer data)
{
  const uid_t me = geteuid(), other = me + 1;
  const struct
  {
    CdPeer peer;
    gboolean trust_loopback;
    gboolean may;
  } rows[] = {
    { { .is_local = TRUE, .has_uid = TRUE, .uid = me }, FALSE, TRUE },
    { { .is_local = TRUE, .has_uid = TRUE, .uid = 0 }, FALSE, TRUE },
    { { .is_local = TRUE, .has_uid = TRUE, .uid = other }, FALSE, FALSE },
    { { .is_local = TRUE, .has_uid = TRUE, .uid = other }, TRUE, TRUE },
    { { .is_local = TRUE }, FALSE, FALSE },
    { { .is_local = TRUE }, TRUE, TRUE },
    { { .is_local = TRUE, .is_unix = TRUE }, TRUE, FALSE },
    { { .is_local = TRUE, .is_unix = TRUE, .has_uid = TRUE, .uid = other }, TRUE, FALSE },
    { { .is_local = FALSE }, FALSE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    g_assert_cmpint(cd_peer_check(&rows[i].peer, rows[i].trust_loopback, NULL), ==, rows[i].may);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fixture_add("/peer/a-unix-peer-is-known", test_a_unix_peer_is_known);
  fixture_add("/peer/a-loopback-peer-is-known", test_a_loopback_peer_is_known);
  fixture_add("/peer/a-peer-on-this-machine-is-known", test_a_peer_on_this_machine_is_known);
  fixture_add("/peer/a-loopback-peer-of-ipv6-is-known", test_a_loopback_peer_of_ipv6_is_known);
  fixture_add("/peer/an-ipv4-peer-of-both-is-known", test_an_ipv4_peer_of_both_is_known);
  fixture_add("/peer/an-ipv4-peer-with-an-ipv6-socket-is-known",
              test_an_ipv4_peer_with_an_ipv6_socket_is_known);
  fixture_add("/peer/who-has-closed-is-nobody", test_who_has_closed_is_nobody);
  fixture_add("/peer/who-listens-is-not-who-connected", test_who_listens_is_not_who_connected);
  fixture_add("/peer/one-that-is-gone-is-an-error", test_a_peer_that_is_gone_is_an_error);
  fixture_add("/peer/another-user-is-foreign", test_another_user_is_foreign);
  fixture_add("/peer/another-user-of-ipv6-is-foreign", test_another_user_of_ipv6_is_foreign);
  fixture_add("/peer/another-user-of-a-unix-socket-is-never-trusted",
              test_another_user_of_a_unix_socket_is_never_trusted);
  fixture_add("/peer/who-may-come-in", test_who_may_come_in);
  return g_test_run();
}
