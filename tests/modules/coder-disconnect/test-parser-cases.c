/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sng-test.h"

#include "cases.h"

/* Every case of tests/data/cases through the shipped parser: all pairs, exactly these tags. */

static void
set_field(gpointer name, gpointer value, gpointer message)
{
  g_autofree gchar *full = g_str_equal(name, "MESSAGE") ? g_strdup("MESSAGE")
                                                        : g_strconcat(".journald.", name, NULL);

  sng_test_set(message, full, value);
}

/* What a source makes of the input: syslog() of a line, systemd-journal() of an entry's fields;
 * the text of a message is given without a header. */
static LogMessage *
make_message(const CdCase *row)
{
  LogMessage *message;
  gsize length;
  const gchar *data = row->input ? g_bytes_get_data(row->input, &length) : NULL;

  if (row->kind == CD_CASE_SYSLOG)
    return sng_test_message(data, length);
  message = log_msg_new_empty();
  if (row->kind == CD_CASE_JOURNALD)
    g_hash_table_foreach(row->journald, set_field, message);
  else
    log_msg_set_value(message, LM_V_MESSAGE, data ? data : "", data ? (gssize) length : 0);
  return message;
}

static gboolean
take_pair(NVHandle handle, const gchar *name, const gchar *value, gssize length, NVType type,
          gpointer user_data)
{
  CdOutcome *outcome = user_data;

  if (g_str_equal(name, ".coder.rule"))
    outcome->rule = (guint) g_ascii_strtoull(value, NULL, 10);
  else if (g_str_has_prefix(name, ".coder."))
    cd_outcome_set(outcome, name + strlen(".coder."), value, length);
  return FALSE;
}

static gboolean
has_tag(LogMessage *message, const gchar *name)
{
  return log_msg_is_tag_by_name(message, name);
}

static void
take_outcome(LogMessage *message, CdOutcome *outcome)
{
  cd_outcome_init(outcome);
  log_msg_values_foreach(message, take_pair, outcome);
  outcome->record = has_tag(message, "coder.disconnect");
  outcome->malformed = has_tag(message, "coder.malformed");
  outcome->derived = has_tag(message, "coder.derived");
  outcome->contradiction = has_tag(message, "coder.contradiction");
}

static void
add_tag(GPtrArray *tags, gboolean is_set, const gchar *kind, const gchar *name)
{
  if (is_set)
    g_ptr_array_add(tags, g_strconcat(kind, name, NULL));
}

static gint
compare_tags(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

/* The whole set that DESIGN allows for this outcome, in the order of sng_test_tags(). */
static gchar *
get_wanted_tags(const CdOutcome *outcome)
{
  g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(g_free);
  const gchar *reason = g_hash_table_lookup(outcome->pairs, "disconnect_reason");
  const gchar *layer = g_hash_table_lookup(outcome->pairs, "connect_type");
  gboolean expected = g_strcmp0(g_hash_table_lookup(outcome->pairs, "disconnect_expected"), "true")
                      == 0;

  add_tag(tags, outcome->record, "", "disconnect");
  add_tag(tags, outcome->record, expected ? "" : "un", "expected");
  add_tag(tags, outcome->record, "reason.", reason);
  add_tag(tags, outcome->record && layer, "layer.", layer);
  add_tag(tags, outcome->derived, "", "derived");
  add_tag(tags, outcome->contradiction, "", "contradiction");
  add_tag(tags, outcome->malformed, "", "malformed");
  g_ptr_array_sort(tags, compare_tags);
  g_ptr_array_add(tags, NULL);
  return g_strjoinv(" ", (gchar **) tags->pdata);
}

static void
assert_outcome(const CdCase *row, LogMessage *message)
{
  g_auto(CdOutcome) outcome;
  g_autofree gchar *diff = NULL;
  g_autofree gchar *input = cd_case_show_input(row);
  g_autofree gchar *wanted = get_wanted_tags(&row->expected);
  g_autofree gchar *got = sng_test_tags(message, "coder.");

  take_outcome(message, &outcome);
  diff = cd_outcome_diff(&row->expected, &outcome);
  if (diff || !g_str_equal(got, wanted))
    {
      g_test_message("%s\n  input: %s\n%s  tags: expected '%s', got '%s'", row->why, input,
                     diff ? diff : "", wanted, got);
      g_test_fail();
    }
}

static void
test_case(gconstpointer data)
{
  const CdCase *row = data;
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogMessage *message = make_message(row);
  g_autofree gchar *text = g_strdup(log_msg_get_value(message, LM_V_MESSAGE, NULL));

  g_assert_true(sng_test_process(parser, &message));
  assert_outcome(row, message);
  g_assert_cmpstr(log_msg_get_value(message, LM_V_MESSAGE, NULL), ==, text);
  log_msg_unref(message);
  sng_test_free_parser(parser);
}

/* A clone, and a message that may not be written: the way of a parser that several paths name. */
static void
test_case_cloned(gconstpointer data)
{
  const CdCase *row = data;
  LogParser *parser = sng_test_parser("coder-disconnect();");
  LogParser *clone = sng_test_clone(parser);
  LogMessage *original = make_message(row);
  LogMessage *message = log_msg_ref(original);
  g_autofree gchar *before = sng_test_snapshot(original);
  g_autofree gchar *after = NULL;

  sng_test_free_parser(parser);
  log_msg_write_protect(original);
  g_assert_true(sng_test_process(clone, &message));
  assert_outcome(row, message);
  log_msg_unref(message);
  after = sng_test_snapshot(original);
  g_assert_cmpstr(after, ==, before);
  log_msg_unref(original);
  sng_test_free_parser(clone);
}

static GPtrArray *cases;

static void
add_tests(void)
{
  g_autofree gchar *directory = g_test_build_filename(G_TEST_DIST, "data", "cases", NULL);
  GError *error = NULL;

  cases = cd_cases_load(directory, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < cases->len; i++)
    {
      const CdCase *row = g_ptr_array_index(cases, i);
      g_autofree gchar *path = g_strdup_printf("/parser-cases/%s/%s", row->file, row->name);
      g_autofree gchar *cloned = g_strdup_printf("/parser-cases-cloned/%s/%s", row->file,
                                                 row->name);

      g_test_add_data_func(path, row, test_case);
      g_test_add_data_func(cloned, row, test_case_cloned);
    }
}

int
main(int argc, char **argv)
{
  gint result = sng_test_main(argc, argv, add_tests);

  g_ptr_array_unref(cases);
  return result;
}
