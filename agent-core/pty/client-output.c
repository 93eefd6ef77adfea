/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client gets: what restores its screen, then the program's output. */
#include "pty/client.h"

#include "emit/timer.h"
#include "net/socket.h"

#include <sys/socket.h>

/* Bytes of one write, and how many in one turn of the main loop. */
#define WRITE_SIZE (64 * 1024)
#define WRITES_PER_TURN 16

/* Pieces of one write: the prefix, and two of the ring. */
#define PIECES_MAX 3

static gsize
_count_prefix(const CdPtyClient *self)
{
  return self->prefix ? self->prefix->len - self->n_prefix : 0;
}

gboolean
cd_pty_client_has_output(const CdPtyClient *self)
{
  if (_count_prefix(self) > 0)
    return TRUE;
  return self->ring && self->offset < cd_ring_get_head(self->ring);
}

static void
_drop_prefix(CdPtyClient *self)
{
  if (self->prefix)
    g_string_free(g_steal_pointer(&self->prefix), TRUE);
  self->n_prefix = 0;
}

static void
_begin_at_head(CdPtyClient *self, GString *prefix)
{
  _drop_prefix(self);
  self->prefix = prefix;
  self->offset = cd_ring_get_head(self->ring);
}

void
cd_pty_client_join(CdPtyClient *self, CdPtySession *session)
{
  self->session = session;
  cd_pty_client_enter(self, CD_PTY_CLIENT_ATTACHED);
}

void
cd_pty_client_attach(CdPtyClient *self, CdPtySession *session, const CdRing *ring, GString *prefix)
{
  self->session = session;
  self->ring = ring;
  _begin_at_head(self, prefix);
  cd_pty_client_enter(self, CD_PTY_CLIENT_ATTACHED);
  cd_pty_client_flush(self);
}

void
cd_pty_client_bring_back(CdPtyClient *self, GString *prefix)
{
  _begin_at_head(self, prefix);
}

/* Returns: how many pieces there are. */
static gsize
_gather(const CdPtyClient *self, struct iovec pieces[PIECES_MAX])
{
  gsize n_prefix = _count_prefix(self);
  gsize n = 0;

  if (n_prefix)
    pieces[n++] = (struct iovec) { self->prefix->str + self->n_prefix, n_prefix };
  if (self->ring && n_prefix < WRITE_SIZE)
    n += (gsize) cd_ring_read(self->ring, self->offset, WRITE_SIZE - n_prefix, pieces + n);
  return n;
}

static void
_advance(CdPtyClient *self, gsize n)
{
  gsize n_prefix = MIN(n, _count_prefix(self));

  self->bytes_out += n;
  self->n_prefix += n_prefix;
  self->offset += n - n_prefix;
  if (_count_prefix(self) == 0)
    _drop_prefix(self);
}

static gboolean
_on_patience(gpointer user_data)
{
  CdPtyClient *self = user_data;

  if (cd_socket_bear_with(self->fd))
    return G_SOURCE_CONTINUE;
  cd_timer_stop(&self->patience);
  return G_SOURCE_REMOVE;
}

static void
_be_patient(CdPtyClient *self)
{
  if (!self->patience && !self->peer.is_unix)
    self->patience = cd_timer_start(CD_SOCKET_BEAR_INTERVAL_MS, _on_patience, self);
}

static gssize
_send_some(CdPtyClient *self)
{
  struct iovec pieces[PIECES_MAX];
  struct msghdr message = { .msg_iov = pieces, .msg_iovlen = _gather(self, pieces) };
  gssize n;

  do
    n = sendmsg(self->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    {
      _advance(self, (gsize) n);
      _be_patient(self);
    }
  return n;
}

/* EPIPE alone proves nothing: a FIN may have come first, or a reset, which reading tells. */
static void
_on_error(CdPtyClient *self, gint error_number)
{
  self->is_write_dead = TRUE;
  self->host->figures.failures[CD_PTY_FAILURE_WRITE]++;
  if (error_number == EPIPE)
    cd_pty_client_read(self);
  else
    cd_pty_client_fail(self, error_number);
}

/* Returns: whether all is sent. */
static gboolean
_send(CdPtyClient *self)
{
  for (guint i = 0; i < WRITES_PER_TURN && cd_pty_client_has_output(self); i++)
    if (_send_some(self) < 0)
      {
        if (errno != EAGAIN)
          _on_error(self, errno);
        return FALSE;
      }
  return !cd_pty_client_has_output(self);
}

static void
_catch_up(CdPtyClient *self)
{
  if (self->ring && self->offset < cd_ring_get_tail(self->ring))
    self->events->fell_behind(self, self->owner);
}

void
cd_pty_client_flush(CdPtyClient *self)
{
  guint64 before = self->offset;
  gboolean is_done;

  if (self->is_write_dead || self->state == CD_PTY_CLIENT_CLOSED)
    return;
  _catch_up(self);
  is_done = _send(self);
  if (self->session && self->offset != before)
    self->events->advanced(self, self->owner);
  if (is_done && self->state == CD_PTY_CLIENT_FLUSHING)
    cd_pty_client_enter(self, CD_PTY_CLIENT_LINGERING);
  cd_pty_client_update_watch(self);
}
