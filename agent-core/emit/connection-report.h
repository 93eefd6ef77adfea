/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CONNECTION_REPORT_H
#define CD_CONNECTION_REPORT_H

#include "disconnect/vocabulary.h"

/** Reports that wait at most (spec: coder-facts, d). */
#define CD_REPORTS_MAX 2048

/** Bytes of a UUID as text, with its NUL. */
#define CD_REPORT_ID_SIZE 37

/** What happened; the numbers are upstream's. */
typedef enum
{
  CD_REPORT_CONNECT = 1,
  CD_REPORT_DISCONNECT = 2,
} CdReportAction;

/** What was connected; the numbers are upstream's. */
typedef enum
{
  CD_REPORT_UNSPECIFIED = 0,
  CD_REPORT_SSH = 1,
  CD_REPORT_VSCODE = 2,
  CD_REPORT_JETBRAINS = 3,
  CD_REPORT_RECONNECTING_PTY = 4,
} CdReportType;

/**
 * CdConnectionReport:
 * @id: UUID of the connection, the same in both of its reports
 * @action: what happened
 * @type: what was connected
 * @time: when, in microseconds since 1970
 * @ip: the peer's address without its port, may be empty
 * @status_code: of a disconnect, 0 for one in order
 * @reason: (nullable): of a disconnect
 *
 * What coderd learns of a connection.
 */
typedef struct _CdConnectionReport
{
  gchar id[CD_REPORT_ID_SIZE];
  CdReportAction action;
  CdReportType type;
  gint64 time;
  gchar *ip;
  gint32 status_code;
  gchar *reason;
} CdConnectionReport;

/** Frees it. */
void cd_connection_report_free(CdConnectionReport *self);

/**
 * CdReports:
 *
 * The reports that wait for coderd, in order. Who brings them there takes one after the other;
 * until then they wait, and when there are too many the new ones are dropped.
 */
typedef struct _CdReports CdReports;

/** A report waits where none did before. Called from within the function that added it. */
typedef void (*CdReportsReady)(gpointer user_data);

/**
 * CdReportsFigures:
 * @waiting: reports, now
 * @reported: reports taken in, ever
 * @dropped: reports for which there was no room, ever
 */
typedef struct _CdReportsFigures
{
  guint waiting;
  guint64 reported;
  guint64 dropped;
} CdReportsFigures;

/** An empty queue. */
CdReports *cd_reports_new(void);

/** Frees it with what waits. */
void cd_reports_free(CdReports *self);

/** Has @ready called from now on; at once, where something waits. %NULL for nobody. */
void cd_reports_watch(CdReports *self, CdReportsReady ready, gpointer user_data);

/**
 * Reports that a connection is there.
 *
 * @self: (nullable): nobody wants reports
 * @remote: the peer's address; its port goes, `localhost` becomes 127.0.0.1, what has no port stays
 *   with an error in the log, and empty is none
 */
void cd_reports_connect(CdReports *self, const gchar *id, CdReportType type, const gchar *remote);

/** Reports that it has ended. The parameters are those of its connect, and its verdict. */
void cd_reports_disconnect(CdReports *self, const gchar *id, CdReportType type, const gchar *remote,
                           CdReason reason);

/** Takes the oldest one out. Returns: (transfer full) (nullable): %NULL where none waits */
CdConnectionReport *cd_reports_take(CdReports *self);

/** How it stands. */
CdReportsFigures cd_reports_get_figures(const CdReports *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdConnectionReport, cd_connection_report_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdReports, cd_reports_free)

#endif
