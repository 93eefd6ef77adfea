/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/field.h"

#include "../../support/unit.h"

/* The order on the wire. */
static const gchar *const wire_names[] = {
  "connect_type",
  "site",
  "disconnect_reason",
  "disconnect_expected",
  "disconnect_initiator",
  "disconnect_detail",
  "connection_method",
  "exit_code",
  "rule",
  "session_id",
  "connection_id",
  "client_session_id",
  "app",
  "workspace_id",
  "workspace_name",
  "owner_name",
  "agent_id",
  "agent_name",
  "build_id",
  "build_reason",
  "transition",
  "remote_addr",
  "local_addr",
  "destination_port",
  "duration_ms",
  "bytes_in",
  "bytes_out",
  "tcp_rtt_us",
  "tcp_retransmits",
  "tcp_unsent",
  "tcp_idle_ms",
  "run_id",
};
G_STATIC_ASSERT(G_N_ELEMENTS(wire_names) == CD_N_WIRE_FIELDS);

static void
test_wire_order(void)
{
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    g_assert_cmpstr(cd_field_get_info(i)->name.data, ==, wire_names[i]);
  g_assert_cmpstr(cd_field_get_info(CD_FIELD_SOURCE)->name.data, ==, "source");
  g_assert_cmpstr(cd_field_get_info(CD_FIELD_RAW_REASON)->name.data, ==, "raw_reason");
}

/* RFC 5424 allows 32 bytes of a name; syslog-ng cannot send on names with dots. */
static void
test_names_fit_structured_data(void)
{
  for (guint i = 0; i < CD_N_PAIR_FIELDS; i++)
    {
      CdText name = cd_field_get_info(i)->name;

      g_assert_cmpuint(name.length, >, 0);
      g_assert_cmpuint(name.length, <=, 32);
      g_assert_cmpuint(strspn(name.data, "abcdefghijklmnopqrstuvwxyz_"), ==, name.length);
    }
}

static void
test_log_fields_have_no_name(void)
{
  for (guint i = CD_N_PAIR_FIELDS; i < CD_N_FIELDS; i++)
    g_assert_cmpuint(cd_field_get_info(i)->name.length, ==, 0);
}

static void
test_explanations(void)
{
  for (guint i = 0; i < CD_N_FIELDS; i++)
    g_assert_cmpuint(strlen(cd_field_get_info(i)->explanation), >, 3);
}

static void
test_kinds(void)
{
  for (guint i = 0; i < CD_N_FIELDS; i++)
    {
      CdKind kind = CD_KIND_STRING;

      if (i == CD_FIELD_EXIT_CODE || i == CD_FIELD_RULE)
        kind = CD_KIND_INTEGER;
      else if (i == CD_FIELD_DISCONNECT_EXPECTED)
        kind = CD_KIND_BOOLEAN;
      g_assert_cmpint(cd_field_get_info(i)->kind, ==, kind);
    }
}

static void
test_name_finds_field(void)
{
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    {
      CdField field = CD_N_FIELDS;
      g_assert_true(cd_field_from_name(cd_text_from_string(wire_names[i]), &field));
      g_assert_cmpint(field, ==, i);
    }
}

static void
test_other_names(void)
{
  static const gchar *const names[] = {
    "",           "source",     "raw_reason",       "error",     "id",
    "remote",     "Type",       "DisconnectReason", "exit-code", "EXIT_CODE",
    "exit_code ", "xexit_code", "exit_codex",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
      CdField field = CD_N_FIELDS;
      g_assert_false(cd_field_from_name(cd_text_from_string(names[i]), &field));
      g_assert_cmpint(field, ==, CD_N_FIELDS);
    }
}

typedef struct _KeyRow
{
  const gchar *key;
  CdField field;
} KeyRow;

static const KeyRow alias_rows[] = {
  { "id", CD_FIELD_SESSION_ID },
  { "remote", CD_FIELD_REMOTE_ADDR },
  { "local", CD_FIELD_LOCAL_ADDR },
  { "error", CD_FIELD_ERROR },
  { "DisconnectReason", CD_FIELD_LOG_REASON },
  { "Type", CD_FIELD_LOG_TYPE },
  { "ID", CD_FIELD_LOG_ID },
  { "ConnectionID", CD_FIELD_CONNECTION_ID },
  { "WorkspaceID", CD_FIELD_WORKSPACE_ID },
  { "WorkspaceName", CD_FIELD_WORKSPACE_NAME },
  { "AgentName", CD_FIELD_AGENT_NAME },
  { "Ip", CD_FIELD_REMOTE_ADDR },
};

static void
assert_key(const gchar *key, CdField expected)
{
  CdField field = CD_N_FIELDS;

  unit_assert_row(key, cd_field_from_slog_key(cd_text_from_string(key), &field) ? "found" : "none",
                  "found");
  g_assert_cmpint(field, ==, expected);
}

static void
assert_no_key(CdText key)
{
  CdField field = CD_N_FIELDS;
  g_autofree gchar *shown = unit_show(key);

  unit_assert_row(shown, cd_field_from_slog_key(key, &field) ? "found" : "none", "none");
  g_assert_cmpint(field, ==, CD_N_FIELDS);
}

static void
test_line_key_finds_field(void)
{
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    if (i != CD_FIELD_SITE && i != CD_FIELD_RULE)
      assert_key(wire_names[i], i);
}

static void
test_alias_finds_field(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(alias_rows); i++)
    assert_key(alias_rows[i].key, alias_rows[i].field);
}

/* What we write ourselves is no key of somebody's log line. */
static void
test_own_fields_are_no_line_keys(void)
{
  assert_no_key(CD_TEXT("site"));
  assert_no_key(CD_TEXT("rule"));
  assert_no_key(CD_TEXT("source"));
  assert_no_key(CD_TEXT("raw_reason"));
}

static void
assert_near_keys(const gchar *key)
{
  gsize length = strlen(key);
  g_autofree gchar *longer = g_strconcat(key, "x", NULL);
  g_autofree gchar *upper = g_ascii_strup(key, -1);

  assert_no_key(cd_text_from_string(longer));
  assert_no_key((CdText) { key, length + 1 });
  if (strcmp(key, "Ip") != 0 && strcmp(upper, "ID") != 0)
    assert_no_key(cd_text_from_string(upper));
  if (strcmp(key, "remote_addr") != 0)
    assert_no_key((CdText) { key, length - 1 });
}

static void
test_near_keys(void)
{
  assert_no_key(CD_TEXT(""));
  assert_no_key(CD_TEXT_NONE);
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    assert_near_keys(wire_names[i]);
  for (gsize i = 0; i < G_N_ELEMENTS(alias_rows); i++)
    assert_near_keys(alias_rows[i].key);
}

static void
test_journald_round_trip(void)
{
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    {
      g_autofree gchar *upper = g_ascii_strup(wire_names[i], -1);
      g_autofree gchar *expected = g_strconcat("CODER_", upper, NULL);
      g_autofree gchar *name = cd_field_to_journald(i);
      CdField field = CD_N_FIELDS;

      g_assert_cmpstr(name, ==, expected);
      g_assert_true(cd_field_from_journald(cd_text_from_string(name), &field));
      g_assert_cmpint(field, ==, i);
    }
}

static void
test_other_journald_names(void)
{
  static const gchar *const names[] = {
    "",
    "CODER_",
    "CODER",
    "MESSAGE",
    "EXIT_CODE",
    "coder_exit_code",
    "CODER_exit_code",
    "CODER_EXIT_CODE ",
    "CODER_EXIT_COD",
    "CODER_SOURCE",
    "CODER_RAW_REASON",
    "CODER_ERROR",
  };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
      CdField field = CD_N_FIELDS;
      g_assert_false(cd_field_from_journald(cd_text_from_string(names[i]), &field));
      g_assert_cmpint(field, ==, CD_N_FIELDS);
    }
}

static gpointer
find_keys(gpointer data)
{
  for (guint i = 0; i < 1000; i++)
    test_alias_finds_field();
  return NULL;
}

/* Workers of one daemon look for keys from the first message on. */
static void
test_keys_in_threads(void)
{
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("keys", find_keys, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
    g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/field/keys-in-threads", test_keys_in_threads);
  g_test_add_func("/field/wire-order", test_wire_order);
  g_test_add_func("/field/names-fit-structured-data", test_names_fit_structured_data);
  g_test_add_func("/field/log-fields-have-no-name", test_log_fields_have_no_name);
  g_test_add_func("/field/explanations", test_explanations);
  g_test_add_func("/field/kinds", test_kinds);
  g_test_add_func("/field/name-finds-field", test_name_finds_field);
  g_test_add_func("/field/other-names", test_other_names);
  g_test_add_func("/field/line-key-finds-field", test_line_key_finds_field);
  g_test_add_func("/field/alias-finds-field", test_alias_finds_field);
  g_test_add_func("/field/own-fields-are-no-line-keys", test_own_fields_are_no_line_keys);
  g_test_add_func("/field/near-keys", test_near_keys);
  g_test_add_func("/field/journald-round-trip", test_journald_round_trip);
  g_test_add_func("/field/other-journald-names", test_other_journald_names);
  return g_test_run();
}
