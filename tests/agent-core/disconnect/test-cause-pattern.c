/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause-pattern.h"

#include "../../support/unit-linear.h"

typedef struct _PatternRow
{
  const gchar *name;
  CdCause cause;
  const gchar *innermost; /* NULL: all of it */
} PatternRow;

#define FRAME "received close frame: status = "

/* clang-format off */
static const PatternRow match_rows[] = {
  { FRAME "StatusNormalClosure and reason = \"\"", CD_CAUSE_SERVER_LOST, NULL },
  { FRAME "StatusGoingAway and reason = \"\"", CD_CAUSE_SERVER_GOING, NULL },
  { FRAME "StatusGoingAway and reason = \"canceled\"", CD_CAUSE_SERVER_GOING, NULL },
  { FRAME "StatusGoingAway and reason = \"disconnect\"", CD_CAUSE_SERVER_GOING, NULL },
  { FRAME "StatusGoingAway and reason = \"build is outdated\"", CD_CAUSE_BUILD_OUTDATED, NULL },
  { FRAME "StatusGoingAway and reason = \"ping timeout\"", CD_CAUSE_KEEPALIVE, NULL },
  { FRAME "StatusGoingAway and reason = \"pq: database is down\"", CD_CAUSE_SERVER_LOST, NULL },
  { FRAME "StatusGoingAway", CD_CAUSE_SERVER_GOING, NULL },
  { FRAME "StatusProtocolError and reason = \"\"", CD_CAUSE_PROTOCOL, NULL },
  { FRAME "StatusUnsupportedData and reason = \"\"", CD_CAUSE_PROTOCOL, NULL },
  { FRAME "StatusNoStatusRcvd and reason = \"\"", CD_CAUSE_EOF, NULL },
  { FRAME "StatusAbnormalClosure and reason = \"\"", CD_CAUSE_EOF, NULL },
  { FRAME "StatusInvalidFramePayloadData and reason = \"\"", CD_CAUSE_PROTOCOL, NULL },
  { FRAME "StatusPolicyViolation and reason = \"\"", CD_CAUSE_SERVER_LOST, NULL },
  { FRAME "StatusMessageTooBig and reason = \"\"", CD_CAUSE_PROTOCOL, NULL },
  { FRAME "StatusMandatoryExtension and reason = \"\"", CD_CAUSE_PROTOCOL, NULL },
  { FRAME "StatusInternalError and reason = \"\"", CD_CAUSE_SERVER_LOST, NULL },
  { FRAME "StatusServiceRestart and reason = \"\"", CD_CAUSE_SERVER_GOING, NULL },
  { FRAME "StatusTryAgainLater and reason = \"\"", CD_CAUSE_SERVER_LOST, NULL },
  { FRAME "StatusBadGateway and reason = \"\"", CD_CAUSE_GATEWAY, NULL },
  { FRAME "StatusTLSHandshake and reason = \"\"", CD_CAUSE_TLS, NULL },
  { FRAME "StatusCode(3001) and reason = \"\"", CD_CAUSE_SERVER_LOST, NULL },
  { FRAME "StatusCode(4999) and reason = \"\"", CD_CAUSE_SERVER_LOST, NULL },
  { FRAME "StatusCode(2999) and reason = \"\"", CD_CAUSE_PROTOCOL, NULL },
  { "read: failed to get reader: " FRAME "StatusGoingAway and reason = \"\"",
    CD_CAUSE_SERVER_GOING, FRAME "StatusGoingAway and reason = \"\"" },
  { "ssh: disconnect, reason 2: bad packet", CD_CAUSE_PROTOCOL, NULL },
  { "ssh: disconnect, reason 5: mac", CD_CAUSE_INTEGRITY, NULL },
  { "ssh: disconnect, reason 10: lost", CD_CAUSE_TIMEOUT, NULL },
  { "ssh: disconnect, reason 11: disconnected by user", CD_CAUSE_ORDERLY, NULL },
  { "ssh: disconnect, reason 11", CD_CAUSE_ORDERLY, NULL },
  { "ssh: disconnect, reason 12: many", CD_CAUSE_UNREADABLE, NULL },
  { "accept: ssh: disconnect, reason 11: ", CD_CAUSE_ORDERLY, "ssh: disconnect, reason 11: " },
  { "unexpected status code 401: Workspace agent not authorized.", CD_CAUSE_REFUSED, NULL },
  { "unexpected status code 403: Agent trying to connect from non-latest build.",
    CD_CAUSE_BUILD_OUTDATED, NULL },
  { "unexpected status code 400", CD_CAUSE_PROTOCOL, NULL },
  { "unexpected status code 404: Not found.", CD_CAUSE_REFUSED, NULL },
  { "unexpected status code 502", CD_CAUSE_GATEWAY, NULL },
  { "unexpected status code 503: server is shutting down", CD_CAUSE_SERVER_GOING, NULL },
  { "GET https://coder.example.com/api/v2/x: unexpected status code 500: Internal error.",
    CD_CAUSE_REFUSED, "unexpected status code 500: Internal error." },
  { "expected handshake response status code 101 but got 200", CD_CAUSE_PROXY, NULL },
  { "dial: expected handshake response status code 101 but got 504", CD_CAUSE_GATEWAY,
    "expected handshake response status code 101 but got 504" },
  { "process exited with error status: 0", CD_CAUSE_EXIT_OK, NULL },
  { "process exited with error status: 1", CD_CAUSE_EXIT_CODE, NULL },
  { "process exited with error status: 127", CD_CAUSE_EXIT_CODE, NULL },
  { "process exited with error status: 130", CD_CAUSE_EXIT_STOPPED, NULL },
  { "process exited with error status: 137", CD_CAUSE_EXIT_CRASHED, NULL },
  { "process exited with error status: 255", CD_CAUSE_EXIT_CODE, NULL },
  { "process exited with error status: -1", CD_CAUSE_EXIT_GONE, NULL },
  { "process wait: exit status 2", CD_CAUSE_EXIT_CODE, "exit status 2" },
  { "exit status 139", CD_CAUSE_EXIT_CRASHED, NULL },
};
/* clang-format on */

static void
test_match(gconstpointer data)
{
  const PatternRow *row = data;
  CdText text = cd_text_from_string(row->name);
  CdCause cause = CD_N_CAUSES;
  CdText innermost = CD_TEXT_NONE;

  g_assert_true(cd_cause_pattern_match(text, &cause, &innermost));
  unit_assert_row(row->name, cd_cause_get_name(cause), cd_cause_get_name(row->cause));
  unit_assert_text(innermost, cd_text_from_string(row->innermost ? row->innermost : row->name));
}

/* No code where a code should be: the text is read as any other. */
static void
test_no_match(void)
{
  static const gchar *const texts[] = {
    "",
    "EOF",
    FRAME,
    FRAME "StatusSomething and reason = \"\"",
    FRAME "1000",
    FRAME "StatusCode() and reason = \"\"",
    FRAME "StatusCode(x) and reason = \"\"",
    FRAME "StatusCode(99999999999999999999) and reason = \"\"",
    "ssh: disconnect, reason ",
    "ssh: disconnect, reason x: 11",
    "ssh: disconnect, reason -11: x",
    "unexpected status code ",
    "unexpected status code OK",
    "unexpected status code -200",
    "unexpected status code 65536",
    "expected handshake response status code 101 but got",
    "exit status ",
    "exit status 1 of 2",
    "exit status one",
    "exit status 9999999999999999999",
    "process exited with error status: 1 and more",
    "Exit status 1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    {
      CdCause cause;
      CdText innermost;

      unit_assert_row(texts[i],
                      cd_cause_pattern_match(cd_text_from_string(texts[i]), &cause, &innermost)
                        ? "match"
                        : "none",
                      "none");
    }
}

typedef struct _PeerRow
{
  const gchar *name;
  CdCause cause;
} PeerRow;

/* What stands behind the code is the peer's and may say anything, other codes included. */
/* clang-format off */
static const PeerRow peer_rows[] = {
  { FRAME "StatusGoingAway and reason = \"connection reset by peer\"", CD_CAUSE_SERVER_LOST },
  { FRAME "StatusInternalError and reason = \"EOF\"", CD_CAUSE_SERVER_LOST },
  { FRAME "StatusInternalError and reason = \"unexpected status code 400\"",
    CD_CAUSE_SERVER_LOST },
  { FRAME "StatusInternalError and reason = \"ssh: disconnect, reason 11: \"",
    CD_CAUSE_SERVER_LOST },
  { FRAME "StatusInternalError and reason = \"" FRAME "StatusGoingAway\"", CD_CAUSE_SERVER_LOST },
  { FRAME "StatusInternalError and reason = \": exit status 0", CD_CAUSE_SERVER_LOST },
  { FRAME "StatusGoingAway and reason = \"a\\\"canceled\"", CD_CAUSE_SERVER_LOST },
  { "unexpected status code 401: connection reset by peer", CD_CAUSE_REFUSED },
  { "unexpected status code 401: ssh: disconnect, reason 11: x", CD_CAUSE_REFUSED },
  { "unexpected status code 503: " FRAME "StatusGoingAway and reason = \"\"", CD_CAUSE_REFUSED },
  { "unexpected status code 403: exit status 0", CD_CAUSE_REFUSED },
  { "unexpected status code 500: process exited with error status: 0", CD_CAUSE_REFUSED },
  { "expected handshake response status code 101 but got 502: unexpected status code 400",
    CD_CAUSE_GATEWAY },
  { "ssh: disconnect, reason 2: " FRAME "StatusGoingAway and reason = \"\"", CD_CAUSE_PROTOCOL },
  { "ssh: disconnect, reason 2: unexpected status code 401", CD_CAUSE_PROTOCOL },
  { "ssh: disconnect, reason 2: exit status 0", CD_CAUSE_PROTOCOL },
  { "ssh: disconnect, reason 2: connection reset by peer", CD_CAUSE_PROTOCOL },
};
/* clang-format on */

static void
test_peer_text(gconstpointer data)
{
  const PeerRow *row = data;

  unit_assert_row(row->name,
                  cd_cause_get_name(cd_cause_from_text(cd_text_from_string(row->name), NULL)),
                  cd_cause_get_name(row->cause));
}

static void
match(CdText text)
{
  CdCause cause;
  CdText innermost;

  cd_cause_pattern_match(text, &cause, &innermost);
}

static const UnitLinearRow linear_rows[] = {
  { "close frames", "", FRAME, "" },
  { "almost close frames", "", "received close frame: status =", "" },
  { "quotes", FRAME "StatusGoingAway and reason = ", "\"", "" },
  { "SSH codes", "", "ssh: disconnect, reason ", "" },
  { "HTTP statuses", "", "unexpected status code ", "" },
  { "exit statuses", "", "exit status ", "" },
  { "digits", "exit status ", "1", "" },
};

static void
test_linear(gconstpointer data)
{
  unit_assert_linear(data, match);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/cause-pattern/match", match_rows, test_match);
  g_test_add_func("/cause-pattern/no-match", test_no_match);
  unit_add_rows("/cause-pattern/peer-text", peer_rows, test_peer_text);
  unit_add_rows("/cause-pattern/linear", linear_rows, test_linear);
  return g_test_run();
}
