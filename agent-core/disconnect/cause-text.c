/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause-pattern.h"

/* Go joins the layers of an error with ": ", outermost first; our readers join the lines of a
 * wrapped error in the same way. */

typedef struct _TextRow
{
  CdText text;
  CdCause cause;
} TextRow;

#define ROW(text, cause)                                                                           \
  {                                                                                                \
    { (text), sizeof(text) - 1 }, (cause)                                                          \
  }

/* One layer of an error, the whole of it. */
static const TextRow exact_rows[] = {
  ROW("<nil>", CD_CAUSE_NIL),
  ROW("normal exit", CD_CAUSE_NIL),
  ROW("normal close", CD_CAUSE_NIL),
  ROW("EOF", CD_CAUSE_EOF),
  ROW("unexpected EOF", CD_CAUSE_UNEXPECTED_EOF),
  ROW("connection reset by peer", CD_CAUSE_RESET),
  ROW("software caused connection abort", CD_CAUSE_RESET),
  ROW("An existing connection was forcibly closed by the remote host.", CD_CAUSE_RESET),
  ROW("An established connection was aborted by the software in your host machine.",
      CD_CAUSE_RESET),
  ROW("broken pipe", CD_CAUSE_BROKEN_PIPE),
  ROW("The pipe has been ended.", CD_CAUSE_BROKEN_PIPE),
  ROW("connection timed out", CD_CAUSE_TIMEOUT),
  ROW("operation timed out", CD_CAUSE_TIMEOUT),
  ROW("connection write timeout", CD_CAUSE_TIMEOUT),
  ROW("TLS handshake timeout", CD_CAUSE_TIMEOUT),
  ROW("The semaphore timeout period has expired.", CD_CAUSE_TIMEOUT),
  ROW("i/o timeout", CD_CAUSE_DEADLINE),
  ROW("i/o deadline reached", CD_CAUSE_DEADLINE),
  ROW("context deadline exceeded", CD_CAUSE_DEADLINE),
  ROW("deadline exceeded", CD_CAUSE_DEADLINE),
  ROW("no route to host", CD_CAUSE_UNREACHABLE),
  ROW("network is unreachable", CD_CAUSE_UNREACHABLE),
  ROW("network is down", CD_CAUSE_UNREACHABLE),
  ROW("host is down", CD_CAUSE_UNREACHABLE),
  ROW("connection refused", CD_CAUSE_UNREACHABLE),
  ROW("no such host", CD_CAUSE_UNREACHABLE),
  ROW("server misbehaving", CD_CAUSE_UNREACHABLE),
  ROW("Temporary failure in name resolution", CD_CAUSE_UNREACHABLE),
  ROW("use of closed network connection", CD_CAUSE_CLOSED),
  ROW("read/write on closed pipe", CD_CAUSE_CLOSED),
  ROW("file already closed", CD_CAUSE_CLOSED),
  ROW("transport endpoint is not connected", CD_CAUSE_CLOSED),
  ROW("session shutdown", CD_CAUSE_CLOSED),
  ROW("stream closed", CD_CAUSE_CLOSED),
  ROW("stream terminated by sending close", CD_CAUSE_CLOSED),
  ROW("Close called", CD_CAUSE_CLOSED),
  ROW("tls", CD_CAUSE_TLS),
  ROW("x509", CD_CAUSE_TLS),
  ROW("keepalive timeout", CD_CAUSE_KEEPALIVE),
  ROW("ping timeout", CD_CAUSE_KEEPALIVE),
  ROW("Keep-alive reply not received. Close down the session.", CD_CAUSE_KEEPALIVE),
  ROW("MAC failure", CD_CAUSE_INTEGRITY),
  ROW("message authentication failed", CD_CAUSE_INTEGRITY),
  ROW("protocol error", CD_CAUSE_PROTOCOL),
  ROW("invalid protocol version", CD_CAUSE_PROTOCOL),
  ROW("recv window exceeded", CD_CAUSE_PROTOCOL),
  ROW("data overflow", CD_CAUSE_PROTOCOL),
  ROW("unexpected end of JSON input", CD_CAUSE_PROTOCOL),
  ROW("json", CD_CAUSE_PROTOCOL),
  ROW("invalid UUID format", CD_CAUSE_PROTOCOL),
  ROW("max packet length exceeded", CD_CAUSE_PROTOCOL),
  ROW("overflow reading version string", CD_CAUSE_PROTOCOL),
  ROW("context canceled", CD_CAUSE_CANCELED),
  ROW("operation was canceled", CD_CAUSE_CANCELED),
  ROW("server shut down", CD_CAUSE_SHUTDOWN),
  ROW("server is closing", CD_CAUSE_SHUTDOWN),
  ROW("agent is closing", CD_CAUSE_SHUTDOWN),
  ROW("Server closed", CD_CAUSE_SHUTDOWN),
  ROW("timed out waiting for coordinator RPC to disconnect", CD_CAUSE_SHUTDOWN_TIMEOUT),
  ROW("build is outdated", CD_CAUSE_BUILD_OUTDATED),
  ROW("Agent trying to connect from non-latest build.", CD_CAUSE_BUILD_OUTDATED),
  ROW("Workspace agent not authorized.", CD_CAUSE_REFUSED),
  ROW("connection reset", CD_CAUSE_SERVER_LOST), /* yamux: RST of one stream */
  ROW("remote end is not accepting connections", CD_CAUSE_SERVER_LOST),
  ROW("remote closed the stream", CD_CAUSE_SERVER_CLOSED),
  ROW("streams exhausted", CD_CAUSE_RENEWAL),
  ROW("sftp server closed with error", CD_CAUSE_UNSUPPORTED),
  ROW("initialize sftp server", CD_CAUSE_START_FAILED),
  ROW("new agent listener", CD_CAUSE_START_FAILED),
  ROW("file transfer blocked", CD_CAUSE_TRANSFER_BLOCKED),
  ROW("unsupported subsystem", CD_CAUSE_UNSUPPORTED),
  ROW("sftp not yet supported with containers", CD_CAUSE_UNSUPPORTED),
  ROW("x11 handler failed", CD_CAUSE_UNSUPPORTED),
  ROW("create stdin pipe", CD_CAUSE_START_FAILED),
  ROW("create command env", CD_CAUSE_START_FAILED),
  ROW("prepare command env", CD_CAUSE_START_FAILED),
  ROW("start", CD_CAUSE_START_FAILED),
  ROW("start command", CD_CAUSE_START_FAILED),
  ROW("get current user", CD_CAUSE_START_FAILED),
  ROW("get user shell", CD_CAUSE_START_FAILED),
  ROW("apply env", CD_CAUSE_START_FAILED),
  ROW("reconnecting pty closed before connection", CD_CAUSE_START_FAILED),
  ROW("reconnecting pty timeout", CD_CAUSE_TIME_LIMIT),
};

/* The beginning of one layer. */
static const TextRow prefix_rows[] = {
  ROW("A connection attempt failed because the connected party", CD_CAUSE_TIMEOUT),
  ROW("invalid character ", CD_CAUSE_PROTOCOL),
  ROW("invalid UUID length", CD_CAUSE_PROTOCOL),
  ROW("invalid packet length", CD_CAUSE_PROTOCOL),
  ROW("no common algorithm", CD_CAUSE_PROTOCOL),
  ROW("unknown rpc", CD_CAUSE_PROTOCOL),
};

/* Go begins its texts in lower case, C's strerror() the same ones in upper case. */
static gboolean
_is_same_layer(CdText layer, CdText row)
{
  return layer.length == row.length
         && (layer.data[0] == row.data[0] || g_ascii_tolower(layer.data[0]) == row.data[0])
         && memcmp(layer.data + 1, row.data + 1, row.length - 1) == 0;
}

static CdCause
_match_layer(CdText layer)
{
  for (gsize i = 0; i < G_N_ELEMENTS(exact_rows); i++)
    if (_is_same_layer(layer, exact_rows[i].text))
      return exact_rows[i].cause;
  for (gsize i = 0; i < G_N_ELEMENTS(prefix_rows); i++)
    if (cd_text_has_prefix(layer, prefix_rows[i].text))
      return prefix_rows[i].cause;
  return CD_CAUSE_NONE;
}

/* Where the last layer of @text begins. */
static const gchar *
_last_layer(CdText text)
{
  const gchar *at = text.data + text.length;

  while (at > text.data)
    {
      if (at[-1] == '\n')
        return at;
      if (at - text.data >= 2 && at[-1] == ' ' && at[-2] == ':')
        return at;
      at--;
    }
  return text.data;
}

static CdText
_without_separator(const gchar *start, const gchar *end)
{
  CdText outer = cd_text_strip(cd_text_between(start, end));

  if (outer.length && outer.data[outer.length - 1] == ':')
    outer.length--;
  return outer;
}

/* What makes an end an expected one has to be all there is to read: words of somebody else further
 * in may say the opposite. */
#define INNERMOST_ONLY                                                                             \
  (CD_CAUSE_BIT(CD_CAUSE_NIL) | CD_CAUSE_BIT(CD_CAUSE_SHUTDOWN) | CD_CAUSE_BIT(CD_CAUSE_CANCELED)  \
   | CD_CAUSE_BIT(CD_CAUSE_SHUTDOWN_TIMEOUT) | CD_CAUSE_BIT(CD_CAUSE_TRANSFER_BLOCKED)             \
   | CD_CAUSE_BIT(CD_CAUSE_SERVER_CLOSED) | CD_CAUSE_BIT(CD_CAUSE_RENEWAL)                         \
   | CD_CAUSE_BIT(CD_CAUSE_TIME_LIMIT) | CD_CAUSE_BIT(CD_CAUSE_ORDERLY)                            \
   | CD_CAUSE_BIT(CD_CAUSE_EXIT_OK) | CD_CAUSE_BIT(CD_CAUSE_EXIT_CODE)                             \
   | CD_CAUSE_BIT(CD_CAUSE_EXIT_STOPPED))

/* Nobody wraps these. */
#define WHOLE_ONLY (CD_CAUSE_BIT(CD_CAUSE_NIL) | CD_CAUSE_BIT(CD_CAUSE_TRANSFER_BLOCKED))

static CdText
_take_last_layer(CdText *text)
{
  const gchar *start = _last_layer(*text);
  CdText layer = cd_text_strip(cd_text_between(start, text->data + text->length));

  *text = _without_separator(text->data, start);
  return layer;
}

static gboolean
_tells_of_transport(CdText outer)
{
  while (outer.length)
    if (cd_cause_proves_transport_failure(_match_layer(_take_last_layer(&outer))))
      return TRUE;
  return FALSE;
}

static gboolean
_may_stand_there(CdCause cause, CdText outer, gboolean has_inner)
{
  if (!(CD_CAUSE_BIT(cause) & INNERMOST_ONLY))
    return TRUE;
  if (has_inner || (outer.length && (CD_CAUSE_BIT(cause) & WHOLE_ONLY)))
    return FALSE;
  return !_tells_of_transport(outer);
}

static CdCause
_match_innermost_layer(CdText text, CdText *innermost)
{
  const gchar *end = text.data + text.length;
  gboolean has_inner = FALSE;

  while (text.length)
    {
      CdText layer = _take_last_layer(&text);
      CdCause cause = _match_layer(layer);

      if (cause != CD_CAUSE_NONE && !_may_stand_there(cause, text, has_inner))
        return CD_CAUSE_UNREADABLE;
      if (cause != CD_CAUSE_NONE)
        {
          *innermost = cd_text_between(layer.data, end);
          return cause;
        }
      has_inner = TRUE;
    }
  return CD_CAUSE_UNREADABLE;
}

CdCause
cd_cause_from_text(CdText text, CdText *innermost)
{
  CdText ignored;
  CdCause cause;

  innermost = innermost ? innermost : &ignored;
  text = cd_text_strip(text);
  *innermost = text;
  if (cd_text_is_empty(text))
    return CD_CAUSE_NONE;
  if (cd_cause_pattern_match(text, &cause, innermost))
    return _may_stand_there(cause, _without_separator(text.data, innermost->data), FALSE)
             ? cause
             : CD_CAUSE_UNREADABLE;
  return _match_innermost_layer(text, innermost);
}
