/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From any text to a cause, from there to a verdict at every site; and whole lines. */
#include "slog/slog.h"

#include "invariants.h"

static gboolean
read_line(CdText text, CdStatement *statement)
{
  return cd_slog_read(text, CD_FORMATS_TEXT, statement);
}

static gboolean
read_reason(CdText text, CdStatement *statement)
{
  statement->source = CD_SOURCE_SDATA;
  cd_statement_add(statement, CD_FIELD_DISCONNECT_REASON, text);
  return TRUE;
}

/* Some number that the text decides: what is tried differs from text to text, and is the same for
 * the same text. */
static guint
pick(CdText text)
{
  guint number = 5381;

  for (gsize i = 0; i < text.length; i++)
    number = number * 33 + (guchar) text.data[i];
  return number;
}

/* Longer ones are read as a reason alone: here they would be cleaned once more for each place. */
#define EVERYWHERE_MAX 64

/* What a verdict is made of. */
#define WEIGHED                                                                                    \
  (CD_FIELD_BIT(CD_FIELD_CONNECT_TYPE) | CD_FIELD_BIT(CD_FIELD_SITE)                               \
   | CD_FIELD_BIT(CD_FIELD_DISCONNECT_REASON) | CD_FIELD_BIT(CD_FIELD_DISCONNECT_EXPECTED)         \
   | CD_FIELD_BIT(CD_FIELD_DISCONNECT_INITIATOR) | CD_FIELD_BIT(CD_FIELD_DISCONNECT_DETAIL)        \
   | CD_FIELD_BIT(CD_FIELD_EXIT_CODE) | CD_FIELD_BIT(CD_FIELD_CONNECTION_METHOD)                   \
   | CD_FIELD_BIT(CD_FIELD_RULE) | CD_FIELD_BIT(CD_FIELD_ERROR) | CD_FIELD_BIT(CD_FIELD_LOG_TYPE))

/* One text in every place of a record that is weighed, and in one that is only passed on: all of
 * those are passed on alike, and would cost ten times as much as the rest together. */
static gboolean
read_everything(CdText text, CdStatement *statement)
{
  const guint passed_on = pick(text) % CD_N_FIELDS;

  statement->source = CD_SOURCE_SDATA;
  for (guint i = 0; i < CD_N_FIELDS; i++)
    if (i == passed_on || (WEIGHED & CD_FIELD_BIT(i)))
      cd_statement_add(statement, i, text);
  return TRUE;
}

static void
check_inside(CdText part, CdText whole)
{
  g_assert_true(
    !part.length
    || (part.data >= whole.data && part.data + part.length <= whole.data + whole.length));
}

static void
check_verdict(const CdEvidence *evidence)
{
  CdVerdict verdict, again;

  cd_classify(evidence, &verdict);
  cd_classify(evidence, &again);
  g_assert_true(verdict.rule == again.rule);
  g_assert_cmpstr(verdict.made_detail, ==, again.made_detail);
  g_assert_cmpint(verdict.cause, <, CD_N_CAUSES);
  g_assert_cmpint(verdict.reason, <, CD_N_REASONS);
  g_assert_cmpint(verdict.initiator, <, CD_N_INITIATORS);
  g_assert_cmpint(verdict.expected, ==, cd_reason_is_expected(verdict.reason));
  check_inside(verdict.text, evidence->text);
  check_inside(verdict.innermost, evidence->text);
}

/* The text alone, then its cause at one of the places where it can be. */
static void
check_site(CdText text)
{
  const guint picked = pick(text);
  const CdEvidence plain = { .text = text };
  const CdEvidence evidence = {
    .site = picked % CD_N_SITES,
    .declared = picked / CD_N_SITES % CD_N_DECLARED,
    .phase = picked / CD_N_SITES / CD_N_DECLARED % CD_N_PHASES,
    .cause = cd_cause_from_text(text, NULL),
    .text = text,
  };

  check_verdict(&plain);
  check_verdict(&evidence);
}

/* A cause depends on nothing around the text. */
static void
check_cause(CdText text)
{
  g_autofree gchar *padded = g_strdup_printf(" \n%.*s\t ", (int) text.length, text.data);
  CdText innermost;
  CdCause cause = cd_cause_from_text(text, &innermost);

  check_inside(innermost, text);
  g_assert_cmpint(cause == CD_CAUSE_NONE, ==, cd_text_is_empty(cd_text_strip(text)));
  if (!memchr(text.data, '\0', text.length))
    g_assert_cmpint(cd_cause_from_text(cd_text_from_string(padded), NULL), ==, cause);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  const CdText text = { size ? (const gchar *) data : "", size };

  check_cause(text);
  check_site(text);
  fuzz_read_and_judge(text, read_reason);
  fuzz_read_and_judge(cd_text_head(text, EVERYWHERE_MAX), read_everything);
  fuzz_read_and_judge(text, read_line);
  return 0;
}
