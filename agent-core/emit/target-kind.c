/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-connect.h"
#include "emit/target-datagram.h"
#include "emit/target-journald.h"
#include "emit/target-stderr.h"
#include "emit/target-stream.h"
#include "emit/target-tls.h"

static const CdLinkKind kinds[] = {
  [CD_TARGET_UNIX_DGRAM] = {
    .type = G_SOCKET_TYPE_DATAGRAM,
    .open = cd_connect_path,
    .connected = cd_datagram_begin,
    .send = cd_datagram_send,
    .await = cd_datagram_await,
  },
  [CD_TARGET_UNIX_STREAM] = {
    .type = G_SOCKET_TYPE_STREAM,
    .is_stream = TRUE,
    .open = cd_connect_path,
    .connected = cd_stream_begin,
    .send = cd_stream_send,
    .write = cd_stream_write,
    .await = cd_stream_await,
    .half_close = cd_stream_half_close,
    .close = cd_stream_close,
  },
  [CD_TARGET_UDP] = {
    .type = G_SOCKET_TYPE_DATAGRAM,
    .is_blind = TRUE,
    .open = cd_connect_host,
    .connected = cd_datagram_begin,
    .send = cd_datagram_send,
    .await = cd_datagram_await,
  },
  [CD_TARGET_TCP] = {
    .type = G_SOCKET_TYPE_STREAM,
    .has_counted_frames = TRUE,
    .is_stream = TRUE,
    .open = cd_connect_host,
    .connected = cd_stream_begin,
    .send = cd_stream_send,
    .write = cd_stream_write,
    .await = cd_stream_await,
    .half_close = cd_stream_half_close,
    .close = cd_stream_close,
  },
  [CD_TARGET_TLS] = {
    .type = G_SOCKET_TYPE_STREAM,
    .has_counted_frames = TRUE,
    .is_stream = TRUE,
    .open = cd_connect_host,
    .connected = cd_tls_begin,
    .send = cd_stream_send,
    .write = cd_stream_write,
    .await = cd_stream_await,
    .half_close = cd_tls_half_close,
    .close = cd_tls_close,
  },
  [CD_TARGET_JOURNALD] = {
    .type = G_SOCKET_TYPE_DATAGRAM,
    .open = cd_connect_path,
    .connected = cd_datagram_begin,
    .send = cd_journald_send,
    .await = cd_datagram_await,
  },
  [CD_TARGET_STDERR] = {
    .is_blind = TRUE,
    .open = cd_stderr_open,
    .send = cd_stream_send,
    .write = cd_stderr_write,
    .await = cd_stderr_await,
  },
};
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == CD_N_TARGET_SCHEMES);

const CdLinkKind *
cd_link_kind_get(CdTargetScheme scheme)
{
  return &kinds[scheme];
}
