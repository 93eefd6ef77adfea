/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_NAME_TABLE_H
#define CD_NAME_TABLE_H

#include "disconnect/vocabulary.h"

/**
 * CdNameTable:
 * @key: its name in JSON
 * @title: its name in a heading
 * @field: the field that holds one of its names; empty for none
 * @n_rows: number of its rows
 * @get_row: a row of it
 *
 * A closed set that is no more than names with an explanation.
 */
typedef struct _CdNameTable
{
  const gchar *key;
  const gchar *title;
  const gchar *field;
  guint n_rows;
  const CdNameInfo *(*get_row)(guint row);
} CdNameTable;

/** All of them; @n_tables receives their number. */
const CdNameTable *cd_name_tables(guint *n_tables);

#endif
