/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How streams to coderd end: the exit rule, each end by evidence, and that both agree. */
#include "disconnect/classify.h"

#include <errno.h>
#include <gio/gio.h>

#include "../../support/unit.h"

typedef struct _EndRow
{
  const gchar *name;
  CdEvidence evidence;
  CdReason reason;
  CdInitiator initiator;
} EndRow;

#define T(literal)                                                                                 \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }
#define COORDINATION .site = CD_SITE_COORDINATION
#define CLOSE .site = CD_SITE_COORDINATION_CLOSE
#define RUN_LOOP .site = CD_SITE_RUN_LOOP
#define WATCH .site = CD_SITE_WATCH
#define FRAME(code) .has_websocket_end = TRUE, .websocket_code = (code)
#define FRAME_TEXT(code, text) FRAME(code), .websocket_reason = T(text)
#define GIVES(reason, initiator) CD_REASON_##reason, CD_INITIATOR_##initiator

static GError tls_error = { 0, G_TLS_ERROR_BAD_CERTIFICATE, (gchar *) "bad" };
static GError resolver_error = { 0, G_RESOLVER_ERROR_NOT_FOUND, (gchar *) "no host" };

/* control-plane 6.3, row by row. */
/* clang-format off */
static const EndRow end_rows[] = {
  { "local: Disconnect sent, peer closes",
    { COORDINATION, .closer = CD_CLOSER_AGENT, .cause = CD_CAUSE_SERVER_CLOSED },
    GIVES(SERVER_SHUTDOWN, AGENT) },
  { "local: peer did not hang up in time",
    { .site = CD_SITE_AGENT_CLOSE, .cause = CD_CAUSE_SHUTDOWN_TIMEOUT },
    GIVES(SERVER_SHUTDOWN, AGENT) },
  { "local: an error after Disconnect",
    { COORDINATION, .closer = CD_CLOSER_AGENT, .error_number = ECONNRESET },
    GIVES(SERVER_SHUTDOWN, AGENT) },
  { "local: cancelled", { COORDINATION, .cause = CD_CAUSE_CANCELED },
    GIVES(SERVER_SHUTDOWN, AGENT) },
  { "local: close well, by the agent",
    { CLOSE, .cause = CD_CAUSE_NIL, .declared_initiator = CD_INITIATOR_AGENT },
    GIVES(GRACEFUL, AGENT) },
  { "local: close well, by the client",
    { CLOSE, .cause = CD_CAUSE_NIL, .declared_initiator = CD_INITIATOR_CLIENT },
    GIVES(GRACEFUL, CLIENT) },
  { "local: send of the close failed",
    { CLOSE, .error_number = EPIPE, .declared_initiator = CD_INITIATOR_CLIENT },
    GIVES(NETWORK_ERROR, CLIENT) },
  { "websocket 1001, no text", { COORDINATION, FRAME(1001) }, GIVES(SERVER_SHUTDOWN, SERVER) },
  { "websocket 1001 canceled", { COORDINATION, FRAME_TEXT(1001, "canceled") },
    GIVES(SERVER_SHUTDOWN, SERVER) },
  { "websocket 1001 disconnect", { COORDINATION, FRAME_TEXT(1001, "disconnect") },
    GIVES(SERVER_SHUTDOWN, SERVER) },
  { "websocket 1012", { COORDINATION, FRAME(1012) }, GIVES(SERVER_SHUTDOWN, SERVER) },
  { "websocket 1001 build is outdated", { COORDINATION, FRAME_TEXT(1001, "build is outdated") },
    GIVES(WORKSPACE_STOPPED, SERVER) },
  { "websocket 1001 ping timeout", { COORDINATION, FRAME_TEXT(1001, "ping timeout") },
    GIVES(NETWORK_ERROR, NETWORK) },
  { "websocket 1001, database error", { COORDINATION, FRAME_TEXT(1001, "pq: connection refused") },
    GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "websocket 1000 after the stream's close",
    { COORDINATION, FRAME(1000), .stream_closed_first = TRUE }, GIVES(GRACEFUL, SERVER) },
  { "websocket 1000, stream open", { COORDINATION, FRAME(1000) },
    GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "websocket 1002", { COORDINATION, FRAME(1002) }, GIVES(PROTOCOL_ERROR, SERVER) },
  { "websocket 1003", { COORDINATION, FRAME(1003) }, GIVES(PROTOCOL_ERROR, SERVER) },
  { "websocket 1007", { COORDINATION, FRAME(1007) }, GIVES(PROTOCOL_ERROR, SERVER) },
  { "websocket 1009", { COORDINATION, FRAME(1009) }, GIVES(PROTOCOL_ERROR, SERVER) },
  { "websocket 1010", { COORDINATION, FRAME(1010) }, GIVES(PROTOCOL_ERROR, SERVER) },
  { "websocket 1008", { COORDINATION, FRAME(1008) }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "websocket 1011", { COORDINATION, FRAME(1011) }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "websocket 1013", { COORDINATION, FRAME(1013) }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "websocket 1014", { COORDINATION, FRAME(1014) }, GIVES(CONTROL_PLANE_LOST, NETWORK) },
  { "websocket 3000", { COORDINATION, FRAME(3000) }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "websocket 4999", { COORDINATION, FRAME(4999) }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "websocket 1005", { COORDINATION, FRAME(1005) }, GIVES(NETWORK_ERROR, NETWORK) },
  { "websocket 1006", { COORDINATION, FRAME(1006) }, GIVES(NETWORK_ERROR, NETWORK) },
  { "websocket, no close frame", { COORDINATION, FRAME(0) }, GIVES(NETWORK_ERROR, NETWORK) },
  { "websocket, bad frame", { COORDINATION, .cause = CD_CAUSE_PROTOCOL },
    GIVES(PROTOCOL_ERROR, SERVER) },
  { "TCP reset", { COORDINATION, .error_number = ECONNRESET }, GIVES(NETWORK_ERROR, NETWORK) },
  { "TCP broken pipe", { COORDINATION, .error_number = EPIPE }, GIVES(NETWORK_ERROR, NETWORK) },
  { "TCP timeout", { COORDINATION, .error_number = ETIMEDOUT }, GIVES(NETWORK_ERROR, NETWORK) },
  { "TCP unreachable", { COORDINATION, .error_number = EHOSTUNREACH },
    GIVES(NETWORK_ERROR, NETWORK) },
  { "TCP refused", { RUN_LOOP, .error_number = ECONNREFUSED }, GIVES(NETWORK_ERROR, NETWORK) },
  { "name not found", { RUN_LOOP, .error = &resolver_error }, GIVES(NETWORK_ERROR, NETWORK) },
  { "TLS certificate", { RUN_LOOP, .error = &tls_error }, GIVES(NETWORK_ERROR, NETWORK) },
  { "yamux keepalive", { RUN_LOOP, .text = T("keepalive timeout") },
    GIVES(NETWORK_ERROR, NETWORK) },
  { "yamux write stuck", { RUN_LOOP, .text = T("connection write timeout") },
    GIVES(NETWORK_ERROR, NETWORK) },
  { "yamux GO_AWAY 1", { COORDINATION, .cause = CD_CAUSE_PROTOCOL },
    GIVES(PROTOCOL_ERROR, SERVER) },
  { "yamux GO_AWAY 2", { COORDINATION, .cause = CD_CAUSE_SERVER_LOST },
    GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "yamux bad version", { RUN_LOOP, .text = T("invalid protocol version") },
    GIVES(PROTOCOL_ERROR, SERVER) },
  { "yamux window exceeded", { RUN_LOOP, .text = T("recv window exceeded") },
    GIVES(PROTOCOL_ERROR, SERVER) },
  { "yamux RST on the stream", { COORDINATION, .text = T("read: connection reset") },
    GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "yamux ids exhausted", { RUN_LOOP, .text = T("streams exhausted") }, GIVES(GRACEFUL, AGENT) },
  { "dRPC Close unasked", { COORDINATION, .cause = CD_CAUSE_SERVER_CLOSED },
    GIVES(GRACEFUL, SERVER) },
  { "dRPC Close as text", { COORDINATION, .text = T("closed: remote closed the stream") },
    GIVES(GRACEFUL, SERVER) },
  { "dRPC error", { COORDINATION, .cause = CD_CAUSE_SERVER_LOST },
    GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "dRPC unknown rpc", { COORDINATION, .text = T("protocol error: unknown rpc: \"/x/Y\"") },
    GIVES(PROTOCOL_ERROR, SERVER) },
  { "dRPC bad frame", { COORDINATION, .text = T("protocol error: data overflow") },
    GIVES(PROTOCOL_ERROR, SERVER) },
  { "protobuf unparsable", { COORDINATION, .cause = CD_CAUSE_PROTOCOL },
    GIVES(PROTOCOL_ERROR, SERVER) },
  { "HTTP 400", { RUN_LOOP, .http_status = 400 }, GIVES(PROTOCOL_ERROR, SERVER) },
  { "HTTP 401", { RUN_LOOP, .http_status = 401 }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "HTTP 403 non-latest build",
    { RUN_LOOP, .http_status = 403, .http_message = T("from non-latest build.") },
    GIVES(WORKSPACE_STOPPED, SERVER) },
  { "HTTP 403", { RUN_LOOP, .http_status = 403 }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "HTTP 404", { RUN_LOOP, .http_status = 404 }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "HTTP 301", { RUN_LOOP, .http_status = 301 }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "HTTP 426", { RUN_LOOP, .http_status = 426 }, GIVES(PROTOCOL_ERROR, NETWORK) },
  { "HTTP 200", { RUN_LOOP, .http_status = 200 }, GIVES(PROTOCOL_ERROR, NETWORK) },
  { "HTTP 101 with a bad key", { RUN_LOOP, .http_status = 101 }, GIVES(PROTOCOL_ERROR, NETWORK) },
  { "HTTP 429", { RUN_LOOP, .http_status = 429 }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "HTTP 500", { RUN_LOOP, .http_status = 500 }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "HTTP 503", { RUN_LOOP, .http_status = 503 }, GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "HTTP 503 shutting down",
    { RUN_LOOP, .http_status = 503, .http_message = T("coderd is shutting down") },
    GIVES(SERVER_SHUTDOWN, SERVER) },
  { "HTTP 502", { RUN_LOOP, .http_status = 502 }, GIVES(CONTROL_PLANE_LOST, NETWORK) },
  { "HTTP 504", { RUN_LOOP, .http_status = 504 }, GIVES(CONTROL_PLANE_LOST, NETWORK) },
  { "watch: server shutdown", { WATCH, .cause = CD_CAUSE_SERVER_GOING },
    GIVES(SERVER_SHUTDOWN, SERVER) },
  { "watch: other errors", { WATCH, .cause = CD_CAUSE_SERVER_LOST },
    GIVES(CONTROL_PLANE_LOST, SERVER) },
  { "watch: 1000 without an error", { WATCH, .cause = CD_CAUSE_SERVER_CLOSED },
    GIVES(GRACEFUL, SERVER) },
  { "watch: workspace stops", { WATCH, .cause = CD_CAUSE_WORKSPACE_STOPPED },
    GIVES(WORKSPACE_STOPPED, SERVER) },
  { "watch: HTTP 400", { WATCH, .http_status = 400 }, GIVES(PROTOCOL_ERROR, SERVER) },
  { "watch: no close frame", { WATCH, FRAME(1006) }, GIVES(NETWORK_ERROR, NETWORK) },
  { "peer left", { .site = CD_SITE_TUNNEL, .cause = CD_CAUSE_ORDERLY },
    GIVES(CLIENT_CLOSED, CLIENT) },
  { "peer lost", { .site = CD_SITE_TUNNEL, .cause = CD_CAUSE_PEER_LOST },
    GIVES(NETWORK_ERROR, NETWORK) },
  { "controller: connection closed", { .site = CD_SITE_CONTROLLER, .cause = CD_CAUSE_CLOSED },
    GIVES(NETWORK_ERROR, NETWORK) },
  { "run loop: end of file", { RUN_LOOP, .cause = CD_CAUSE_EOF }, GIVES(NETWORK_ERROR, NETWORK) },
  { "agent close: clean", { .site = CD_SITE_AGENT_CLOSE, .cause = CD_CAUSE_SHUTDOWN },
    GIVES(SERVER_SHUTDOWN, AGENT) },
};
/* clang-format on */

static gchar *
show(CdReason reason, CdInitiator initiator)
{
  return g_strdup_printf("%s by %s", cd_reason_get_info(reason)->name,
                         cd_initiator_get_info(initiator)->name);
}

static void
test_end(gconstpointer data)
{
  const EndRow *row = data;
  CdVerdict verdict;
  g_autofree gchar *actual = NULL;
  g_autofree gchar *expected = show(row->reason, row->initiator);

  cd_classify(&row->evidence, &verdict);
  actual = show(verdict.reason, verdict.initiator);
  unit_assert_row(row->name, actual, expected);
  g_assert_cmpint(verdict.expected, ==, cd_reason_is_expected(row->reason));
}

typedef struct _Outcome
{
  CdReason reason;
  CdInitiator initiator;
} Outcome;

/* taxonomy 3: the three outcomes, in this order. */
static Outcome
classify_rpc_exit(gboolean local_shutdown, gboolean has_error)
{
  if (local_shutdown)
    return (Outcome) { CD_REASON_SERVER_SHUTDOWN, CD_INITIATOR_AGENT };
  if (!has_error)
    return (Outcome) { CD_REASON_GRACEFUL, CD_INITIATOR_SERVER };
  return (Outcome) { CD_REASON_NETWORK_ERROR, CD_INITIATOR_NETWORK };
}

static void
assert_outcome(CdSite site, CdCloser closer, const gchar *text, Outcome expected)
{
  const CdEvidence evidence = {
    .site = site,
    .closer = closer,
    .text = cd_text_from_string(text),
  };
  CdVerdict verdict;
  g_autofree gchar *actual = NULL;
  g_autofree gchar *should_be = show(expected.reason, expected.initiator);

  cd_classify(&evidence, &verdict);
  actual = show(verdict.reason, verdict.initiator);
  unit_assert_row(text, actual, should_be);
}

/* Coordination RPC and DERP map subscriber alike; a local cancellation wins over any error. */
static void
test_exit_rule(void)
{
  static const CdSite sites[] = { CD_SITE_COORDINATION, CD_SITE_DERP_MAP };
  static const gchar *const errors[] = { "EOF", "read: EOF", "connection reset by peer",
                                         "stream closed", "moon phase" };

  for (gsize i = 0; i < G_N_ELEMENTS(sites); i++)
    {
      assert_outcome(sites[i], CD_CLOSER_NOBODY, "<nil>", classify_rpc_exit(FALSE, FALSE));
      assert_outcome(sites[i], CD_CLOSER_AGENT, "<nil>", classify_rpc_exit(TRUE, FALSE));
      for (gsize j = 0; j < G_N_ELEMENTS(errors); j++)
        {
          assert_outcome(sites[i], CD_CLOSER_NOBODY, errors[j], classify_rpc_exit(FALSE, TRUE));
          assert_outcome(sites[i], CD_CLOSER_AGENT, errors[j], classify_rpc_exit(TRUE, TRUE));
        }
    }
}

/* control-plane 6.1: what the exit rule can tell of a verdict by evidence. */
static Outcome
coarsen(const CdVerdict *verdict)
{
  const guint64 in_order = 1 << CD_REASON_GRACEFUL | 1 << CD_REASON_SERVER_SHUTDOWN
                           | 1 << CD_REASON_WORKSPACE_STOPPED;

  if (verdict->reason == CD_REASON_SERVER_SHUTDOWN && verdict->initiator == CD_INITIATOR_AGENT)
    return classify_rpc_exit(TRUE, FALSE);
  return classify_rpc_exit(FALSE, !(in_order >> verdict->reason & 1)
                                    || verdict->initiator != CD_INITIATOR_SERVER);
}

static gboolean
is_one_of(CdCause cause, guint64 causes)
{
  return (CD_CAUSE_BIT(cause) & causes) != 0;
}

/* The causes that the agent's own cancellation leaves behind. */
#define LOCAL                                                                                      \
  (CD_CAUSE_BIT(CD_CAUSE_CANCELED) | CD_CAUSE_BIT(CD_CAUSE_SHUTDOWN)                               \
   | CD_CAUSE_BIT(CD_CAUSE_SHUTDOWN_TIMEOUT))

/* control-plane 6.4: coderd went in order; to upstream that is an error as any other. */
#define IMPROVED                                                                                   \
  (CD_CAUSE_BIT(CD_CAUSE_SERVER_GOING) | CD_CAUSE_BIT(CD_CAUSE_SERVER_CLOSED)                      \
   | CD_CAUSE_BIT(CD_CAUSE_BUILD_OUTDATED) | CD_CAUSE_BIT(CD_CAUSE_WORKSPACE_STOPPED))

static void
assert_projection(CdSite site, CdCloser closer, CdCause cause)
{
  const CdEvidence evidence = { .site = site, .closer = closer, .cause = cause };
  gboolean local = closer == CD_CLOSER_AGENT || is_one_of(cause, LOCAL);
  Outcome rule = classify_rpc_exit(local, cause != CD_CAUSE_NIL);
  gboolean improved = !local && is_one_of(cause, IMPROVED);
  g_autofree gchar *by_rule = NULL;
  g_autofree gchar *by_evidence = NULL;
  Outcome coarse;
  CdVerdict verdict;

  cd_classify(&evidence, &verdict);
  coarse = coarsen(&verdict);
  if (improved)
    rule = classify_rpc_exit(FALSE, FALSE);
  by_rule = show(rule.reason, rule.initiator);
  by_evidence = show(coarse.reason, coarse.initiator);
  unit_assert_row(cd_cause_get_name(cause), by_evidence, by_rule);
}

/* Finer verdicts are refinements: projected on the exit rule they say what it says. */
static void
test_projection(void)
{
  for (guint cause = CD_CAUSE_NIL; cause < CD_N_CAUSES; cause++)
    {
      assert_projection(CD_SITE_COORDINATION, CD_CLOSER_NOBODY, cause);
      assert_projection(CD_SITE_COORDINATION, CD_CLOSER_AGENT, cause);
      assert_projection(CD_SITE_DERP_MAP, CD_CLOSER_NOBODY, cause);
      assert_projection(CD_SITE_DERP_MAP, CD_CLOSER_AGENT, cause);
    }
}

/* Only the improvements change what is expected of upstream's verdict. */
static void
test_expected_changes_for_improvements_alone(void)
{
  for (guint cause = CD_CAUSE_NIL; cause < CD_N_CAUSES; cause++)
    {
      const CdEvidence evidence = { .site = CD_SITE_COORDINATION, .cause = cause };
      Outcome rule = classify_rpc_exit(is_one_of(cause, LOCAL), cause != CD_CAUSE_NIL);
      gboolean changed;
      CdVerdict verdict;

      cd_classify(&evidence, &verdict);
      changed = verdict.expected != cd_reason_is_expected(rule.reason);
      unit_assert_row(cd_cause_get_name(cause), changed ? "changed" : "kept",
                      is_one_of(cause, IMPROVED | CD_CAUSE_BIT(CD_CAUSE_RENEWAL)) ? "changed"
                                                                                  : "kept");
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  tls_error.domain = G_TLS_ERROR;
  resolver_error.domain = G_RESOLVER_ERROR;
  unit_add_rows("/coordination/end", end_rows, test_end);
  g_test_add_func("/coordination/exit-rule", test_exit_rule);
  g_test_add_func("/coordination/projection", test_projection);
  g_test_add_func("/coordination/expected-changes-for-improvements-alone",
                  test_expected_changes_for_improvements_alone);
  return g_test_run();
}
