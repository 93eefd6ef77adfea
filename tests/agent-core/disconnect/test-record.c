/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/record.h"

#include "../../support/unit.h"

static void
test_absent_until_set(void)
{
  CdRecord record = { .present = 0 };

  g_assert_false(cd_record_has(&record, CD_FIELD_EXIT_CODE));
  g_assert_null(cd_record_get(&record, CD_FIELD_EXIT_CODE).data);
  cd_record_set(&record, CD_FIELD_EXIT_CODE, CD_TEXT("0"));
  g_assert_true(cd_record_has(&record, CD_FIELD_EXIT_CODE));
  unit_assert_text(cd_record_get(&record, CD_FIELD_EXIT_CODE), CD_TEXT("0"));
}

static void
test_last_field_fits(void)
{
  CdRecord record = { .present = 0 };

  cd_record_set(&record, CD_N_FIELDS - 1, CD_TEXT("x"));
  g_assert_true(cd_record_has(&record, CD_N_FIELDS - 1));
  for (guint i = 0; i < CD_N_FIELDS - 1; i++)
    g_assert_false(cd_record_has(&record, i));
}

static void
test_verdict(void)
{
  CdRecord record = { .present = 0 };

  cd_record_set_verdict(&record, CD_REASON_NETWORK_ERROR, CD_INITIATOR_NETWORK, cd_rule_get(33));
  unit_assert_text(cd_record_get(&record, CD_FIELD_DISCONNECT_REASON), CD_TEXT("network_error"));
  unit_assert_text(cd_record_get(&record, CD_FIELD_DISCONNECT_EXPECTED), CD_TEXT("false"));
  unit_assert_text(cd_record_get(&record, CD_FIELD_DISCONNECT_INITIATOR), CD_TEXT("network"));
  unit_assert_text(cd_record_get(&record, CD_FIELD_RULE), CD_TEXT("33"));
}

static void
test_verdict_without_initiator(void)
{
  CdRecord record = { .present = 0 };

  cd_record_set(&record, CD_FIELD_DISCONNECT_INITIATOR, CD_TEXT("client"));
  cd_record_set_verdict(&record, CD_REASON_GRACEFUL, CD_INITIATOR_NONE, cd_rule_get(1));
  unit_assert_text(cd_record_get(&record, CD_FIELD_DISCONNECT_EXPECTED), CD_TEXT("true"));
  g_assert_false(cd_record_has(&record, CD_FIELD_DISCONNECT_INITIATOR));
}

static void
test_unset(void)
{
  CdRecord record = { .present = 0 };

  cd_record_set(&record, CD_FIELD_APP, CD_TEXT("ssh"));
  cd_record_set(&record, CD_FIELD_SITE, CD_TEXT("pty"));
  cd_record_unset(&record, CD_FIELD_APP);
  g_assert_false(cd_record_has(&record, CD_FIELD_APP));
  g_assert_true(cd_record_has(&record, CD_FIELD_SITE));
}

static void
test_set_or_unset(void)
{
  CdRecord record = { .present = 0 };

  cd_record_set_or_unset(&record, CD_FIELD_APP, CD_TEXT("ssh"));
  unit_assert_text(cd_record_get(&record, CD_FIELD_APP), CD_TEXT("ssh"));
  cd_record_set_or_unset(&record, CD_FIELD_APP, CD_TEXT(""));
  g_assert_false(cd_record_has(&record, CD_FIELD_APP));
}

static void
collect(CdField field, CdText value, gpointer user_data)
{
  GString *seen = user_data;

  g_string_append_printf(seen, "%s=%.*s ", cd_field_get_info(field)->name.data, (int) value.length,
                         value.data);
}

/* Empty values are there, and no pairs. */
static void
test_foreach(void)
{
  CdRecord record = { .present = 0 };
  g_autoptr(GString) seen = g_string_new(NULL);

  cd_record_set(&record, CD_FIELD_ERROR, CD_TEXT("EOF"));
  cd_record_set(&record, CD_FIELD_SOURCE, CD_TEXT("sdata"));
  cd_record_set(&record, CD_FIELD_RUN_ID, CD_TEXT("7"));
  cd_record_set(&record, CD_FIELD_APP, CD_TEXT(""));
  cd_record_set(&record, CD_FIELD_CONNECT_TYPE, CD_TEXT("server_to_agent"));
  cd_record_foreach(&record, CD_N_PAIR_FIELDS, collect, seen);
  g_assert_cmpstr(seen->str, ==, "connect_type=server_to_agent run_id=7 source=sdata ");
  g_string_truncate(seen, 0);
  cd_record_foreach(&record, CD_N_WIRE_FIELDS, collect, seen);
  g_assert_cmpstr(seen->str, ==, "connect_type=server_to_agent run_id=7 ");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/record/absent-until-set", test_absent_until_set);
  g_test_add_func("/record/last-field-fits", test_last_field_fits);
  g_test_add_func("/record/verdict", test_verdict);
  g_test_add_func("/record/verdict-without-initiator", test_verdict_without_initiator);
  g_test_add_func("/record/unset", test_unset);
  g_test_add_func("/record/set-or-unset", test_set_or_unset);
  g_test_add_func("/record/foreach", test_foreach);
  return g_test_run();
}
