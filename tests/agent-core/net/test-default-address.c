/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/default-address.h"

typedef struct
{
  const gchar *name;
  const gchar *runtime_dir;
  uid_t user;
  const gchar *address;
} Row;

static const Row rows[] = {
  { "user", "/run/user/1000", 1000, "unix:/run/user/1000/coder-agentd/pty.sock" },
  { "root", "/run/user/0", 0, "unix:/run/coder-agentd/pty.sock" },
  { "root-without", NULL, 0, "unix:/run/coder-agentd/pty.sock" },
  { "unset", NULL, 1000, "unix:/the/cache/coder-agentd/pty.sock" },
  { "empty", "", 1000, "unix:/the/cache/coder-agentd/pty.sock" },
  { "relative", "run", 1000, "unix:/the/cache/coder-agentd/pty.sock" },
};

static void
test_row(gconstpointer data)
{
  const Row *row = data;
  g_autofree gchar *address = NULL;

  if (row->runtime_dir)
    g_setenv("XDG_RUNTIME_DIR", row->runtime_dir, TRUE);
  else
    g_unsetenv("XDG_RUNTIME_DIR");
  address = cd_default_address(row->user, "pty");
  g_assert_cmpstr(address, ==, row->address);
}

int
main(int argc, char **argv)
{
  g_setenv("XDG_CACHE_HOME", "/the/cache", TRUE);
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    {
      g_autofree gchar *path = g_strconcat("/default-address/", rows[i].name, NULL);
      g_test_add_data_func(path, &rows[i], test_row);
    }
  return g_test_run();
}
