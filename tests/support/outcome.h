/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes out of a case, expected or real, and the difference between the two. */
#ifndef CD_OUTCOME_H
#define CD_OUTCOME_H

#include <gio/gio.h>

/**
 * CdOutcome:
 * @record: whether it is a record; without one there are no pairs, rule, @derived, @contradiction
 * @malformed: whether it is tagged as malformed, record or not
 * @derived: whether it is tagged as derived
 * @contradiction: whether it is tagged as a contradiction
 * @rule: number of the rule, 0 where it does not matter
 * @pairs: (element-type utf8 utf8): every pair but `rule`, by its name without a prefix
 *
 * What becomes of an input. Initialise with cd_outcome_init(), free with cd_outcome_clear().
 */
typedef struct _CdOutcome
{
  gboolean record;
  gboolean malformed;
  gboolean derived;
  gboolean contradiction;
  guint rule;
  GHashTable *pairs;
} CdOutcome;

/** Makes it "no record", with an empty table of pairs. */
void cd_outcome_init(CdOutcome *self);

/** Frees what it holds. */
void cd_outcome_clear(CdOutcome *self);

/** Sets a pair; @length -1 for a string. A value with NUL or not in UTF-8 is marked as such. */
void cd_outcome_set(CdOutcome *self, const gchar *name, const gchar *value, gssize length);

/**
 * Compares all that is expected with what came out.
 *
 * Returns: (transfer full) (nullable): a line for each difference, %NULL where there is none
 */
gchar *cd_outcome_diff(const CdOutcome *expected, const CdOutcome *actual);

/** Bytes in printable ASCII, the rest as `\n`, `\\` and `\xNN`; free with g_free(). */
gchar *cd_outcome_show(const gchar *bytes, gsize length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CdOutcome, cd_outcome_clear)

#endif
