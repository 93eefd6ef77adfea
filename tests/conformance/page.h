/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CONFORM_PAGE_H
#define CONFORM_PAGE_H

#include "row.h"

/** Prints doc/conformance.md. @seen: files of columns `NAME.txt`, each named by its daemon.
 * Those that follow each other and are the same share a column. */
void conform_print_page(const GPtrArray *rows, gchar **seen);

#endif
