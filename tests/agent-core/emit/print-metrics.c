/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the figures of an emitter whose targets are given as arguments, after one record. */
#include "emit/metrics.h"

#include <stdio.h>

int
main(int argc, char **argv)
{
  const CdEmitterOptions options = {
    .app_name = "print-metrics",
    .pen = 32473,
    .uris = (const gchar *const *) argv + 1,
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(CdEmitter) emitter = cd_emitter_new(&options, &error);
  g_autoptr(GString) text = g_string_new(NULL);
  CdRecord record = { 0 };
  CdEmitterFigures figures;

  if (!emitter)
    {
      g_printerr("print-metrics: %s\n", error->message);
      return 1;
    }
  cd_record_set(&record, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  cd_emitter_accept(emitter, &record);
  cd_emitter_get_figures(emitter, &figures);
  cd_metrics_append(text, &figures);
  fwrite(text->str, 1, text->len, stdout);
  return 0;
}
