/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_RULES_H
#define CD_RULES_H

#include <stdio.h>

/** Prints all tables as one JSON object. */
void cd_rules_print_json(FILE *out);

/** Prints doc/verdict-rules.md. */
void cd_rules_print_markdown(FILE *out);

#endif
