/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_HUMAN_H
#define CD_HUMAN_H

#include "disconnect/statement.h"

/**
 * Reads a line of slog's human format: `[LOGGER: ]MESSAGE  KEY=VALUE ...`, and the continuation
 * block of an error behind ` ...`. By key, never by position.
 *
 * @body: what follows the level and its two blanks
 */
void cd_human_read(CdText body, CdStatement *statement);

/**
 * Takes the colour escapes out of a line.
 *
 * Returns: the plain text in @storage
 */
CdText cd_human_strip_colours(CdText text, CdStatement *storage);

/**
 * The row for a log message, with or without a logger's name (`ssh-server: `) before it;
 * %NULL for any other message.
 */
const CdSiteMessage *cd_human_find_message(CdText message);

#endif
