/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/connection-report.h"

#include "../../support/unit.h"

#define ID "f64f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f9"
#define OTHER_ID "0f4f9dc6-27e5-45ff-8d5c-c4c3ac6ee8f0"

typedef struct _Fixture
{
  CdReports *reports;
  guint n_ready;
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
  self->reports = cd_reports_new();
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  cd_reports_free(self->reports);
}

static void
on_ready(gpointer user_data)
{
  Fixture *self = user_data;

  self->n_ready++;
}

static void
connect_pty(const Fixture *self, const gchar *remote)
{
  cd_reports_connect(self->reports, ID, CD_REPORT_RECONNECTING_PTY, remote);
}

/* --- one connection --------------------------------------------------------------------------- */

static void
test_connect_and_disconnect(Fixture *self, gconstpointer data)
{
  gint64 before = g_get_real_time();
  g_autoptr(CdConnectionReport) first = NULL;
  g_autoptr(CdConnectionReport) last = NULL;

  connect_pty(self, "192.0.2.1:50000");
  cd_reports_disconnect(self->reports, ID, CD_REPORT_RECONNECTING_PTY, "192.0.2.1:50000",
                        CD_REASON_NETWORK_ERROR);
  first = cd_reports_take(self->reports);
  last = cd_reports_take(self->reports);
  g_assert_null(cd_reports_take(self->reports));
  g_assert_cmpint(first->action, ==, CD_REPORT_CONNECT);
  g_assert_cmpstr(first->id, ==, ID);
  g_assert_cmpint(first->type, ==, CD_REPORT_RECONNECTING_PTY);
  g_assert_cmpstr(first->ip, ==, "192.0.2.1");
  g_assert_null(first->reason);
  g_assert_cmpint(last->action, ==, CD_REPORT_DISCONNECT);
  g_assert_cmpstr(last->id, ==, ID);
  g_assert_cmpint(last->type, ==, CD_REPORT_RECONNECTING_PTY);
  g_assert_cmpstr(last->ip, ==, "192.0.2.1");
  g_assert_cmpint(last->status_code, ==, 1);
  g_assert_cmpstr(last->reason, ==, "network_error");
  g_assert_cmpint(first->time, >=, before);
  g_assert_cmpint(last->time, >=, first->time);
}

static void
test_nobody_wants_reports(void)
{
  cd_reports_connect(NULL, ID, CD_REPORT_SSH, "a:1");
  cd_reports_disconnect(NULL, ID, CD_REPORT_SSH, "a:1", CD_REASON_GRACEFUL);
}

static void
test_status(Fixture *self, gconstpointer data)
{
  static const gint32 codes[] = {
    [CD_REASON_UNKNOWN] = 1,           [CD_REASON_GRACEFUL] = 0,
    [CD_REASON_CLIENT_CLOSED] = 0,     [CD_REASON_SERVER_SHUTDOWN] = 1,
    [CD_REASON_NETWORK_ERROR] = 1,     [CD_REASON_PROTOCOL_ERROR] = 1,
    [CD_REASON_WORKSPACE_STOPPED] = 1, [CD_REASON_CONTROL_PLANE_LOST] = 1,
  };

  for (CdReason i = 0; i < CD_N_REASONS; i++)
    {
      g_autoptr(CdConnectionReport) report = NULL;

      cd_reports_disconnect(self->reports, ID, CD_REPORT_SSH, "", i);
      report = cd_reports_take(self->reports);
      g_assert_cmpint(report->status_code, ==, codes[i]);
      g_assert_cmpstr(report->reason, ==, cd_reason_get_info(i)->name);
    }
}

/* --- addresses -------------------------------------------------------------------------------- */

typedef struct _Address
{
  const gchar *name;
  const gchar *remote;
  const gchar *ip;
  const gchar *complaint;
} Address;

static const Address addresses[] = {
  { "empty", "", "", NULL },
  { "ipv4", "192.0.2.1:5", "192.0.2.1", NULL },
  { "ipv6", "[fd7a::1]:5", "fd7a::1", NULL },
  { "ipv6 with zone", "[fe80::1%eth0]:5", "fe80::1%eth0", NULL },
  { "localhost with port", "localhost:5", "127.0.0.1", NULL },
  { "localhost alone", "localhost", "127.0.0.1", "*failed: ip=localhost" },
  { "no port", "192.0.2.1", "192.0.2.1", "*failed: ip=192.0.2.1" },
  { "ipv6 without brackets", "fd7a::1", "fd7a::1", "*failed: ip=fd7a::1" },
  { "brackets without port", "[fd7a::1]", "[fd7a::1]", "*failed: ip=[fd7a::1]" },
  { "host alone in brackets", "[]:5", "", NULL },
  { "a line break", "a\nb", "a\nb", "*failed: ip=a\\nb" },
};

static void
test_address(gconstpointer data)
{
  const Address *address = data;
  g_autoptr(CdReports) reports = cd_reports_new();
  g_autoptr(CdConnectionReport) report = NULL;

  if (address->complaint)
    g_test_expect_message(NULL, G_LOG_LEVEL_WARNING, address->complaint);
  cd_reports_connect(reports, ID, CD_REPORT_SSH, address->remote);
  g_test_assert_expected_messages();
  report = cd_reports_take(reports);
  g_assert_cmpstr(report->ip, ==, address->ip);
}

/* --- the consumer ----------------------------------------------------------------------------- */

static void
test_consumer_is_told_of_the_first(Fixture *self, gconstpointer data)
{
  cd_reports_watch(self->reports, on_ready, self);
  g_assert_cmpuint(self->n_ready, ==, 0);
  connect_pty(self, "");
  connect_pty(self, "");
  g_assert_cmpuint(self->n_ready, ==, 1);
  cd_connection_report_free(cd_reports_take(self->reports));
  cd_connection_report_free(cd_reports_take(self->reports));
  connect_pty(self, "");
  g_assert_cmpuint(self->n_ready, ==, 2);
}

static void
test_consumer_that_comes_later(Fixture *self, gconstpointer data)
{
  connect_pty(self, "");
  cd_reports_watch(self->reports, on_ready, self);
  g_assert_cmpuint(self->n_ready, ==, 1);
  g_assert_cmpuint(cd_reports_get_figures(self->reports).waiting, ==, 1);
}

/* --- too many --------------------------------------------------------------------------------- */

static void
fill(const Fixture *self)
{
  while (cd_reports_get_figures(self->reports).waiting < CD_REPORTS_MAX)
    connect_pty(self, "");
}

static void
drop_some(const Fixture *self)
{
  connect_pty(self, "");
  cd_reports_connect(self->reports, OTHER_ID, CD_REPORT_SSH, "");
  cd_reports_disconnect(self->reports, ID, CD_REPORT_SSH, "", CD_REASON_GRACEFUL);
}

/* Every burst is told of once when it begins, and with its counts when it is over. */
static void
test_full(Fixture *self, gconstpointer data)
{
  fill(self);
  g_test_expect_message(NULL, G_LOG_LEVEL_WARNING, "*limit=2048 dropped so far=0");
  drop_some(self);
  g_test_assert_expected_messages();
  g_assert_cmpuint(cd_reports_get_figures(self->reports).waiting, ==, CD_REPORTS_MAX);
  g_assert_cmpuint(cd_reports_get_figures(self->reports).dropped, ==, 3);
  cd_connection_report_free(cd_reports_take(self->reports));
  g_test_expect_message(NULL, G_LOG_LEVEL_MESSAGE, "*dropped connect=2 disconnect=1");
  connect_pty(self, "");
  g_test_assert_expected_messages();
  g_test_expect_message(NULL, G_LOG_LEVEL_WARNING, "*limit=2048 dropped so far=3");
  drop_some(self);
  g_test_assert_expected_messages();
}

static void
test_order(Fixture *self, gconstpointer data)
{
  g_autoptr(CdConnectionReport) first = NULL;

  cd_reports_connect(self->reports, OTHER_ID, CD_REPORT_SSH, "");
  connect_pty(self, "");
  first = cd_reports_take(self->reports);
  g_assert_cmpstr(first->id, ==, OTHER_ID);
  g_assert_cmpuint(cd_reports_get_figures(self->reports).reported, ==, 2);
}

#define add(name, test)                                                                            \
  g_test_add("/connection-report/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("connect-and-disconnect", test_connect_and_disconnect);
  g_test_add_func("/connection-report/nobody-wants-reports", test_nobody_wants_reports);
  add("status", test_status);
  unit_add_rows("/connection-report/address", addresses, test_address);
  add("consumer-is-told-of-the-first", test_consumer_is_told_of_the_first);
  add("consumer-that-comes-later", test_consumer_that_comes_later);
  add("full", test_full);
  add("order", test_order);
  return g_test_run();
}
