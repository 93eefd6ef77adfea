/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints what documentation and completion have of the tables: manual, table, example, completion.
 * Not installed: tests/agent-core/agent/pages.sh compares, and with UPDATE=1 writes anew. */
#include "agent/setting-pages.h"

#include <stdio.h>

static const struct
{
  const gchar *name;
  void (*append)(GString *out);
} pages[] = {
  { "manual", cd_setting_pages_append_manual },
  { "table", cd_setting_pages_append_table },
  { "example", cd_setting_pages_append_example },
  { "completion", cd_setting_pages_append_completion },
};

int
main(int argc, char **argv)
{
  g_autoptr(GString) out = g_string_new(NULL);

  for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
    if (argc == 2 && g_str_equal(argv[1], pages[i].name))
      pages[i].append(out);
  if (out->len == 0)
    return 2;
  return fputs(out->str, stdout) >= 0 && fflush(stdout) == 0 ? 0 : 1;
}
