/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SLOG_H
#define CD_SLOG_H

#include "disconnect/statement.h"

/** A member of a set of formats. */
#define CD_FORMAT_BIT(source) (1u << (source))

/** All formats that text can have. */
#define CD_FORMATS_TEXT                                                                            \
  (CD_FORMAT_BIT(CD_SOURCE_SLOG_HUMAN) | CD_FORMAT_BIT(CD_SOURCE_SLOG_JSON)                        \
   | CD_FORMAT_BIT(CD_SOURCE_STACKDRIVER) | CD_FORMAT_BIT(CD_SOURCE_SLOG_LEGACY)                   \
   | CD_FORMAT_BIT(CD_SOURCE_TEXT))

/**
 * Reads a log line of Coder's, whatever its format, with what usually stands before it.
 *
 * @text: the line, with the continuation block of a wrapped error if there is one
 * @formats: set of %CD_FORMAT_BIT() that may be read
 * @statement: (out): holds views into @text; initialise it before
 *
 * Returns: whether it is ours: a record (cd_statement_is_record()), or a broken line that claims
 *   to be one, with nothing else to be had from it
 */
gboolean cd_slog_read(CdText text, guint formats, CdStatement *statement);

#endif
