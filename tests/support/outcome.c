/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "outcome.h"

#include <string.h>

void
cd_outcome_init(CdOutcome *self)
{
  memset(self, 0, sizeof(*self));
  self->pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void
cd_outcome_clear(CdOutcome *self)
{
  g_clear_pointer(&self->pairs, g_hash_table_unref);
}

gchar *
cd_outcome_show(const gchar *bytes, gsize length)
{
  GString *shown = g_string_new(NULL);

  for (gsize i = 0; i < length; i++)
    if (bytes[i] == '\n')
      g_string_append(shown, "\\n");
    else if (bytes[i] == '\\')
      g_string_append(shown, "\\\\");
    else if (g_ascii_isprint(bytes[i]))
      g_string_append_c(shown, bytes[i]);
    else
      g_string_append_printf(shown, "\\x%02x", (guchar) bytes[i]);
  return g_string_free(shown, FALSE);
}

void
cd_outcome_set(CdOutcome *self, const gchar *name, const gchar *value, gssize length)
{
  gsize bytes = length < 0 ? strlen(value) : (gsize) length;
  g_autofree gchar *shown = NULL;
  gchar *copy;

  if (g_utf8_validate_len(value, bytes, NULL))
    copy = g_strndup(value, bytes);
  else
    {
      shown = cd_outcome_show(value, bytes);
      copy = g_strconcat("(not UTF-8) ", shown, NULL);
    }
  g_hash_table_insert(self->pairs, g_strdup(name), copy);
}

static void
_diff_value(GString *diff, const gchar *name, const gchar *expected, const gchar *actual)
{
  g_autofree gchar *wanted = expected ? cd_outcome_show(expected, strlen(expected)) : NULL;
  g_autofree gchar *got = actual ? cd_outcome_show(actual, strlen(actual)) : NULL;

  if (g_strcmp0(expected, actual) != 0)
    g_string_append_printf(diff, "  %s: expected %s%s%s, got %s%s%s\n", name, wanted ? "'" : "",
                           wanted ? wanted : "none", wanted ? "'" : "", got ? "'" : "",
                           got ? got : "none", got ? "'" : "");
}

static void
_diff_flag(GString *diff, const gchar *name, gboolean expected, gboolean actual)
{
  _diff_value(diff, name, expected ? "yes" : "no", actual ? "yes" : "no");
}

static void
_diff_pairs(GString *diff, GHashTable *expected, GHashTable *actual)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init(&iter, expected);
  while (g_hash_table_iter_next(&iter, &name, &value))
    _diff_value(diff, name, value, g_hash_table_lookup(actual, name));
  g_hash_table_iter_init(&iter, actual);
  while (g_hash_table_iter_next(&iter, &name, &value))
    if (!g_hash_table_contains(expected, name))
      _diff_value(diff, name, NULL, value);
}

gchar *
cd_outcome_diff(const CdOutcome *expected, const CdOutcome *actual)
{
  GString *diff = g_string_new(NULL);

  _diff_flag(diff, "record", expected->record, actual->record);
  _diff_flag(diff, "malformed", expected->malformed, actual->malformed);
  _diff_flag(diff, "derived", expected->derived, actual->derived);
  _diff_flag(diff, "contradiction", expected->contradiction, actual->contradiction);
  _diff_pairs(diff, expected->pairs, actual->pairs);
  if (expected->rule && expected->rule != actual->rule)
    g_string_append_printf(diff, "  rule: expected %u, got %u\n", expected->rule, actual->rule);
  return g_string_free(diff, diff->len == 0);
}
