/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/classify.h"

#define SIGNAL_STATUS_BASE 128

gboolean
cd_verdict_get_exit_status(const CdVerdict *self, gint64 *status)
{
  CdText text = self->innermost;
  const gchar *space = text.length ? memrchr(text.data, ' ', text.length) : NULL;

  return space && cd_text_to_integer(cd_text_between(space + 1, text.data + text.length), status);
}

static gboolean
_get_exit_status(const CdEvidence *evidence, const CdVerdict *verdict, gint64 *status)
{
  *status = evidence->exit_status;
  return evidence->has_exit_status || cd_verdict_get_exit_status(verdict, status);
}

static void
_describe_signal(const CdEvidence *evidence, CdVerdict *verdict)
{
  const gchar *name = cd_signal_get_name(evidence->signal_number);

  g_snprintf(verdict->made_detail, sizeof(verdict->made_detail), "killed by signal %d%s%s%s",
             evidence->signal_number, name ? " (" : "", name ? name : "", name ? ")" : "");
}

static void
_describe_status(CdVerdict *verdict, gint64 status)
{
  const gchar *name = cd_signal_get_name((gint) CLAMP(status - SIGNAL_STATUS_BASE, 0, G_MAXINT));
  gboolean by_signal = verdict->cause != CD_CAUSE_EXIT_CODE && name;

  g_snprintf(verdict->made_detail, sizeof(verdict->made_detail),
             "exited with code %" G_GINT64_FORMAT "%s%s%s", status, by_signal ? " (signal " : "",
             by_signal ? name : "", by_signal ? ")" : "");
}

static void
_describe_program(const CdEvidence *evidence, CdVerdict *verdict)
{
  const guint64 programs = CD_CAUSE_BIT(CD_CAUSE_EXIT_CODE) | CD_CAUSE_BIT(CD_CAUSE_EXIT_STOPPED)
                           | CD_CAUSE_BIT(CD_CAUSE_EXIT_CRASHED);
  gint64 status;

  if (!(CD_CAUSE_BIT(verdict->cause) & programs))
    return;
  if (evidence->signal_number)
    _describe_signal(evidence, verdict);
  else if (_get_exit_status(evidence, verdict, &status))
    _describe_status(verdict, status);
  if (evidence->out_of_memory)
    g_strlcat(verdict->made_detail, ", out of memory", sizeof(verdict->made_detail));
}

/* In English, whatever the locale. A text of the sender's own says more. */
static void
_describe_error_number(const CdEvidence *evidence, CdVerdict *verdict)
{
  const gchar *words = strerrordesc_np(evidence->error_number);

  if (evidence->error_number && words && cd_text_is_empty(verdict->text)
      && !verdict->made_detail[0])
    g_strlcpy(verdict->made_detail, words, sizeof(verdict->made_detail));
}

static CdInitiator
_get_initiator(const CdEvidence *evidence, const CdRule *rule)
{
  return rule->gives == CD_GIVES_FIXED ? rule->initiator : evidence->declared_initiator;
}

static CdReason
_get_reason(const CdEvidence *evidence, const CdRule *rule)
{
  if (rule->gives != CD_GIVES_DECLARED)
    return rule->reason;
  return evidence->declared == CD_DECLARED_REASON ? evidence->declared_reason : CD_REASON_UNKNOWN;
}

void
cd_classify(const CdEvidence *evidence, CdVerdict *verdict)
{
  const CdRule *rule;

  verdict->cause = cd_evidence_get_cause(evidence, &verdict->innermost);
  rule = cd_rule_find(evidence, verdict->cause);
  verdict->rule = rule;
  verdict->reason = _get_reason(evidence, rule);
  verdict->initiator = _get_initiator(evidence, rule);
  verdict->expected = cd_reason_is_expected(verdict->reason);
  verdict->text = verdict->cause == CD_CAUSE_NIL ? CD_TEXT_NONE : cd_text_strip(evidence->text);
  verdict->made_detail[0] = '\0';
  _describe_program(evidence, verdict);
  _describe_error_number(evidence, verdict);
}

void
cd_verdict_complete_initiator(CdVerdict *self, const CdEvidence *evidence)
{
  if (evidence->declared_initiator != CD_INITIATOR_NONE)
    self->initiator = evidence->declared_initiator;
  if (self->initiator == CD_INITIATOR_NONE)
    self->initiator = cd_site_get_initiator(evidence->site, self->reason);
}

void
cd_verdict_withdraw(CdVerdict *self)
{
  self->rule = cd_rule_get(CD_RULE_NOTHING_KNOWN);
  self->reason = self->rule->reason;
  self->initiator = self->rule->initiator;
  self->expected = cd_reason_is_expected(self->reason);
}

CdText
cd_verdict_get_detail(const CdVerdict *self)
{
  if (self->made_detail[0])
    return cd_text_from_string(self->made_detail);
  return self->text;
}
