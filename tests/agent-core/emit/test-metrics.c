/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/metrics.h"

/* clang-format off */
static const gchar expected[] =
  "# HELP coder_emit_accepted_total Records accepted.\n"
  "# TYPE coder_emit_accepted_total counter\n"
  "coder_emit_accepted_total 7\n"
  "# HELP coder_emit_sent_total Records sent, repeated ones included.\n"
  "# TYPE coder_emit_sent_total counter\n"
  "coder_emit_sent_total{target=\"stderr:\"} 1\n"
  "coder_emit_sent_total{target=\"unix-dgram:/a\\\"b\\\\c\\nd\"} 18446744073709551615\n"
  "# HELP coder_emit_repeated_total Records sent again after a break.\n"
  "# TYPE coder_emit_repeated_total counter\n"
  "coder_emit_repeated_total{target=\"stderr:\"} 2\n"
  "coder_emit_repeated_total{target=\"unix-dgram:/a\\\"b\\\\c\\nd\"} 0\n"
  "# HELP coder_emit_dropped_total Records that the spool's limit took.\n"
  "# TYPE coder_emit_dropped_total counter\n"
  "coder_emit_dropped_total{target=\"stderr:\"} 3\n"
  "coder_emit_dropped_total{target=\"unix-dgram:/a\\\"b\\\\c\\nd\"} 0\n"
  "# HELP coder_emit_refused_total Records that the target will never take.\n"
  "# TYPE coder_emit_refused_total counter\n"
  "coder_emit_refused_total{target=\"stderr:\"} 4\n"
  "coder_emit_refused_total{target=\"unix-dgram:/a\\\"b\\\\c\\nd\"} 0\n"
  "# HELP coder_emit_backlog_records Records that wait or may be sent again.\n"
  "# TYPE coder_emit_backlog_records gauge\n"
  "coder_emit_backlog_records{target=\"stderr:\"} 5\n"
  "coder_emit_backlog_records{target=\"unix-dgram:/a\\\"b\\\\c\\nd\"} 0\n"
  "# HELP coder_emit_reconnects_total Connections after the first.\n"
  "# TYPE coder_emit_reconnects_total counter\n"
  "coder_emit_reconnects_total{target=\"stderr:\"} 6\n"
  "coder_emit_reconnects_total{target=\"unix-dgram:/a\\\"b\\\\c\\nd\"} 0\n"
  "# HELP coder_emit_connected Whether it is connected.\n"
  "# TYPE coder_emit_connected gauge\n"
  "coder_emit_connected{target=\"stderr:\"} 1\n"
  "coder_emit_connected{target=\"unix-dgram:/a\\\"b\\\\c\\nd\"} 0\n"
  "# HELP coder_emit_in_trouble Whether it broke or could not be reached.\n"
  "# TYPE coder_emit_in_trouble gauge\n"
  "coder_emit_in_trouble{target=\"stderr:\"} 0\n"
  "coder_emit_in_trouble{target=\"unix-dgram:/a\\\"b\\\\c\\nd\"} 1\n"
  "# HELP coder_emit_spool_bytes Size of the spool.\n"
  "# TYPE coder_emit_spool_bytes gauge\n"
  "coder_emit_spool_bytes 4194304\n"
  "# HELP coder_emit_spool_unwritten_bytes Bytes in memory that wait for the disk.\n"
  "# TYPE coder_emit_spool_unwritten_bytes gauge\n"
  "coder_emit_spool_unwritten_bytes 100\n"
  "# HELP coder_emit_oldest_age_seconds Age of the oldest record that a target has yet to get.\n"
  "# TYPE coder_emit_oldest_age_seconds gauge\n"
  "coder_emit_oldest_age_seconds 1.500001\n"
  "# HELP coder_emit_accept_seconds How long accepting a record takes.\n"
  "# TYPE coder_emit_accept_seconds histogram\n"
  "coder_emit_accept_seconds_bucket{le=\"0.000001\"} 0\n"
  "coder_emit_accept_seconds_bucket{le=\"0.000002\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.000005\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.00001\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.00002\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.00005\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.0001\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.0002\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.0005\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.001\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.002\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.005\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.02\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"0.05\"} 1\n"
  "coder_emit_accept_seconds_bucket{le=\"+Inf\"} 2\n"
  "coder_emit_accept_seconds_sum 2.000001501\n"
  "coder_emit_accept_seconds_count 2\n"
  "# HELP coder_disconnects_total Connections that ended, by verdict.\n"
  "# TYPE coder_disconnects_total counter\n"
  "coder_disconnects_total{reason=\"unknown\",initiator=\"\",layer=\"\"} 1\n"
  "coder_disconnects_total{reason=\"graceful\",initiator=\"agent\",layer=\"agent_to_client\"} 2\n";
/* clang-format on */

static void
add_end(CdTally *tally, CdText reason, CdText initiator, CdText layer)
{
  CdRecord record = { 0 };

  cd_record_set(&record, CD_FIELD_DISCONNECT_REASON, reason);
  cd_record_set(&record, CD_FIELD_DISCONNECT_INITIATOR, initiator);
  cd_record_set(&record, CD_FIELD_CONNECT_TYPE, layer);
  cd_tally_add(tally, &record);
}

static void
test_all(void)
{
  CdEmitterFigures figures = {
    .spool = { .accepted = 7, .bytes = 4194304, .in_memory = 100 },
    .oldest_age = 1500001,
    .n_targets = 2,
    .uris = { "stderr:", "unix-dgram:/a\"b\\c\nd" },
    .targets = { { .sent = 1,
                   .repeated = 2,
                   .dropped = 3,
                   .refused = 4,
                   .backlog = 5,
                   .reconnects = 6,
                   .is_connected = TRUE },
                 { .is_in_trouble = TRUE, .sent = G_MAXUINT64 } },
  };
  g_autoptr(GString) text = g_string_new(NULL);

  cd_histogram_add(&figures.accept_time, 1500);
  cd_histogram_add(&figures.accept_time, G_GINT64_CONSTANT(2000000001));
  add_end(&figures.disconnects, CD_TEXT("graceful"), CD_TEXT("agent"), CD_TEXT("agent_to_client"));
  add_end(&figures.disconnects, CD_TEXT("graceful"), CD_TEXT("agent"), CD_TEXT("agent_to_client"));
  add_end(&figures.disconnects, CD_TEXT("its own"), CD_TEXT("me"), CD_TEXT("here"));
  cd_metrics_append(text, &figures);
  g_assert_cmpstr(text->str, ==, expected);
}

static void
test_what_is_no_end_is_not_counted(void)
{
  CdTally tally = { 0 };
  const CdTally nothing = { 0 };
  CdRecord record = { 0 };

  cd_record_set(&record, CD_FIELD_CONNECT_TYPE, CD_TEXT("agent_to_client"));
  cd_tally_add(&tally, &record);
  g_assert_cmpmem(&tally, sizeof(tally), &nothing, sizeof(nothing));
}

static void
assert_label(const gchar *uri, const gchar *label)
{
  CdEmitterFigures figures = { .n_targets = 1, .uris = { uri } };
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree gchar *sample = g_strdup_printf("coder_emit_sent_total{target=\"%s\"} 0\n", label);

  cd_metrics_append(text, &figures);
  if (!strstr(text->str, sample))
    g_error("%s is not in: %s", sample, text->str);
}

static void
test_no_secret_is_shown(void)
{
  assert_label("unix-stream:/run/log?token=hunter2", "unix-stream:/run/log?token=[redacted]");
}

static void
test_a_path_of_other_bytes_is_utf8(void)
{
  assert_label("unix-stream:/run/\xe4", "unix-stream:/run/\xef\xbf\xbd");
}

static void
test_without_targets_nothing_is_told_of_them(void)
{
  const CdEmitterFigures figures = { .n_targets = 0 };
  g_autoptr(GString) text = g_string_new(NULL);

  cd_metrics_append(text, &figures);
  g_assert_null(strstr(text->str, "sent_total"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/metrics/all", test_all);
  g_test_add_func("/metrics/what-is-no-end-is-not-counted", test_what_is_no_end_is_not_counted);
  g_test_add_func("/metrics/no-secret-is-shown", test_no_secret_is_shown);
  g_test_add_func("/metrics/a-path-of-other-bytes-is-utf8", test_a_path_of_other_bytes_is_utf8);
  g_test_add_func("/metrics/without-targets-nothing-is-told-of-them",
                  test_without_targets_nothing_is_told_of_them);
  return g_test_run();
}
