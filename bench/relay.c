/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The least that can stand between a program's terminal and its clients: poll, one ring, write. No
 * sessions, no protocol, no verdicts; bench-pty compares with it.
 *
 *   relay SOCKET PROGRAM [ARGUMENT...] */
#include "process/child.h"
#include "pty/ring.h"

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS_MAX 8
#define READ_SIZE (64 * 1024)

typedef struct _Client
{
  gint fd;
  guint64 offset;
} Client;

static CdPtyPair pair;
static CdRing *ring;
static Client clients[CLIENTS_MAX];
static guint n_clients;

static gint
_listen(const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  if (bind(fd, (struct sockaddr *) &address, sizeof(address)) != 0 || listen(fd, CLIENTS_MAX) != 0)
    g_error("%s: %s", path, g_strerror(errno));
  return fd;
}

static gboolean
_start(const gchar *const *argv)
{
  g_auto(GStrv) environment = g_get_environ();
  g_autoptr(GError) error = NULL;
  const CdChildOptions options = {
    .argv = argv,
    .environment = (const gchar *const *) environment,
    .folder = "/",
    .pair = &pair,
    .inherited = cd_inherited_new(),
  };

  if (cd_pty_pair_open(&pair, 24, 80, &error) && cd_child_new(&options, NULL, NULL, &error))
    return TRUE;
  fprintf(stderr, "relay: %s\n", error->message);
  return FALSE;
}

/* Room until the slowest client's next byte would be lost. */
static gsize
_get_room(void)
{
  guint64 slowest = cd_ring_get_head(ring);

  for (guint i = 0; i < n_clients; i++)
    slowest = MIN(slowest, clients[i].offset);
  return MIN(CD_RING_SIZE - (cd_ring_get_head(ring) - slowest), READ_SIZE);
}

static void
_send(Client *client)
{
  struct iovec pieces[2];
  gint n = cd_ring_read(ring, client->offset, CD_RING_SIZE, pieces);
  struct msghdr message = { .msg_iov = pieces, .msg_iovlen = (gsize) n };
  gssize sent = n ? sendmsg(client->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;

  if (sent > 0)
    client->offset += (guint64) sent;
}

/* Returns: FALSE at the end of the program. */
static gboolean
_read(void)
{
  struct iovec pieces[2];
  gint n_pieces = cd_ring_get_room(ring, _get_room(), pieces);
  gssize n = readv(pair.master, pieces, n_pieces);

  if (n <= 0)
    return n < 0 && errno == EAGAIN;
  cd_ring_advance(ring, (gsize) n);
  for (guint i = 0; i < n_clients; i++)
    _send(&clients[i]);
  return TRUE;
}

static void
_accept(gint listener)
{
  gint fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

  if (fd >= 0 && n_clients < CLIENTS_MAX)
    clients[n_clients++] = (Client) { fd, cd_ring_get_tail(ring) };
}

static void
_type(const Client *client)
{
  gchar keys[4096];
  gssize n = recv(client->fd, keys, sizeof(keys), MSG_DONTWAIT);

  if (n > 0 && write(pair.master, keys, (gsize) n) != n)
    g_error("the program takes no input");
}

static void
_take(const struct pollfd *polls)
{
  for (guint i = n_clients; i-- > 0;)
    {
      if (polls[i].revents & POLLIN)
        _type(&clients[i]);
      if (polls[i].revents & POLLOUT)
        _send(&clients[i]);
    }
}

static gboolean
_turn(gint listener)
{
  guint64 head = cd_ring_get_head(ring);
  struct pollfd polls[2 + CLIENTS_MAX] = {
    { .fd = _get_room() ? pair.master : -1, .events = POLLIN },
    { .fd = listener, .events = POLLIN },
  };
  const guint n = n_clients;
  gboolean goes_on = TRUE;

  for (guint i = 0; i < n; i++)
    polls[2 + i] = (struct pollfd) {
      .fd = clients[i].fd,
      .events = clients[i].offset < head ? POLLIN | POLLOUT : POLLIN,
    };
  if (poll(polls, 2 + n, -1) < 0)
    return errno == EINTR;
  _take(polls + 2);
  if (polls[0].revents)
    goes_on = _read();
  if (polls[1].revents)
    _accept(listener);
  return goes_on;
}

int
main(int argc, char **argv)
{
  gint listener;

  if (argc < 3)
    return 2;
  listener = _listen(argv[1]);
  ring = cd_ring_new();
  if (!_start((const gchar *const *) argv + 2))
    return 1;
  while (_turn(listener))
    ;
  return 0;
}
