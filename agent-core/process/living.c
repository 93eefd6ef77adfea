/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/living.h"

static GHashTable *living;
static CdLivingRemoved on_removed;
static gpointer on_removed_data;

void
cd_living_add(GPid pid)
{
  if (!living)
    living = g_hash_table_new(NULL, NULL);
  g_hash_table_add(living, GINT_TO_POINTER(pid));
}

void
cd_living_remove(GPid pid)
{
  if (!living || !g_hash_table_remove(living, GINT_TO_POINTER(pid)))
    return;
  if (g_hash_table_size(living) == 0)
    g_clear_pointer(&living, g_hash_table_unref);
  if (on_removed)
    on_removed(on_removed_data);
}

gboolean
cd_living_has(GPid pid)
{
  return living && g_hash_table_contains(living, GINT_TO_POINTER(pid));
}

void
cd_living_watch(CdLivingRemoved removed, gpointer user_data)
{
  on_removed = removed;
  on_removed_data = user_data;
}
