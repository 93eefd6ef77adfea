/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/socket.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

typedef struct _Option
{
  gint level;
  gint name;
  gint value;
} Option;

/* Milliseconds that an acknowledgement may take. */
#define PATIENCE_MS 25000

/* So many unanswered questions for more room mean that nobody is there. */
#define UNANSWERED_MAX 3

/* Keepalive asks a silent peer, the timeout waits for one that owes an acknowledgement: both give
 * it up after 25 seconds. */
static const Option options[] = {
  { IPPROTO_TCP, TCP_NODELAY, 1 },
  { SOL_SOCKET, SO_KEEPALIVE, 1 },
  { IPPROTO_TCP, TCP_KEEPIDLE, 10 },
  { IPPROTO_TCP, TCP_KEEPINTVL, 5 },
  { IPPROTO_TCP, TCP_KEEPCNT, 3 },
  { IPPROTO_TCP, TCP_USER_TIMEOUT, PATIENCE_MS },
  { IPPROTO_TCP, TCP_NOTSENT_LOWAT, CD_SOCKET_NOTSENT_MAX },
};

static gboolean
_is_tcp(gint fd)
{
  gint protocol = 0;
  socklen_t size = sizeof(protocol);

  return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 && protocol == IPPROTO_TCP;
}

/* What a kernel does not know of these is no reason to turn a peer away. */
void
cd_socket_tune(gint fd)
{
  if (!_is_tcp(fd))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS(options); i++)
    setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof(options[i].value));
}

static void
_set_patience(gint fd, gint milliseconds)
{
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof(milliseconds));
}

/* It has acknowledged all that it had room for, and answers when it is asked for more. */
static gboolean
_is_only_full(const struct tcp_info *info, gint unsent)
{
  return unsent > 0 && info->tcpi_unacked == 0 && info->tcpi_probes < UNANSWERED_MAX;
}

gboolean
cd_socket_bear_with(gint fd)
{
  struct tcp_info info = { 0 };
  socklen_t size = sizeof(info);
  gint unsent = 0;

  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || ioctl(fd, SIOCOUTQ, &unsent) != 0)
    return FALSE;
  _set_patience(fd, _is_only_full(&info, unsent) ? 0 : PATIENCE_MS);
  return unsent > 0;
}

void
cd_socket_read_figures(gint fd, CdSocketFigures *self)
{
  struct tcp_info info = { 0 };
  socklen_t size = sizeof(info);
  gint unsent = 0;

  *self = (CdSocketFigures) { 0 };
  if (!_is_tcp(fd) || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return;
  self->has_tcp = TRUE;
  self->rtt_us = info.tcpi_rtt;
  self->retransmits = info.tcpi_total_retrans;
  self->idle_ms = info.tcpi_last_data_recv;
  if (ioctl(fd, SIOCOUTQ, &unsent) == 0)
    self->unsent = (guint) MAX(unsent, 0);
}
