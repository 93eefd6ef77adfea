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

/* Keepalive asks a silent peer, the timeout waits for one that owes an acknowledgement: both give
 * it up after 25 seconds. */
static const Option options[] = {
  { IPPROTO_TCP, TCP_NODELAY, 1 },
  { SOL_SOCKET, SO_KEEPALIVE, 1 },
  { IPPROTO_TCP, TCP_KEEPIDLE, 10 },
  { IPPROTO_TCP, TCP_KEEPINTVL, 5 },
  { IPPROTO_TCP, TCP_KEEPCNT, 3 },
  { IPPROTO_TCP, TCP_USER_TIMEOUT, 25000 },
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
