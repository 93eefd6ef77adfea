/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/metrics.h"

#include "disconnect/redact.h"
#include "emit/exposition.h"

#define PREFIX "coder_emit_"
#define NS_PER_SECOND G_GUINT64_CONSTANT(1000000000)
#define NS_PER_US 1000

/* A figure that each target has. */
typedef struct _PerTarget
{
  const gchar *name;
  CdMetricKind kind;
  const gchar *help;
  guint64 (*get)(const CdFeedFigures *figures);
} PerTarget;

/* No floating point: neither digits nor the locale's comma can go wrong. */
static void
_append_seconds(GString *out, guint64 nanoseconds)
{
  guint64 rest = nanoseconds % NS_PER_SECOND;
  gint n_digits = 9;

  g_string_append_printf(out, "%" G_GUINT64_FORMAT, nanoseconds / NS_PER_SECOND);
  if (rest == 0)
    return;
  for (; rest % 10 == 0; rest /= 10)
    n_digits--;
  g_string_append_printf(out, ".%0*" G_GUINT64_FORMAT, n_digits, rest);
}

/* --- targets ---------------------------------------------------------------------------------- */

static void
_append_label(GString *out, const gchar *uri)
{
  g_autofree gchar *valid = g_utf8_make_valid(uri, -1);
  g_autoptr(GString) redacted = g_string_new(NULL);

  cd_redact_append(redacted, cd_text_from_string(valid));
  cd_exposition_append_label(out, redacted->str);
}

static guint64
_get_sent(const CdFeedFigures *figures)
{
  return figures->sent;
}

static guint64
_get_repeated(const CdFeedFigures *figures)
{
  return figures->repeated;
}

static guint64
_get_dropped(const CdFeedFigures *figures)
{
  return figures->dropped;
}

static guint64
_get_refused(const CdFeedFigures *figures)
{
  return figures->refused;
}

static guint64
_get_backlog(const CdFeedFigures *figures)
{
  return figures->backlog;
}

static guint64
_get_reconnects(const CdFeedFigures *figures)
{
  return figures->reconnects;
}

static guint64
_get_connected(const CdFeedFigures *figures)
{
  return figures->is_connected ? 1 : 0;
}

static guint64
_get_trouble(const CdFeedFigures *figures)
{
  return figures->is_in_trouble ? 1 : 0;
}

static const PerTarget per_target[] = {
  { PREFIX "sent_total", CD_METRIC_COUNTER, "Records sent, repeated ones included.", _get_sent },
  { PREFIX "repeated_total", CD_METRIC_COUNTER, "Records sent again after a break.",
    _get_repeated },
  { PREFIX "dropped_total", CD_METRIC_COUNTER, "Records that the spool's limit took.",
    _get_dropped },
  { PREFIX "refused_total", CD_METRIC_COUNTER, "Records that the target will never take.",
    _get_refused },
  { PREFIX "backlog_records", CD_METRIC_GAUGE, "Records that wait or may be sent again.",
    _get_backlog },
  { PREFIX "reconnects_total", CD_METRIC_COUNTER, "Connections after the first.", _get_reconnects },
  { PREFIX "connected", CD_METRIC_GAUGE, "Whether it is connected.", _get_connected },
  { PREFIX "in_trouble", CD_METRIC_GAUGE, "Whether it broke or could not be reached.",
    _get_trouble },
};

static void
_append_per_target(GString *out, const PerTarget *metric, const CdEmitterFigures *figures)
{
  if (figures->n_targets == 0)
    return;
  cd_exposition_append_head(out, metric->name, metric->kind, metric->help);
  for (guint i = 0; i < figures->n_targets; i++)
    {
      g_string_append_printf(out, "%s{target=\"", metric->name);
      _append_label(out, figures->uris[i]);
      g_string_append_printf(out, "\"} %" G_GUINT64_FORMAT "\n", metric->get(&figures->targets[i]));
    }
}

/* --- the histogram ---------------------------------------------------------------------------- */

static void
_append_buckets(GString *out, const CdHistogram *histogram)
{
  guint64 n = 0;

  for (guint i = 0; i < CD_HISTOGRAM_BUCKETS; i++)
    {
      n += histogram->counts[i];
      g_string_append(out, PREFIX "accept_seconds_bucket{le=\"");
      _append_seconds(out, (guint64) cd_histogram_get_bound(i));
      g_string_append_printf(out, "\"} %" G_GUINT64_FORMAT "\n", n);
    }
}

static void
_append_histogram(GString *out, const CdHistogram *histogram)
{
  cd_exposition_append_head(out, PREFIX "accept_seconds", CD_METRIC_HISTOGRAM,
                            "How long accepting a record takes.");
  _append_buckets(out, histogram);
  g_string_append_printf(out, PREFIX "accept_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n",
                         histogram->count);
  g_string_append(out, PREFIX "accept_seconds_sum ");
  _append_seconds(out, histogram->sum);
  g_string_append_printf(out, "\n" PREFIX "accept_seconds_count %" G_GUINT64_FORMAT "\n",
                         histogram->count);
}

static void
_append_age(GString *out, gint64 microseconds)
{
  cd_exposition_append_head(out, PREFIX "oldest_age_seconds", CD_METRIC_GAUGE,
                            "Age of the oldest record that a target has yet to get.");
  g_string_append(out, PREFIX "oldest_age_seconds ");
  _append_seconds(out, (guint64) microseconds * NS_PER_US);
  g_string_append_c(out, '\n');
}

void
cd_metrics_append(GString *out, const CdEmitterFigures *figures)
{
  const CdSpoolFigures *spool = &figures->spool;

  cd_exposition_append_number(out, PREFIX "accepted_total", CD_METRIC_COUNTER, "Records accepted.",
                              spool->accepted);
  for (guint i = 0; i < G_N_ELEMENTS(per_target); i++)
    _append_per_target(out, &per_target[i], figures);
  cd_exposition_append_number(out, PREFIX "spool_bytes", CD_METRIC_GAUGE, "Size of the spool.",
                              spool->bytes);
  cd_exposition_append_number(out, PREFIX "spool_unwritten_bytes", CD_METRIC_GAUGE,
                              "Bytes in memory that wait for the disk.", spool->in_memory);
  _append_age(out, figures->oldest_age);
  _append_histogram(out, &figures->accept_time);
  cd_tally_append(&figures->disconnects, out);
}
