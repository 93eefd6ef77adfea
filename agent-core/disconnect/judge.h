/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_JUDGE_H
#define CD_JUDGE_H

#include "disconnect/classify.h"
#include "disconnect/statement.h"

/**
 * CdJudgement:
 * @verdict: reason, initiator, expected and the rule
 * @layer: the layer, declared or the site's
 * @site: where the end was seen
 * @derived: the reason is ours, not one that the sender declared
 * @contradiction: the sender says what cannot be true together, or what no vocabulary has
 * @malformed: a part of the record was broken
 *
 * What the log server makes of a statement. Holds views into the statement.
 */
typedef struct _CdJudgement
{
  CdVerdict verdict;
  CdLayer layer;
  CdSite site;
  gboolean derived;
  gboolean contradiction;
  gboolean malformed;
} CdJudgement;

/**
 * Judges a statement that is a record (spec: taxonomy, section 6) and turns its fields into the
 * record: members of the closed sets are replaced by the verdict's, the sender's reason outside
 * the vocabulary goes to `raw_reason`, every text is made safe to log.
 */
void cd_judge(CdStatement *statement, CdJudgement *judgement);

#endif
