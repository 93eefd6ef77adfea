/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LINE_H
#define CD_LINE_H

#include "disconnect/statement.h"

/**
 * Reads a line of a log, whatever its format: RFC 5424 with our structured data, an entry of the
 * journal as JSON with native fields, or a log line of Coder's with what usually stands before
 * it. Where two apply, structured data wins, then the journal's fields, then the text.
 *
 * @line: with the continuation block of a wrapped error if there is one
 * @sd_ids: our SD-IDs up to a %NULL
 * @statement: (out): holds views into @line; free with cd_statement_clear() also on %FALSE
 *
 * Returns: whether it is ours: a record (cd_statement_is_record()), or a broken line that claims
 *   to be one, with nothing else to be had from it
 */
gboolean cd_line_read(CdText line, const gchar *const *sd_ids, CdStatement *statement);

#endif
