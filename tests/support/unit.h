/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit tests share: readable failures, a test for each row of a table, time. */
#ifndef CD_UNIT_H
#define CD_UNIT_H

#include "disconnect/text.h"

/** The bytes of @text with everything but printable ASCII as `\xNN`; free with g_free(). */
static inline gchar *
unit_show(CdText text)
{
  GString *shown = g_string_new(NULL);

  for (gsize i = 0; i < text.length; i++)
    if (g_ascii_isprint(text.data[i]) || text.data[i] == '\n')
      g_string_append_c(shown, text.data[i]);
    else
      g_string_append_printf(shown, "\\x%02x", (guchar) text.data[i]);
  return g_string_free(shown, FALSE);
}

/** A string may hold NUL only where its length is given, as CD_TEXT() does. */
#define unit_assert_text(actual, expected)                                                         \
  do                                                                                               \
    {                                                                                              \
      g_autofree gchar *shown_actual = unit_show(actual);                                          \
      g_autofree gchar *shown_expected = unit_show(expected);                                      \
      g_assert_cmpstr(shown_actual, ==, shown_expected);                                           \
    }                                                                                              \
  while (0)

/** Compares two names; a failure prints the row as well. */
static inline void
unit_assert_row(const gchar *row, const gchar *actual, const gchar *expected)
{
  g_autofree gchar *is = g_strdup_printf("%s: %s", row, actual);
  g_autofree gchar *should_be = g_strdup_printf("%s: %s", row, expected);

  g_assert_cmpstr(is, ==, should_be);
}

/** Adds a test for one row of a table: `FOLDER/ROW`, the row's name without blanks and signs. */
static inline void
unit_add_row(const gchar *folder, const gchar *row, gconstpointer data, GTestDataFunc test)
{
  GString *path = g_string_new(folder);

  g_string_append_c(path, '/');
  for (; *row; row++)
    if (g_ascii_isalnum(*row) || *row == '_' || *row == '-')
      g_string_append_c(path, *row);
    else if (!g_str_has_suffix(path->str, "-") && !g_str_has_suffix(path->str, "/"))
      g_string_append_c(path, '-');
  if (g_str_has_suffix(path->str, "-"))
    g_string_truncate(path, path->len - 1);
  g_test_add_data_func(path->str, data, test);
  g_string_free(path, TRUE);
}

/** Adds a test for every row of a table whose rows have a member `name`. */
#define unit_add_rows(folder, rows, test)                                                          \
  do                                                                                               \
    for (gsize row_i = 0; row_i < G_N_ELEMENTS(rows); row_i++)                                     \
      unit_add_row(folder, (rows)[row_i].name, &(rows)[row_i], test);                              \
  while (0)

/** How many descriptors this process has open. */
static inline guint
unit_count_descriptors(void)
{
  g_autoptr(GDir) folder = g_dir_open("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name(folder))
    n++;
  return n;
}

#endif
