/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_RECORD_JSON_H
#define CD_RECORD_JSON_H

#include "finding.h"

#include <stdio.h>

/**
 * Writes a record, or a broken line, as one line of JSON: every pair under its own name, then the
 * rule in words, the cause, the marks and the next step. Writes nothing for other lines.
 */
void cd_record_json_print(const CdFinding *finding, FILE *out);

#endif
