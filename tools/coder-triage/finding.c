/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "finding.h"

#include "line.h"

static CdFindingKind
_read(CdFinding *self, const gchar *const *sd_ids)
{
  if (!cd_line_read(self->line, sd_ids, &self->statement))
    return CD_FINDING_OTHER;
  return cd_statement_is_record(&self->statement) ? CD_FINDING_RECORD : CD_FINDING_BROKEN;
}

void
cd_finding_make(CdFinding *self, const gchar *const *sd_ids)
{
  self->kind = _read(self, sd_ids);
  if (self->kind == CD_FINDING_RECORD)
    cd_judge(&self->statement, &self->judgement);
}

void
cd_finding_clear(CdFinding *self)
{
  cd_statement_clear(&self->statement);
}
