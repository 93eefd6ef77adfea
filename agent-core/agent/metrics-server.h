/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_METRICS_SERVER_H
#define CD_METRICS_SERVER_H

#include <gio/gio.h>

/**
 * CdMetricsServer:
 *
 * Answers `GET /metrics`, and nothing else, over HTTP in the thread's default main context. One
 * request for each connection, a few connections at a time, a few seconds for each.
 */
typedef struct _CdMetricsServer CdMetricsServer;

/** Appends all metrics, in Prometheus' text format. */
typedef void (*CdMetricsServerWrite)(GString *out, gpointer user_data);

/**
 * Listens.
 *
 * Errors: #CdNetError.
 *
 * Returns: (transfer full): free with cd_metrics_server_free()
 */
CdMetricsServer *cd_metrics_server_new(const gchar *address, CdMetricsServerWrite write,
                                       gpointer user_data, GError **error);

/** Closes its connections, listens no more, and frees it. */
void cd_metrics_server_free(CdMetricsServer *self);

/** Where it listens, with the port that it got. */
const gchar *cd_metrics_server_get_address(const CdMetricsServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdMetricsServer, cd_metrics_server_free)

#endif
