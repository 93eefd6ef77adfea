/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/vocabulary.h"

#include "../../support/unit.h"

typedef struct _ReasonRow
{
  const gchar *name;
  CdReason reason;
  gboolean expected;
} ReasonRow;

/* codersdk, May 2026: the wire values, and which of them are normal operation. */
static const ReasonRow reason_rows[] = {
  { "unknown", CD_REASON_UNKNOWN, FALSE },
  { "graceful", CD_REASON_GRACEFUL, TRUE },
  { "client_closed", CD_REASON_CLIENT_CLOSED, TRUE },
  { "server_shutdown", CD_REASON_SERVER_SHUTDOWN, TRUE },
  { "network_error", CD_REASON_NETWORK_ERROR, FALSE },
  { "protocol_error", CD_REASON_PROTOCOL_ERROR, FALSE },
  { "workspace_stopped", CD_REASON_WORKSPACE_STOPPED, TRUE },
  { "control_plane_lost", CD_REASON_CONTROL_PLANE_LOST, FALSE },
};
G_STATIC_ASSERT(G_N_ELEMENTS(reason_rows) == CD_N_REASONS);

static void
test_reason(gconstpointer data)
{
  const ReasonRow *row = data;
  const CdReasonInfo *info = cd_reason_get_info(row->reason);
  CdReason parsed = CD_N_REASONS;

  g_assert_cmpstr(info->name, ==, row->name);
  g_assert_true(cd_reason_parse(cd_text_from_string(row->name), &parsed));
  g_assert_cmpint(parsed, ==, row->reason);
  g_assert_cmpint(cd_reason_is_expected(row->reason), ==, row->expected);
  g_assert_cmpint(info->expected, ==, row->expected);
  g_assert_true(g_str_has_suffix(info->explanation, "."));
  g_assert_true(g_str_has_suffix(info->next_step, "."));
}

typedef struct _NameRow
{
  const gchar *name;
  guint member;
} NameRow;

static const NameRow initiator_rows[] = {
  { "", CD_INITIATOR_NONE },           { "client", CD_INITIATOR_CLIENT },
  { "agent", CD_INITIATOR_AGENT },     { "server", CD_INITIATOR_SERVER },
  { "network", CD_INITIATOR_NETWORK },
};
G_STATIC_ASSERT(G_N_ELEMENTS(initiator_rows) == CD_N_INITIATORS);

static const NameRow layer_rows[] = {
  { "", CD_LAYER_NONE },
  { "server_to_agent", CD_LAYER_SERVER_TO_AGENT },
  { "agent_to_client", CD_LAYER_AGENT_TO_CLIENT },
  { "client_to_server", CD_LAYER_CLIENT_TO_SERVER },
};
G_STATIC_ASSERT(G_N_ELEMENTS(layer_rows) == CD_N_LAYERS);

static const NameRow method_rows[] = {
  { "", CD_METHOD_NONE },
  { "direct", CD_METHOD_DIRECT },
  { "derp", CD_METHOD_DERP },
};
G_STATIC_ASSERT(G_N_ELEMENTS(method_rows) == CD_N_METHODS);

static const NameRow source_rows[] = {
  { "sdata", CD_SOURCE_SDATA },
  { "rescued", CD_SOURCE_RESCUED },
  { "slog-human", CD_SOURCE_SLOG_HUMAN },
  { "slog-json", CD_SOURCE_SLOG_JSON },
  { "stackdriver", CD_SOURCE_STACKDRIVER },
  { "slog-legacy", CD_SOURCE_SLOG_LEGACY },
  { "text", CD_SOURCE_TEXT },
  { "journald", CD_SOURCE_JOURNALD },
};
G_STATIC_ASSERT(G_N_ELEMENTS(source_rows) == CD_N_SOURCES);

static gboolean
parse_reason(CdText text, guint *member)
{
  return cd_reason_parse(text, member);
}

static gboolean
parse_initiator(CdText text, guint *member)
{
  return cd_initiator_parse(text, member);
}

static gboolean
parse_layer(CdText text, guint *member)
{
  return cd_layer_parse(text, member);
}

static gboolean
parse_method(CdText text, guint *member)
{
  return cd_method_parse(text, member);
}

static gboolean
parse_source(CdText text, guint *member)
{
  return cd_source_parse(text, member);
}

static const CdNameInfo *
get_initiator(guint member)
{
  return cd_initiator_get_info(member);
}

static const CdNameInfo *
get_layer(guint member)
{
  return cd_layer_get_info(member);
}

static const CdNameInfo *
get_method(guint member)
{
  return cd_method_get_info(member);
}

static const CdNameInfo *
get_source(guint member)
{
  return cd_source_get_info(member);
}

typedef gboolean (*ParseFunc)(CdText text, guint *member);

static void
assert_names(const NameRow *rows, gsize n_rows, ParseFunc parse,
             const CdNameInfo *(*get_info)(guint member))
{
  for (gsize i = 0; i < n_rows; i++)
    {
      guint parsed = G_MAXUINT;

      g_assert_cmpstr(get_info(rows[i].member)->name, ==, rows[i].name);
      g_assert_true(g_str_has_suffix(get_info(rows[i].member)->explanation, "."));
      g_assert_true(parse(cd_text_from_string(rows[i].name), &parsed));
      g_assert_cmpuint(parsed, ==, rows[i].member);
    }
}

static void
test_initiators(void)
{
  assert_names(initiator_rows, G_N_ELEMENTS(initiator_rows), parse_initiator, get_initiator);
}

static void
test_layers(void)
{
  assert_names(layer_rows, G_N_ELEMENTS(layer_rows), parse_layer, get_layer);
}

static void
test_methods(void)
{
  assert_names(method_rows, G_N_ELEMENTS(method_rows), parse_method, get_method);
}

static void
test_sources(void)
{
  assert_names(source_rows, G_N_ELEMENTS(source_rows), parse_source, get_source);
}

static void
test_empty_reason_is_unknown(void)
{
  CdReason reason = CD_N_REASONS;

  g_assert_true(cd_reason_parse(CD_TEXT(""), &reason));
  g_assert_cmpint(reason, ==, CD_REASON_UNKNOWN);
  reason = CD_N_REASONS;
  g_assert_true(cd_reason_parse(CD_TEXT_NONE, &reason));
  g_assert_cmpint(reason, ==, CD_REASON_UNKNOWN);
}

static void
assert_refused(ParseFunc parse, CdText text)
{
  guint member = 42;
  g_autofree gchar *shown = unit_show(text);

  unit_assert_row(shown, parse(text, &member) ? "parsed" : "refused", "refused");
  g_assert_cmpuint(member, ==, 42);
}

/* Every name with one more or one fewer byte, in upper case and with blanks and a NUL. */
static void
assert_near_misses_refused(ParseFunc parse, const gchar *name)
{
  gsize length = strlen(name);
  g_autofree gchar *upper = g_ascii_strup(name, -1);
  g_autofree gchar *capital = g_strdup(name);
  g_autofree gchar *before = g_strconcat(" ", name, NULL);
  g_autofree gchar *behind = g_strconcat(name, " ", NULL);
  g_autofree gchar *twice = g_strconcat(name, name, NULL);

  if (!length)
    return;
  capital[0] = g_ascii_toupper(capital[0]);
  assert_refused(parse, cd_text_from_string(upper));
  assert_refused(parse, cd_text_from_string(capital));
  assert_refused(parse, cd_text_from_string(before));
  assert_refused(parse, cd_text_from_string(behind));
  assert_refused(parse, cd_text_from_string(twice));
  assert_refused(parse, (CdText) { name, length + 1 }); /* with its NUL */
  assert_refused(parse, (CdText) { name, length - 1 });
  assert_refused(parse, (CdText) { name + 1, length - 1 });
}

static void
test_near_misses(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(reason_rows); i++)
    assert_near_misses_refused(parse_reason, reason_rows[i].name);
  for (gsize i = 0; i < G_N_ELEMENTS(initiator_rows); i++)
    assert_near_misses_refused(parse_initiator, initiator_rows[i].name);
  for (gsize i = 0; i < G_N_ELEMENTS(layer_rows); i++)
    assert_near_misses_refused(parse_layer, layer_rows[i].name);
  for (gsize i = 0; i < G_N_ELEMENTS(method_rows); i++)
    assert_near_misses_refused(parse_method, method_rows[i].name);
  for (gsize i = 0; i < G_N_ELEMENTS(source_rows); i++)
    assert_near_misses_refused(parse_source, source_rows[i].name);
}

static void
test_other_words(void)
{
  assert_refused(parse_reason, CD_TEXT("network-error"));
  assert_refused(parse_reason, CD_TEXT("idle_timeout"));
  assert_refused(parse_reason, CD_TEXT(" "));
  assert_refused(parse_initiator,
                 CD_TEXT("unknown")); /* the reason's zero value alone has a word */
  assert_refused(parse_initiator, CD_TEXT("coderd"));
  assert_refused(parse_layer, CD_TEXT("unknown"));
  assert_refused(parse_method, CD_TEXT("unknown"));
  assert_refused(parse_method, CD_TEXT("relay"));
  assert_refused(parse_source, CD_TEXT(""));
  assert_refused(parse_source, CD_TEXT("slog"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  unit_add_rows("/vocabulary/reason", reason_rows, test_reason);
  g_test_add_func("/vocabulary/initiators", test_initiators);
  g_test_add_func("/vocabulary/layers", test_layers);
  g_test_add_func("/vocabulary/methods", test_methods);
  g_test_add_func("/vocabulary/sources", test_sources);
  g_test_add_func("/vocabulary/empty-reason-is-unknown", test_empty_reason_is_unknown);
  g_test_add_func("/vocabulary/near-misses", test_near_misses);
  g_test_add_func("/vocabulary/other-words", test_other_words);
  return g_test_run();
}
