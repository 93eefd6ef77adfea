/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tools/coder-pty/detach-key.h"

#include <string.h>

/* --- its name --------------------------------------------------------------------------------- */

static const struct
{
  const gchar *name;
  gint key;
} names[] = {
  { "none", CD_DETACH_KEY_NONE },
  { "^@", 0 },
  { "^a", 1 },
  { "^A", 1 },
  { "^[", 27 },
  { "^\\", 28 },
  { "^]", 29 },
  { "^_", 31 },
};

static const gchar *const wrong_names[] = { "", "^", "a", "^]]", "^1", "^?", "^`", "^{", "NONE" };

static void
test_names(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    {
      gint key = 99;

      g_assert_true(cd_detach_key_parse(names[i].name, &key));
      g_assert_cmpint(key, ==, names[i].key);
    }
}

static void
test_wrong_names(void)
{
  gint key;

  for (gsize i = 0; i < G_N_ELEMENTS(wrong_names); i++)
    if (cd_detach_key_parse(wrong_names[i], &key))
      g_error("%s is taken", wrong_names[i]);
}

/* --- where it is ------------------------------------------------------------------------------ */

#define NOWHERE G_MAXSIZE

static const struct
{
  const gchar *name;
  gint key;
  const gchar *typed;
  gsize position;
} rows[] = {
  { "none", 29, "ls -l", NOWHERE },
  { "first", 29, "\035x", 0 },
  { "between", 29, "ab\035c", 2 },
  { "switched-off", CD_DETACH_KEY_NONE, "\035\033[93;5u", NOWHERE },
  { "csi-u", 29, "a\033[93;5u", 1 },
  { "csi-u-with-event", 29, "\033[93;5:1u", 0 },
  { "csi-u-with-shifted-key", 29, "\033[93:125;5u", 0 },
  { "csi-u-with-num-lock", 29, "\033[93;133u", 0 },
  { "csi-u-with-text", 29, "\033[93;5;93u", 0 },
  { "csi-u-letter", 1, "\033[97;5u", 0 },
  { "csi-u-plain-key", 29, "\033[93;1u", NOWHERE },
  { "csi-u-no-modifier", 29, "\033[93u", NOWHERE },
  { "csi-u-with-alt-too", 29, "\033[93;7u", NOWHERE },
  { "csi-u-other-key", 29, "\033[91;5u", NOWHERE },
  { "csi-u-too-many", 29, "\033[93;5;1;1u", NOWHERE },
  { "csi-u-huge", 29, "\033[99999999999999999999;5u", NOWHERE },
  { "modify-other-keys", 29, "x\033[27;5;93~", 1 },
  { "modify-other-keys-plain", 29, "\033[27;1;93~", NOWHERE },
  { "cursor-key", 29, "\033[1;5A", NOWHERE },
  { "page-key", 29, "\033[5;5~", NOWHERE },
  { "cut", 29, "\033[93;5", NOWHERE },
  { "introducer-alone", 29, "\033[", NOWHERE },
  { "escape-alone", 29, "\033", NOWHERE },
};

static void
test_row(gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE(data);
  gsize position = NOWHERE;
  gboolean is_found = cd_detach_key_find(rows[i].key, rows[i].typed, strlen(rows[i].typed),
                                         &position);

  g_assert_cmpuint(position, ==, rows[i].position);
  g_assert_cmpint(is_found, ==, rows[i].position != NOWHERE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/detach-key/names", test_names);
  g_test_add_func("/detach-key/wrong-names", test_wrong_names);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strconcat("/detach-key/find/", rows[i].name, NULL);
      g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_row);
    }
  return g_test_run();
}
