/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What holds for every judged statement, whatever was said. */
#ifndef CD_FUZZ_INVARIANTS_H
#define CD_FUZZ_INVARIANTS_H

#include "disconnect/detail.h"
#include "disconnect/judge.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/** Reads the input of a target into a statement. Returns: whether it is ours. */
typedef gboolean (*FuzzRead)(CdText text, CdStatement *statement);

static inline gboolean
fuzz_is_control(gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0xfeff
         || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
         || (c >= 0x2060 && c <= 0x206f);
}

/* Valid UTF-8, nothing that a terminal or a log obeys, not longer than allowed. */
static inline void
fuzz_check_value(CdText value)
{
  const gchar *end = value.data + value.length;

  g_assert_cmpuint(value.length, <=, CD_DETAIL_MAX);
  g_assert_true(g_utf8_validate(value.data, (gssize) value.length, NULL));
  for (const gchar *at = value.data; at < end; at = g_utf8_next_char(at))
    g_assert_false(fuzz_is_control(g_utf8_get_char(at)));
}

static inline void
fuzz_check_pair(CdField field, CdText value, gpointer user_data)
{
  fuzz_check_value(value);
}

/* Every word of a verdict is one of its vocabulary, and fits the reason. */
static inline void
fuzz_check_words(const CdRecord *record)
{
  CdReason reason;
  CdInitiator initiator;
  CdLayer layer;
  CdMethod method;
  CdSource source;
  CdSite site;
  gint64 rule;

  g_assert_true(cd_reason_parse(cd_record_get(record, CD_FIELD_DISCONNECT_REASON), &reason));
  g_assert_true(
    cd_initiator_parse(cd_record_get(record, CD_FIELD_DISCONNECT_INITIATOR), &initiator));
  g_assert_true(cd_layer_parse(cd_record_get(record, CD_FIELD_CONNECT_TYPE), &layer));
  g_assert_true(cd_method_parse(cd_record_get(record, CD_FIELD_CONNECTION_METHOD), &method));
  g_assert_true(cd_source_parse(cd_record_get(record, CD_FIELD_SOURCE), &source));
  g_assert_true(cd_site_parse(cd_record_get(record, CD_FIELD_SITE), &site));
  g_assert_true(cd_text_to_integer(cd_record_get(record, CD_FIELD_RULE), &rule));
  g_assert_nonnull(cd_rule_get((guint) rule));
  g_assert_true(cd_text_is(cd_record_get(record, CD_FIELD_DISCONNECT_EXPECTED),
                           cd_reason_is_expected(reason) ? "true" : "false"));
}

static inline void
fuzz_check_closed_sets(const CdRecord *record, const CdVerdict *verdict)
{
  fuzz_check_words(record);
  g_assert_true(
    cd_text_is(cd_record_get(record, CD_FIELD_RULE), cd_rule_get_number_text(verdict->rule)));
  g_assert_true(cd_text_is(cd_record_get(record, CD_FIELD_DISCONNECT_REASON),
                           cd_reason_get_info(verdict->reason)->name));
  g_assert_true(
    cd_text_equal(cd_record_get(record, CD_FIELD_DISCONNECT_INITIATOR),
                  cd_text_from_string(cd_initiator_get_info(verdict->initiator)->name)));
  g_assert_cmpint(verdict->expected, ==, cd_reason_is_expected(verdict->reason));
}

/* An exit code is a number as C prints it. */
static inline void
fuzz_check_exit_code(CdText code)
{
  gint64 number;
  g_autofree gchar *printed = NULL;

  if (cd_text_is_empty(code))
    return;
  g_assert_true(cd_text_to_integer(code, &number));
  printed = g_strdup_printf("%" G_GINT64_FORMAT, number);
  g_assert_true(cd_text_is(code, printed));
}

static inline void
fuzz_check_same(const CdRecord *first, const CdRecord *second, CdField end)
{
  for (guint i = 0; i < end; i++)
    g_assert_true(cd_text_equal(cd_record_get(first, i), cd_record_get(second, i)));
}

static inline void
fuzz_copy_pair(CdField field, CdText value, gpointer user_data)
{
  cd_statement_add(user_data, field, value);
}

/* The next hop judges what we wrote as we did. */
static inline void
fuzz_check_next_hop(const CdRecord *record)
{
  static const CdField kept[] = {
    CD_FIELD_CONNECT_TYPE,
    CD_FIELD_SITE,
    CD_FIELD_DISCONNECT_REASON,
    CD_FIELD_DISCONNECT_EXPECTED,
    CD_FIELD_DISCONNECT_INITIATOR,
    CD_FIELD_DISCONNECT_DETAIL,
    CD_FIELD_EXIT_CODE,
  };
  g_auto(CdStatement) relayed;
  CdJudgement judgement;

  cd_statement_init(&relayed, CD_SOURCE_SDATA);
  cd_record_foreach(record, CD_N_WIRE_FIELDS, fuzz_copy_pair, &relayed);
  g_assert_true(cd_statement_is_record(&relayed));
  cd_judge(&relayed, &judgement);
  g_assert_false(judgement.contradiction || judgement.malformed);
  for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
    g_assert_true(
      cd_text_equal(cd_record_get(&relayed.said, kept[i]), cd_record_get(record, kept[i])));
}

static inline void
fuzz_check_judged(const CdStatement *statement, const CdJudgement *judgement)
{
  cd_record_foreach(&statement->said, CD_N_PAIR_FIELDS, fuzz_check_pair, NULL);
  fuzz_check_closed_sets(&statement->said, &judgement->verdict);
  fuzz_check_exit_code(cd_record_get(&statement->said, CD_FIELD_EXIT_CODE));
  fuzz_check_next_hop(&statement->said);
}

/** Reads and judges the text twice: both times alike, and as it has to be. */
static inline void
fuzz_read_and_judge(CdText text, FuzzRead read)
{
  CdStatement statements[2];
  CdJudgement judgements[2];
  gboolean is_record[2];

  for (guint i = 0; i < 2; i++)
    {
      memset(&statements[i], i ? 0xff : 0x00, sizeof(statements[i]));
      memset(&judgements[i], i ? 0xff : 0x00, sizeof(judgements[i]));
      cd_statement_init(&statements[i], CD_SOURCE_TEXT);
      is_record[i] = read(text, &statements[i]) && cd_statement_is_record(&statements[i]);
      if (!is_record[i])
        continue;
      cd_judge(&statements[i], &judgements[i]);
    }
  g_assert_cmpint(is_record[0], ==, is_record[1]);
  if (is_record[0])
    {
      fuzz_check_judged(&statements[0], &judgements[0]);
      fuzz_check_same(&statements[0].said, &statements[1].said, CD_N_FIELDS);
      g_assert_cmpint(judgements[0].contradiction, ==, judgements[1].contradiction);
      g_assert_cmpint(judgements[0].malformed, ==, judgements[1].malformed);
      g_assert_cmpint(judgements[0].derived, ==, judgements[1].derived);
      g_assert_true(judgements[0].verdict.rule == judgements[1].verdict.rule);
    }
  cd_statement_clear(&statements[0]);
  cd_statement_clear(&statements[1]);
}

#endif
