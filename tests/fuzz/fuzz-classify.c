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

/* Longer ones are cut alike in every field; they would only cost time. */
#define EVERYWHERE_MAX 200

/* One text in every place of a record. */
static gboolean
read_everything(CdText text, CdStatement *statement)
{
  statement->source = CD_SOURCE_SDATA;
  for (guint i = 0; i < CD_N_FIELDS; i++)
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

/* The cause once from the text, then at every place where it can be. */
static void
check_sites(CdText text)
{
  const CdEvidence plain = { .text = text };
  const CdCause cause = cd_cause_from_text(text, NULL);
  const guint picked = pick(text);

  check_verdict(&plain);
  for (guint site = 0; site < CD_N_SITES; site++)
    {
      const CdEvidence evidence = {
        .site = site,
        .declared = picked % CD_N_DECLARED,
        .phase = picked / CD_N_DECLARED % CD_N_PHASES,
        .cause = cause,
        .text = text,
      };
      check_verdict(&evidence);
    }
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
  check_sites(text);
  fuzz_read_and_judge(text, read_reason);
  fuzz_read_and_judge(cd_text_head(text, EVERYWHERE_MAX), read_everything);
  fuzz_read_and_judge(text, read_line);
  return 0;
}
