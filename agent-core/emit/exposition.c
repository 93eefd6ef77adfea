/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/exposition.h"

static const gchar *
_kind_to_string(CdMetricKind kind)
{
  switch (kind)
    {
    case CD_METRIC_COUNTER:
      return "counter";
    case CD_METRIC_GAUGE:
      return "gauge";
    case CD_METRIC_HISTOGRAM:
      return "histogram";
    }
  g_return_val_if_reached(NULL);
}

void
cd_exposition_append_head(GString *out, const gchar *name, CdMetricKind kind, const gchar *help)
{
  g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
                         _kind_to_string(kind));
}

void
cd_exposition_append_number(GString *out, const gchar *name, CdMetricKind kind, const gchar *help,
                            guint64 value)
{
  cd_exposition_append_head(out, name, kind, help);
  g_string_append_printf(out, "%s %" G_GUINT64_FORMAT "\n", name, value);
}

void
cd_exposition_append_label(GString *out, const gchar *value)
{
  for (; *value; value++)
    switch (*value)
      {
      case '\n':
        g_string_append(out, "\\n");
        break;
      case '"':
      case '\\':
        g_string_append_c(out, '\\');
        /* fall through */
      default:
        g_string_append_c(out, *value);
      }
}
