/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_JOURNAL_ENTRY_H
#define CD_JOURNAL_ENTRY_H

#include "disconnect/text.h"

/**
 * Appends an RFC 5424 line as an entry of the journal's native protocol: `MESSAGE`, `PRIORITY`,
 * `SYSLOG_FACILITY`, `SYSLOG_IDENTIFIER`, `SYSLOG_PID`, and the fields of the first element
 * `coder@PEN`, whatever its number, under the names of cd_field_to_journald(). Beside these,
 * `meta`'s sequenceId is `CODER_SEQUENCE_ID`: with `CODER_RUN_ID` it tells repeats apart.
 *
 * What is absent is left out. Of a line that is none of RFC 5424 all is the message.
 */
void cd_journal_entry_append(GString *entry, CdText line);

#endif
