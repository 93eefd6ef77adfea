/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/termination.h"

#include "disconnect/detail.h"

#include "../../support/unit.h"

static const CdEvidence client_left = { .site = CD_SITE_PTY, .cause = CD_CAUSE_ORDERLY };
static const CdEvidence agent_closing = { .site = CD_SITE_PTY, .cause = CD_CAUSE_SHUTDOWN };
static const CdEvidence reset = {
  .site = CD_SITE_SSH_SESSION,
  .text = { "read tcp: connection reset by peer", 34 },
};

static void
assert_reset(const CdTermination *termination)
{
  g_assert_true(termination->is_set);
  g_assert_cmpint(termination->reason, ==, CD_REASON_NETWORK_ERROR);
  g_assert_cmpint(termination->initiator, ==, CD_INITIATOR_NETWORK);
  g_assert_cmpstr(termination->rule->name, ==, "transport");
}

static void
test_zeroed_is_unset(void)
{
  g_auto(CdTermination) termination = { 0 };

  g_assert_false(termination.is_set);
  cd_termination_clear(&termination);
  g_assert_false(termination.is_set);
}

static void
test_set(void)
{
  g_auto(CdTermination) termination = { 0 };

  g_assert_true(cd_termination_set(&termination, &reset));
  assert_reset(&termination);
  g_assert_cmpstr(termination.detail->str, ==, "read tcp: connection reset by peer");
}

static void
test_no_detail(void)
{
  g_auto(CdTermination) termination = { 0 };

  g_assert_true(cd_termination_set(&termination, &client_left));
  g_assert_cmpint(termination.reason, ==, CD_REASON_CLIENT_CLOSED);
  g_assert_cmpint(termination.initiator, ==, CD_INITIATOR_CLIENT);
  g_assert_null(termination.detail);
}

static void
test_first_end_wins(void)
{
  static const CdEvidence *const later[] = { &client_left, &agent_closing, &reset };
  g_auto(CdTermination) termination = { 0 };

  cd_termination_set(&termination, &reset);
  for (gsize i = 0; i < G_N_ELEMENTS(later); i++)
    {
      g_assert_false(cd_termination_set(&termination, later[i]));
      assert_reset(&termination);
      g_assert_cmpstr(termination.detail->str, ==, "read tcp: connection reset by peer");
    }
}

/* Any two ends, in both orders: what stands is what the first alone gives. */
static void
test_first_end_wins_for_every_pair(void)
{
  for (guint first = 0; first < CD_N_CAUSES; first++)
    for (guint second = 0; second < CD_N_CAUSES; second++)
      {
        const CdEvidence earlier = { .site = CD_SITE_SSH_SESSION, .cause = first };
        const CdEvidence later = { .site = CD_SITE_SSH_SESSION, .cause = second };
        g_auto(CdTermination) termination = { 0 };
        CdVerdict verdict;

        cd_classify(&earlier, &verdict);
        g_assert_true(cd_termination_set(&termination, &earlier));
        g_assert_false(cd_termination_set(&termination, &later));
        g_assert_cmpint(termination.reason, ==, verdict.reason);
        g_assert_cmpint(termination.initiator, ==, verdict.initiator);
        g_assert_true(termination.rule == verdict.rule);
      }
}

static void
test_later_detail_is_added(void)
{
  g_auto(CdTermination) termination = { 0 };

  cd_termination_set(&termination, &reset);
  cd_termination_add_detail(&termination, CD_TEXT("shutdown timeout"));
  cd_termination_add_detail(&termination, CD_TEXT("a\nb"));
  assert_reset(&termination);
  g_assert_cmpstr(termination.detail->str, ==,
                  "read tcp: connection reset by peer; shutdown timeout; a\\nb");
}

static void
test_first_detail_has_no_separator(void)
{
  g_auto(CdTermination) termination = { 0 };

  cd_termination_set(&termination, &client_left);
  cd_termination_add_detail(&termination, CD_TEXT("late"));
  g_assert_cmpstr(termination.detail->str, ==, "late");
}

static void
test_empty_detail_is_nothing(void)
{
  g_auto(CdTermination) termination = { 0 };

  cd_termination_set(&termination, &reset);
  cd_termination_add_detail(&termination, CD_TEXT(""));
  cd_termination_add_detail(&termination, CD_TEXT_NONE);
  g_assert_cmpstr(termination.detail->str, ==, "read tcp: connection reset by peer");
}

static void
test_no_detail_without_an_end(void)
{
  g_auto(CdTermination) termination = { 0 };

  cd_termination_add_detail(&termination, CD_TEXT("early"));
  g_assert_false(termination.is_set);
  g_assert_null(termination.detail);
}

static void
test_detail_is_clean(void)
{
  const CdEvidence evil = { .site = CD_SITE_PTY,
                            .text = CD_TEXT("\x1b[31m\xe2\x80\xae: connection reset by peer") };
  g_auto(CdTermination) termination = { 0 };

  cd_termination_set(&termination, &evil);
  g_assert_cmpstr(termination.detail->str, ==, "\\x1b[31m\\u202e: connection reset by peer");
}

static void
test_clear_makes_unset(void)
{
  CdTermination termination = { 0 };

  cd_termination_set(&termination, &reset);
  cd_termination_clear(&termination);
  g_assert_false(termination.is_set);
  g_assert_null(termination.detail);
  g_assert_true(cd_termination_set(&termination, &client_left));
  g_assert_cmpint(termination.reason, ==, CD_REASON_CLIENT_CLOSED);
  cd_termination_clear(&termination);
}

/* The evidence's text is gone when the record is written. */
static void
test_outlives_its_evidence(void)
{
  g_auto(CdTermination) termination = { 0 };
  gchar *text = g_strdup("broken pipe");
  CdEvidence evidence = { .site = CD_SITE_PTY, .text = cd_text_from_string(text) };

  cd_termination_set(&termination, &evidence);
  g_free(text);
  g_assert_cmpstr(termination.detail->str, ==, "broken pipe");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/termination/zeroed-is-unset", test_zeroed_is_unset);
  g_test_add_func("/termination/set", test_set);
  g_test_add_func("/termination/no-detail", test_no_detail);
  g_test_add_func("/termination/first-end-wins", test_first_end_wins);
  g_test_add_func("/termination/first-end-wins-for-every-pair", test_first_end_wins_for_every_pair);
  g_test_add_func("/termination/later-detail-is-added", test_later_detail_is_added);
  g_test_add_func("/termination/first-detail-has-no-separator", test_first_detail_has_no_separator);
  g_test_add_func("/termination/empty-detail-is-nothing", test_empty_detail_is_nothing);
  g_test_add_func("/termination/no-detail-without-an-end", test_no_detail_without_an_end);
  g_test_add_func("/termination/detail-is-clean", test_detail_is_clean);
  g_test_add_func("/termination/clear-makes-unset", test_clear_makes_unset);
  g_test_add_func("/termination/outlives-its-evidence", test_outlives_its_evidence);
  return g_test_run();
}
