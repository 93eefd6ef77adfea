/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause.h"

#include "../../support/unit-linear.h"

typedef struct _TextRow
{
  const gchar *name;
  CdCause cause;
} TextRow;

/* What coder-facts lists of the texts that agents write, each the whole of one layer. */
/* clang-format off */
static const TextRow layer_rows[] = {
  { "<nil>", CD_CAUSE_NIL },
  { "normal exit", CD_CAUSE_NIL },
  { "normal close", CD_CAUSE_NIL },
  { "EOF", CD_CAUSE_EOF },
  { "unexpected EOF", CD_CAUSE_UNEXPECTED_EOF },
  { "connection reset by peer", CD_CAUSE_RESET },
  { "software caused connection abort", CD_CAUSE_RESET },
  { "An existing connection was forcibly closed by the remote host.", CD_CAUSE_RESET },
  { "An established connection was aborted by the software in your host machine.",
    CD_CAUSE_RESET },
  { "broken pipe", CD_CAUSE_BROKEN_PIPE },
  { "The pipe has been ended.", CD_CAUSE_BROKEN_PIPE },
  { "connection timed out", CD_CAUSE_TIMEOUT },
  { "operation timed out", CD_CAUSE_TIMEOUT },
  { "connection write timeout", CD_CAUSE_TIMEOUT },
  { "TLS handshake timeout", CD_CAUSE_TIMEOUT },
  { "The semaphore timeout period has expired.", CD_CAUSE_TIMEOUT },
  { "A connection attempt failed because the connected party did not properly respond",
    CD_CAUSE_TIMEOUT },
  { "i/o timeout", CD_CAUSE_DEADLINE },
  { "i/o deadline reached", CD_CAUSE_DEADLINE },
  { "context deadline exceeded", CD_CAUSE_DEADLINE },
  { "no route to host", CD_CAUSE_UNREACHABLE },
  { "network is unreachable", CD_CAUSE_UNREACHABLE },
  { "network is down", CD_CAUSE_UNREACHABLE },
  { "host is down", CD_CAUSE_UNREACHABLE },
  { "connection refused", CD_CAUSE_UNREACHABLE },
  { "no such host", CD_CAUSE_UNREACHABLE },
  { "server misbehaving", CD_CAUSE_UNREACHABLE },
  { "Temporary failure in name resolution", CD_CAUSE_UNREACHABLE },
  { "use of closed network connection", CD_CAUSE_CLOSED },
  { "read/write on closed pipe", CD_CAUSE_CLOSED },
  { "file already closed", CD_CAUSE_CLOSED },
  { "session shutdown", CD_CAUSE_CLOSED },
  { "stream closed", CD_CAUSE_CLOSED },
  { "stream terminated by sending close", CD_CAUSE_CLOSED },
  { "Close called", CD_CAUSE_CLOSED },
  { "keepalive timeout", CD_CAUSE_KEEPALIVE },
  { "ping timeout", CD_CAUSE_KEEPALIVE },
  { "Keep-alive reply not received. Close down the session.", CD_CAUSE_KEEPALIVE },
  { "MAC failure", CD_CAUSE_INTEGRITY },
  { "message authentication failed", CD_CAUSE_INTEGRITY },
  { "protocol error", CD_CAUSE_PROTOCOL },
  { "invalid protocol version", CD_CAUSE_PROTOCOL },
  { "recv window exceeded", CD_CAUSE_PROTOCOL },
  { "unexpected end of JSON input", CD_CAUSE_PROTOCOL },
  { "invalid character 'x' looking for beginning of value", CD_CAUSE_PROTOCOL },
  { "invalid UUID length: 3", CD_CAUSE_PROTOCOL },
  { "invalid UUID format", CD_CAUSE_PROTOCOL },
  { "invalid packet length, packet too large", CD_CAUSE_PROTOCOL },
  { "max packet length exceeded", CD_CAUSE_PROTOCOL },
  { "overflow reading version string", CD_CAUSE_PROTOCOL },
  { "no common algorithm for key exchange", CD_CAUSE_PROTOCOL },
  { "context canceled", CD_CAUSE_CANCELED },
  { "operation was canceled", CD_CAUSE_CANCELED },
  { "server shut down", CD_CAUSE_SHUTDOWN },
  { "server is closing", CD_CAUSE_SHUTDOWN },
  { "agent is closing", CD_CAUSE_SHUTDOWN },
  { "timed out waiting for coordinator RPC to disconnect", CD_CAUSE_SHUTDOWN_TIMEOUT },
  { "build is outdated", CD_CAUSE_BUILD_OUTDATED },
  { "Agent trying to connect from non-latest build.", CD_CAUSE_BUILD_OUTDATED },
  { "Workspace agent not authorized.", CD_CAUSE_REFUSED },
  { "connection reset", CD_CAUSE_SERVER_LOST },
  { "remote end is not accepting connections", CD_CAUSE_SERVER_LOST },
  { "remote closed the stream", CD_CAUSE_SERVER_CLOSED },
  { "streams exhausted", CD_CAUSE_RENEWAL },
  { "file transfer blocked", CD_CAUSE_TRANSFER_BLOCKED },
  { "sftp not yet supported with containers", CD_CAUSE_UNSUPPORTED },
  { "x11 handler failed", CD_CAUSE_UNSUPPORTED },
  { "reconnecting pty closed before connection", CD_CAUSE_START_FAILED },
  { "reconnecting pty timeout", CD_CAUSE_TIME_LIMIT },
};
/* clang-format on */

static void
assert_cause(const gchar *text, CdCause expected)
{
  CdCause cause = cd_cause_from_text(cd_text_from_string(text), NULL);

  unit_assert_row(text, cd_cause_get_name(cause), cd_cause_get_name(expected));
}

static void
test_layer(gconstpointer data)
{
  const TextRow *row = data;
  CdText innermost;
  CdText text = cd_text_from_string(row->name);

  assert_cause(row->name, row->cause);
  cd_cause_from_text(text, &innermost);
  g_assert_true(g_str_has_suffix(row->name, innermost.data));
}

/* Texts that make an end an expected one; nobody wraps the first two. */
#define WHOLE (CD_CAUSE_BIT(CD_CAUSE_NIL) | CD_CAUSE_BIT(CD_CAUSE_TRANSFER_BLOCKED))
#define GOOD                                                                                       \
  (WHOLE | CD_CAUSE_BIT(CD_CAUSE_SHUTDOWN) | CD_CAUSE_BIT(CD_CAUSE_SHUTDOWN_TIMEOUT)               \
   | CD_CAUSE_BIT(CD_CAUSE_SERVER_CLOSED) | CD_CAUSE_BIT(CD_CAUSE_RENEWAL)                         \
   | CD_CAUSE_BIT(CD_CAUSE_TIME_LIMIT) | CD_CAUSE_BIT(CD_CAUSE_CANCELED))

/* However deep, and whatever stands further out: other causes, places, nothing known. */
static void
test_outer_words_do_not_decide(gconstpointer data)
{
  static const gchar *const outers[] = {
    "error in routine coordination: read: ",
    "context canceled: ",
    "server shut down: <nil>: ",
    ": : ",
    "a\nb\n",
    "x:\n  ",
    "EOF: ",
  };
  const TextRow *row = data;
  gboolean is_whole = (CD_CAUSE_BIT(row->cause) & WHOLE) != 0;

  for (gsize i = 0; i < G_N_ELEMENTS(outers); i++)
    {
      g_autofree gchar *wrapped = g_strconcat(outers[i], row->name, NULL);
      assert_cause(wrapped, is_whole ? CD_CAUSE_UNREADABLE : row->cause);
    }
}

/* A transport that failed makes nothing an expected end. */
static void
test_outer_transport(gconstpointer data)
{
  static const gchar *const outers[] = {
    "connection reset by peer: ",
    "protocol error: broken pipe: context canceled: ",
  };
  const TextRow *row = data;
  gboolean is_good = (CD_CAUSE_BIT(row->cause) & GOOD) != 0;

  for (gsize i = 0; i < G_N_ELEMENTS(outers); i++)
    {
      g_autofree gchar *wrapped = g_strconcat(outers[i], row->name, NULL);
      assert_cause(wrapped, is_good ? CD_CAUSE_UNREADABLE : row->cause);
    }
}

/* What stands further in and is not known could say the opposite. */
static void
test_unknown_inner_words(gconstpointer data)
{
  const TextRow *row = data;
  g_autofree gchar *text = g_strconcat(row->name, ": kernel panic in tunnel", NULL);
  gboolean is_good = (CD_CAUSE_BIT(row->cause) & GOOD) != 0;

  assert_cause(text, is_good ? CD_CAUSE_UNREADABLE : row->cause);
}

/* Neither part of a longer word nor part of a longer sentence. */
static void
test_only_a_whole_layer(gconstpointer data)
{
  const TextRow *row = data;
  g_autofree gchar *before = g_strconcat("not ", row->name, NULL);
  g_autofree gchar *quoted = g_strconcat("\"", row->name, "\"", NULL);
  g_autofree gchar *upper = g_ascii_strup(row->name, -1);

  assert_cause(before, CD_CAUSE_UNREADABLE);
  assert_cause(quoted, CD_CAUSE_UNREADABLE);
  if (strcmp(row->name, upper) != 0)
    assert_cause(upper, CD_CAUSE_UNREADABLE);
}

typedef struct _ChainRow
{
  const gchar *name;
  CdCause cause;
  const gchar *innermost; /* NULL: all of it */
} ChainRow;

/* Whole errors as Coder's agents print them. */
/* clang-format off */
static const ChainRow chain_rows[] = {
  { "read: EOF", CD_CAUSE_EOF, "EOF" },
  { "recv DERPMap error: EOF", CD_CAUSE_EOF, "EOF" },
  { "error in routine coordination: read: failed to get reader: failed to read frame header: EOF",
    CD_CAUSE_EOF, "EOF" },
  { "read tcp 10.0.0.2:40984->10.0.0.1:443: read: connection reset by peer", CD_CAUSE_RESET,
    "connection reset by peer" },
  { "write tcp [::1]:2->[::1]:3: write: broken pipe", CD_CAUSE_BROKEN_PIPE, "broken pipe" },
  { "dial tcp: lookup coder.example.com on 10.0.0.53:53: no such host", CD_CAUSE_UNREACHABLE,
    "no such host" },
  { "dial tcp 10.0.0.1:443: connect: no route to host", CD_CAUSE_UNREACHABLE,
    "no route to host" },
  { "dial tcp 10.0.0.1:443: i/o timeout", CD_CAUSE_DEADLINE, "i/o timeout" },
  { "read: session shutdown", CD_CAUSE_CLOSED, "session shutdown" },
  { "keepalive failed: keepalive timeout", CD_CAUSE_KEEPALIVE, "keepalive timeout" },
  { "drpc: stream terminated by sending close", CD_CAUSE_CLOSED,
    "stream terminated by sending close" },
  { "manager closed: Close called", CD_CAUSE_CLOSED, "Close called" },
  { "closed: remote closed the stream", CD_CAUSE_SERVER_CLOSED, "remote closed the stream" },
  { "protocol error: unknown rpc: \"/coder.agent.v2.Agent/GetWorkspaceShutdown\"",
    CD_CAUSE_PROTOCOL, "unknown rpc: \"/coder.agent.v2.Agent/GetWorkspaceShutdown\"" },
  { "protocol error: bad frame", CD_CAUSE_PROTOCOL, "protocol error: bad frame" },
  { "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    CD_CAUSE_TLS, "x509: certificate signed by unknown authority" },
  { "remote error: tls: bad certificate", CD_CAUSE_TLS, "tls: bad certificate" },
  { "failed to close WebSocket: sent close frame: use of closed network connection",
    CD_CAUSE_CLOSED, "use of closed network connection" },
  { "unsupported subsystem: sftp2", CD_CAUSE_UNSUPPORTED, NULL },
  { "create command env: user: unknown user dev", CD_CAUSE_START_FAILED, NULL },
  { "start command: exec: \"zsh\": executable file not found in $PATH", CD_CAUSE_START_FAILED,
    NULL },
  { "start: fork/exec /bin/zsh: no such file or directory", CD_CAUSE_START_FAILED, NULL },
  { "create stdin pipe: too many open files", CD_CAUSE_START_FAILED, NULL },
  { "prepare command env: apply env: x", CD_CAUSE_START_FAILED, "apply env: x" },
  { "get user shell: x", CD_CAUSE_START_FAILED, NULL },
  { "get current user: x", CD_CAUSE_START_FAILED, NULL },
  { "signal: killed", CD_CAUSE_EXIT_GONE, NULL },
  { "process wait: signal: hangup", CD_CAUSE_EXIT_GONE, "signal: hangup" },
  { "json: cannot unmarshal string into Go value of type uint16", CD_CAUSE_PROTOCOL, NULL },
  { "write buffer to conn: io: read/write on closed pipe", CD_CAUSE_CLOSED,
    "read/write on closed pipe" },
  { "ssh: rejected: MAC failure", CD_CAUSE_INTEGRITY, "MAC failure" },
  { "EOF: what follows is not known", CD_CAUSE_EOF, NULL },
  { "read: EOF: what follows is not known", CD_CAUSE_EOF, "EOF: what follows is not known" },
  { "read:EOF", CD_CAUSE_UNREADABLE, NULL },
  { " \t EOF \r\n", CD_CAUSE_EOF, "EOF" },
  { "what follows the last colon: ", CD_CAUSE_UNREADABLE, "what follows the last colon:" },
  { "moon phase", CD_CAUSE_UNREADABLE, NULL },
  { ":", CD_CAUSE_UNREADABLE, NULL },
  { "\n", CD_CAUSE_NONE, "" },
  { "   ", CD_CAUSE_NONE, "" },
  { "", CD_CAUSE_NONE, "" },
};
/* clang-format on */

static void
test_chain(gconstpointer data)
{
  const ChainRow *row = data;
  const gchar *expected = row->innermost ? row->innermost : row->name;
  CdText innermost;

  assert_cause(row->name, row->cause);
  cd_cause_from_text(cd_text_from_string(row->name), &innermost);
  unit_assert_text(innermost, cd_text_from_string(expected));
}

/* API errors of several lines, as Go prints them and as our readers join them. */
static void
test_api_error(void)
{
  assert_cause(
    "GET https://coder.example.com/api/v2/workspaceagents/me/rpc: unexpected status "
    "code 403: Agent trying to connect from non-latest build.\n\tError: build is outdated",
    CD_CAUSE_BUILD_OUTDATED);
  assert_cause("POST https://x/api: unexpected status code 401: Workspace agent not authorized.: "
               "Try logging in using 'coder login'.\n\tError: EOF",
               CD_CAUSE_REFUSED);
}

static void
test_absent_text(void)
{
  CdText innermost = CD_TEXT("x");

  g_assert_cmpint(cd_cause_from_text(CD_TEXT_NONE, &innermost), ==, CD_CAUSE_NONE);
  g_assert_true(cd_text_is_empty(innermost));
}

static void
test_any_byte(void)
{
  for (guint n = 0; n < 20000; n++)
    {
      static const gchar alphabet[] = ": \n\"E\0OF-1\xff";
      gchar bytes[16];
      CdText innermost;
      gsize length = (gsize) g_test_rand_int_range(0, sizeof(bytes) + 1);
      CdText text = { bytes, length };

      for (gsize i = 0; i < length; i++)
        bytes[i] = alphabet[g_test_rand_int_range(0, sizeof(alphabet) - 1)];
      g_assert_cmpint(cd_cause_from_text(text, &innermost), <, CD_N_CAUSES);
      g_assert_cmpuint(innermost.length, <=, length);
      g_assert_true(innermost.data >= bytes && innermost.data + innermost.length <= bytes + length);
    }
}

static void
read_text(CdText text)
{
  cd_cause_from_text(text, NULL);
}

static const UnitLinearRow linear_rows[] = {
  { "separators", "", ": ", "" },
  { "layers", "", "a: ", "b" },
  { "lines", "", "a\n", "b" },
  { "empty lines", "x", "\n", "x" },
  { "blanks", "x", " ", ": x" },
  { "blanks and colons", "x", "  :", "x" },
  { "colons", "", ":", "" },
  { "one word", "", "x", "" },
  { "a known word each", "", "EOF ", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, read_text);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/cause-text/layer", layer_rows, test_layer);
  unit_add_rows("/cause-text/outer-words-do-not-decide", layer_rows,
                test_outer_words_do_not_decide);
  unit_add_rows("/cause-text/outer-transport", layer_rows, test_outer_transport);
  unit_add_rows("/cause-text/unknown-inner-words", layer_rows, test_unknown_inner_words);
  unit_add_rows("/cause-text/only-a-whole-layer", layer_rows, test_only_a_whole_layer);
  for (gsize i = 0; i < G_N_ELEMENTS(chain_rows); i++)
    {
      g_autofree gchar *name = g_strdup_printf("%02u %s", (guint) i, chain_rows[i].name);
      unit_add_row("/cause-text/chain", name, &chain_rows[i], test_chain);
    }
  g_test_add_func("/cause-text/api-error", test_api_error);
  g_test_add_func("/cause-text/absent", test_absent_text);
  g_test_add_func("/cause-text/any-byte", test_any_byte);
  unit_add_rows("/cause-text/linear", linear_rows, test_linear);
  return g_test_run();
}
