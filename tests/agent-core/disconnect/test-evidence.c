/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/evidence.h"

#include <errno.h>
#include <gio/gio.h>
#include <signal.h>

#include "../../support/unit.h"

static GError timeout_error = { 0, G_IO_ERROR_TIMED_OUT, (gchar *) "timed out" };

typedef struct _CauseRow
{
  const gchar *name;
  CdEvidence evidence;
  CdCause cause;
} CauseRow;

#define T(literal)                                                                                 \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }

/* clang-format off */
static const CauseRow rows[] = {
  { "nothing", { 0 }, CD_CAUSE_NONE },
  { "the site knows", { .cause = CD_CAUSE_INTEGRITY }, CD_CAUSE_INTEGRITY },
  { "text", { .text = T("read: EOF") }, CD_CAUSE_EOF },
  { "text nobody knows", { .text = T("moon") }, CD_CAUSE_UNREADABLE },
  { "GIO error", { .error = &timeout_error }, CD_CAUSE_TIMEOUT },
  { "errno", { .error_number = ECONNRESET }, CD_CAUSE_RESET },
  { "SSH code", { .ssh_code = 11 }, CD_CAUSE_ORDERLY },
  { "HTTP status", { .http_status = 401 }, CD_CAUSE_REFUSED },
  { "HTTP status and message", { .http_status = 403, .http_message = T("build is outdated") },
    CD_CAUSE_BUILD_OUTDATED },
  { "signal", { .signal_number = SIGSEGV }, CD_CAUSE_EXIT_CRASHED },
  { "exit status", { .has_exit_status = TRUE, .exit_status = 3 }, CD_CAUSE_EXIT_CODE },
  { "exit status 0", { .has_exit_status = TRUE }, CD_CAUSE_EXIT_OK },
  { "signal before exit status",
    { .signal_number = SIGTERM, .has_exit_status = TRUE }, CD_CAUSE_EXIT_STOPPED },
  { "websocket, no frame", { .has_websocket_end = TRUE }, CD_CAUSE_EOF },
  { "websocket 1000 at the coordination",
    { .site = CD_SITE_COORDINATION, .has_websocket_end = TRUE, .websocket_code = 1000 },
    CD_CAUSE_SERVER_LOST },
  { "websocket 1000 after the stream's close",
    { .site = CD_SITE_COORDINATION, .has_websocket_end = TRUE, .websocket_code = 1000,
      .stream_closed_first = TRUE },
    CD_CAUSE_SERVER_CLOSED },
  { "websocket 1011 after the stream's close",
    { .site = CD_SITE_COORDINATION, .has_websocket_end = TRUE, .websocket_code = 1011,
      .stream_closed_first = TRUE },
    CD_CAUSE_SERVER_LOST },
  { "websocket 1001 with a text",
    { .site = CD_SITE_RUN_LOOP, .has_websocket_end = TRUE, .websocket_code = 1001,
      .websocket_reason = T("ping timeout") },
    CD_CAUSE_KEEPALIVE },
  { "websocket 1000 from a client",
    { .site = CD_SITE_PTY, .has_websocket_end = TRUE, .websocket_code = 1000 }, CD_CAUSE_ORDERLY },
  { "websocket 1001 from a client",
    { .site = CD_SITE_PTY, .has_websocket_end = TRUE, .websocket_code = 1001,
      .websocket_reason = T("ping timeout") },
    CD_CAUSE_ORDERLY },
  { "websocket 1002 from a client",
    { .site = CD_SITE_PTY, .has_websocket_end = TRUE, .websocket_code = 1002 },
    CD_CAUSE_PROTOCOL },
  { "websocket 1006 from a client",
    { .site = CD_SITE_PTY, .has_websocket_end = TRUE, .websocket_code = 1006 }, CD_CAUSE_EOF },
  { "end inside the first message",
    { .phase = CD_PHASE_FIRST_MESSAGE, .text = T("EOF") }, CD_CAUSE_UNEXPECTED_EOF },
  { "end before the first message",
    { .phase = CD_PHASE_BEFORE_FIRST, .text = T("EOF") }, CD_CAUSE_EOF },
  { "end inside the first message that the site saw",
    { .phase = CD_PHASE_FIRST_MESSAGE, .cause = CD_CAUSE_EOF }, CD_CAUSE_UNEXPECTED_EOF },
  { "a reset inside the first message",
    { .phase = CD_PHASE_FIRST_MESSAGE, .error_number = ECONNRESET }, CD_CAUSE_RESET },
  { "reported 0, an SSH session's whole line",
    { .site = CD_SITE_SSH_SESSION, .has_reported_code = TRUE }, CD_CAUSE_EXIT_OK },
  { "reported 0 beside the zero reason",
    { .site = CD_SITE_SSH_SESSION, .has_reported_code = TRUE, .declared = CD_DECLARED_UNKNOWN },
    CD_CAUSE_REPORTED_OK },
  { "reported 0 of a terminal", { .site = CD_SITE_PTY, .has_reported_code = TRUE },
    CD_CAUSE_REPORTED_OK },
  { "reported 1", { .has_reported_code = TRUE, .reported_code = 1 }, CD_CAUSE_EXIT_UNEXPLAINED },
  { "reported 0 does not save a text",
    { .site = CD_SITE_SSH_SESSION, .has_reported_code = TRUE, .text = T("moon") },
    CD_CAUSE_UNREADABLE },
  { "a known text before a reported code",
    { .has_reported_code = TRUE, .reported_code = 1, .text = T("broken pipe") },
    CD_CAUSE_BROKEN_PIPE },
  { "a program's end that was seen, beside a text nobody knows",
    { .has_exit_status = TRUE, .text = T("moon") }, CD_CAUSE_EXIT_OK },
  { "a program's signal that was seen, beside a text nobody knows",
    { .signal_number = SIGKILL, .text = T("moon") }, CD_CAUSE_EXIT_CRASHED },
};
/* clang-format on */

static void
test_cause(gconstpointer data)
{
  const CauseRow *row = data;
  CdText innermost;

  unit_assert_row(row->name, cd_cause_get_name(cd_evidence_get_cause(&row->evidence, &innermost)),
                  cd_cause_get_name(row->cause));
}

/* All at once; then without the strongest, and so on down to the weakest. */
static void
test_precedence(void)
{
  CdEvidence evidence = {
    .cause = CD_CAUSE_INTEGRITY,
    .has_websocket_end = TRUE,
    .websocket_code = 1012,
    .ssh_code = 2,
    .http_status = 504,
    .error = &timeout_error,
    .error_number = ECONNRESET,
    .text = CD_TEXT("broken pipe"),
    .signal_number = SIGSEGV,
    .has_exit_status = TRUE,
    .exit_status = 3,
    .has_reported_code = TRUE,
    .reported_code = 7,
  };
  CdText ignored;

  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_INTEGRITY);
  evidence.cause = CD_CAUSE_NONE;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_SERVER_GOING);
  evidence.has_websocket_end = FALSE;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_PROTOCOL);
  evidence.ssh_code = 0;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_GATEWAY);
  evidence.http_status = 0;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_TIMEOUT);
  evidence.error = NULL;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_RESET);
  evidence.error_number = 0;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_BROKEN_PIPE);
  evidence.text = CD_TEXT_NONE;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_EXIT_CRASHED);
  evidence.signal_number = 0;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_EXIT_CODE);
  evidence.has_exit_status = FALSE;
  g_assert_cmpint(cd_evidence_get_cause(&evidence, &ignored), ==, CD_CAUSE_EXIT_UNEXPLAINED);
}

static void
test_innermost_is_of_the_text(void)
{
  const CdEvidence by_text = { .text = CD_TEXT("read: EOF") };
  const CdEvidence by_code = { .error_number = ECONNRESET, .text = CD_TEXT("read: EOF") };
  CdText innermost;

  cd_evidence_get_cause(&by_text, &innermost);
  unit_assert_text(innermost, CD_TEXT("EOF"));
  cd_evidence_get_cause(&by_code, &innermost);
  g_assert_null(innermost.data);
}

/* A client's farewell is the same at every site where a client is the peer. */
static void
test_goodbye_on_the_data_plane(void)
{
  for (guint site = 0; site < CD_N_SITES; site++)
    {
      CdEvidence evidence = { .site = site, .has_websocket_end = TRUE, .websocket_code = 1000 };
      gboolean from_client = cd_site_get_info(site)->layer == CD_LAYER_AGENT_TO_CLIENT;
      CdText ignored;

      unit_assert_row(cd_site_get_info(site)->name,
                      cd_cause_get_name(cd_evidence_get_cause(&evidence, &ignored)),
                      cd_cause_get_name(from_client ? CD_CAUSE_ORDERLY : CD_CAUSE_SERVER_LOST));
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  timeout_error.domain = G_IO_ERROR;
  unit_add_rows("/evidence/cause", rows, test_cause);
  g_test_add_func("/evidence/precedence", test_precedence);
  g_test_add_func("/evidence/innermost-is-of-the-text", test_innermost_is_of_the_text);
  g_test_add_func("/evidence/goodbye-on-the-data-plane", test_goodbye_on_the_data_plane);
  return g_test_run();
}
