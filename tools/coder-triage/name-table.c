/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "name-table.h"

#include "disconnect/mark.h"

static const CdNameTable tables[] = {
  { "initiators", "Initiators", "disconnect_initiator", CD_N_INITIATORS, cd_initiator_get_info },
  { "layers", "Layers", "connect_type", CD_N_LAYERS, cd_layer_get_info },
  { "methods", "Connection methods", "connection_method", CD_N_METHODS, cd_method_get_info },
  { "sources", "Sources", "source", CD_N_SOURCES, cd_source_get_info },
  { "marks", "Marks", "", CD_N_MARKS, cd_mark_get_info },
};

const CdNameTable *
cd_name_tables(guint *n_tables)
{
  *n_tables = G_N_ELEMENTS(tables);
  return tables;
}
