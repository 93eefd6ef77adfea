/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CHAIN_H
#define CD_CHAIN_H

#include "disconnect/statement.h"

/**
 * Joins the layers of a wrapped Go error as Go itself prints them on one line, outermost first:
 * `read: EOF`. The stack frames between them (function, file:line) are left out.
 *
 * @block: the lines of a continuation block after `error= `, from the first layer on
 *
 * Returns: the joined text in @storage
 */
CdText cd_chain_from_block(CdText block, CdStatement *storage);

/** At the end of a line that a continuation block follows. */
#define CD_CHAIN_MARK CD_TEXT(" ...")

/** A line without that mark. */
CdText cd_chain_cut_mark(CdText line);

/** Adds a layer to a chain that is being joined. */
void cd_chain_append(GString *chain, CdText layer);

#endif
