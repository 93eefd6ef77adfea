/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/classify.h"

#include <errno.h>
#include <gio/gio.h>
#include <signal.h>

#include "../../support/unit.h"

typedef struct _VerdictRow
{
  const gchar *name;
  CdEvidence evidence;
  const gchar *verdict; /* "reason initiator detail" */
} VerdictRow;

#define T(literal)                                                                                 \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }
#define PTY .site = CD_SITE_PTY
#define SESSION .site = CD_SITE_SSH_SESSION
#define CONNECTION .site = CD_SITE_SSH_CONNECTION
#define RUN_LOOP .site = CD_SITE_RUN_LOOP
#define STATUS(number) .has_exit_status = TRUE, .exit_status = (number)
#define SAYS(words) .declared = CD_DECLARED_TEXT, .text = T(words)

static void
assert_verdict(const gchar *row, const CdEvidence *evidence, const gchar *expected)
{
  CdVerdict verdict;
  CdText detail;
  g_autofree gchar *actual = NULL;

  cd_classify(evidence, &verdict);
  detail = cd_verdict_get_detail(&verdict);
  actual = g_strdup_printf("%s %s %.*s", cd_reason_get_info(verdict.reason)->name,
                           verdict.initiator ? cd_initiator_get_info(verdict.initiator)->name : "-",
                           (int) detail.length, detail.length ? detail.data : "");
  g_strchomp(actual);
  unit_assert_row(row, actual, expected);
  g_assert_cmpint(verdict.expected, ==, cd_reason_is_expected(verdict.reason));
}

static void
test_verdict(gconstpointer data)
{
  const VerdictRow *row = data;

  assert_verdict(row->name, &row->evidence, row->verdict);
}

/* taxonomy 5: how the session's program ended. */
/* clang-format off */
static const VerdictRow program_rows[] = {
  { "status 0", { PTY, STATUS(0) }, "graceful agent" },
  { "status 1", { PTY, STATUS(1) }, "graceful agent exited with code 1" },
  { "status 127", { SESSION, STATUS(127) }, "graceful agent exited with code 127" },
  { "status 128", { SESSION, STATUS(128) }, "graceful agent exited with code 128" },
  { "status 129", { SESSION, STATUS(129) }, "graceful agent exited with code 129 (signal HUP)" },
  { "status 130", { SESSION, STATUS(130) }, "graceful agent exited with code 130 (signal INT)" },
  { "status 141", { SESSION, STATUS(141) }, "graceful agent exited with code 141 (signal PIPE)" },
  { "status 143", { SESSION, STATUS(143) }, "graceful agent exited with code 143 (signal TERM)" },
  { "status 131", { SESSION, STATUS(131) }, "unknown agent exited with code 131 (signal QUIT)" },
  { "status 137", { PTY, STATUS(137) }, "unknown agent exited with code 137 (signal KILL)" },
  { "status 139", { PTY, STATUS(139) }, "unknown agent exited with code 139 (signal SEGV)" },
  { "status 159", { PTY, STATUS(159) }, "unknown agent exited with code 159 (signal SYS)" },
  { "status 138", { PTY, STATUS(138) }, "graceful agent exited with code 138" },
  { "status 255", { SESSION, STATUS(255) }, "graceful agent exited with code 255" },
  { "killed by HUP", { PTY, .signal_number = SIGHUP }, "graceful agent killed by signal 1 (HUP)" },
  { "killed by TERM", { PTY, .signal_number = SIGTERM },
    "graceful agent killed by signal 15 (TERM)" },
  { "killed by KILL", { PTY, .signal_number = SIGKILL },
    "unknown agent killed by signal 9 (KILL)" },
  { "killed by USR1", { PTY, .signal_number = SIGUSR1 },
    "unknown agent killed by signal 10 (USR1)" },
  { "killed by a nameless signal", { PTY, .signal_number = 40 },
    "unknown agent killed by signal 40" },
  { "out of memory, by signal", { PTY, .signal_number = SIGKILL, .out_of_memory = TRUE },
    "unknown agent killed by signal 9 (KILL), out of memory" },
  { "out of memory, by status", { SESSION, STATUS(137), .out_of_memory = TRUE },
    "unknown agent exited with code 137 (signal KILL), out of memory" },
  { "not started", { PTY, .cause = CD_CAUSE_START_FAILED, .text = T("no shell: /bin/zsh") },
    "unknown agent no shell: /bin/zsh" },
  { "limit", { PTY, .cause = CD_CAUSE_LIMIT_REACHED, .text = T("100 sessions") },
    "unknown agent 100 sessions" },
};

/* taxonomy 5: how a client's connection ended. */
static const VerdictRow client_rows[] = {
  { "orderly", { CONNECTION, .cause = CD_CAUSE_ORDERLY }, "client_closed client" },
  { "SSH disconnect 11", { CONNECTION, .ssh_code = 11 }, "client_closed client" },
  { "websocket 1000", { PTY, .has_websocket_end = TRUE, .websocket_code = 1000 },
    "client_closed client" },
  { "websocket 1001", { PTY, .has_websocket_end = TRUE, .websocket_code = 1001 },
    "client_closed client" },
  { "inside a message", { PTY, .cause = CD_CAUSE_UNEXPECTED_EOF }, "protocol_error client" },
  { "vanished", { CONNECTION, .cause = CD_CAUSE_CLIENT_VANISHED }, "network_error client" },
  { "frozen", { CONNECTION, .cause = CD_CAUSE_CLIENT_FROZEN }, "network_error client" },
  { "integrity", { CONNECTION, .cause = CD_CAUSE_INTEGRITY }, "protocol_error network" },
  { "SSH disconnect 5", { CONNECTION, .ssh_code = 5 }, "protocol_error network" },
  { "reset", { CONNECTION, .error_number = ECONNRESET },
    "network_error network Connection reset by peer" },
  { "broken pipe", { PTY, .error_number = EPIPE }, "network_error network Broken pipe" },
  { "timeout", { PTY, .error_number = ETIMEDOUT }, "network_error network Connection timed out" },
  { "unreachable", { PTY, .error_number = EHOSTUNREACH },
    "network_error network No route to host" },
  { "an error with words", { PTY, .error_number = ECONNRESET, .text = T("read: EOF") },
    "network_error network read: EOF" },
  { "an error that no system has", { PTY, .error_number = 4000 }, "unknown -" },
  { "keepalive without an answer", { CONNECTION, .cause = CD_CAUSE_KEEPALIVE },
    "network_error network" },
  { "protocol", { CONNECTION, .cause = CD_CAUSE_PROTOCOL }, "protocol_error client" },
  { "key exchange fails", { CONNECTION, .ssh_code = 3 }, "protocol_error client" },
  { "first message late", { PTY, .phase = CD_PHASE_FIRST_MESSAGE, .cause = CD_CAUSE_DEADLINE },
    "protocol_error client" },
  { "no first message", { PTY, .phase = CD_PHASE_BEFORE_FIRST, .cause = CD_CAUSE_DEADLINE },
    "protocol_error client" },
  { "a deadline later on", { PTY, .cause = CD_CAUSE_DEADLINE }, "network_error network" },
  { "first message cut", { PTY, .phase = CD_PHASE_FIRST_MESSAGE, .cause = CD_CAUSE_EOF },
    "protocol_error client" },
  { "left before the first byte", { PTY, .phase = CD_PHASE_BEFORE_FIRST, .cause = CD_CAUSE_EOF },
    "client_closed client" },
  { "idle time", { PTY, .cause = CD_CAUSE_TIME_LIMIT }, "graceful agent" },
  { "agent going", { PTY, .cause = CD_CAUSE_SHUTDOWN }, "server_shutdown agent" },
  { "agent was closing", { PTY, .closer = CD_CLOSER_AGENT, .error_number = ECONNRESET },
    "server_shutdown agent Connection reset by peer" },
  { "workspace stops", { PTY, .cause = CD_CAUSE_WORKSPACE_STOPPED }, "workspace_stopped server" },
  { "workspace was stopping", { SESSION, .closer = CD_CLOSER_SERVER, .signal_number = SIGKILL },
    "workspace_stopped server killed by signal 9 (KILL)" },
  { "peer lost", { .site = CD_SITE_TUNNEL, .cause = CD_CAUSE_PEER_LOST }, "network_error network" },
  { "found ended", { PTY, .cause = CD_CAUSE_EOF }, "network_error -" },
  { "found closed", { PTY, .cause = CD_CAUSE_CLOSED }, "network_error -" },
};

/* taxonomy 6: older texts in the reason's place. */
static const VerdictRow text_rows[] = {
  { "normal exit", { SESSION, SAYS("normal exit") }, "graceful -" },
  { "normal close", { .site = CD_SITE_JETBRAINS_FORWARD, SAYS("normal close") }, "graceful -" },
  { "server shut down", { PTY, SAYS("server shut down") },
    "server_shutdown agent server shut down" },
  { "status 1", { SESSION, SAYS("process exited with error status: 1") },
    "graceful agent exited with code 1" },
  { "status 130", { SESSION, SAYS("process exited with error status: 130") },
    "graceful agent exited with code 130 (signal INT)" },
  { "status 137", { SESSION, SAYS("process exited with error status: 137") },
    "unknown agent exited with code 137 (signal KILL)" },
  { "status -1", { SESSION, SAYS("process exited with error status: -1") },
    "network_error - process exited with error status: -1" },
  { "status -1 and code 255",
    { SESSION, SAYS("process exited with error status: -1"), .has_reported_code = TRUE,
      .reported_code = 255 },
    "network_error - process exited with error status: -1" },
  { "file transfer blocked",
    { SESSION, SAYS("file transfer blocked"), .has_reported_code = TRUE, .reported_code = 65 },
    "graceful agent file transfer blocked" },
  { "unsupported subsystem", { SESSION, SAYS("unsupported subsystem: x") },
    "unknown agent unsupported subsystem: x" },
  { "sftp in containers", { SESSION, SAYS("sftp not yet supported with containers") },
    "unknown agent sftp not yet supported with containers" },
  { "x11", { SESSION, SAYS("x11 handler failed") }, "unknown agent x11 handler failed" },
  { "a known cause outranks the code",
    { SESSION, SAYS("sftp server closed with error: read: connection reset by peer"),
      .has_reported_code = TRUE, .reported_code = 1 },
    "network_error network sftp server closed with error: read: connection reset by peer" },
  { "a text nobody knows", { SESSION, SAYS("moon phase") }, "unknown - moon phase" },
  { "a text nobody knows and code 0",
    { SESSION, SAYS("moon phase"), .has_reported_code = TRUE }, "unknown - moon phase" },
  { "a code and no reason", { SESSION, .has_reported_code = TRUE, .reported_code = 1 },
    "unknown -" },
  { "code 0 and no reason", { SESSION, .has_reported_code = TRUE }, "graceful agent" },
  { "unknown and code 0 of an SSH session",
    { SESSION, .declared = CD_DECLARED_UNKNOWN, .has_reported_code = TRUE }, "graceful -" },
  { "unknown and code 1 of an SSH session",
    { SESSION, .declared = CD_DECLARED_UNKNOWN, .has_reported_code = TRUE, .reported_code = 1 },
    "unknown -" },
  { "unknown and code 0 of a terminal",
    { PTY, .declared = CD_DECLARED_UNKNOWN, .has_reported_code = TRUE }, "unknown -" },
  { "a terminal's timeout", { PTY, SAYS("reconnecting pty timeout") },
    "graceful agent reconnecting pty timeout" },
  { "nothing at all", { PTY }, "unknown -" },
};

/* taxonomy 6: `run exited with error`, by its innermost cause. */
static const VerdictRow run_rows[] = {
  { "401", { RUN_LOOP, .text = T("GET https://x/rpc: unexpected status code 401: "
                                 "Workspace agent not authorized.") },
    "control_plane_lost server GET https://x/rpc: unexpected status code 401: "
    "Workspace agent not authorized." },
  { "403 outdated", { RUN_LOOP, .text = T("unexpected status code 403: Agent trying to connect "
                                          "from non-latest build.") },
    "workspace_stopped server unexpected status code 403: Agent trying to connect from "
    "non-latest build." },
  { "other refusals", { RUN_LOOP, .text = T("unexpected status code 404: Not found.") },
    "control_plane_lost server unexpected status code 404: Not found." },
  { "transport", { RUN_LOOP, .text = T("dial tcp: connect: connection refused") },
    "network_error network dial tcp: connect: connection refused" },
  { "end of file", { RUN_LOOP, .text = T("error in routine coordination: read: EOF") },
    "network_error network error in routine coordination: read: EOF" },
  { "protocol", { RUN_LOOP, .text = T("protocol error: bad frame") },
    "protocol_error server protocol error: bad frame" },
  { "cancelled", { RUN_LOOP, .text = T("error in routine x: context canceled") },
    "control_plane_lost - error in routine x: context canceled" },
  { "no readable cause", { RUN_LOOP, .text = T("moon phase") }, "control_plane_lost - moon phase" },
  { "no words", { RUN_LOOP }, "control_plane_lost -" },
};

static const VerdictRow declared_rows[] = {
  { "a reason stands",
    { PTY, .declared = CD_DECLARED_REASON, .declared_reason = CD_REASON_NETWORK_ERROR,
      .declared_initiator = CD_INITIATOR_CLIENT, .cause = CD_CAUSE_ORDERLY },
    "network_error client" },
  { "a reason stands while the agent closes",
    { PTY, .declared = CD_DECLARED_REASON, .declared_reason = CD_REASON_CLIENT_CLOSED,
      .closer = CD_CLOSER_AGENT },
    "client_closed -" },
  { "unknown stands",
    { PTY, .declared = CD_DECLARED_UNKNOWN, .cause = CD_CAUSE_ORDERLY }, "unknown -" },
  { "a configured side closes well",
    { .site = CD_SITE_COORDINATION_CLOSE, .cause = CD_CAUSE_NIL,
      .declared_initiator = CD_INITIATOR_CLIENT },
    "graceful client" },
  { "a configured side fails to close",
    { .site = CD_SITE_COORDINATION_CLOSE, .cause = CD_CAUSE_DEADLINE,
      .declared_initiator = CD_INITIATOR_AGENT },
    "network_error agent" },
};
/* clang-format on */

/* Every status from 0 to 255 by the table of programs, with the words that belong to it. */
static void
test_every_status(void)
{
  static const gchar *const names[] = {
    [1] = "HUP",   [2] = "INT",   [3] = "QUIT", [4] = "ILL",  [5] = "TRAP",
    [6] = "ABRT",  [7] = "BUS",   [8] = "FPE",  [9] = "KILL", [11] = "SEGV",
    [13] = "PIPE", [15] = "TERM", [31] = "SYS",
  };

  for (guint status = 1; status < 256; status++)
    {
      CdEvidence evidence = { SESSION, STATUS(status) };
      guint number = status > 128 ? status - 128 : 0;
      const gchar *name = number < G_N_ELEMENTS(names) ? names[number] : NULL;
      gboolean ordinary = !name || number == 1 || number == 2 || number == 13 || number == 15;
      g_autofree gchar *expected = g_strdup_printf(
        "%s agent exited with code %u%s%s%s", ordinary ? "graceful" : "unknown", status,
        name ? " (signal " : "", name ? name : "", name ? ")" : "");

      assert_verdict("status", &evidence, expected);
    }
}

/* The same words in a reason, from the statuses that a line can hold. */
static void
test_every_status_as_text(void)
{
  for (gint status = 0; status < 256; status++)
    {
      g_autofree gchar *text = g_strdup_printf("process exited with error status: %d", status);
      CdEvidence seen = { SESSION, STATUS(status) };
      CdEvidence said = { SESSION, .declared = CD_DECLARED_TEXT,
                          .text = cd_text_from_string(text) };
      CdVerdict by_status, by_text;
      gint64 number = -1;

      cd_classify(&seen, &by_status);
      cd_classify(&said, &by_text);
      g_assert_true(by_status.rule == by_text.rule);
      g_assert_cmpstr(by_status.made_detail, ==, by_text.made_detail);
      g_assert_true(cd_verdict_get_exit_status(&by_text, &number));
      g_assert_cmpint(number, ==, status);
      g_assert_false(cd_verdict_get_exit_status(&by_status, &number));
    }
}

static void
test_longest_made_detail(void)
{
  const CdEvidence by_status = { SESSION, STATUS(G_MAXINT64), .out_of_memory = TRUE };
  const CdEvidence by_signal = { SESSION, .signal_number = G_MAXINT, .out_of_memory = TRUE };

  assert_verdict("status", &by_status,
                 "graceful agent exited with code 9223372036854775807, out of memory");
  assert_verdict("signal", &by_signal, "unknown agent killed by signal 2147483647, out of memory");
}

/* What a text says beyond the reason; "no error" says nothing. */
static void
test_text_of_no_error(void)
{
  const CdEvidence evidence = { .site = CD_SITE_COORDINATION, .text = CD_TEXT("<nil>") };
  CdVerdict verdict;

  cd_classify(&evidence, &verdict);
  g_assert_true(cd_text_is_empty(verdict.text));
  g_assert_true(cd_text_is_empty(cd_verdict_get_detail(&verdict)));
}

static void
test_views_are_into_the_evidence(void)
{
  const gchar text[] = "  read: EOF  ";
  const CdEvidence evidence = { PTY, .text = { text, sizeof(text) - 1 } };
  CdVerdict verdict;

  cd_classify(&evidence, &verdict);
  g_assert_true(verdict.text.data == text + 2);
  unit_assert_text(verdict.text, CD_TEXT("read: EOF"));
  g_assert_true(verdict.innermost.data == text + 8);
  unit_assert_text(verdict.innermost, CD_TEXT("EOF"));
}

typedef struct _InitiatorRow
{
  const gchar *name;
  CdEvidence evidence;
  CdInitiator initiator;
} InitiatorRow;

static const InitiatorRow initiator_rows[] = {
  { "the sender's word above the rule",
    { PTY, .error_number = ECONNRESET, .declared_initiator = CD_INITIATOR_CLIENT },
    CD_INITIATOR_CLIENT },
  { "the rule above the site",
    { .site = CD_SITE_COORDINATION, .error_number = ECONNRESET },
    CD_INITIATOR_NETWORK },
  { "the site where nothing else tells",
    { .site = CD_SITE_AGENT_CLOSE,
      .declared = CD_DECLARED_REASON,
      .declared_reason = CD_REASON_WORKSPACE_STOPPED },
    CD_INITIATOR_SERVER },
  { "nobody", { .declared = CD_DECLARED_REASON }, CD_INITIATOR_NONE },
};

static void
test_initiator(gconstpointer data)
{
  const InitiatorRow *row = data;
  CdVerdict verdict;

  cd_classify(&row->evidence, &verdict);
  cd_verdict_complete_initiator(&verdict, &row->evidence);
  g_assert_cmpint(verdict.initiator, ==, row->initiator);
}

/* Pure: the same evidence twice, into storage that held something else before. */
static void
test_same_evidence_same_verdict(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(client_rows); i++)
    {
      CdVerdict first, second;

      memset(&first, 0x00, sizeof(first));
      memset(&second, 0xff, sizeof(second));
      cd_classify(&client_rows[i].evidence, &first);
      cd_classify(&client_rows[i].evidence, &second);
      g_assert_true(first.rule == second.rule);
      g_assert_cmpint(first.reason, ==, second.reason);
      g_assert_cmpint(first.initiator, ==, second.initiator);
      g_assert_cmpint(first.expected, ==, second.expected);
      g_assert_cmpstr(first.made_detail, ==, second.made_detail);
      g_assert_true(first.text.data == second.text.data);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/classify/program", program_rows, test_verdict);
  unit_add_rows("/classify/client", client_rows, test_verdict);
  unit_add_rows("/classify/older-text", text_rows, test_verdict);
  unit_add_rows("/classify/run-exited", run_rows, test_verdict);
  unit_add_rows("/classify/declared", declared_rows, test_verdict);
  unit_add_rows("/classify/initiator", initiator_rows, test_initiator);
  g_test_add_func("/classify/every-status", test_every_status);
  g_test_add_func("/classify/every-status-as-text", test_every_status_as_text);
  g_test_add_func("/classify/longest-made-detail", test_longest_made_detail);
  g_test_add_func("/classify/text-of-no-error", test_text_of_no_error);
  g_test_add_func("/classify/views-are-into-the-evidence", test_views_are_into_the_evidence);
  g_test_add_func("/classify/same-evidence-same-verdict", test_same_evidence_same_verdict);
  return g_test_run();
}
