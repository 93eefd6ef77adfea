/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause.h"

#include <errno.h>
#include <gio/gio.h>

#include "../../support/unit.h"

typedef struct _CodeRow
{
  guint code;
  CdCause cause;
} CodeRow;

static CdCause
look_up(const CodeRow *rows, gsize n_rows, guint code, CdCause otherwise)
{
  for (gsize i = 0; i < n_rows; i++)
    if (rows[i].code == code)
      return rows[i].cause;
  return otherwise;
}

static void
assert_code(const gchar *what, guint code, CdCause cause, CdCause expected)
{
  g_autofree gchar *row = g_strdup_printf("%s %u", what, code);

  unit_assert_row(row, cd_cause_get_name(cause), cd_cause_get_name(expected));
}

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

static void
test_errno(void)
{
  for (guint code = 0; code < 200; code++)
    assert_code("errno", code, cd_cause_from_errno((gint) code),
                look_up(errno_rows, G_N_ELEMENTS(errno_rows), code, CD_CAUSE_UNREADABLE));
  assert_code("errno", 0, cd_cause_from_errno(-1), CD_CAUSE_UNREADABLE);
}

static CdCause
from_error(GQuark domain, gint code)
{
  g_autoptr(GError) error = g_error_new_literal(domain, code, "text");

  return cd_cause_from_error(error);
}

static const CodeRow gio_rows[] = {
  { G_IO_ERROR_BROKEN_PIPE, CD_CAUSE_BROKEN_PIPE },
  { G_IO_ERROR_CONNECTION_CLOSED, CD_CAUSE_BROKEN_PIPE }, /* the same number */
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

static void
test_gio(void)
{
  for (guint code = 0; code <= G_IO_ERROR_NO_SUCH_DEVICE; code++)
    assert_code("GIO", code, from_error(G_IO_ERROR, (gint) code),
                look_up(gio_rows, G_N_ELEMENTS(gio_rows), code, CD_CAUSE_UNREADABLE));
}

/* What a socket says must not depend on who asked it, errno or GIO. */
static void
test_gio_agrees_with_errno(void)
{
  static const gint numbers[] = { ECONNRESET,  EPIPE,        ETIMEDOUT, EHOSTUNREACH,
                                  ENETUNREACH, ECONNREFUSED, ENETDOWN,  ENOTCONN,
                                  ECANCELED,   EMSGSIZE,     EBADMSG };

  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    {
      CdCause by_errno = cd_cause_from_errno(numbers[i]);
      CdCause by_gio = from_error(G_IO_ERROR, (gint) g_io_error_from_errno(numbers[i]));

      if (numbers[i] == ECONNRESET) /* GIO makes no difference between reset and broken pipe */
        by_errno = CD_CAUSE_BROKEN_PIPE;
      assert_code("errno", (guint) numbers[i], by_gio, by_errno);
    }
}

static void
test_resolver(void)
{
  for (gint code = G_RESOLVER_ERROR_NOT_FOUND; code <= G_RESOLVER_ERROR_INTERNAL; code++)
    assert_code("resolver", (guint) code, from_error(G_RESOLVER_ERROR, code), CD_CAUSE_UNREACHABLE);
}

static void
test_tls(void)
{
  for (gint code = G_TLS_ERROR_UNAVAILABLE; code <= G_TLS_ERROR_INAPPROPRIATE_FALLBACK; code++)
    assert_code("TLS", (guint) code, from_error(G_TLS_ERROR, code),
                code == G_TLS_ERROR_EOF ? CD_CAUSE_EOF : CD_CAUSE_TLS);
}

static void
test_other_domain(void)
{
  assert_code("file error", G_FILE_ERROR_PIPE, from_error(G_FILE_ERROR, G_FILE_ERROR_PIPE),
              CD_CAUSE_UNREADABLE);
}

/* RFC 4253, 11.1. Who is to blame for the others only the text can say. */
static const CodeRow ssh_rows[] = {
  { 2, CD_CAUSE_PROTOCOL },  { 3, CD_CAUSE_PROTOCOL }, { 5, CD_CAUSE_INTEGRITY },
  { 6, CD_CAUSE_PROTOCOL },  { 8, CD_CAUSE_PROTOCOL }, { 9, CD_CAUSE_PROTOCOL },
  { 10, CD_CAUSE_TIMEOUT },  { 11, CD_CAUSE_ORDERLY }, { 13, CD_CAUSE_ORDERLY },
  { 14, CD_CAUSE_PROTOCOL },
};

static void
test_ssh(void)
{
  for (guint code = 0; code < 300; code++)
    assert_code("SSH", code, cd_cause_from_ssh_code(code),
                look_up(ssh_rows, G_N_ELEMENTS(ssh_rows), code, CD_CAUSE_UNREADABLE));
}

/* control-plane 6.3, without 1001, which only its text tells. */
static CdCause
expect_websocket(guint code)
{
  static const CodeRow rows[] = {
    { 0, CD_CAUSE_EOF },
    { 1000, CD_CAUSE_SERVER_LOST },
    { 1005, CD_CAUSE_EOF },
    { 1006, CD_CAUSE_EOF },
    { 1008, CD_CAUSE_SERVER_LOST },
    { 1011, CD_CAUSE_SERVER_LOST },
    { 1012, CD_CAUSE_SERVER_GOING },
    { 1013, CD_CAUSE_SERVER_LOST },
    { 1014, CD_CAUSE_GATEWAY },
    { 1015, CD_CAUSE_TLS },
  };

  if (code >= 3000 && code <= 4999)
    return CD_CAUSE_SERVER_LOST;
  return look_up(rows, G_N_ELEMENTS(rows), code, CD_CAUSE_PROTOCOL);
}

static void
test_websocket(void)
{
  for (guint code = 0; code < 6000; code++)
    if (code != 1001)
      assert_code("websocket", code, cd_cause_from_websocket_code(code, CD_TEXT("any text")),
                  expect_websocket(code));
}

typedef struct _TextRow
{
  const gchar *name;
  CdCause cause;
} TextRow;

static const TextRow going_rows[] = {
  { "", CD_CAUSE_SERVER_GOING },
  { "canceled", CD_CAUSE_SERVER_GOING },
  { "disconnect", CD_CAUSE_SERVER_GOING },
  { "build is outdated", CD_CAUSE_BUILD_OUTDATED },
  { "ping timeout", CD_CAUSE_KEEPALIVE },
  { "get latest workspace build: dial tcp: connection refused", CD_CAUSE_SERVER_LOST },
  { "connection reset by peer", CD_CAUSE_SERVER_LOST },
  { "Canceled", CD_CAUSE_SERVER_LOST },
  { "canceled ", CD_CAUSE_SERVER_LOST },
  { "the build is outdated", CD_CAUSE_SERVER_LOST },
};

static void
test_going_away(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(going_rows); i++)
    {
      CdText text = cd_text_from_string(going_rows[i].name);
      unit_assert_row(going_rows[i].name,
                      cd_cause_get_name(cd_cause_from_websocket_code(1001, text)),
                      cd_cause_get_name(going_rows[i].cause));
    }
  g_assert_cmpint(cd_cause_from_websocket_code(1001, CD_TEXT_NONE), ==, CD_CAUSE_SERVER_GOING);
}

/* Only 1001 is told by its text. */
static void
test_text_decides_for_1001_alone(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(going_rows); i++)
    {
      CdText text = cd_text_from_string(going_rows[i].name);
      assert_code("websocket", 1000, cd_cause_from_websocket_code(1000, text),
                  CD_CAUSE_SERVER_LOST);
      assert_code("websocket", 1011, cd_cause_from_websocket_code(1011, text),
                  CD_CAUSE_SERVER_LOST);
    }
}

static const CodeRow http_rows[] = {
  { 101, CD_CAUSE_PROXY }, { 200, CD_CAUSE_PROXY },   { 400, CD_CAUSE_PROTOCOL },
  { 426, CD_CAUSE_PROXY }, { 502, CD_CAUSE_GATEWAY }, { 504, CD_CAUSE_GATEWAY },
};

static void
test_http(void)
{
  for (guint status = 100; status < 600; status++)
    assert_code("HTTP", status, cd_cause_from_http_status(status, CD_TEXT("any text")),
                look_up(http_rows, G_N_ELEMENTS(http_rows), status, CD_CAUSE_REFUSED));
}

typedef struct _HttpRow
{
  guint status;
  const gchar *message;
  CdCause cause;
} HttpRow;

static const HttpRow message_rows[] = {
  { 403, "Agent trying to connect from non-latest build.", CD_CAUSE_BUILD_OUTDATED },
  { 403, ": Forbidden.\n\tError: build is outdated", CD_CAUSE_BUILD_OUTDATED },
  { 403, "Forbidden.", CD_CAUSE_REFUSED },
  { 403, "", CD_CAUSE_REFUSED },
  { 401, "build is outdated", CD_CAUSE_REFUSED },
  { 503, "coderd is shutting down", CD_CAUSE_SERVER_GOING },
  { 503, "database unreachable", CD_CAUSE_REFUSED },
  { 500, "shutting down", CD_CAUSE_REFUSED },
  { 502, "shutting down", CD_CAUSE_GATEWAY },
};

static void
test_http_message(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(message_rows); i++)
    {
      const HttpRow *row = &message_rows[i];
      CdCause cause = cd_cause_from_http_status(row->status, cd_text_from_string(row->message));

      unit_assert_row(row->message, cd_cause_get_name(cause), cd_cause_get_name(row->cause));
    }
  g_assert_cmpint(cd_cause_from_http_status(403, CD_TEXT_NONE), ==, CD_CAUSE_REFUSED);
}

static void
test_yamux_goaway(void)
{
  assert_code("GO_AWAY", 0, cd_cause_from_yamux_goaway(0), CD_CAUSE_SERVER_CLOSED);
  assert_code("GO_AWAY", 1, cd_cause_from_yamux_goaway(1), CD_CAUSE_PROTOCOL);
  assert_code("GO_AWAY", 2, cd_cause_from_yamux_goaway(2), CD_CAUSE_SERVER_LOST);
  assert_code("GO_AWAY", 3, cd_cause_from_yamux_goaway(3), CD_CAUSE_SERVER_LOST);
  assert_code("GO_AWAY", G_MAXUINT, cd_cause_from_yamux_goaway(G_MAXUINT), CD_CAUSE_SERVER_LOST);
}

static void
test_drpc_error(void)
{
  const CdText unknown = CD_TEXT("protocol error: unknown rpc: \"/coder.agent.v2.Agent/X\"");

  assert_code("dRPC", 0, cd_cause_from_drpc_error(0, CD_TEXT("boom")), CD_CAUSE_SERVER_LOST);
  assert_code("dRPC", 0, cd_cause_from_drpc_error(0, CD_TEXT_NONE), CD_CAUSE_SERVER_LOST);
  assert_code("dRPC", 5, cd_cause_from_drpc_error(5, CD_TEXT("EOF")), CD_CAUSE_SERVER_LOST);
  assert_code("dRPC", 12, cd_cause_from_drpc_error(12, CD_TEXT("")), CD_CAUSE_PROTOCOL);
  assert_code("dRPC", 0, cd_cause_from_drpc_error(0, unknown), CD_CAUSE_PROTOCOL);
  assert_code("dRPC", 12, cd_cause_from_drpc_error(G_MAXUINT64, CD_TEXT("x")),
              CD_CAUSE_SERVER_LOST);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cause-code/errno", test_errno);
  g_test_add_func("/cause-code/gio", test_gio);
  g_test_add_func("/cause-code/gio-agrees-with-errno", test_gio_agrees_with_errno);
  g_test_add_func("/cause-code/resolver", test_resolver);
  g_test_add_func("/cause-code/tls", test_tls);
  g_test_add_func("/cause-code/other-domain", test_other_domain);
  g_test_add_func("/cause-code/ssh", test_ssh);
  g_test_add_func("/cause-code/websocket", test_websocket);
  g_test_add_func("/cause-code/going-away", test_going_away);
  g_test_add_func("/cause-code/text-decides-for-1001-alone", test_text_decides_for_1001_alone);
  g_test_add_func("/cause-code/http", test_http);
  g_test_add_func("/cause-code/http-message", test_http_message);
  g_test_add_func("/cause-code/yamux-goaway", test_yamux_goaway);
  g_test_add_func("/cause-code/drpc-error", test_drpc_error);
  return g_test_run();
}
