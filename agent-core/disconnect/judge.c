/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/judge.h"

#include "disconnect/detail.h"

/* Windows' exit codes are unsigned 32-bit numbers. */
#define EXIT_CODE_MAX G_GINT64_CONSTANT(4294967295)

/* What stands in a record as its sender wrote it; the rest is ours by then. */
#define PEER_TEXTS                                                                                 \
  ((CD_FIELD_BIT(CD_N_PAIR_FIELDS) - 1)                                                            \
   & ~(CD_FIELD_BIT(CD_FIELD_CONNECT_TYPE) | CD_FIELD_BIT(CD_FIELD_SITE)                           \
       | CD_FIELD_BIT(CD_FIELD_DISCONNECT_REASON) | CD_FIELD_BIT(CD_FIELD_DISCONNECT_EXPECTED)     \
       | CD_FIELD_BIT(CD_FIELD_DISCONNECT_INITIATOR) | CD_FIELD_BIT(CD_FIELD_CONNECTION_METHOD)    \
       | CD_FIELD_BIT(CD_FIELD_EXIT_CODE) | CD_FIELD_BIT(CD_FIELD_RULE)                            \
       | CD_FIELD_BIT(CD_FIELD_SOURCE)))

static void
_read_site(const CdStatement *statement, CdJudgement *judgement, CdEvidence *evidence)
{
  CdText site = cd_record_get(&statement->said, CD_FIELD_SITE);

  if (statement->message)
    {
      evidence->site = statement->message->site;
      evidence->phase = statement->message->phase;
    }
  else if (!cd_site_parse(site, &evidence->site))
    judgement->contradiction = TRUE;
  judgement->site = evidence->site;
}

/* coderd's connection log names the application instead of a layer. */
static CdLayer
_layer_of_log_type(CdText type)
{
  static const gchar *const agent_types[] = { "ssh", "vscode", "jetbrains", "reconnecting_pty" };

  for (gsize i = 0; i < G_N_ELEMENTS(agent_types); i++)
    if (cd_text_is(type, agent_types[i]))
      return CD_LAYER_AGENT_TO_CLIENT;
  return CD_LAYER_NONE;
}

static void
_read_layer(CdStatement *statement, CdJudgement *judgement)
{
  CdText layer = cd_record_get(&statement->said, CD_FIELD_CONNECT_TYPE);
  CdText log_type = cd_record_get(&statement->said, CD_FIELD_LOG_TYPE);

  judgement->layer = CD_LAYER_NONE;
  if (!cd_layer_parse(layer, &judgement->layer))
    judgement->contradiction = TRUE;
  if (judgement->layer == CD_LAYER_NONE)
    judgement->layer = cd_site_get_info(judgement->site)->layer;
  if (judgement->layer == CD_LAYER_NONE)
    judgement->layer = _layer_of_log_type(log_type);
}

/* Only a record of ours names a rule: its "unknown", and its saying nothing about the initiator, is
 * a verdict in spite of its words, not a gap in a log line. */
static gboolean
_was_judged(const CdStatement *statement)
{
  return cd_record_has(&statement->said, CD_FIELD_RULE);
}

static void
_read_reason(const CdStatement *statement, CdEvidence *evidence)
{
  CdText reason = cd_record_get(&statement->said, CD_FIELD_DISCONNECT_REASON);

  if (!cd_record_has(&statement->said, CD_FIELD_DISCONNECT_REASON))
    {
      evidence->declared = CD_DECLARED_NOTHING;
      evidence->cause = statement->message ? statement->message->cause : CD_CAUSE_NONE;
    }
  else if (!cd_reason_parse(reason, &evidence->declared_reason))
    evidence->declared = CD_DECLARED_TEXT;
  else if (evidence->declared_reason == CD_REASON_UNKNOWN && !_was_judged(statement))
    evidence->declared = CD_DECLARED_UNKNOWN;
  else
    evidence->declared = CD_DECLARED_REASON;
}

static void
_read_initiator(const CdStatement *statement, CdJudgement *judgement, CdEvidence *evidence)
{
  CdText initiator = cd_record_get(&statement->said, CD_FIELD_DISCONNECT_INITIATOR);

  if (!cd_initiator_parse(initiator, &evidence->declared_initiator))
    judgement->contradiction = TRUE;
}

static gboolean
_is_exit_code(gint64 number)
{
  return ABS(number) <= EXIT_CODE_MAX;
}

static void
_read_exit_code(CdStatement *statement, CdEvidence *evidence)
{
  CdText code = cd_record_get(&statement->said, CD_FIELD_EXIT_CODE);

  if (cd_text_is_empty(code))
    return;
  evidence->has_reported_code = cd_text_to_integer(code, &evidence->reported_code)
                                && _is_exit_code(evidence->reported_code);
  if (evidence->has_reported_code)
    return;
  statement->malformed = TRUE;
  cd_record_unset(&statement->said, CD_FIELD_EXIT_CODE);
}

static void
_read_text(const CdStatement *statement, CdEvidence *evidence)
{
  const CdRecord *said = &statement->said;

  evidence->text = cd_record_get(
    said, evidence->declared == CD_DECLARED_TEXT ? CD_FIELD_DISCONNECT_REASON : CD_FIELD_ERROR);
  if (cd_text_is_empty(evidence->text) && evidence->declared != CD_DECLARED_REASON)
    evidence->text = cd_record_get(said, CD_FIELD_DISCONNECT_DETAIL);
}

static void
_read_evidence(CdStatement *statement, CdJudgement *judgement, CdEvidence *evidence)
{
  *evidence = (CdEvidence) { 0 };
  _read_site(statement, judgement, evidence);
  _read_layer(statement, judgement);
  _read_reason(statement, evidence);
  _read_initiator(statement, judgement, evidence);
  _read_exit_code(statement, evidence);
  _read_text(statement, evidence);
}

/* The side that the words beside a declared reason show, if they show that reason too. */
static CdInitiator
_initiator_from_words(const CdStatement *statement, const CdEvidence *evidence, CdReason reason)
{
  CdEvidence undeclared = *evidence;
  CdVerdict verdict;

  if (cd_text_is_empty(undeclared.text))
    undeclared.text = cd_record_get(&statement->said, CD_FIELD_DISCONNECT_DETAIL);
  if (cd_text_is_empty(undeclared.text))
    return CD_INITIATOR_NONE;
  undeclared.declared = CD_DECLARED_NOTHING;
  cd_classify(&undeclared, &verdict);
  return verdict.reason == reason ? verdict.initiator : CD_INITIATOR_NONE;
}

static void
_complete_initiator(const CdStatement *statement, const CdEvidence *evidence, CdVerdict *verdict)
{
  cd_verdict_complete_initiator(verdict, evidence);
  if (verdict->initiator == CD_INITIATOR_NONE && evidence->declared == CD_DECLARED_REASON
      && !_was_judged(statement))
    verdict->initiator = _initiator_from_words(statement, evidence, verdict->reason);
}

/* What the sender's own reason would make of expected; Coder computes it so too. */
static gboolean
_get_implied_expected(const CdEvidence *evidence, const CdVerdict *verdict)
{
  if (evidence->declared == CD_DECLARED_NOTHING)
    return verdict->expected;
  return evidence->declared == CD_DECLARED_REASON
         && cd_reason_is_expected(evidence->declared_reason);
}

static gboolean
_contradicts_expected(const CdStatement *statement, const CdEvidence *evidence,
                      const CdVerdict *verdict)
{
  CdText said = cd_record_get(&statement->said, CD_FIELD_DISCONNECT_EXPECTED);
  gboolean implied = _get_implied_expected(evidence, verdict);

  return !cd_text_is_empty(said) && !cd_text_is(said, implied ? "true" : "false");
}

/* Coder's agent can log an expected reason for a broken transport (spec: coder-facts, T8).
 * @innermost is the part of the error that proves it. */
static gboolean
_contradicts_error(const CdStatement *statement, const CdEvidence *evidence,
                   const CdVerdict *verdict, CdText *innermost)
{
  CdText error = cd_record_get(&statement->said, CD_FIELD_ERROR);
  gboolean is_said = evidence->declared == CD_DECLARED_REASON
                     || evidence->declared == CD_DECLARED_TEXT;

  return is_said && verdict->expected && !cd_text_is_empty(error)
         && cd_cause_proves_transport_failure(cd_cause_from_text(error, innermost));
}

/* A reason in other words than the vocabulary's makes an end expected only where the known words
 * are all there is: anybody can end his own with them. */
static gboolean
_has_other_words(const CdEvidence *evidence, const CdVerdict *verdict)
{
  return evidence->declared == CD_DECLARED_TEXT && verdict->cause != CD_CAUSE_NONE
         && verdict->innermost.length < cd_text_strip(evidence->text).length;
}

/* What is worked out from a broken line may lack the very word that mattered, and where a sender
 * says two things, either may be wrong: that is not taken for an end in order. That it said
 * "expected" of a reason that is not is no doubt about what it is. */
static void
_doubt(const CdStatement *statement, const CdEvidence *evidence, gboolean says_otherwise,
       CdJudgement *judgement)
{
  CdVerdict *verdict = &judgement->verdict;
  gboolean has_other_words = _has_other_words(evidence, verdict);

  if (!verdict->expected || evidence->declared == CD_DECLARED_REASON)
    return;
  judgement->contradiction |= has_other_words;
  if (statement->malformed || statement->contradiction || says_otherwise || has_other_words)
    cd_verdict_withdraw(verdict);
}

static gboolean
_says_not_expected(const CdStatement *statement)
{
  return cd_text_is(cd_record_get(&statement->said, CD_FIELD_DISCONNECT_EXPECTED), "false");
}

/* The error that a declared reason does not tell of, behind what is declared as a detail. */
static CdText
_join_details(CdStatement *statement, CdText detail, CdText innermost)
{
  g_autoptr(GString) joined = g_string_new(NULL);

  if (!cd_text_is_empty(detail))
    {
      cd_detail_append_words(joined, detail);
      g_string_append(joined, "; ");
    }
  cd_detail_append_part(joined, innermost, cd_record_get(&statement->said, CD_FIELD_ERROR));
  return cd_statement_store(statement, (CdText) { joined->str, joined->len });
}

static CdText
_get_detail(CdStatement *statement, const CdVerdict *verdict, CdText contradicting_error)
{
  CdText declared = cd_record_get(&statement->said, CD_FIELD_DISCONNECT_DETAIL);

  if (contradicting_error.length)
    return _join_details(statement, declared, contradicting_error);
  return cd_text_is_empty(declared) ? cd_verdict_get_detail(verdict) : declared;
}

static void
_write_detail(CdStatement *statement, const CdVerdict *verdict, CdText contradicting_error)
{
  CdText detail = _get_detail(statement, verdict, contradicting_error);

  cd_record_set_or_unset(&statement->said, CD_FIELD_DISCONNECT_DETAIL, detail);
}

static void
_write_reason(CdStatement *statement, const CdEvidence *evidence, const CdVerdict *verdict)
{
  CdRecord *said = &statement->said;

  if (evidence->declared == CD_DECLARED_TEXT)
    cd_record_set(said, CD_FIELD_RAW_REASON, said->values[CD_FIELD_DISCONNECT_REASON]);
  cd_record_set_verdict(said, verdict->reason, verdict->initiator, verdict->rule);
}

static CdText
_store_integer(CdStatement *statement, gint64 number)
{
  gchar digits[24];

  g_snprintf(digits, sizeof(digits), "%" G_GINT64_FORMAT, number);
  return cd_statement_store(statement, cd_text_from_string(digits));
}

static gboolean
_is_canonical(CdText integer)
{
  return integer.data[0] >= '1' || integer.length == 1;
}

/* The status inside an older text is the program's own; the sender's code may be Go's 255. */
static void
_write_exit_code(CdStatement *statement, const CdEvidence *evidence, const CdVerdict *verdict)
{
  CdRecord *said = &statement->said;
  const guint64 programs = CD_CAUSE_BIT(CD_CAUSE_EXIT_CODE) | CD_CAUSE_BIT(CD_CAUSE_EXIT_STOPPED)
                           | CD_CAUSE_BIT(CD_CAUSE_EXIT_CRASHED);
  gint64 status;

  if (evidence->has_reported_code)
    {
      if (!_is_canonical(said->values[CD_FIELD_EXIT_CODE]))
        cd_record_set(said, CD_FIELD_EXIT_CODE, _store_integer(statement, evidence->reported_code));
    }
  else if (evidence->declared == CD_DECLARED_TEXT && (CD_CAUSE_BIT(verdict->cause) & programs)
           && cd_verdict_get_exit_status(verdict, &status) && _is_exit_code(status))
    cd_record_set(said, CD_FIELD_EXIT_CODE, _store_integer(statement, status));
}

static void
_write_method(CdStatement *statement, CdJudgement *judgement)
{
  CdMethod method;

  if (cd_method_parse(cd_record_get(&statement->said, CD_FIELD_CONNECTION_METHOD), &method))
    return;
  judgement->contradiction = TRUE;
  cd_record_unset(&statement->said, CD_FIELD_CONNECTION_METHOD);
}

static void
_write_provenance(CdStatement *statement, const CdJudgement *judgement)
{
  CdRecord *said = &statement->said;
  CdText log_type = cd_record_get(said, CD_FIELD_LOG_TYPE);

  if (!cd_record_has(said, CD_FIELD_APP) && !cd_text_is_empty(log_type))
    cd_record_set(said, CD_FIELD_APP, log_type);
  cd_record_set_or_unset(said, CD_FIELD_CONNECT_TYPE, cd_layer_get_info(judgement->layer)->text);
  cd_record_set_or_unset(said, CD_FIELD_SITE, cd_site_get_info(judgement->site)->text);
  cd_record_set(said, CD_FIELD_SOURCE, cd_source_get_info(statement->source)->text);
}

static CdText
_clean(CdStatement *statement, CdText text, gboolean is_words)
{
  g_autoptr(GString) clean = NULL;

  if (is_words ? cd_detail_is_plain_words(text) : cd_detail_is_plain(text))
    return text;
  clean = g_string_new(NULL);
  (is_words ? cd_detail_append_words : cd_detail_append)(clean, text);
  return cd_statement_store(statement, (CdText) { clean->str, clean->len });
}

static void
_clean_texts(CdStatement *statement)
{
  guint64 fields = statement->said.present & PEER_TEXTS;

  while (fields)
    {
      CdField field = cd_record_take_field(&fields);
      gboolean is_words = (CD_FIELD_BIT(field) & CD_FIELDS_OF_WORDS) != 0;
      CdText *value = &statement->said.values[field];

      *value = _clean(statement, *value, is_words);
    }
}

void
cd_judge(CdStatement *statement, CdJudgement *judgement)
{
  CdVerdict *verdict = &judgement->verdict;
  CdText contradicting_error = CD_TEXT_NONE;
  gboolean says_otherwise;
  CdEvidence evidence;

  judgement->contradiction = statement->contradiction;
  _read_evidence(statement, judgement, &evidence);
  cd_classify(&evidence, verdict);
  if (!_contradicts_error(statement, &evidence, verdict, &contradicting_error))
    contradicting_error = CD_TEXT_NONE;
  says_otherwise = contradicting_error.length
                   || (_says_not_expected(statement)
                       && _contradicts_expected(statement, &evidence, verdict));
  _doubt(statement, &evidence, says_otherwise, judgement);
  judgement->contradiction |= says_otherwise || _contradicts_expected(statement, &evidence, verdict)
                              || verdict->rule->gives == CD_GIVES_NOTHING;
  _complete_initiator(statement, &evidence, verdict);
  judgement->derived = verdict->rule->gives != CD_GIVES_DECLARED
                       && verdict->rule->gives != CD_GIVES_NOTHING;
  _write_detail(statement, verdict, contradicting_error);
  _write_reason(statement, &evidence, verdict);
  _write_exit_code(statement, &evidence, verdict);
  _write_method(statement, judgement);
  _write_provenance(statement, judgement);
  _clean_texts(statement);
  judgement->malformed = statement->malformed;
}
