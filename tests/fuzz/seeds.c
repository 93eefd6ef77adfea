/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The main function of a fuzz target in an ordinary build: feeds it its seeds, in TAP. */

#include <glib.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Not every target has one. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static void
test_seed(gconstpointer path)
{
  gchar *data;
  gsize size;
  GError *error = NULL;

  g_file_get_contents(path, &data, &size, &error);
  g_assert_no_error(error);
  LLVMFuzzerTestOneInput((const guint8 *) data, size);
  g_free(data);
}

static void
add_seeds(const gchar *target)
{
  gchar *folder = g_test_build_filename(G_TEST_DIST, "fuzz", "seeds", target, NULL);
  GDir *seeds = g_dir_open(folder, 0, NULL);
  const gchar *name;

  g_assert_nonnull(seeds);
  while ((name = g_dir_read_name(seeds)))
    {
      gchar *test = g_strdup_printf("/fuzz/%s/%s", target, name);
      gchar *path = g_build_filename(folder, name, NULL);

      g_test_add_data_func_full(test, path, test_seed, g_free);
      g_free(test);
    }
  g_dir_close(seeds);
  g_free(folder);
}

int
main(int argc, char **argv)
{
  gchar *target = g_path_get_basename(argv[0]);

  g_test_init(&argc, &argv, NULL);
  if (LLVMFuzzerInitialize)
    LLVMFuzzerInitialize(&argc, &argv);
  add_seeds(target);
  g_free(target);
  return g_test_run();
}
