/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause.h"

#include <errno.h>
#include <gio/gio.h>

typedef struct _CodeRow
{
  guint code;
  CdCause cause;
} CodeRow;

static const CodeRow errno_rows[] = {
  { 0, CD_CAUSE_NIL },
  { ECONNRESET, CD_CAUSE_RESET },
  { ECONNABORTED, CD_CAUSE_RESET },
  { ENETRESET, CD_CAUSE_RESET },
  { EPIPE, CD_CAUSE_BROKEN_PIPE },
  { ETIMEDOUT, CD_CAUSE_TIMEOUT },
  { EHOSTUNREACH, CD_CAUSE_UNREACHABLE },
  { ENETUNREACH, CD_CAUSE_UNREACHABLE },
  { EHOSTDOWN, CD_CAUSE_UNREACHABLE },
  { ENETDOWN, CD_CAUSE_UNREACHABLE },
  { ECONNREFUSED, CD_CAUSE_UNREACHABLE },
  { ENOTCONN, CD_CAUSE_CLOSED },
  { EBADF, CD_CAUSE_CLOSED },
  { ESHUTDOWN, CD_CAUSE_CLOSED },
  { ECANCELED, CD_CAUSE_CANCELED },
  { EPROTO, CD_CAUSE_PROTOCOL },
  { EBADMSG, CD_CAUSE_PROTOCOL },
  { EMSGSIZE, CD_CAUSE_PROTOCOL },
};

static const CodeRow gio_rows[] = {
  { G_IO_ERROR_BROKEN_PIPE, CD_CAUSE_BROKEN_PIPE }, /* also CONNECTION_CLOSED, by its number */
  { G_IO_ERROR_TIMED_OUT, CD_CAUSE_TIMEOUT },
  { G_IO_ERROR_HOST_NOT_FOUND, CD_CAUSE_UNREACHABLE },
  { G_IO_ERROR_HOST_UNREACHABLE, CD_CAUSE_UNREACHABLE },
  { G_IO_ERROR_NETWORK_UNREACHABLE, CD_CAUSE_UNREACHABLE },
  { G_IO_ERROR_CONNECTION_REFUSED, CD_CAUSE_UNREACHABLE },
  { G_IO_ERROR_CLOSED, CD_CAUSE_CLOSED },
  { G_IO_ERROR_NOT_CONNECTED, CD_CAUSE_CLOSED },
  { G_IO_ERROR_CANCELLED, CD_CAUSE_CANCELED },
  { G_IO_ERROR_PARTIAL_INPUT, CD_CAUSE_UNEXPECTED_EOF },
  { G_IO_ERROR_INVALID_DATA, CD_CAUSE_PROTOCOL },
  { G_IO_ERROR_MESSAGE_TOO_LARGE, CD_CAUSE_PROTOCOL },
};

/* RFC 4253, 11.1. What fails on content (key exchange, authentication) breaks the protocol. */
/* clang-format off */
static const CodeRow ssh_rows[] = {
  { 2, CD_CAUSE_PROTOCOL },  /* PROTOCOL_ERROR */
  { 3, CD_CAUSE_PROTOCOL },  /* KEY_EXCHANGE_FAILED */
  { 5, CD_CAUSE_INTEGRITY }, /* MAC_ERROR */
  { 6, CD_CAUSE_PROTOCOL },  /* COMPRESSION_ERROR */
  { 8, CD_CAUSE_PROTOCOL },  /* PROTOCOL_VERSION_NOT_SUPPORTED */
  { 9, CD_CAUSE_PROTOCOL },  /* HOST_KEY_NOT_VERIFIABLE */
  { 10, CD_CAUSE_TIMEOUT },  /* CONNECTION_LOST */
  { 11, CD_CAUSE_ORDERLY },  /* BY_APPLICATION */
  { 13, CD_CAUSE_ORDERLY },  /* AUTH_CANCELLED_BY_USER */
  { 14, CD_CAUSE_PROTOCOL }, /* NO_MORE_AUTH_METHODS_AVAILABLE */
};
/* clang-format on */

static const CodeRow websocket_rows[] = {
  { 0, CD_CAUSE_EOF },            /* no close frame */
  { 1000, CD_CAUSE_SERVER_LOST }, /* Go closes so after its own yamux error */
  { 1002, CD_CAUSE_PROTOCOL },
  { 1003, CD_CAUSE_PROTOCOL },
  { 1005, CD_CAUSE_EOF },
  { 1006, CD_CAUSE_EOF },
  { 1007, CD_CAUSE_PROTOCOL },
  { 1008, CD_CAUSE_SERVER_LOST },
  { 1009, CD_CAUSE_PROTOCOL },
  { 1010, CD_CAUSE_PROTOCOL },
  { 1011, CD_CAUSE_SERVER_LOST },
  { 1012, CD_CAUSE_SERVER_GOING },
  { 1013, CD_CAUSE_SERVER_LOST },
  { 1014, CD_CAUSE_GATEWAY },
  { 1015, CD_CAUSE_TLS },
};

static const CodeRow http_rows[] = {
  { 101, CD_CAUSE_PROXY }, /* with a bad accept key */
  { 200, CD_CAUSE_PROXY },   { 400, CD_CAUSE_PROTOCOL }, { 426, CD_CAUSE_PROXY },
  { 502, CD_CAUSE_GATEWAY }, { 504, CD_CAUSE_GATEWAY },
};

static CdCause
_find(const CodeRow *rows, gsize n_rows, guint code, CdCause otherwise)
{
  for (gsize i = 0; i < n_rows; i++)
    if (rows[i].code == code)
      return rows[i].cause;
  return otherwise;
}

CdCause
cd_cause_from_errno(gint error_number)
{
  return _find(errno_rows, G_N_ELEMENTS(errno_rows), (guint) error_number, CD_CAUSE_UNREADABLE);
}

CdCause
cd_cause_from_error(const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return _find(gio_rows, G_N_ELEMENTS(gio_rows), (guint) error->code, CD_CAUSE_UNREADABLE);
  if (error->domain == G_RESOLVER_ERROR)
    return CD_CAUSE_UNREACHABLE;
  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_EOF ? CD_CAUSE_EOF : CD_CAUSE_TLS;
  return CD_CAUSE_UNREADABLE;
}

CdCause
cd_cause_from_ssh_code(guint code)
{
  return _find(ssh_rows, G_N_ELEMENTS(ssh_rows), code, CD_CAUSE_UNREADABLE);
}

/* 1001 is what coderd says for all it closes itself; only the text tells why. */
static CdCause
_from_going_away(CdText reason)
{
  if (cd_text_is_empty(reason) || cd_text_is(reason, "canceled")
      || cd_text_is(reason, "disconnect"))
    return CD_CAUSE_SERVER_GOING;
  if (cd_text_is(reason, "build is outdated"))
    return CD_CAUSE_BUILD_OUTDATED;
  if (cd_text_is(reason, "ping timeout"))
    return CD_CAUSE_KEEPALIVE;
  return CD_CAUSE_SERVER_LOST;
}

CdCause
cd_cause_from_websocket_code(guint code, CdText reason)
{
  CdCause otherwise = code >= 3000 && code <= 4999 ? CD_CAUSE_SERVER_LOST : CD_CAUSE_PROTOCOL;

  if (code == 1001)
    return _from_going_away(reason);
  return _find(websocket_rows, G_N_ELEMENTS(websocket_rows), code, otherwise);
}

CdCause
cd_cause_from_http_status(guint status, CdText message)
{
  if (status == 403
      && (cd_text_find(message, CD_TEXT("non-latest build"))
          || cd_text_find(message, CD_TEXT("build is outdated"))))
    return CD_CAUSE_BUILD_OUTDATED;
  if (status == 503 && cd_text_find(message, CD_TEXT("shutting down")))
    return CD_CAUSE_SERVER_GOING;
  return _find(http_rows, G_N_ELEMENTS(http_rows), status, CD_CAUSE_REFUSED);
}

CdCause
cd_cause_from_yamux_goaway(guint code)
{
  if (code == 0)
    return CD_CAUSE_SERVER_CLOSED;
  return code == 1 ? CD_CAUSE_PROTOCOL : CD_CAUSE_SERVER_LOST;
}

CdCause
cd_cause_from_drpc_error(guint64 code, CdText text)
{
  const guint64 unimplemented = 12;

  if (code == unimplemented || cd_text_find(text, CD_TEXT("unknown rpc")))
    return CD_CAUSE_PROTOCOL;
  return CD_CAUSE_SERVER_LOST;
}
