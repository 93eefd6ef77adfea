/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verdict.h"

#include "disconnect/judge.h"
#include "tools/coder-triage/line.h"

#include <string.h>

static const gchar *const sd_ids[] = { "coder@32473", NULL };

static void
_add(GString *words, const gchar *word)
{
  if (words->len)
    g_string_append_c(words, ' ');
  g_string_append(words, word);
}

static void
_add_if(GString *words, gboolean condition, const gchar *word)
{
  if (condition)
    _add(words, word);
}

static JsonObject *
_get_pairs(JsonObject *message)
{
  JsonNode *node = json_object_get_member(message, "_coder");

  return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static void
_add_record(GString *words, JsonObject *pairs)
{
  const gchar *source = conform_arrived_get(pairs, "source");

  _add(words, conform_arrived_get(pairs, "disconnect_reason"));
  _add(words, conform_arrived_get(pairs, "disconnect_expected"));
  _add_if(words, strcmp(source, "sdata") != 0, source);
}

static gchar *
_of_message(JsonObject *message)
{
  static const gchar *const marks[] = { "contradiction", "malformed", "derived", "duplicate" };
  g_auto(GStrv) tags = g_strsplit(conform_arrived_get(message, "tags"), ",", -1);
  JsonObject *pairs = _get_pairs(message);
  GString *words = g_string_new(NULL);

  if (pairs)
    _add_record(words, pairs);
  for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
    {
      g_autofree gchar *tag = g_strconcat("coder.", marks[i], NULL);
      _add_if(words, g_strv_contains((const gchar *const *) tags, tag), marks[i]);
    }
  if (!words->len)
    g_string_append(words, "not ours");
  return g_string_free(words, FALSE);
}

/* Several that are the same are told once. */
static void
_append_times(GString *all, const gchar *verdict, guint times)
{
  if (!times)
    return;
  if (all->len)
    g_string_append(all, ", ");
  if (times > 1)
    g_string_append_printf(all, "%u x ", times);
  g_string_append(all, verdict);
}

gchar *
conform_verdict_of(const ConformArrived *arrived)
{
  GString *all = g_string_new(NULL);
  g_autofree gchar *last = g_strdup("");
  guint times = 0;

  for (guint i = 0; i < arrived->messages->len; i++)
    {
      gchar *verdict = _of_message(g_ptr_array_index(arrived->messages, i));
      if (strcmp(verdict, last) != 0)
        _append_times(all, last, times);
      times = strcmp(verdict, last) != 0 ? 1 : times + 1;
      g_free(last);
      last = verdict;
    }
  _append_times(all, last, times);
  if (!all->len)
    g_string_append(all, "nothing");
  return g_string_free(all, FALSE);
}

static void
_add_field(GString *words, const CdStatement *statement, CdField field)
{
  CdText value = cd_record_get(&statement->said, field);
  g_autofree gchar *word = g_strndup(value.data, value.length);

  _add(words, word);
}

static void
_add_judgement(GString *words, CdStatement *statement)
{
  CdJudgement judgement;

  cd_judge(statement, &judgement);
  _add_field(words, statement, CD_FIELD_DISCONNECT_REASON);
  _add_field(words, statement, CD_FIELD_DISCONNECT_EXPECTED);
  if (statement->source != CD_SOURCE_SDATA)
    _add_field(words, statement, CD_FIELD_SOURCE);
  _add_if(words, judgement.contradiction, "contradiction");
  _add_if(words, judgement.malformed, "malformed");
  _add_if(words, judgement.derived, "derived");
}

gchar *
conform_verdict_of_core(const ConformRow *row)
{
  GString *words = g_string_new(NULL);
  gsize length;
  const gchar *data = g_bytes_get_data(row->bytes, &length);
  g_auto(CdStatement) statement;
  gboolean is_ours = cd_line_read((CdText) { data ? data : "", length }, sd_ids, &statement);

  if (is_ours && cd_statement_is_record(&statement))
    _add_judgement(words, &statement);
  else
    g_string_append(words, is_ours && statement.malformed ? "malformed" : "not ours");
  return g_string_free(words, FALSE);
}

gchar *
conform_verdict_compare_pairs(const ConformRow *row, const ConformArrived *arrived)
{
  JsonObject *pairs = arrived->messages->len ? _get_pairs(g_ptr_array_index(arrived->messages, 0))
                                             : NULL;
  GString *differences = g_string_new(NULL);
  GHashTableIter iter;
  gpointer name, wanted;

  g_hash_table_iter_init(&iter, row->pairs);
  while (g_hash_table_iter_next(&iter, &name, &wanted))
    {
      const gchar *got = pairs ? conform_arrived_get(pairs, name) : "";
      if (strcmp(got, wanted) != 0)
        g_string_append_printf(differences, "%s: got '%s', wanted '%s'", (gchar *) name, got,
                               (gchar *) wanted);
    }
  return g_string_free(differences, differences->len == 0);
}
