/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/rule.h"

#include "disconnect/classify.h"

#include "../../support/unit.h"

typedef void (*CombinationFunc)(const CdEvidence *evidence, CdCause cause, gpointer user_data);

/* Calls @func for every site, cause, declaration, closer and phase. */
static void
foreach_combination(CombinationFunc func, gpointer user_data)
{
  const guint n_all = CD_N_SITES * CD_N_CAUSES * CD_N_DECLARED * CD_N_CLOSERS * CD_N_PHASES;

  for (guint i = 0; i < n_all; i++)
    {
      guint rest = i;
      CdEvidence evidence = { 0 };
      CdCause cause;

      evidence.site = rest % CD_N_SITES;
      rest /= CD_N_SITES;
      cause = rest % CD_N_CAUSES;
      rest /= CD_N_CAUSES;
      evidence.declared = rest % CD_N_DECLARED;
      rest /= CD_N_DECLARED;
      evidence.closer = rest % CD_N_CLOSERS;
      evidence.phase = rest / CD_N_CLOSERS;
      func(&evidence, cause, user_data);
    }
}

static void
test_numbers_ascend(void)
{
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  g_assert_cmpuint(n_rules, >, 0);
  g_assert_cmpuint(n_rules, <=, CD_RULES_MAX);
  g_assert_cmpuint(CD_RULES_MAX, <=, 50);
  for (guint i = 0; i < n_rules; i++)
    g_assert_cmpuint(rules[i].number, >, i ? rules[i - 1].number : 0);
}

static void
test_names_and_sentences(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  for (guint i = 0; i < n_rules; i++)
    {
      g_assert_cmpuint(strlen(rules[i].name), >, 0);
      g_assert_cmpuint(strspn(rules[i].name, "abcdefghijklmnopqrstuvwxyz-"), ==,
                       strlen(rules[i].name));
      g_assert_true(g_str_has_suffix(rules[i].sentence, "."));
      g_assert_true(g_hash_table_add(seen, (gpointer) rules[i].name));
      g_assert_true(g_hash_table_add(seen, (gpointer) rules[i].sentence));
    }
}

static void
test_get(void)
{
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  for (guint i = 0; i < n_rules; i++)
    g_assert_true(cd_rule_get(rules[i].number) == &rules[i]);
  g_assert_null(cd_rule_get(0));
  g_assert_null(cd_rule_get(rules[n_rules - 1].number + 1));
  g_assert_null(cd_rule_get(G_MAXUINT));
}

static void
test_number_text(void)
{
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  for (guint i = 0; i < n_rules; i++)
    {
      g_autofree gchar *number = g_strdup_printf("%u", rules[i].number);
      g_assert_cmpstr(cd_rule_get_number_text(&rules[i]), ==, number);
    }
  for (guint number = 1; number <= CD_RULES_MAX; number++)
    {
      const CdRule rule = { .number = number };
      g_assert_cmpint(atoi(cd_rule_get_number_text(&rule)), ==, (gint) number);
    }
}

static void
test_last_rule_matches_anything(void)
{
  guint n_rules;
  const CdRule *last = cd_rules(&n_rules) + n_rules - 1;

  g_assert_cmpuint(last->sites, ==, 0);
  g_assert_cmpuint(last->causes, ==, 0);
  g_assert_cmpuint(last->declared, ==, 0);
  g_assert_cmpuint(last->closers, ==, 0);
  g_assert_cmpuint(last->phases, ==, 0);
}

static gboolean
is_in(guint64 set, guint member)
{
  return !set || (set & (G_GUINT64_CONSTANT(1) << member));
}

static void
check_first_match(const CdEvidence *evidence, CdCause cause, gpointer user_data)
{
  const CdRule *rule = cd_rule_find(evidence, cause);
  const CdRule *candidate;
  guint n_rules;

  for (candidate = cd_rules(&n_rules); candidate != rule; candidate++)
    g_assert_false(is_in(candidate->sites, evidence->site) && is_in(candidate->causes, cause)
                   && is_in(candidate->declared, evidence->declared)
                   && is_in(candidate->closers, evidence->closer)
                   && is_in(candidate->phases, evidence->phase));
  g_assert_true(is_in(rule->sites, evidence->site) && is_in(rule->causes, cause)
                && is_in(rule->declared, evidence->declared)
                && is_in(rule->closers, evidence->closer) && is_in(rule->phases, evidence->phase));
}

static void
test_first_match_wins(void)
{
  foreach_combination(check_first_match, NULL);
}

static void
mark_reached(const CdEvidence *evidence, CdCause cause, gpointer user_data)
{
  gboolean *reached = user_data;

  reached[cd_rule_find(evidence, cause)->number] = TRUE;
}

static void
test_every_rule_is_reached(void)
{
  gboolean reached[CD_RULES_MAX + 1] = { FALSE };
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  foreach_combination(mark_reached, reached);
  for (guint i = 0; i < n_rules; i++)
    unit_assert_row(rules[i].name, reached[rules[i].number] ? "reached" : "never", "reached");
}

/* Sets that no evidence can meet are mistakes in a row. */
static void
test_sets_are_of_members(void)
{
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  for (guint i = 0; i < n_rules; i++)
    {
      g_assert_cmpuint(rules[i].sites >> CD_N_SITES, ==, 0);
      g_assert_cmpuint(rules[i].declared >> CD_N_DECLARED, ==, 0);
      g_assert_cmpuint(rules[i].closers >> CD_N_CLOSERS, ==, 0);
      g_assert_cmpuint(rules[i].phases >> CD_N_PHASES, ==, 0);
      g_assert_cmpint(rules[i].reason, <, CD_N_REASONS);
      g_assert_cmpint(rules[i].initiator, <, CD_N_INITIATORS);
    }
}

static void
classify(const CdEvidence *evidence, CdCause cause, CdVerdict *verdict)
{
  CdEvidence known = *evidence;

  known.cause = cause;
  cd_classify(&known, verdict);
}

static void
check_verdict(const CdEvidence *evidence, CdCause cause, gpointer user_data)
{
  CdEvidence declared = *evidence;

  for (guint reason = 0; reason < CD_N_REASONS; reason++)
    {
      CdVerdict verdict;

      declared.declared_reason = reason;
      classify(&declared, cause, &verdict);
      g_assert_nonnull(verdict.rule);
      g_assert_cmpint(verdict.reason, <, CD_N_REASONS);
      g_assert_cmpint(verdict.initiator, <, CD_N_INITIATORS);
      g_assert_cmpint(verdict.expected, ==, cd_reason_is_expected(verdict.reason));
      if (declared.declared == CD_DECLARED_REASON)
        g_assert_cmpint(verdict.reason, ==, reason);
    }
}

/* One rule for each; expected always follows the reason; a declared reason always stands. */
static void
test_every_combination(void)
{
  foreach_combination(check_verdict, NULL);
}

/* Between coderd and the agent a cause that nobody knows still means that coderd is lost, and
 * clients have no part in it (control-plane 6.3). */
static void
check_control_plane(const CdEvidence *evidence, CdCause cause, gpointer user_data)
{
  CdVerdict verdict;

  if (evidence->declared != CD_DECLARED_NOTHING
      || !(CD_SITE_BIT(evidence->site) & CD_SITES_CONTROL))
    return;
  classify(evidence, cause, &verdict);
  g_assert_cmpint(verdict.reason, !=, CD_REASON_UNKNOWN);
  g_assert_cmpint(verdict.reason, !=, CD_REASON_CLIENT_CLOSED);
  g_assert_cmpint(verdict.initiator, !=, CD_INITIATOR_CLIENT);
}

static void
test_control_plane_is_never_unknown(void)
{
  foreach_combination(check_control_plane, NULL);
}

/* Who was closing is known before the end is looked at; nothing but a declared reason and a
 * declared text that nobody can read comes before it. */
static void
check_closer(const CdEvidence *evidence, CdCause cause, gpointer user_data)
{
  CdVerdict verdict;
  gboolean by_server = evidence->closer == CD_CLOSER_SERVER;

  if (evidence->closer == CD_CLOSER_NOBODY || evidence->declared != CD_DECLARED_NOTHING)
    return;
  classify(evidence, cause, &verdict);
  g_assert_cmpint(verdict.reason, ==,
                  by_server ? CD_REASON_WORKSPACE_STOPPED : CD_REASON_SERVER_SHUTDOWN);
  g_assert_cmpint(verdict.initiator, ==, by_server ? CD_INITIATOR_SERVER : CD_INITIATOR_AGENT);
}

static void
test_closer_decides(void)
{
  foreach_combination(check_closer, NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rule/numbers-ascend", test_numbers_ascend);
  g_test_add_func("/rule/names-and-sentences", test_names_and_sentences);
  g_test_add_func("/rule/get", test_get);
  g_test_add_func("/rule/number-text", test_number_text);
  g_test_add_func("/rule/last-rule-matches-anything", test_last_rule_matches_anything);
  g_test_add_func("/rule/first-match-wins", test_first_match_wins);
  g_test_add_func("/rule/every-rule-is-reached", test_every_rule_is_reached);
  g_test_add_func("/rule/sets-are-of-members", test_sets_are_of_members);
  g_test_add_func("/rule/every-combination", test_every_combination);
  g_test_add_func("/rule/control-plane-is-never-unknown", test_control_plane_is_never_unknown);
  g_test_add_func("/rule/closer-decides", test_closer_decides);
  return g_test_run();
}
