/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_JSON_H
#define CD_JSON_H

#include "disconnect/statement.h"

/** Whether an object can be a record of ours: a cheap look for few words, before any parsing. */
gboolean cd_json_matters(CdText text);

/** Whether a text that no reader could read has our key or the message of one of our sites. */
gboolean cd_json_claims(CdText text);

/**
 * Reads a line of slog's JSON format (fields in `fields`) or of its Stackdriver format (fields at
 * the top level), by key. Sets the statement's source to the format found.
 *
 * @text: begins with `{`
 * @formats: set of #CdSource bits that may be read
 *
 * Returns: whether it is one of these two; %FALSE too where it cannot be parsed at all
 */
gboolean cd_json_read(CdText text, guint formats, CdStatement *statement);

/**
 * Reads the fields of an object, as the legacy human format has them behind its message.
 *
 * Returns: %FALSE where it is no object or nested too deeply
 */
gboolean cd_json_read_fields(CdText text, CdStatement *statement);

#endif
