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
  ROW("signal", CD_CAUSE_EXIT_GONE),
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

static CdCause
_match_innermost_layer(CdText text, CdText *innermost)
{
  const gchar *end = text.data + text.length;

  while (text.length)
    {
      const gchar *layer = _last_layer(text);
      CdCause cause = _match_layer(cd_text_strip(cd_text_between(layer, text.data + text.length)));
      if (cause != CD_CAUSE_NONE)
        {
          *innermost = cd_text_between(layer, end);
          return cause;
        }
      text = _without_separator(text.data, layer);
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
    return cause;
  return _match_innermost_layer(text, innermost);
}
