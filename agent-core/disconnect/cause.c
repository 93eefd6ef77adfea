/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/cause.h"

static const gchar *const names[] = {
  [CD_CAUSE_NONE] = "none",
  [CD_CAUSE_NIL] = "no error",
  [CD_CAUSE_EOF] = "end of file",
  [CD_CAUSE_UNEXPECTED_EOF] = "end of file inside a message",
  [CD_CAUSE_ORDERLY] = "orderly close",
  [CD_CAUSE_RESET] = "reset",
  [CD_CAUSE_BROKEN_PIPE] = "broken pipe",
  [CD_CAUSE_TIMEOUT] = "timeout",
  [CD_CAUSE_DEADLINE] = "deadline",
  [CD_CAUSE_UNREACHABLE] = "unreachable",
  [CD_CAUSE_CLOSED] = "already closed here",
  [CD_CAUSE_TLS] = "TLS",
  [CD_CAUSE_KEEPALIVE] = "keepalive unanswered",
  [CD_CAUSE_CLIENT_FROZEN] = "client frozen",
  [CD_CAUSE_CLIENT_VANISHED] = "client vanished",
  [CD_CAUSE_INTEGRITY] = "integrity check failed",
  [CD_CAUSE_PROTOCOL] = "protocol broken",
  [CD_CAUSE_CANCELED] = "cancelled",
  [CD_CAUSE_SHUTDOWN] = "agent shutting down",
  [CD_CAUSE_SHUTDOWN_TIMEOUT] = "shutdown timed out",
  [CD_CAUSE_WORKSPACE_STOPPED] = "workspace stops",
  [CD_CAUSE_BUILD_OUTDATED] = "build outdated",
  [CD_CAUSE_REFUSED] = "refused by coderd",
  [CD_CAUSE_SERVER_GOING] = "coderd going away",
  [CD_CAUSE_SERVER_LOST] = "given up by coderd",
  [CD_CAUSE_SERVER_CLOSED] = "closed by coderd",
  [CD_CAUSE_GATEWAY] = "gateway without coderd",
  [CD_CAUSE_PROXY] = "upgrade swallowed by a proxy",
  [CD_CAUSE_RENEWAL] = "planned reconnect",
  [CD_CAUSE_PEER_LOST] = "peer lost",
  [CD_CAUSE_EXIT_OK] = "exit status 0",
  [CD_CAUSE_EXIT_CODE] = "exit status",
  [CD_CAUSE_EXIT_STOPPED] = "ended by HUP, INT, PIPE or TERM",
  [CD_CAUSE_EXIT_CRASHED] = "ended by a signal",
  [CD_CAUSE_EXIT_GONE] = "no exit status",
  [CD_CAUSE_EXIT_UNEXPLAINED] = "exit code without a reason",
  [CD_CAUSE_REPORTED_OK] = "exit code 0 reported",
  [CD_CAUSE_TRANSFER_BLOCKED] = "file transfer blocked",
  [CD_CAUSE_UNSUPPORTED] = "not supported",
  [CD_CAUSE_START_FAILED] = "could not be started",
  [CD_CAUSE_LIMIT_REACHED] = "limit reached",
  [CD_CAUSE_TIME_LIMIT] = "time limit",
  [CD_CAUSE_UNREADABLE] = "text not known",
};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == CD_N_CAUSES);

#define TRANSPORT_FAILURES                                                                         \
  (CD_CAUSE_BIT(CD_CAUSE_RESET) | CD_CAUSE_BIT(CD_CAUSE_BROKEN_PIPE)                               \
   | CD_CAUSE_BIT(CD_CAUSE_TIMEOUT) | CD_CAUSE_BIT(CD_CAUSE_DEADLINE)                              \
   | CD_CAUSE_BIT(CD_CAUSE_UNREACHABLE) | CD_CAUSE_BIT(CD_CAUSE_KEEPALIVE)                         \
   | CD_CAUSE_BIT(CD_CAUSE_TLS))

const gchar *
cd_cause_get_name(CdCause cause)
{
  return names[cause];
}

gboolean
cd_cause_proves_transport_failure(CdCause cause)
{
  return (CD_CAUSE_BIT(cause) & TRANSPORT_FAILURES) != 0;
}
