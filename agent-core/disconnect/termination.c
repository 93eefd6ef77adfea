/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/termination.h"

#include "disconnect/detail.h"

gboolean
cd_termination_set(CdTermination *self, const CdEvidence *evidence)
{
  CdVerdict verdict;

  if (self->is_set)
    return FALSE;
  cd_classify(evidence, &verdict);
  self->is_set = TRUE;
  self->reason = verdict.reason;
  self->initiator = verdict.initiator;
  self->rule = verdict.rule;
  cd_termination_add_detail(self, cd_verdict_get_detail(&verdict));
  return TRUE;
}

void
cd_termination_add_detail(CdTermination *self, CdText text)
{
  if (!self->is_set || cd_text_is_empty(text))
    return;
  if (!self->detail)
    self->detail = g_string_new(NULL);
  else
    g_string_append(self->detail, "; ");
  cd_detail_append_words(self->detail, text);
}

void
cd_termination_clear(CdTermination *self)
{
  if (self->detail)
    g_string_free(self->detail, TRUE);
  *self = (CdTermination) { 0 };
}
