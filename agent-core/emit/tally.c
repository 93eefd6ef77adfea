/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/tally.h"

#include "emit/exposition.h"

#define NAME "coder_disconnects_total"

void
cd_tally_add(CdTally *self, const CdRecord *record)
{
  CdReason reason = CD_REASON_UNKNOWN;
  CdInitiator initiator = CD_INITIATOR_NONE;
  CdLayer layer = CD_LAYER_NONE;

  if (!cd_record_has(record, CD_FIELD_DISCONNECT_REASON))
    return;
  cd_reason_parse(cd_record_get(record, CD_FIELD_DISCONNECT_REASON), &reason);
  cd_initiator_parse(cd_record_get(record, CD_FIELD_DISCONNECT_INITIATOR), &initiator);
  cd_layer_parse(cd_record_get(record, CD_FIELD_CONNECT_TYPE), &layer);
  self->counts[reason][initiator][layer]++;
}

static void
_append(const CdTally *self, GString *out, CdReason reason, CdInitiator initiator, CdLayer layer)
{
  guint64 count = self->counts[reason][initiator][layer];

  if (count)
    g_string_append_printf(
      out, NAME "{reason=\"%s\",initiator=\"%s\",layer=\"%s\"} %" G_GUINT64_FORMAT "\n",
      cd_reason_get_info(reason)->name, cd_initiator_get_info(initiator)->name,
      cd_layer_get_info(layer)->name, count);
}

void
cd_tally_append(const CdTally *self, GString *out)
{
  cd_exposition_append_head(out, NAME, CD_METRIC_COUNTER, "Connections that ended, by verdict.");
  for (CdReason reason = 0; reason < CD_N_REASONS; reason++)
    for (CdInitiator initiator = 0; initiator < CD_N_INITIATORS; initiator++)
      for (CdLayer layer = 0; layer < CD_N_LAYERS; layer++)
        _append(self, out, reason, initiator, layer);
}
