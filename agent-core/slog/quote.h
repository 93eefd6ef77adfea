/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_QUOTE_H
#define CD_QUOTE_H

#include "disconnect/statement.h"

/**
 * Finds the end of a Go-quoted string.
 *
 * @text: begins with the opening quote
 *
 * Returns: the length with both quotes, 0 where the closing quote is missing
 */
gsize cd_quote_length(CdText text);

/**
 * What a Go-quoted string stands for (strconv.Quote): a view where nothing is escaped, else a
 * copy in @storage.
 *
 * @inside: the text between the quotes
 *
 * Returns: %FALSE for an escape that Go does not write
 */
gboolean cd_quote_read(CdText inside, CdStatement *storage, CdText *value);

#endif
