/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/connection-report.h"

#include "disconnect/detail.h"

#include <string.h>

struct _CdReports
{
  GQueue waiting;
  CdReportsFigures figures;
  guint n_dropped_connects; /* of this burst */
  guint n_dropped_disconnects;
  CdReportsReady ready;
  gpointer user_data;
};

/* --- one report ------------------------------------------------------------------------------- */

void
cd_connection_report_free(CdConnectionReport *self)
{
  g_free(self->ip);
  g_free(self->reason);
  g_free(self);
}

/* As Go's net.SplitHostPort: one colon, or brackets. Returns: (nullable) */
static gchar *
_take_host(const gchar *remote)
{
  const gchar *colon = strrchr(remote, ':');
  gsize length = colon ? (gsize) (colon - remote) : 0;

  if (!colon)
    return NULL;
  if (remote[0] == '[' && length >= 2 && remote[length - 1] == ']')
    return g_strndup(remote + 1, length - 2);
  return memchr(remote, ':', length) ? NULL : g_strndup(remote, length);
}

/* A peer may have chosen it. */
static void
_complain(const gchar *remote)
{
  g_autoptr(GString) clean = g_string_new(NULL);

  cd_detail_append(clean, cd_text_from_string(remote));
  g_warning("split host and port for connection report failed: ip=%s", clean->str);
}

static gchar *
_make_ip(const gchar *remote)
{
  g_autofree gchar *host = *remote ? _take_host(remote) : g_strdup("");

  if (!host)
    {
      _complain(remote);
      host = g_strdup(remote);
    }
  return g_strdup(g_str_equal(host, "localhost") ? "127.0.0.1" : host);
}

/* As upstream reports them: a client that leaves ends the connection in order. */
static gint32
_get_status(CdReason reason)
{
  return reason == CD_REASON_GRACEFUL || reason == CD_REASON_CLIENT_CLOSED ? 0 : 1;
}

static CdConnectionReport *
_make(const gchar *id, CdReportAction action, CdReportType type, const gchar *remote)
{
  CdConnectionReport *self = g_new0(CdConnectionReport, 1);

  g_strlcpy(self->id, id, sizeof(self->id));
  self->action = action;
  self->type = type;
  self->time = g_get_real_time();
  self->ip = _make_ip(remote);
  return self;
}

/* --- room ------------------------------------------------------------------------------------- */

static gboolean
_is_dropping(const CdReports *self)
{
  return self->n_dropped_connects + self->n_dropped_disconnects > 0;
}

/* Once for each burst. */
static void
_begin_to_drop(const CdReports *self)
{
  g_warning("connection report buffer limit reached, dropping reports: limit=%d dropped so "
            "far=%" G_GUINT64_FORMAT,
            CD_REPORTS_MAX, self->figures.dropped);
}

static void
_drop(CdReports *self, CdReportAction action)
{
  if (!_is_dropping(self))
    _begin_to_drop(self);
  if (action == CD_REPORT_CONNECT)
    self->n_dropped_connects++;
  else
    self->n_dropped_disconnects++;
  self->figures.dropped++;
}

static void
_stop_dropping(CdReports *self)
{
  if (!_is_dropping(self))
    return;
  g_message("connection reports are taken again: dropped connect=%u disconnect=%u",
            self->n_dropped_connects, self->n_dropped_disconnects);
  self->n_dropped_connects = 0;
  self->n_dropped_disconnects = 0;
}

static void
_call(const CdReports *self)
{
  if (self->ready)
    self->ready(self->user_data);
}

/* Takes the report. */
static void
_add(CdReports *self, CdConnectionReport *report)
{
  _stop_dropping(self);
  self->figures.reported++;
  g_queue_push_tail(&self->waiting, report);
  if (self->waiting.length == 1)
    _call(self);
}

static gboolean
_has_room(const CdReports *self)
{
  return self->waiting.length < CD_REPORTS_MAX;
}

/* --- use -------------------------------------------------------------------------------------- */

void
cd_reports_connect(CdReports *self, const gchar *id, CdReportType type, const gchar *remote)
{
  if (!self)
    return;
  if (_has_room(self))
    _add(self, _make(id, CD_REPORT_CONNECT, type, remote));
  else
    _drop(self, CD_REPORT_CONNECT);
}

void
cd_reports_disconnect(CdReports *self, const gchar *id, CdReportType type, const gchar *remote,
                      CdReason reason)
{
  CdConnectionReport *report;

  if (!self)
    return;
  if (!_has_room(self))
    {
      _drop(self, CD_REPORT_DISCONNECT);
      return;
    }
  report = _make(id, CD_REPORT_DISCONNECT, type, remote);
  report->status_code = _get_status(reason);
  report->reason = g_strdup(cd_reason_get_info(reason)->name);
  _add(self, report);
}

CdConnectionReport *
cd_reports_take(CdReports *self)
{
  return g_queue_pop_head(&self->waiting);
}

void
cd_reports_watch(CdReports *self, CdReportsReady ready, gpointer user_data)
{
  self->ready = ready;
  self->user_data = user_data;
  if (self->waiting.length)
    _call(self);
}

CdReportsFigures
cd_reports_get_figures(const CdReports *self)
{
  CdReportsFigures figures = self->figures;

  figures.waiting = self->waiting.length;
  return figures;
}

/* --- life ------------------------------------------------------------------------------------- */

CdReports *
cd_reports_new(void)
{
  CdReports *self = g_new0(CdReports, 1);

  g_queue_init(&self->waiting);
  return self;
}

void
cd_reports_free(CdReports *self)
{
  g_queue_clear_full(&self->waiting, (GDestroyNotify) cd_connection_report_free);
  g_free(self);
}
