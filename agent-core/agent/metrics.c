/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/metrics.h"

#include "emit/exposition.h"

#define ERRORS "agent_reconnecting_pty_errors_total"

static void
_append_counters(GString *out, const CdPtyFigures *figures)
{
  const struct
  {
    const gchar *name;
    const gchar *help;
    guint64 value;
  } counters[] = {
    { "agent_reconnecting_pty_connections_total", "Connections accepted.", figures->connections },
    { "coder_pty_refused_connections_total", "Connections of others, or far too many.",
      figures->refused_connections },
    { "coder_pty_silent_connections_total", "Connections that ended before their first byte.",
      figures->silent_connections },
    { "coder_pty_sessions_total", "Sessions started.", figures->sessions },
    { "coder_pty_idle_sessions_total", "Sessions that ended without a client.",
      figures->idle_sessions },
  };

  for (guint i = 0; i < G_N_ELEMENTS(counters); i++)
    cd_exposition_append_number(out, counters[i].name, CD_METRIC_COUNTER, counters[i].help,
                                counters[i].value);
}

static void
_append_failures(GString *out, const CdPtyFigures *figures)
{
  cd_exposition_append_head(out, ERRORS, CD_METRIC_COUNTER, "What failed in a terminal's service.");
  for (CdPtyFailure i = 0; i < CD_PTY_N_FAILURES; i++)
    g_string_append_printf(out, ERRORS "{error_type=\"%s\"} %" G_GUINT64_FORMAT "\n",
                           cd_pty_failure_get_name(i), figures->failures[i]);
}

void
cd_agent_metrics_append(GString *out, const CdPtyFigures *figures)
{
  _append_counters(out, figures);
  _append_failures(out, figures);
  cd_exposition_append_number(out, "coder_pty_connections", CD_METRIC_GAUGE, "Connections now.",
                              figures->n_connections);
  cd_exposition_append_number(out, "coder_pty_sessions", CD_METRIC_GAUGE, "Sessions now.",
                              figures->n_sessions);
}
