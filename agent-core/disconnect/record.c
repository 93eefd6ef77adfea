/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/record.h"

void
cd_record_set_verdict(CdRecord *self, CdReason reason, CdInitiator initiator, const CdRule *rule)
{
  const CdReasonInfo *info = cd_reason_get_info(reason);

  cd_record_set(self, CD_FIELD_DISCONNECT_REASON, info->text);
  cd_record_set(self, CD_FIELD_DISCONNECT_EXPECTED,
                info->expected ? CD_TEXT("true") : CD_TEXT("false"));
  cd_record_set_or_unset(self, CD_FIELD_DISCONNECT_INITIATOR,
                         cd_initiator_get_info(initiator)->text);
  cd_record_set(self, CD_FIELD_RULE, cd_text_from_string(cd_rule_get_number_text(rule)));
}

void
cd_record_foreach(const CdRecord *self, CdField end, CdRecordFunc func, gpointer user_data)
{
  for (guint i = 0; i < end; i++)
    if (cd_record_has(self, i) && !cd_text_is_empty(self->values[i]))
      func(i, self->values[i], user_data);
}
