/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/record.h"

void
cd_record_foreach(const CdRecord *self, CdField end, CdRecordFunc func, gpointer user_data)
{
  for (guint i = 0; i < end; i++)
    if (cd_record_has(self, i) && !cd_text_is_empty(self->values[i]))
      func(i, self->values[i], user_data);
}
