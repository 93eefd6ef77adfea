/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CLASSIFY_H
#define CD_CLASSIFY_H

#include "disconnect/evidence.h"
#include "disconnect/rule.h"

/** Longest detail that the classifier makes itself, with its NUL. */
#define CD_MADE_DETAIL_SIZE 80

/**
 * CdVerdict:
 * @reason: why it ended
 * @initiator: who ended it
 * @expected: whether that is normal operation; always computed from @reason
 * @rule: the rule that decided
 * @cause: what the evidence amounted to
 * @text: the evidence's text, as far as it says more than @reason; a view into the evidence
 * @innermost: the part of @text that decided; a view into the evidence
 * @made_detail: a detail made from codes ("exited with code 1", "Connection reset by peer"),
 *   empty for none
 *
 * It holds views into the evidence it was made from and lives no longer than that.
 */
typedef struct _CdVerdict
{
  CdReason reason;
  CdInitiator initiator;
  gboolean expected;
  const CdRule *rule;
  CdCause cause;
  CdText text;
  CdText innermost;
  gchar made_detail[CD_MADE_DETAIL_SIZE];
} CdVerdict;

/**
 * The one function that turns evidence into a verdict. Pure: the same evidence gives the same
 * verdict on agent and log server.
 */
void cd_classify(const CdEvidence *evidence, CdVerdict *verdict);

/**
 * Says who ended it where the rule did not: what the sender named or was configured stands above
 * all, and the site comes last.
 */
void cd_verdict_complete_initiator(CdVerdict *self, const CdEvidence *evidence);

/** Takes a verdict back to rule 45, nothing known; the cause that was seen is kept. */
void cd_verdict_withdraw(CdVerdict *self);

/** The program's exit status that the evidence's text names. Returns: %FALSE where none does. */
gboolean cd_verdict_get_exit_status(const CdVerdict *self, gint64 *status);

/** The detail of a verdict: the one made from codes, else the evidence's text, else empty. */
CdText cd_verdict_get_detail(const CdVerdict *self);

#endif
