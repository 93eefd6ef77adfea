/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_EXPOSITION_H
#define CD_EXPOSITION_H

#include <glib.h>

/* Pieces of Prometheus' text format (version 0.0.4). */

/** What a metric does. */
typedef enum
{
  CD_METRIC_COUNTER, /* only grows */
  CD_METRIC_GAUGE,
  CD_METRIC_HISTOGRAM,
} CdMetricKind;

/** Appends the two lines that come before the values of a metric. */
void cd_exposition_append_head(GString *out, const gchar *name, CdMetricKind kind,
                               const gchar *help);

/** Appends a metric that has one value and no labels. */
void cd_exposition_append_number(GString *out, const gchar *name, CdMetricKind kind,
                                 const gchar *help, guint64 value);

/** Appends the value of a label, without its quotes. */
void cd_exposition_append_label(GString *out, const gchar *value);

#endif
