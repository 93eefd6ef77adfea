/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every case under tests/data/cases against the core alone, a test each: /cases/FILE/NAME. */
#include "disconnect/judge.h"
#include "slog/slog.h"
#include "support/cases.h"
#include "tools/coder-triage/line.h"

#include <json-glib/json-glib.h>

static const gchar *const sd_ids[] = { "coder@32473", NULL };

static CdText
_view(GBytes *bytes)
{
  gsize length;
  const gchar *data = g_bytes_get_data(bytes, &length);

  return (CdText) { data ? data : "", length };
}

/* An entry as `journalctl -o json` prints it. */
static gchar *
_print_entry(GHashTable *fields)
{
  g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
  JsonObject *entry = json_object_new();
  GHashTableIter iter;
  gpointer name, value;

  json_node_take_object(node, entry);
  json_object_set_string_member(entry, "__REALTIME_TIMESTAMP", "1795246649225123");
  json_object_set_string_member(entry, "_HOSTNAME", "dev-7");
  g_hash_table_iter_init(&iter, fields);
  while (g_hash_table_iter_next(&iter, &name, &value))
    json_object_set_string_member(entry, name, value);
  return json_to_string(node, FALSE);
}

static gboolean
_read(const CdCase *self, CdText text, CdStatement *statement)
{
  if (self->kind != CD_CASE_TEXT)
    return cd_line_read(text, sd_ids, statement);
  cd_statement_init(statement, CD_SOURCE_TEXT);
  return cd_slog_read(text, CD_FORMATS_TEXT, statement);
}

static void
_add_pair(CdField field, CdText value, gpointer outcome)
{
  if (field != CD_FIELD_RULE)
    cd_outcome_set(outcome, cd_field_get_info(field)->name.data, value.data, value.length);
}

static void
_judge(CdStatement *statement, CdOutcome *outcome)
{
  CdJudgement judgement;

  cd_judge(statement, &judgement);
  outcome->record = TRUE;
  outcome->malformed = judgement.malformed;
  outcome->derived = judgement.derived;
  outcome->contradiction = judgement.contradiction;
  outcome->rule = judgement.verdict.rule->number;
  cd_record_foreach(&statement->said, CD_N_PAIR_FIELDS, _add_pair, outcome);
}

static void
_run(const CdCase *self, CdText text, CdOutcome *outcome)
{
  g_auto(CdStatement) statement;
  gboolean ours = _read(self, text, &statement);

  if (ours && cd_statement_is_record(&statement))
    _judge(&statement, outcome);
  else
    outcome->malformed = ours && statement.malformed;
}

static void
_complain(const CdCase *self, const gchar *diff)
{
  g_autofree gchar *input = cd_case_show_input(self);

  g_test_message("%s", self->why);
  g_test_message("%s", input);
  g_test_message("differences:\n%s", diff);
  g_test_fail();
}

static void
test_case(gconstpointer data)
{
  const CdCase *self = data;
  g_autofree gchar *entry = self->journald ? _print_entry(self->journald) : NULL;
  g_autofree gchar *diff = NULL;
  g_auto(CdOutcome) outcome;

  cd_outcome_init(&outcome);
  _run(self, entry ? cd_text_from_string(entry) : _view(self->input), &outcome);
  diff = cd_outcome_diff(&self->expected, &outcome);
  if (diff)
    _complain(self, diff);
}

static void
_add_tests(GPtrArray *cases)
{
  for (guint i = 0; i < cases->len; i++)
    {
      const CdCase *added = g_ptr_array_index(cases, i);
      g_autofree gchar *path = g_strdup_printf("/cases/%s/%s", added->file, added->name);
      g_test_add_data_func(path, added, test_case);
    }
}

int
main(int argc, char **argv)
{
  g_autoptr(GPtrArray) cases = NULL;
  g_autofree gchar *directory = NULL;
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  directory = g_test_build_filename(G_TEST_DIST, "data", "cases", NULL);
  cases = cd_cases_load(directory, &error);
  if (!cases)
    g_error("%s", error->message);
  _add_tests(cases);
  return g_test_run();
}
